use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tonic_types::pb;

use crate::api::convert;
use crate::api::request::Check;
use crate::api::server::extraction_service_server::ExtractionService;
use crate::api::wire::call_context;
use crate::api::wire::stream_processing::{Item, StreamProcessing};
use crate::extract::Options;
use crate::proto::stream_extract_claims_response::Outcome;
use crate::proto::{
    ExtractClaimsRequest, ExtractClaimsResponse, StreamExtractClaimsRequest,
    StreamExtractClaimsResponse,
};
use crate::service::CallContext;
use crate::service::extraction::{ExtractionPool, Reading};

/// The `ExtractionService`.
#[derive(Debug, Clone)]
pub struct Extractions {
    pool: ExtractionPool,
    streams: StreamProcessing,
}

impl Extractions {
    /// Creates the service, which extracts in `pool`; `streams` handles its document streams.
    #[must_use]
    pub const fn new(pool: ExtractionPool, streams: StreamProcessing) -> Self {
        Self { pool, streams }
    }

    async fn extract(
        &self,
        call: CallContext,
        request: ExtractClaimsRequest,
    ) -> Result<ExtractClaimsResponse, Status> {
        let mut check = Check::default();
        let document = check.document(request.document, self.pool.max_text_bytes());
        let encoding = check.encoding(request.encoding_type);
        let min_confidence = check.unit_interval("min_confidence", request.min_confidence);
        let engine = check.engine(request.engine);
        let times = check.time_view(request.time_view);
        check.finish()?;
        let usual = self.pool.default_options(engine);
        let least = if request.include_unlikely {
            0.0
        } else {
            usual.min_confidence
        };
        let options = Options {
            min_confidence: least.max(min_confidence),
            traced: request.include_traces,
            times,
            ..usual
        };
        let respond = move |reading: Reading| {
            convert::extraction::response(&reading.extraction, &reading.document.text, encoding)
        };
        let pool = self.pool.for_call(call);
        Ok(pool.read(document, options, respond).await?)
    }
}

#[tonic::async_trait]
impl ExtractionService for Extractions {
    async fn extract_claims(
        &self,
        request: Request<ExtractClaimsRequest>,
    ) -> Result<Response<ExtractClaimsResponse>, Status> {
        let call = call_context(request.extensions());
        let extracted = self.extract(call, request.into_inner()).await?;
        Ok(Response::new(extracted))
    }

    type StreamExtractClaimsStream = BoxStream<StreamExtractClaimsResponse>;

    async fn stream_extract_claims(
        &self,
        requests: Request<Streaming<StreamExtractClaimsRequest>>,
    ) -> Result<Response<Self::StreamExtractClaimsStream>, Status> {
        let service = self.clone();
        let call = call_context(requests.extensions());
        let read = move |request| {
            let service = service.clone();
            let call = service.streams.call_of_item(&call);
            async move { service.extract(call, request).await }
        };
        let at_once = self.pool.in_flight_per_stream();
        let answers = self.streams.process(requests.into_inner(), at_once, read);
        Ok(Response::new(answers))
    }
}

impl Item for StreamExtractClaimsRequest {
    type Request = ExtractClaimsRequest;
    type Response = ExtractClaimsResponse;
    type Answer = StreamExtractClaimsResponse;

    fn open(self) -> (String, ExtractClaimsRequest) {
        (self.id, self.request.unwrap_or_default())
    }

    fn answer(id: String, outcome: Result<ExtractClaimsResponse, pb::Status>) -> Self::Answer {
        let outcome = outcome.map_or_else(Outcome::Error, Outcome::Result);
        StreamExtractClaimsResponse {
            id,
            outcome: Some(outcome),
        }
    }
}
