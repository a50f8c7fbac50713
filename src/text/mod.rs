//! What can be read off a text without knowing what it means: blocks, sentences, tokens and quotations.
//!
//! Everything is a byte span of the text exactly as it was received. All steps take time linear in the text's length
//! and accept any text: emoji, combining marks, right-to-left scripts, NUL, one line of a megabyte.

mod abbreviations;
mod alignment;
mod block_kind;
mod blocks;
mod context;
mod encoding;
mod layout;
mod lines;
mod marks;
mod markup;
mod moved_runs;
mod pieces;
mod quotes;
mod sentences;
mod tokens;

pub use alignment::Alignment;
pub use context::{Context, Sentences};
pub use encoding::{OffsetMap, TextEncoding};
pub use layout::{Layout, Sentence};
pub(crate) use lines::trim;
pub use markup::Plain;
pub use pieces::Pieces;
pub use quotes::{Closing, Quotation};
pub use tokens::{Token, TokenKind};
