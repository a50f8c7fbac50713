//! Vectors of a text's words, kept in numbers of 16 bits, for a long text has many words.

use std::ops::Range;

/// What is read in one window.
#[derive(Debug)]
pub(in crate::extract::model) struct WindowVectors {
    /// The window's words.
    pub tokens: Range<usize>,
    vectors: Vec<u16>,
}

impl WindowVectors {
    pub(in crate::extract::model) fn new(tokens: Range<usize>, vectors: &[f32]) -> Self {
        let vectors = vectors.iter().map(|x| narrow(*x)).collect();
        Self { tokens, vectors }
    }
}

/// The vectors of all words of a text.
#[derive(Debug)]
pub(super) struct WordVectors {
    width: usize,
    vectors: Vec<u16>,
}

impl WordVectors {
    /// Of a text of so many tokens. Words of windows that were not read have no vector: all zero.
    pub(in crate::extract::model) fn new(
        width: usize,
        tokens: usize,
        windows: impl Iterator<Item = WindowVectors>,
    ) -> Self {
        let mut vectors = vec![0; tokens * width];
        for window in windows {
            let range = window.tokens.start * width..window.tokens.end * width;
            vectors[range].copy_from_slice(&window.vectors);
        }
        Self { width, vectors }
    }

    /// How many words.
    pub(in crate::extract::model) fn count(&self) -> usize {
        self.vectors.len() / self.width
    }

    /// The vectors of words that follow each other, side by side.
    pub(in crate::extract::model) fn of(&self, tokens: Range<usize>) -> impl Iterator<Item = f32> {
        let words = &self.vectors[tokens.start * self.width..tokens.end * self.width];
        words.iter().map(|x| wide(*x))
    }
}

/// The upper 16 bits of a number, rounded.
fn narrow(x: f32) -> u16 {
    let bits = x.to_bits().wrapping_add(0x8000) >> 16;
    u16::try_from(bits).unwrap_or(u16::MAX)
}

fn wide(x: u16) -> f32 {
    f32::from_bits(u32::from(x) << 16)
}

#[cfg(test)]
mod tests {
    use super::{WindowVectors, WordVectors, narrow, wide};

    #[test]
    fn half_the_bits_keep_a_number_within_a_percent() {
        for x in [0.0, 1.0, -0.3, 12.34, -7e-4] {
            assert!((wide(narrow(x)) - x).abs() <= x.abs() / 200.0, "{x}");
        }
    }

    #[test]
    fn words_that_were_not_read_have_no_vector() {
        let window = WindowVectors::new(1..3, &[1.0, 2.0, 3.0, 4.0]);
        let words = WordVectors::new(2, 4, std::iter::once(window));
        assert_eq!(words.count(), 4);
        let all: Vec<f32> = words.of(0..4).collect();
        assert_eq!(all, [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 0.0, 0.0]);
    }
}
