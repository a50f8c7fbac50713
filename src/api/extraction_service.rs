use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tonic_types::pb;

use super::bulk::{Bulk, Item};
use super::check::Check;
use super::convert;
use super::reader::{Reader, Reading};
use super::server::extraction_service_server::ExtractionService;
use crate::extract::{EngineKind, Options, TimeView};
use crate::proto::stream_extract_claims_response::Outcome;
use crate::proto::{
    self, EncodingType, ExtractClaimsRequest, ExtractClaimsResponse, StreamExtractClaimsRequest,
    StreamExtractClaimsResponse,
};
use crate::text::TextEncoding;

/// The `ExtractionService`.
#[derive(Debug, Clone)]
pub struct Extractions {
    reader: Reader,
    bulk: Bulk,
}

impl Extractions {
    /// The service, reading with `reader`, also the documents of streams, as `bulk` allows.
    #[must_use]
    pub const fn new(reader: Reader, bulk: Bulk) -> Self {
        Self { reader, bulk }
    }

    async fn extract(
        &self,
        request: ExtractClaimsRequest,
    ) -> Result<ExtractClaimsResponse, Status> {
        let mut check = Check::default();
        let document = check.document(request.document, self.reader.max_text_bytes());
        let encoding = check.encoding(request.encoding_type);
        let min_confidence = check.unit_interval("min_confidence", request.min_confidence);
        let engine = check.engine(request.engine);
        let times = check.time_view(request.time_view);
        check.finish()?;
        let usual = self.reader.usual(engine);
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
        self.reader.read(document, options, respond).await
    }
}

#[tonic::async_trait]
impl ExtractionService for Extractions {
    async fn extract_claims(
        &self,
        request: Request<ExtractClaimsRequest>,
    ) -> Result<Response<ExtractClaimsResponse>, Status> {
        self.extract(request.into_inner()).await.map(Response::new)
    }

    type StreamExtractClaimsStream = BoxStream<StreamExtractClaimsResponse>;

    async fn stream_extract_claims(
        &self,
        requests: Request<Streaming<StreamExtractClaimsRequest>>,
    ) -> Result<Response<Self::StreamExtractClaimsStream>, Status> {
        let service = self.clone();
        let read = move |request| {
            let service = service.clone();
            async move { service.extract(request).await }
        };
        let at_once = self.reader.worth_having();
        let answers = self.bulk.answers(requests.into_inner(), at_once, read);
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

impl Check {
    /// The encoding meant by an `encoding_type` field.
    pub(super) fn encoding(&mut self, number: i32) -> TextEncoding {
        self.enumeration::<EncodingType>("encoding_type", number)
            .unwrap_or_default()
            .into()
    }

    /// The view meant by a `time_view` field.
    fn time_view(&mut self, number: i32) -> TimeView {
        match self.enumeration("time_view", number).unwrap_or_default() {
            proto::TimeView::Unspecified | proto::TimeView::Expressions => TimeView::Expressions,
            proto::TimeView::Dates => TimeView::Dates,
        }
    }

    /// The engine meant by an `engine` field.
    pub(super) fn engine(&mut self, number: i32) -> EngineKind {
        match self.enumeration("engine", number).unwrap_or_default() {
            proto::EngineKind::Unspecified => EngineKind::default(),
            proto::EngineKind::Model => EngineKind::Model,
            proto::EngineKind::Rules => EngineKind::Rules,
        }
    }
}
