//! The encoder: vectors for every wordpiece of a window.

use super::layer::{Layer, Scratch};
use super::math::{Norm, add};
use super::matrix::{ROWS, padded};
use super::weights::{Entries, Keep, Matrix, ModelError};
use crate::extract::model::input::features::{CASES, Features, PLACES, QUOTES};
use crate::extract::model::input::units::WINDOW;
use crate::extract::model::input::wordpiece::VOCABULARY;

/// Numbers in a piece's vector.
pub(in crate::extract::model) const WIDTH: usize = 384;
const LAYERS: usize = 6;
/// Pieces in the vocabulary.
const PIECES: usize = 30_522;

/// The learnt part of the encoder.
pub(in crate::extract::model) struct Encoder {
    tables: Tables,
    case: Vec<f32>,
    quote: Vec<f32>,
    place: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Encoder {
    pub(in crate::extract::model) fn new<'f>(
        entries: &Entries<'f>,
        keep: Keep<'f>,
    ) -> Result<Self, ModelError> {
        Self::with_tables(entries, Tables::new(entries, keep)?)
    }

    /// An encoder whose vectors of pieces and positions are stored elsewhere.
    pub(in crate::extract::model) fn with_tables(
        entries: &Entries<'_>,
        tables: Tables,
    ) -> Result<Self, ModelError> {
        let table =
            |name: &str, rows| entries.numbers(&format!("encoder.{name}.weight"), rows * WIDTH);
        let layers =
            (0..LAYERS).map(|index| layer(entries, &format!("encoder.layers.{index}"), WIDTH));
        Ok(Self {
            tables,
            case: table("case", CASES)?,
            quote: table("quote", QUOTES)?,
            place: table("place", PLACES)?,
            norm: entries.norm("encoder.norm", WIDTH)?,
            layers: layers.collect::<Result<_, _>>()?,
        })
    }

    /// Writes the vectors of a window to `x`: the opening piece, `pieces` of the features, the closing piece, and what
    /// fills up a multiple of [`ROWS`]. `after` is shown them after each layer, with the layer's number from 1.
    pub(in crate::extract::model) fn read(
        &self,
        features: &Features,
        pieces: std::ops::Range<usize>,
        x: &mut Vec<f32>,
        scratch: &mut Scratch,
        after: impl FnMut(usize, &[f32]),
    ) {
        self.run(pieces.map(|at| Piece::of(features, at)), x, scratch, after);
    }

    /// Writes the vectors of bare pieces to `x`, as [`read`](Self::read) does. At most [`WINDOW`] pieces.
    pub(in crate::extract::model) fn read_bare(
        &self,
        ids: &[u16],
        x: &mut Vec<f32>,
        scratch: &mut Scratch,
    ) {
        self.run(ids.iter().map(|id| Piece::bare(*id)), x, scratch, |_, _| {});
    }

    /// The same of any pieces.
    pub(in crate::extract::model) fn run(
        &self,
        pieces: impl ExactSizeIterator<Item = Piece>,
        x: &mut Vec<f32>,
        scratch: &mut Scratch,
        mut after: impl FnMut(usize, &[f32]),
    ) {
        let length = pieces.len() + 2;
        x.clear();
        x.resize(padded(length, ROWS) * WIDTH, 0.0);
        let opening = std::iter::once(Piece::bare(VOCABULARY.classify()));
        let closing = std::iter::once(Piece::bare(VOCABULARY.separate()));
        let framed = opening.chain(pieces).chain(closing);
        for ((position, piece), row) in framed.enumerate().zip(x.chunks_exact_mut(WIDTH)) {
            self.embed(position, &piece, row);
        }
        for (index, layer) in self.layers.iter().enumerate() {
            layer.apply(x, length, scratch);
            after(index + 1, x);
        }
    }

    fn embed(&self, position: usize, piece: &Piece, row: &mut [f32]) {
        self.tables.word.read_row(piece.id.into(), row);
        for (table, index) in [
            (&self.tables.position, position),
            (&self.case, piece.case.into()),
            (&self.quote, piece.quote.into()),
            (&self.place, piece.place.into()),
        ] {
            add(row, &table[index * WIDTH..][..WIDTH]);
        }
        self.norm.apply(row);
    }
}

/// The vectors of the pieces of a vocabulary, and of their positions in a window.
pub(in crate::extract::model) struct Tables {
    word: Matrix<'static>,
    position: Vec<f32>,
}

impl Tables {
    pub(in crate::extract::model) fn new<'f>(
        entries: &Entries<'f>,
        keep: Keep<'f>,
    ) -> Result<Self, ModelError> {
        Ok(Self {
            word: keep(entries.matrix("encoder.word.weight", PIECES, WIDTH)?),
            position: entries.numbers("encoder.position.weight", (WINDOW + 2) * WIDTH)?,
        })
    }
}

/// A wordpiece with its features.
pub(in crate::extract::model) struct Piece {
    pub id: u16,
    pub case: u8,
    pub quote: u8,
    pub place: u8,
}

impl Piece {
    /// One without features: the two around a window, and all that the sentence encoder reads.
    pub(in crate::extract::model) const fn bare(id: u16) -> Self {
        Self {
            id,
            case: 0,
            quote: 0,
            place: 0,
        }
    }

    fn of(features: &Features, index: usize) -> Self {
        Self {
            id: features.ids[index],
            case: features.case[index],
            quote: features.quote[index],
            place: features.place[index],
        }
    }
}

/// Reads a layer from the entries below `name`.
pub(in crate::extract::model) fn layer(
    entries: &Entries<'_>,
    name: &str,
    width: usize,
) -> Result<Layer, ModelError> {
    let linear =
        |part: &str, inputs, outputs| entries.linear(&format!("{name}.{part}"), inputs, outputs);
    let norm = |part: &str| entries.norm(&format!("{name}.{part}"), width);
    Ok(Layer {
        qkv: linear("qkv", width, 3 * width)?,
        out: linear("out", width, width)?,
        norm1: norm("norm1")?,
        up: linear("up", width, 4 * width)?,
        down: linear("down", 4 * width, width)?,
        norm2: norm("norm2")?,
    })
}
