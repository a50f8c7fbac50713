/// Why a text is taken for no article; `None` if it may be one. Whoever sends markup or data as an article finds claims
/// by nobody in it, or none.
pub(super) fn refusal(text: &str) -> Option<&'static str> {
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Some("it is empty");
    }
    if is_markup(trimmed) {
        return Some("it is HTML or XML: extract the article's text from it first");
    }
    if is_json(trimmed) {
        return Some("it is JSON that is no article");
    }
    None
}

/// Markup begins with a tag and ends with one.
fn is_markup(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('<')
        && letters
            .next()
            .is_some_and(|letter| letter.is_ascii_alphabetic() || matches!(letter, '!' | '?' | '/'))
        && text.trim_end().ends_with('>')
}

fn is_json(text: &str) -> bool {
    text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn articles_are_taken_and_markup_and_data_refused() {
        for text in [
            "“It is safe,” said Ann Lee.",
            "<3 is what she wrote.",
            "[Reuters] It is safe.",
            "{sic} she said",
            "<b>Safe</b>, said Ann Lee.",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
        for text in [
            "",
            " \n",
            "<!DOCTYPE html><html><body>It is safe.</body></html>\n",
            "<p>It is safe.</p>",
            "<?xml version=\"1.0\"?><a/>",
            "{\"status\": \"ok\"}",
            "[1, 2]",
        ] {
            assert!(refusal(text).is_some(), "{text}");
        }
    }
}
