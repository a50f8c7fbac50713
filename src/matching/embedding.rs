//! Vectors of texts.

use rayon::prelude::*;

use crate::extract::model::SentenceEncoder;

/// Numbers in an [`Embedding`].
pub const EMBEDDING_WIDTH: usize = SentenceEncoder::WIDTH;

/// The vector of a text, of length 1.
pub type Embedding = [f32; EMBEDDING_WIDTH];

/// The vectors of texts, in their order. Of a long text only the first 190 wordpieces are read. The texts are shared
/// among the threads of the pool this is called in; how many there are does not change the result.
#[must_use]
pub fn embed<T: AsRef<str> + Sync>(texts: &[T]) -> Vec<Embedding> {
    let encoder = SentenceEncoder::shipped();
    let texts = texts.par_iter();
    texts.map(|text| encoder.embed(text.as_ref())).collect()
}

/// Changes whenever the same text may give another vector: vectors of different versions must not be compared.
#[must_use]
pub fn embedding_version() -> &'static str {
    SentenceEncoder::shipped().version()
}

/// The cosine of the angle between two vectors of length 1: 1 for the same direction, about 0 for unrelated texts.
#[must_use]
pub fn cosine(a: &Embedding, b: &Embedding) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::{cosine, embed, embedding_version};

    #[test]
    fn texts_keep_their_order_and_their_neighbours_do_not_matter() {
        let texts = ["The quay is closed.", "Fares will rise.", ""];
        let all = embed(&texts);
        for (text, vector) in texts.iter().zip(&all) {
            assert_eq!(
                embed(&[text])[0].map(f32::to_bits),
                vector.map(f32::to_bits)
            );
            assert!((cosine(vector, vector) - 1.0).abs() < 1e-5);
        }
        assert!(embed::<&str>(&[]).is_empty());
        assert!(embedding_version().starts_with("minilm-"));
    }
}
