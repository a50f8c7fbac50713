/// Why a text is taken for no article; `None` if it may be one. Whoever sends a page or data as an article finds claims
/// by nobody in it, or none.
pub(super) fn refusal(text: &str) -> Option<&'static str> {
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Some("it is empty");
    }
    if is_page(trimmed) {
        return Some("it is a whole page in HTML or XML: take the article's text from it first");
    }
    if is_json(trimmed) {
        return Some("it is JSON that is no article");
    }
    None
}

/// A web page, with its menus and scripts, or another document in XML. A text with tags in it is an article.
fn is_page(text: &str) -> bool {
    let beginning: String = text.chars().take(10).collect();
    let beginning = beginning.to_ascii_lowercase();
    ["<!doctype", "<html", "<?xml", "<rss", "<feed"]
        .iter()
        .any(|page| beginning.starts_with(page))
}

fn is_json(text: &str) -> bool {
    text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn articles_are_taken_and_pages_and_data_refused() {
        for text in [
            "“It is safe,” said Ann Lee.",
            "<3 is what she wrote.",
            "[Reuters] It is safe.",
            "{sic} she said",
            "<p>“It is safe,” said Ann Lee.</p>",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
        for text in [
            "",
            " \n",
            "<!DOCTYPE html><html><body>It is safe.</body></html>\n",
            "<HTML lang=en><p>It is safe.</p></HTML>",
            "<?xml version=\"1.0\"?><a/>",
            "{\"status\": \"ok\"}",
            "[1, 2]",
        ] {
            assert!(refusal(text).is_some(), "{text}");
        }
    }
}
