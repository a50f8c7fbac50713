//! Parsing how texts are read and how offsets are counted.

use super::check::Check;
use crate::extract::{EngineKind, TimeView};
use crate::proto::{self, EncodingType};
use crate::text::TextEncoding;

impl Check {
    /// Parses an `encoding_type` field.
    pub fn encoding(&mut self, number: i32) -> TextEncoding {
        self.enumeration::<EncodingType>("encoding_type", number)
            .unwrap_or_default()
            .into()
    }

    /// Parses a `time_view` field.
    pub fn time_view(&mut self, number: i32) -> TimeView {
        match self.enumeration("time_view", number).unwrap_or_default() {
            proto::TimeView::Unspecified | proto::TimeView::Expressions => TimeView::Expressions,
            proto::TimeView::Dates => TimeView::Dates,
        }
    }

    /// Parses an `engine` field.
    pub fn engine(&mut self, number: i32) -> EngineKind {
        match self.enumeration("engine", number).unwrap_or_default() {
            proto::EngineKind::Unspecified => EngineKind::default(),
            proto::EngineKind::Model => EngineKind::Model,
            proto::EngineKind::Rules => EngineKind::Rules,
        }
    }
}
