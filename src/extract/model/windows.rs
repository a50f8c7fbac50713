//! From a window's vectors to attributions.

use std::cell::RefCell;
use std::ops::Range;

use crate::domain::Span;
use crate::text::Layout;

use super::engine::Model;
use super::heads::calibration::{RawOdds, log_odds};
use super::heads::kept::WindowVectors;
use super::heads::roles::Prepared;
use super::heads::shapes::LAYERS_READ;
use super::input::features::Features;
use super::input::units::Unit;
use super::network::crf::{Crf, Part, Scores, is_of, stretches};
use super::network::encoder::WIDTH;
use super::network::layer::Scratch;
use super::network::matrix::{ROWS, padded};
use super::reading::Reading;

/// Memory that a thread keeps from window to window.
#[derive(Debug, Default)]
struct Desk {
    scratch: Scratch,
    pieces: Vec<f32>,
    words: Vec<f32>,
    /// The words of a window as the heads of who is who and of meaning read them.
    layers: Vec<f32>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Runs the encoder alone over one window, and gives the number of its pieces.
pub(super) fn encode_window(model: &Model, features: &Features, units: &[Unit]) -> usize {
    let pieces = pieces_of(features, units);
    let count = pieces.len() + 2;
    DESK.with_borrow_mut(|desk| {
        let (x, scratch) = (&mut desk.pieces, &mut desk.scratch);
        model.encoder.read(features, pieces, x, scratch, |_, _| {});
    });
    count
}

fn pieces_of(features: &Features, units: &[Unit]) -> Range<usize> {
    features.pieces(&tokens_of(units))
}

fn tokens_of(units: &[Unit]) -> Range<usize> {
    let start = units.first().map_or(0, |unit| unit.tokens.start);
    let end = units.last().map_or(start, |unit| unit.tokens.end);
    start..end
}

/// What is read in one window.
pub(super) struct WindowRead {
    pub readings: Vec<Reading>,
    pub who: WindowVectors,
    pub meaning: WindowVectors,
}

/// Reads the units of one window.
pub(super) fn read_window(
    model: &Model,
    layout: &Layout<'_>,
    features: &Features,
    units: &[Unit],
) -> WindowRead {
    let pieces = pieces_of(features, units);
    DESK.with_borrow_mut(|desk| {
        let start = pieces.start;
        let tokens = tokens_of(units);
        let layers = &mut desk.layers;
        layers.clear();
        layers.resize(padded(tokens.len(), ROWS) * LAYERS_READ.len() * WIDTH, 0.0);
        let (x, scratch) = (&mut desk.pieces, &mut desk.scratch);
        model
            .encoder
            .read(features, pieces, x, scratch, |layer, x| {
                gather_layer(layers, x, features, &tokens, layer);
            });
        let (layers, length) = (&desk.layers, tokens.len());
        let who = model.who.read(layers, length, &mut desk.scratch);
        let who = WindowVectors::new(tokens.clone(), &who);
        let meaning = WindowVectors::new(tokens, &model.meaning.project(layers, length));
        let mut found = Vec::new();
        for unit in units {
            gather(&mut desk.words, &desk.pieces, features, unit, start);
            read_unit(
                model,
                layout,
                unit,
                &desk.words,
                &mut desk.scratch,
                &mut found,
            );
        }
        WindowRead {
            readings: found,
            who,
            meaning,
        }
    })
}

/// Collects what a layer gives for a window's words, next to what other layers give, if later heads read it.
pub(super) fn gather_layer(
    words: &mut [f32],
    pieces: &[f32],
    features: &Features,
    tokens: &Range<usize>,
    layer: usize,
) {
    let Some(part) = LAYERS_READ.iter().position(|read| *read == layer) else {
        return;
    };
    let start = features.starts[tokens.start];
    let rows = words.chunks_exact_mut(LAYERS_READ.len() * WIDTH);
    for (row, token) in rows.zip(tokens.clone()) {
        let piece = features.starts[token] - start + 1;
        row[part * WIDTH..][..WIDTH].copy_from_slice(&pieces[piece * WIDTH..][..WIDTH]);
    }
}

/// Collects the vectors of a unit's words: those of their first pieces.
fn gather(words: &mut Vec<f32>, pieces: &[f32], features: &Features, unit: &Unit, start: usize) {
    words.clear();
    words.resize(padded(unit.tokens.len(), ROWS) * WIDTH, 0.0);
    for (row, token) in words.chunks_exact_mut(WIDTH).zip(unit.tokens.clone()) {
        // The window's opening piece stands before all others.
        let piece = features.starts[token] - start + 1;
        row.copy_from_slice(&pieces[piece * WIDTH..][..WIDTH]);
    }
}

fn read_unit(
    model: &Model,
    layout: &Layout<'_>,
    unit: &Unit,
    words: &[f32],
    scratch: &mut Scratch,
    found: &mut Vec<Reading>,
) {
    let length = unit.tokens.len();
    let scores = model.tagger.read(words, length);
    let tags = model.tagger.crf.decode(&scores);
    let cues = stretches(&tags, Part::Cue);
    if cues.is_empty() {
        return;
    }
    let total = model.tagger.crf.partition(&scores, |_, _| true);
    let prepared = model.roles.prepare(words, length);
    for cue in cues {
        let own = odds_of(&model.tagger.crf, &scores, total, |word, tag| {
            is_as_read(word, tag, &cue)
        });
        found.push(read_cue(model, layout, unit, &prepared, &cue, own, scratch));
    }
}

/// True if a word's tag agrees with a cue of exactly these words; other words are free.
fn is_as_read(word: usize, tag: usize, cue: &Range<usize>) -> bool {
    let begin = Part::Cue as usize;
    if cue.contains(&word) {
        tag == begin + usize::from(word > cue.start)
    } else {
        word != cue.end || tag != begin + 1
    }
}

/// The log odds that a path is one of those `allowed`.
fn odds_of(
    crf: &Crf,
    scores: &[Scores],
    total: f32,
    allowed: impl Fn(usize, usize) -> bool,
) -> f32 {
    log_odds(crf.partition(scores, allowed) - total)
}

fn read_cue(
    model: &Model,
    layout: &Layout<'_>,
    unit: &Unit,
    prepared: &Prepared<'_>,
    cue: &Range<usize>,
    cue_odds: f32,
    scratch: &mut Scratch,
) -> Reading {
    let crf = &model.roles.crf;
    let scores = model.roles.read(prepared, cue, scratch);
    let tags = crf.decode(&scores);
    let total = crf.partition(&scores, |_, _| true);
    let exactly = |part: Part| {
        odds_of(crf, &scores, total, |word, tag| {
            let read = tags[word];
            tag == read || (!is_of(tag, part) && !is_of(read, part))
        })
    };
    let odds = RawOdds {
        source: exactly(Part::Source),
        cue: cue_odds,
        content: exactly(Part::Content),
    };
    let mut cues = stretches(&tags, Part::Cue);
    cues.retain(|piece| piece.end <= cue.start || piece.start >= cue.end);
    cues.push(cue.clone());
    cues.sort_unstable_by_key(|piece| piece.start);
    let spans = |words: Vec<Range<usize>>| {
        let spans = words.into_iter().map(|words| span_of(layout, unit, &words));
        spans.collect()
    };
    Reading {
        source: spans(stretches(&tags, Part::Source)),
        cue: spans(cues),
        content: spans(stretches(&tags, Part::Content)),
        odds,
    }
}

fn span_of(layout: &Layout<'_>, unit: &Unit, words: &Range<usize>) -> Span {
    let token = |word: usize| layout.tokens[unit.tokens.start + word].span;
    Span::new(token(words.start).start, token(words.end - 1).end)
}
