//! How one claim relates to another: a cross-encoder, one pass over both (Nogueira & Cho 2019; Bowman et al. 2015).
//!
//! It started from all-MiniLM-L6-v2 and shares the vectors of pieces and positions with the [sentence encoder](super::SentenceEncoder).
//! Trained on pairs of our own writing; the model card reports how well it judges.

use std::cell::RefCell;
use std::sync::OnceLock;

use super::input::wordpiece::VOCABULARY;
use super::network::encoder::{Encoder, Piece, WIDTH};
use super::network::layer::{Scratch, run};
use super::network::math::{add, gelu, log_sum_exp};
use super::network::matrix::{Linear, ROWS};
use super::network::weights::{Entries, ModelError};
use super::sentence;

/// The weights that come with the program.
static WEIGHTS: &[u8] = include_bytes!("../../../models/pairs.safetensors");

static JUDGE: OnceLock<PairJudge> = OnceLock::new();

/// How many pieces of either claim are read.
const PIECES: usize = 94;
const HIDDEN: usize = 128;
const LABELS: usize = 3;

/// How likely each relation of a claim to another is; the three sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairScores {
    /// It says the same.
    pub repeats: f32,
    /// Both cannot be true.
    pub contradicts: f32,
    /// It says something else.
    pub other: f32,
}

/// Judges pairs of claims. It keeps no state beside its weights.
pub struct PairJudge {
    version: String,
    encoder: Encoder,
    hidden: Linear,
    labels: Linear,
}

/// Memory that a thread keeps from pair to pair.
#[derive(Debug, Default)]
struct Desk {
    first: Vec<u16>,
    second: Vec<u16>,
    pieces: Vec<f32>,
    scratch: Scratch,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

impl PairJudge {
    /// The judge that comes with the program, unpacked when it is first asked for.
    ///
    /// # Panics
    /// If its weights are broken, which a test rules out.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a test reads the weights that come with the program"
    )]
    pub fn shipped() -> &'static Self {
        JUDGE.get_or_init(|| {
            Self::new(WEIGHTS).expect("the weights that come with the program are whole")
        })
    }

    fn new(file: &'static [u8]) -> Result<Self, ModelError> {
        let entries = Entries::new(file)?;
        Ok(Self {
            version: entries.text("version")?.to_owned(),
            encoder: Encoder::with_tables(&entries, sentence::tables()?)?,
            hidden: entries.linear("hidden", 3 * WIDTH, HIDDEN)?,
            labels: entries.linear("labels", HIDDEN, LABELS)?,
        })
    }

    /// Changes whenever the same two texts may be judged in another way.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How `second` relates to `first`. Of a long text only the first 94 wordpieces are read.
    #[must_use]
    pub fn judge(&self, first: &str, second: &str) -> PairScores {
        DESK.with_borrow_mut(|desk| {
            cut(first, &mut desk.first);
            cut(second, &mut desk.second);
            let (a, b) = (&desk.first, &desk.second);
            let pieces: Vec<Piece> = side(a, b, 0)
                .chain([Piece::bare(VOCABULARY.separate())])
                .chain(side(b, a, 1))
                .collect();
            let (x, scratch) = (&mut desk.pieces, &mut desk.scratch);
            self.encoder.run(pieces.into_iter(), x, scratch, |_, _| {});
            self.scores(x, a.len(), b.len())
        })
    }

    /// From the vectors of the opening piece, the first claim's `a` pieces, the separator and the second claim's `b`.
    fn scores(&self, x: &[f32], a: usize, b: usize) -> PairScores {
        let row = |at: usize| &x[at * WIDTH..][..WIDTH];
        let first = mean((1..=a).map(row), a);
        let second = mean((a + 2..a + 2 + b).map(row), b);
        let mut seen = vec![0.0; ROWS * 3 * WIDTH];
        seen[..WIDTH].copy_from_slice(row(0));
        for (at, (a, b)) in first.iter().zip(&second).enumerate() {
            seen[WIDTH + at] = (a - b).abs();
            seen[2 * WIDTH + at] = a * b;
        }
        let mut hidden = vec![0.0; ROWS * HIDDEN];
        run(&self.hidden, &seen, &mut hidden, ROWS);
        gelu(&mut hidden[..HIDDEN]);
        let mut out = vec![0.0; ROWS * self.labels.columns()];
        run(&self.labels, &hidden, &mut out, ROWS);
        let all = log_sum_exp(out[..LABELS].iter().copied());
        PairScores {
            repeats: (out[0] - all).exp(),
            contradicts: (out[1] - all).exp(),
            other: (out[2] - all).exp(),
        }
    }
}

fn cut(text: &str, ids: &mut Vec<u16>) {
    ids.clear();
    for word in text.split_whitespace() {
        if ids.len() >= PIECES {
            break;
        }
        VOCABULARY.append_pieces(word, ids);
    }
    ids.truncate(PIECES);
}

/// The pieces of one claim: which side it is, and which pieces the other has, too.
fn side(own: &[u16], other: &[u16], side: u8) -> impl Iterator<Item = Piece> {
    own.iter().map(move |id| Piece {
        case: u8::from(other.contains(id)),
        quote: side,
        ..Piece::bare(*id)
    })
}

fn mean<'x>(rows: impl Iterator<Item = &'x [f32]>, count: usize) -> Vec<f32> {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let share = 1.0 / count.max(1) as f32;
    let mut sum = vec![0.0; WIDTH];
    for row in rows {
        add(&mut sum, row);
    }
    for x in &mut sum {
        *x *= share;
    }
    sum
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{PairJudge, PairScores};

    const EXPECTED: &str = include_str!("../../../tests/golden/judged.jsonl");

    #[derive(Deserialize)]
    struct Expected {
        a: String,
        b: String,
        scores: [f32; 3],
    }

    #[test]
    fn pairs_are_judged_as_in_training() {
        for line in EXPECTED.lines() {
            let Expected { a, b, scores } = serde_json::from_str(line).unwrap();
            let PairScores {
                repeats,
                contradicts,
                other,
            } = PairJudge::shipped().judge(&a, &b);
            for (found, expected) in [repeats, contradicts, other].into_iter().zip(scores) {
                assert!(
                    (found - expected).abs() < 2e-3,
                    "{a} {b}: {found} {expected}"
                );
            }
        }
        assert!(EXPECTED.lines().count() >= 8);
    }

    #[test]
    fn any_two_texts_are_judged() {
        let long = "The ferry was late. ".repeat(500);
        for (a, b) in [("", ""), ("a", ""), ("\0", "🦀"), (&*long, &*long)] {
            let scores = PairJudge::shipped().judge(a, b);
            let sum = scores.repeats + scores.contradicts + scores.other;
            assert!((sum - 1.0).abs() < 1e-4, "{a:?} {b:?} {scores:?}");
        }
    }
}
