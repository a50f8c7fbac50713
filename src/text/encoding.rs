//! Offsets in the units other languages count in.

/// The unit of an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextEncoding {
    /// Bytes: Rust, Go.
    #[default]
    Utf8,
    /// 16-bit code units: Java, JavaScript, C#.
    Utf16,
    /// Code points: Python.
    Utf32,
}

/// Bytes between two checkpoints; a look-up counts at most this many.
const STEP: usize = 256;

/// Turns byte offsets of one text into offsets of an encoding.
///
/// Takes four bytes of memory for every 256 of the text, and none for UTF-8 or a text in ASCII.
#[derive(Debug, Clone)]
pub struct OffsetMap<'t> {
    text: &'t str,
    encoding: TextEncoding,
    /// Units before the first character that begins at or after each multiple of `STEP`. Empty where offsets are bytes
    /// in any encoding.
    checkpoints: Vec<u32>,
}

impl<'t> OffsetMap<'t> {
    /// Prepares the look-up for `text`, in one pass.
    #[must_use]
    pub fn new(text: &'t str, encoding: TextEncoding) -> Self {
        let identity = encoding == TextEncoding::Utf8 || text.is_ascii();
        let checkpoints = if identity {
            Vec::new()
        } else {
            checkpoints(text, encoding)
        };
        Self {
            text,
            encoding,
            checkpoints,
        }
    }

    /// The offset, in the map's unit, of the character that begins at `byte_offset`.
    ///
    /// An offset inside a character counts as that character's start, one after the text as the text's end.
    #[must_use]
    pub fn to_encoded(&self, byte_offset: usize) -> usize {
        let at = self.text.floor_char_boundary(byte_offset);
        let Some(before) = self.checkpoints.get(at / STEP) else {
            return at;
        };
        let from = self.text.ceil_char_boundary(at / STEP * STEP).min(at);
        *before as usize + units(&self.text[from..at], self.encoding)
    }
}

fn checkpoints(text: &str, encoding: TextEncoding) -> Vec<u32> {
    let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
    let mut total = 0;
    let mut from = 0;
    for mark in (0..=text.len()).step_by(STEP) {
        let at = text.ceil_char_boundary(mark);
        total += units(&text[from..at], encoding);
        checkpoints.push(u32::try_from(total).unwrap_or(u32::MAX));
        from = at;
    }
    checkpoints
}

fn units(text: &str, encoding: TextEncoding) -> usize {
    match encoding {
        TextEncoding::Utf8 => text.len(),
        TextEncoding::Utf16 => text.encode_utf16().count(),
        TextEncoding::Utf32 => text.chars().count(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{OffsetMap, TextEncoding};

    fn slice(text: &str, encoding: TextEncoding, start: usize, end: usize) -> String {
        match encoding {
            TextEncoding::Utf8 => text[start..end].to_owned(),
            TextEncoding::Utf16 => {
                let units: Vec<u16> = text.encode_utf16().collect();
                String::from_utf16(&units[start..end]).unwrap()
            }
            TextEncoding::Utf32 => text.chars().skip(start).take(end - start).collect(),
        }
    }

    fn check_all_slices(text: &str, step: usize) {
        for encoding in [TextEncoding::Utf8, TextEncoding::Utf16, TextEncoding::Utf32] {
            let map = OffsetMap::new(text, encoding);
            let bounds: Vec<usize> = text
                .char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .step_by(step)
                .collect();
            for pair in bounds.windows(2) {
                let (start, end) = (map.to_encoded(pair[0]), map.to_encoded(pair[1]));
                assert_eq!(
                    slice(text, encoding, start, end),
                    &text[pair[0]..pair[1]],
                    "{encoding:?} {pair:?}"
                );
            }
        }
    }

    #[test]
    fn units_are_counted_as_their_languages_do() {
        let check = |encoding: TextEncoding, expect: usize| {
            assert_eq!(
                OffsetMap::new("a🦀é!", encoding).to_encoded(7),
                expect,
                "{encoding:?}"
            );
        };
        check(TextEncoding::Utf8, 7);
        check(TextEncoding::Utf16, 4);
        check(TextEncoding::Utf32, 3);
    }

    #[test]
    fn characters_may_lie_across_a_checkpoint() {
        check_all_slices(&("a".repeat(254) + &"🦀".repeat(200)), 1);
    }

    #[test]
    fn offsets_outside_characters_are_moved_to_them() {
        let map = OffsetMap::new("🦀", TextEncoding::Utf32);
        assert_eq!((map.to_encoded(2), map.to_encoded(99)), (0, 1));
    }

    proptest! {
        #[test]
        fn slices_agree_in_every_encoding(text in "(\\PC|[\u{0}\r\n\u{301}]){0,600}", step in 1_usize..9) {
            check_all_slices(&text, step);
        }
    }
}
