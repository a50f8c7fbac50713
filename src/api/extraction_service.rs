use tonic::{Request, Response, Status};

use super::check::Check;
use super::convert;
use super::reader::{Reader, Reading};
use super::server::extraction_service_server::ExtractionService;
use crate::extract::{EngineKind, Options, TimeView};
use crate::proto::{self, EncodingType, ExtractClaimsRequest, ExtractClaimsResponse};
use crate::text::TextEncoding;

/// The `ExtractionService`.
#[derive(Debug)]
pub struct Extractions {
    reader: Reader,
}

impl Extractions {
    /// The service, reading with `reader`.
    #[must_use]
    pub const fn new(reader: Reader) -> Self {
        Self { reader }
    }
}

#[tonic::async_trait]
impl ExtractionService for Extractions {
    async fn extract_claims(
        &self,
        request: Request<ExtractClaimsRequest>,
    ) -> Result<Response<ExtractClaimsResponse>, Status> {
        let request = request.into_inner();
        let mut check = Check::default();
        let document = check.document(request.document, self.reader.max_text_bytes());
        let encoding = check.encoding(request.encoding_type);
        let min_confidence = check.unit_interval("min_confidence", request.min_confidence);
        let engine = check.engine(request.engine);
        let times = check.time_view(request.time_view);
        check.finish()?;
        let options = Options {
            engine,
            min_confidence,
            traced: request.include_traces,
            times,
        };
        let respond = move |reading: Reading| {
            convert::extraction::response(&reading.extraction, &reading.document.text, encoding)
        };
        let response = self.reader.read(document, options, respond).await?;
        Ok(Response::new(response))
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
