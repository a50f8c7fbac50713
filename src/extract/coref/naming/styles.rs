//! Titles that people are called by all their lives: "Sheikh Hasina", "Pope Urban".

use crate::domain::MAX_NAME_BYTES;
use crate::extract::lexicon::lists::is_style;
use crate::extract::names::Name;
use crate::text::Layout;

use super::spelling::spaced;

/// A name with the styles right before it: "Datuk Seri Anwar Halim", "Lord Harrow". `None` where none stands there.
pub(in crate::extract::coref) fn styled(layout: &Layout<'_>, name: &Name) -> Option<String> {
    let own = spaced(name.span.slice(layout.text));
    // "Lord Harrow of Tern" is called by one name.
    let is_one = !own.contains(' ') || own.contains(" of ");
    let titles: Vec<&str> = name
        .title
        .slice(layout.text)
        .split_whitespace()
        .rev()
        .take_while(|word| is_style(word, is_one))
        .collect();
    let mut words: Vec<&str> = titles.into_iter().rev().collect();
    if words.is_empty() {
        return None;
    }
    words.push(&own);
    Some(words.join(" ")).filter(|whole| whole.len() <= MAX_NAME_BYTES)
}

#[cfg(test)]
mod tests {
    use super::styled;
    use crate::extract::names::names;
    use crate::text::Layout;

    #[test]
    fn styles_stay_with_a_name_and_offices_do_not() {
        let check = |words: &str, expect: Option<&str>| {
            let text = format!("Then {words} spoke.");
            let layout = Layout::new(&text, None);
            let names = names(&layout, &[]);
            let found = names.first().and_then(|name| styled(&layout, name));
            assert_eq!(found.as_deref(), expect, "{words}");
        };
        check("Prime Minister Sheikh Hasina", Some("Sheikh Hasina"));
        check("Datuk Seri Anwar Halim", Some("Datuk Seri Anwar Halim"));
        check("Pope Urban", Some("Pope Urban"));
        check("Lord Harrow", Some("Lord Harrow"));
        check("Lord Harrow of Tern", Some("Lord Harrow of Tern"));
        check("Sir Alan Foss", None);
        check("President Ann Lee", None);
        check("Mr. Lee", None);
    }
}
