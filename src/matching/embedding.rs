//! Sentence embeddings.

use rayon::prelude::*;

use crate::extract::model::SentenceEncoder;

/// The dimension of an [`Embedding`].
pub const EMBEDDING_WIDTH: usize = SentenceEncoder::WIDTH;

/// The embedding of a text, a unit vector.
pub type Embedding = [f32; EMBEDDING_WIDTH];

/// Embeds texts, in order. Only the first 190 wordpieces of a text are read. The texts are distributed over the
/// threads of the current pool; their number does not affect the result.
#[must_use]
pub fn embed<T: AsRef<str> + Sync>(texts: &[T]) -> Vec<Embedding> {
    let encoder = SentenceEncoder::shipped();
    let texts = texts.par_iter();
    texts.map(|text| encoder.embed(text.as_ref())).collect()
}

/// Changes whenever the same text may get a different vector: vectors of different versions must not be compared.
#[must_use]
pub fn embedding_version() -> &'static str {
    SentenceEncoder::shipped().version()
}

/// The cosine similarity of two unit vectors: 1 for the same direction, about 0 for unrelated texts.
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
