use crate::domain::Passage;

/// Separator between the pieces of a discontinuous content.
const GAP: &str = " … ";

/// The text of a content, which may be discontinuous.
pub(super) fn text(content: &[Passage]) -> String {
    let pieces: Vec<&str> = content.iter().map(|passage| &*passage.text).collect();
    pieces.join(GAP)
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::domain::{Passage, Span};

    #[test]
    fn pieces_are_told_apart() {
        let words = "It rains, he said, and it pours.";
        let pieces =
            [(0, 8), (19, 31)].map(|(start, end)| Passage::of(words, Span::new(start, end)));
        assert_eq!(text(&pieces), "It rains … and it pours");
    }
}
