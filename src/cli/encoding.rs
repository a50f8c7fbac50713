use clap::ValueEnum;

use crate::proto::EncodingType;
use crate::text::TextEncoding;

/// The unit of offsets.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl From<Encoding> for TextEncoding {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Utf16 => Self::Utf16,
            Encoding::Utf32 => Self::Utf32,
        }
    }
}

impl From<Encoding> for EncodingType {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Utf16 => Self::Utf16,
            Encoding::Utf32 => Self::Utf32,
        }
    }
}
