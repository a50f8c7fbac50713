//! The engine `rules`: deterministic, from quotation marks, the cue lexicon and the nearest fitting source.

mod according;
mod construct;
mod content;
mod content_before;
mod content_behind;
mod found;
mod headline;
mod nominal;
mod passive;
mod phrases;
mod quoted;
mod sheet;
mod subject;
mod subjects;
mod verbal;
mod verbs;
mod words;

use std::sync::atomic::AtomicBool;

use crate::domain::BlockKind;
use crate::text::Layout;

use super::attributor::{Attributor, Read};
use found::Found;
use sheet::Sheet;
pub(super) use subject::Subjects;

/// The engine. It keeps no state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules;

impl Attributor for Rules {
    fn attribute(&self, layout: &Layout<'_>, _stopped: &AtomicBool) -> Read {
        let sheet = Sheet::new(layout);
        let mut found = Found::new(&sheet);
        for (index, sentence) in layout.sentences.iter().enumerate() {
            if !sheet.is_readable(index) || sentence.tokens.is_empty() {
                continue;
            }
            let tokens = sentence.tokens.clone();
            let kind = layout.blocks[sentence.block].kind;
            let headline = matches!(kind, BlockKind::Title | BlockKind::Heading);
            if headline || opens_block(layout, index) {
                headline::read_sentence(&mut found, &tokens, headline, block_end(layout, index));
            }
            according::read_sentence(&mut found, &tokens);
            nominal::read_sentence(&mut found, &tokens);
            verbal::read_sentence(&mut found, tokens, headline);
        }
        Read {
            attributions: found.attributions,
            who: None,
            meaning: None,
        }
    }
}

fn opens_block(layout: &Layout<'_>, sentence: usize) -> bool {
    sentence == 0 || layout.sentences[sentence - 1].block != layout.sentences[sentence].block
}

/// The end of the last token of a sentence's block.
fn block_end(layout: &Layout<'_>, sentence: usize) -> usize {
    let block = layout.sentences[sentence].block;
    layout.token_from(layout.blocks[block].span.end)
}
