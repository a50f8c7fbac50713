//! Interviews without labels: paragraphs that ask and paragraphs that answer.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::domain::{Block, Gender, MAX_NAME_BYTES, Span};
use crate::text::Layout;

use super::mentions::found::{Found, Sort};
use super::mentions::pronouns::Pronoun;
use super::reader::Reader;
use super::understood::Understood;

/// How many blocks the head of an interview has at most.
const MAX_HEAD: usize = 6;
/// With this many questions, and this many first-person words outside quotations, a text is an interview even if it
/// does not say so.
const LEAST_QUESTIONS: usize = 3;
const LEAST_OWN_WORDS: usize = 4;
/// Maximum length of a question, in bytes.
const MAX_QUESTION: usize = 600;

/// How many mentions of a paragraph show who answers in it.
const MAX_MENTIONS: usize = 60;

/// Words right before and right after the name of who is interviewed.
const BEFORE: &[&str] = &[
    "interviews",
    "interviewed",
    "interview with",
    "spoke with",
    "spoke to",
    "speaks with",
    "talked to",
    "talked with",
    "talks to",
];
const BEHIND: &[&str] = &["interviewed by", ": an interview", "tells"];

/// An interview: who answers in it.
pub(super) struct Interview {
    /// An entity.
    first: usize,
    /// The other of two, where two answer.
    second: Option<Second>,
}

/// The other of two who answer.
#[derive(Clone, Copy)]
struct Second {
    /// An entity.
    own: usize,
    /// The entity of the two together, who "we" means.
    both: usize,
}

impl Interview {
    /// The interview that a text is: it has somebody who says "I", and says so in its head or has several questions.
    pub fn of(reader: &Reader<'_>, state: &mut Understood) -> Option<Self> {
        let layout = reader.layout;
        let head = head(layout)?;
        let says_so = head.slice(layout.text).to_lowercase().contains("interview");
        let questions = layout
            .blocks
            .iter()
            .filter(|block| ends_with_question(layout, block))
            .count();
        let own_words = reader
            .found
            .iter()
            .filter(|found| is_own_word(found) && !reader.is_quoted(found))
            .count();
        if own_words == 0
            || questions == 0
            || !(says_so || (questions >= LEAST_QUESTIONS && own_words >= LEAST_OWN_WORDS))
        {
            return None;
        }
        let (at, first) = answers_first(reader, state, head)?;
        let second = joined_to(reader, state, at).filter(|second| *second != first);
        Some(Self {
            first,
            second: second.map(|own| Second {
                own,
                both: together(reader, state, at),
            }),
        })
    }

    /// Who a pronoun of the first or second person at `at` means, outside quotations.
    pub fn meant(&self, reader: &Reader<'_>, state: &Understood, at: usize) -> Option<usize> {
        let asks = is_question(reader.layout, &reader.layout.blocks[reader.block_of(at)]);
        match reader.found[at].sort {
            Sort::Pronoun(Pronoun::Speaker, _) if !asks => Some(self.answers(reader, state, at)),
            Sort::Pronoun(Pronoun::Speakers, _) if !asks => Some(self.all()),
            Sort::Pronoun(Pronoun::Addressee, _) if asks => Some(self.all()),
            _ => None,
        }
    }

    /// The one who answers, or the two together.
    fn all(&self) -> usize {
        self.second.map_or(self.first, |second| second.both)
    }

    /// Who "she" means if nobody before it fits: the other of two who answer.
    pub fn other(
        &self,
        reader: &Reader<'_>,
        state: &Understood,
        at: usize,
        gender: Gender,
    ) -> Option<usize> {
        let second = self.second?.own;
        let speaks = self.answers(reader, state, at);
        let other = if speaks == second { self.first } else { second };
        state.entities.get(other).agrees(gender).then_some(other)
    }

    /// If two answer, a paragraph that names one of them is the other's, unless the one named introduces himself in it.
    fn answers(&self, reader: &Reader<'_>, state: &Understood, at: usize) -> usize {
        let Some(Second { own: second, .. }) = self.second else {
            return self.first;
        };
        let block = reader.block_of(at);
        let meant = |index: usize| state.meant(index).map(|meaning| meaning.entity);
        let own = |index: &usize| {
            reader.block_of(*index) == block
                && matches!(reader.found[*index].sort, Sort::Name(_))
                && [Some(self.first), Some(second)].contains(&meant(*index))
        };
        let first_in_block = reader.layout.blocks[block].span.start;
        let begin = reader
            .found
            .partition_point(|found| found.head.start < first_in_block);
        let end = reader.found.len().min(begin + MAX_MENTIONS);
        let named: Vec<usize> = (begin..end).filter(own).collect();
        let introduced = named
            .iter()
            .find(|index| introduces(reader.layout, reader.found[**index].head.start));
        match (introduced, named.first()) {
            (Some(index), _) => meant(*index).unwrap_or(self.first),
            (None, Some(index)) if meant(*index) == Some(self.first) => second,
            _ => self.first,
        }
    }
}

/// "I'm Ann Lee".
fn introduces(layout: &Layout<'_>, name: usize) -> bool {
    let first = layout.token_from(name);
    let before = |steps: usize| {
        first
            .checked_sub(steps)
            .map_or("", |token| layout.word(token))
    };
    matches!(
        (before(2), before(1)),
        ("I", "'m" | "’m" | "am") | ("name", "is")
    )
}

fn is_own_word(found: &Found) -> bool {
    matches!(
        found.sort,
        Sort::Pronoun(Pronoun::Speaker | Pronoun::Speakers, _)
    )
}

fn ends_with_question(layout: &Layout<'_>, block: &Block) -> bool {
    block.span.slice(layout.text).trim_end().ends_with('?')
}

/// The blocks before the first question.
fn head(layout: &Layout<'_>) -> Option<Span> {
    let blocks = &layout.blocks;
    let first = blocks
        .iter()
        .position(|block| ends_with_question(layout, block))
        .unwrap_or(blocks.len());
    let last = first.clamp(1, MAX_HEAD.min(blocks.len()).max(1)) - 1;
    Some(Span::new(
        blocks.first()?.span.start,
        blocks.get(last)?.span.end,
    ))
}

/// True for a paragraph that asks: a short one that ends with a question mark or speaks to somebody, and not of oneself.
fn is_question(layout: &Layout<'_>, block: &Block) -> bool {
    let words = block.span.slice(layout.text).trim_end();
    if words.len() > MAX_QUESTION {
        return false;
    }
    let has = |list: &[&str]| {
        words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| list.contains(&word.to_lowercase().as_str()))
    };
    let (to_somebody, of_oneself) = (has(&["you", "your"]), has(&["i", "we", "my", "me", "our"]));
    if words.ends_with('?') {
        to_somebody || !of_oneself
    } else {
        to_somebody && !of_oneself
    }
}

/// The mention and the entity of the person whom the head says the interview was held with.
fn answers_first(reader: &Reader<'_>, state: &Understood, head: Span) -> Option<(usize, usize)> {
    let text = reader.layout.text;
    let mut ranks: HashMap<usize, (i32, Reverse<usize>)> = HashMap::new();
    for (at, found) in reader
        .found
        .iter()
        .enumerate()
        .take_while(|(_, found)| found.span.start < head.end)
    {
        let Some(meaning) = state.meant(at) else {
            continue;
        };
        let introduced = is_introduced(text, found.span);
        if !(matches!(found.sort, Sort::Name(_))
            || (introduced && matches!(found.sort, Sort::Noun(_))))
        {
            continue;
        }
        let person = state.entities.get(meaning.entity).person;
        if person < 0 || (person == 0 && !introduced) || asks(text, found.span.end) {
            continue;
        }
        let rank = ranks
            .entry(meaning.entity)
            .or_insert((person.min(4), Reverse(at)));
        let in_title = reader.block_of(at) == 0;
        rank.0 += if in_title { 4 } else { 1 };
        rank.0 += match (introduced, in_title) {
            (true, true) => 12,
            (true, false) => 4,
            (false, _) => 0,
        };
    }
    let best = ranks.into_iter().max_by_key(|(_, rank)| *rank);
    best.map(|(entity, (_, Reverse(at)))| (at, entity))
}

fn is_introduced(text: &str, name: Span) -> bool {
    let before = text[..name.start].trim_end();
    let behind = text[name.end..].trim_start();
    BEFORE.iter().any(|words| ends_with(before, words))
        || BEHIND.iter().any(|words| begins_with(behind, words))
}

/// `ends_with` and `starts_with`, upper and lower case taken as equal.
fn ends_with(text: &str, words: &str) -> bool {
    let start = text.len().checked_sub(words.len());
    start
        .and_then(|start| text.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(words))
}

fn begins_with(text: &str, words: &str) -> bool {
    text.get(..words.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(words))
}

/// "Wikinews interviews": who asks.
fn asks(text: &str, name_end: usize) -> bool {
    let behind = text[name_end..].trim_start();
    behind.starts_with("interviews")
        || (behind.starts_with("interviewed") && !behind.starts_with("interviewed by"))
}

/// Who is named after "and": "Ann Lee and Bo Dam".
fn joined_to(reader: &Reader<'_>, state: &Understood, at: usize) -> Option<usize> {
    let next = reader
        .found
        .get(at + 1)
        .filter(|next| matches!(next.sort, Sort::Name(_)))?;
    let gap = reader
        .layout
        .text
        .get(reader.found[at].head.end..next.span.start)?;
    let is_short = next.head.end - reader.found[at].head.start <= MAX_NAME_BYTES;
    let meaning = state
        .meant(at + 1)
        .filter(|_| gap.trim() == "and" && is_short)?;
    (state.entities.get(meaning.entity).person > 0).then_some(meaning.entity)
}

/// The entity of two named side by side, the first at `at`. Their phrase ends with whom they belong to: "of Acme".
fn together(reader: &Reader<'_>, state: &mut Understood, at: usize) -> usize {
    let names = Span::new(reader.found[at].head.start, reader.found[at + 1].head.end);
    let body = reader.found.get(at + 2).filter(|body| {
        let gap = reader.layout.text.get(names.end..body.span.start);
        let belongs = gap.is_some_and(|gap| matches!(gap.trim(), "of" | "of the" | "from"));
        belongs && matches!(body.sort, Sort::Name(_))
    });
    let end = body.map_or(names.end, |body| body.head.end);
    state.together(Span::new(names.start, end), names)
}
