//! The sentence encoder: one vector for a short text, near those of texts that mean the same (Reimers & Gurevych 2019).
//!
//! It is all-MiniLM-L6-v2 as published, from which the engine's encoder was trained on; the same code runs both. The
//! vector is the mean over the text's pieces, brought to length 1.

use std::cell::RefCell;
use std::convert::identity;
use std::sync::OnceLock;

use super::input::units::WINDOW;
use super::input::wordpiece::VOCABULARY;
use super::network::encoder::{Encoder, Tables, WIDTH};
use super::network::layer::Scratch;
use super::network::weights::{Entries, ModelError};

/// The weights that come with the program.
static WEIGHTS: &[u8] = include_bytes!("../../../models/minilm.safetensors");

static ENCODER: OnceLock<SentenceEncoder> = OnceLock::new();

/// Memory that a thread keeps from text to text.
#[derive(Debug, Default)]
struct Desk {
    ids: Vec<u16>,
    pieces: Vec<f32>,
    scratch: Scratch,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Makes vectors of sentences. It keeps no state beside its weights.
pub struct SentenceEncoder {
    version: String,
    encoder: Encoder,
}

impl SentenceEncoder {
    /// Numbers in a vector.
    pub const WIDTH: usize = WIDTH;

    /// The encoder that comes with the program, unpacked when it is first asked for.
    ///
    /// # Panics
    /// If its weights are broken, which a test rules out.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a test reads the weights that come with the program"
    )]
    pub fn shipped() -> &'static Self {
        ENCODER.get_or_init(|| {
            Self::new(WEIGHTS).expect("the weights that come with the program are whole")
        })
    }

    fn new(file: &'static [u8]) -> Result<Self, ModelError> {
        let entries = Entries::new(file)?;
        Ok(Self {
            version: entries.text("version")?.to_owned(),
            encoder: Encoder::new(&entries, identity)?,
        })
    }

    /// Changes whenever the same text may give another vector: vectors of different versions must not be compared.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The vector of a text, of length 1. Of a long text only the first 190 wordpieces are read.
    #[must_use]
    pub fn embed(&self, text: &str) -> [f32; WIDTH] {
        DESK.with_borrow_mut(|desk| {
            desk.ids.clear();
            for word in text.split_whitespace() {
                if desk.ids.len() >= WINDOW {
                    break;
                }
                VOCABULARY.append_pieces(word, &mut desk.ids);
            }
            desk.ids.truncate(WINDOW);
            self.encoder
                .read_bare(&desk.ids, &mut desk.pieces, &mut desk.scratch);
            mean(&desk.pieces, desk.ids.len() + 2)
        })
    }
}

/// The tables of vectors, which another encoder may share.
pub(super) fn tables() -> Result<Tables, ModelError> {
    Tables::new(&Entries::new(WEIGHTS)?, identity)
}

/// The direction of the mean of the first `count` rows.
fn mean(rows: &[f32], count: usize) -> [f32; WIDTH] {
    let mut sum = [0.0; WIDTH];
    for row in rows.chunks_exact(WIDTH).take(count) {
        super::network::math::add(&mut sum, row);
    }
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in &mut sum {
            *x /= length;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::SentenceEncoder;

    fn cosine(a: &str, b: &str) -> f32 {
        let [a, b] = [a, b].map(|text| SentenceEncoder::shipped().embed(text));
        a.iter().zip(&b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn every_text_has_a_vector_of_length_one() {
        let long = "The ferry was late. ".repeat(500);
        for text in ["", " ", "\0", "a", "🦀", long.as_str()] {
            let vector = SentenceEncoder::shipped().embed(text);
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-5, "{text:?} {length}");
        }
    }

    #[test]
    fn texts_that_mean_the_same_are_near() {
        let claim = "The night ferry will cost less from June.";
        let same = cosine(claim, "Fares on the overnight ferry fall in June.");
        let other = cosine(claim, "A bakery on the hill burnt down.");
        assert!(same > 0.7 && other < 0.3, "{same} {other}");
    }
}
