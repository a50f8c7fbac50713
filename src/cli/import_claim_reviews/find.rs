//! Finding ClaimReviews in whatever JSON they are published in.

use anyhow::Context;
use serde_json::Value;

use super::values::{Object, is_type};

/// What stands at a place in a file.
#[derive(Debug)]
pub(super) enum Found {
    /// A ClaimReview.
    ClaimReview(Object),
    /// Something that has no ClaimReview in it.
    Nothing,
    /// A line that is no JSON.
    Broken(serde_json::Error),
}

/// Returns what stands in a file, with the places. It is JSON as a whole, or in each line.
///
/// # Errors
/// If it is neither.
pub(super) fn find(name: &str, text: &str) -> anyhow::Result<Vec<(String, Found)>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut found = Vec::new();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(items)) => add_items(name, items, &mut found),
        Ok(Value::Object(mut feed)) if !is_review(&feed) && list_of(&feed).is_some() => {
            let items = list_of(&feed).and_then(|key| feed.remove(key));
            if let Some(Value::Array(items)) = items {
                add_items(name, items, &mut found);
            }
        }
        Ok(value) => add(name, value, &mut found),
        Err(error) => {
            let first = text.lines().find(|line| !line.trim().is_empty());
            let is_lines = first.is_some_and(|line| serde_json::from_str::<Value>(line).is_ok());
            if !is_lines {
                return Err(error).with_context(|| name.to_owned());
            }
            add_lines(name, text, &mut found);
        }
    }
    Ok(found)
}

/// The key under which a feed or a graph lists its items.
fn list_of(feed: &Object) -> Option<&'static str> {
    let keys = ["@graph", "dataFeedElement", "itemListElement"].into_iter();
    let mut listing = keys.filter(|key| feed.get(*key).is_some_and(Value::is_array));
    listing.next()
}

fn add_items(name: &str, items: Vec<Value>, found: &mut Vec<(String, Found)>) {
    for (index, item) in items.into_iter().enumerate() {
        add(&format!("{name}, item {}", index + 1), item, found);
    }
}

fn add_lines(name: &str, text: &str, found: &mut Vec<(String, Found)>) {
    for (index, line) in text.lines().enumerate() {
        let place = format!("{name}, line {}", index + 1);
        match serde_json::from_str(line) {
            _ if line.trim().is_empty() => {}
            Ok(value) => add(&place, value, found),
            Err(error) => found.push((place, Found::Broken(error))),
        }
    }
}

/// Adds the ClaimReviews in a value, wherever in it they stand.
fn add(place: &str, value: Value, found: &mut Vec<(String, Found)>) {
    let mut reviews = Vec::new();
    collect(value, &mut reviews);
    if reviews.is_empty() {
        found.push((place.to_owned(), Found::Nothing));
    }
    let reviews = reviews.into_iter().map(Found::ClaimReview);
    found.extend(reviews.map(|review| (place.to_owned(), review)));
}

fn collect(value: Value, reviews: &mut Vec<Object>) {
    match value {
        Value::Object(object) if is_review(&object) => reviews.push(object),
        Value::Object(object) => {
            for (_, part) in object {
                collect(part, reviews);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, reviews);
            }
        }
        _ => {}
    }
}

fn is_review(object: &Object) -> bool {
    is_type(object, "ClaimReview")
}

#[cfg(test)]
mod tests {
    use super::{Found, find};

    const REVIEW: &str = r#"{"@type": "ClaimReview", "url": "https://checks.example/1"}"#;

    /// The places of what is found, and what it is.
    fn places(text: &str) -> Vec<(String, &'static str)> {
        let found = find("f", text).unwrap().into_iter();
        let found = found.map(|(place, found)| {
            let what = match found {
                Found::ClaimReview(_) => "review",
                Found::Nothing => "nothing",
                Found::Broken(_) => "broken",
            };
            (place, what)
        });
        found.collect()
    }

    fn check(text: &str, expect: &[(&str, &'static str)]) {
        let expect: Vec<(String, &str)> = expect
            .iter()
            .map(|(place, what)| ((*place).to_owned(), *what))
            .collect();
        assert_eq!(places(text), expect, "{text}");
    }

    #[test]
    fn every_shape_that_is_published_is_read() {
        let item = |n: usize| format!("f, item {n}");
        let (one, two) = (item(1), item(2));
        check(REVIEW, &[("f", "review")]);
        check(
            &format!("\u{feff}[{REVIEW}, {REVIEW}]"),
            &[(&one, "review"), (&two, "review")],
        );
        check(
            &format!(r#"{{"@graph": [{{"@type": "WebSite"}}, {REVIEW}]}}"#),
            &[(&one, "nothing"), (&two, "review")],
        );
        let feed = format!(
            r#"{{"@type": "DataFeed", "dataFeedElement": [{{"item": [{REVIEW}, {REVIEW}]}}, {{"item": null}}]}}"#
        );
        check(
            &feed,
            &[(&one, "review"), (&one, "review"), (&two, "nothing")],
        );
        check(
            &format!("{REVIEW}\n\nno JSON\n[{REVIEW}]\n"),
            &[
                ("f, line 1", "review"),
                ("f, line 3", "broken"),
                ("f, line 4", "review"),
            ],
        );
        let page = format!(r#"{{"@type": "WebPage", "review": {REVIEW}}}"#);
        check(&page, &[("f", "review")]);
        let typed = REVIEW.replace(
            "\"ClaimReview\"",
            r#"["Review", "http://schema.org/ClaimReview"]"#,
        );
        check(&typed, &[("f", "review")]);
    }

    #[test]
    fn what_is_no_json_is_told_once() {
        assert!(find("f", "<html>").is_err());
        assert!(find("f", "[{\"@type\": ").is_err());
        assert!(find("f", "").is_err());
    }
}
