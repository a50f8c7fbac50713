//! A fact check from its markup. What the markup does not say stays empty.

use anyhow::Context;
use prost_types::Timestamp;
use serde_json::Value;

use super::values::{Object, addresses, each, is_type, number, text};
use crate::api::convert::time::timestamp;
use crate::cli::input::parse_time;
use crate::proto::{FactCheck, FactCheckRating};

/// As many as the server takes.
const MAX_APPEARANCES: usize = 20;

/// Reads a ClaimReview, and returns with it what of it could not be read.
///
/// # Errors
/// If it does not say where it was published, or what was checked.
pub(super) fn fact_check(review: &Object) -> anyhow::Result<(FactCheck, Vec<String>)> {
    let mut left_out = Vec::new();
    let item = first_object(review.get("itemReviewed"));
    let of_item = |property: &str| item.and_then(|item| item.get(property));
    let uri = address(review).context("no url")?;
    let claim_reviewed = text(review.get("claimReviewed"), &[])
        .or_else(|| text(of_item("text"), &[]))
        .or_else(|| text(of_item("name"), &[]))
        .with_context(|| format!("no claimReviewed: {uri}"))?;
    let fact_check = FactCheck {
        uri,
        claim_reviewed,
        publisher: publisher(review).unwrap_or_default(),
        publish_time: time("datePublished", review.get("datePublished"), &mut left_out),
        claimant: text(of_item("author"), &["name"]).unwrap_or_default(),
        claim_time: time(
            "itemReviewed.datePublished",
            of_item("datePublished"),
            &mut left_out,
        ),
        appearance_uris: item.map(appearances).unwrap_or_default(),
        rating: first_object(review.get("reviewRating")).and_then(rating),
        language_code: language_code(review).unwrap_or_default(),
        ..FactCheck::default()
    };
    Ok((fact_check, left_out))
}

fn first_object(value: Option<&Value>) -> Option<&Object> {
    each(value).find_map(Value::as_object)
}

/// Where it was published.
fn address(review: &Object) -> Option<String> {
    let properties = ["url", "mainEntityOfPage", "@id"].into_iter();
    let mut addresses = properties.flat_map(|property| addresses(review.get(property)));
    addresses.next()
}

/// The organization that checked it: the author, unless that is a person who writes for a publisher.
fn publisher(review: &Object) -> Option<String> {
    let by_person = first_object(review.get("author")).is_some_and(|one| is_type(one, "Person"));
    let name = |property: &str| text(review.get(property), &["name"]);
    let author = name("author");
    if by_person {
        name("publisher").or(author)
    } else {
        author.or_else(|| name("publisher"))
    }
}

fn appearances(item: &Object) -> Vec<String> {
    let properties = ["appearance", "firstAppearance"].into_iter();
    let found = properties.flat_map(|property| addresses(item.get(property)));
    let mut appearances: Vec<String> = Vec::new();
    for address in found {
        if !appearances.contains(&address) && appearances.len() < MAX_APPEARANCES {
            appearances.push(address);
        }
    }
    appearances
}

/// A rating in words, as a number, or both.
fn rating(rating: &Object) -> Option<FactCheckRating> {
    let value = number(rating.get("ratingValue"));
    let in_words = text(rating.get("alternateName"), &[]).or_else(|| text(rating.get("name"), &[]));
    // Some publishers have the words where the number belongs.
    let misplaced = || text(rating.get("ratingValue"), &[]).filter(|_| value.is_none());
    let rating = FactCheckRating {
        text: in_words.or_else(misplaced).unwrap_or_default(),
        value,
        best_value: number(rating.get("bestRating")),
        worst_value: number(rating.get("worstRating")),
    };
    (!rating.text.is_empty() || rating.value.is_some()).then_some(rating)
}

/// The language, if it is given as a tag.
fn language_code(review: &Object) -> Option<String> {
    let code = text(review.get("inLanguage"), &["alternateName"])?.replace('_', "-");
    let (language, rest) = code.split_once('-').unwrap_or((&code, "x"));
    let is_tag = (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && rest.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    is_tag.then_some(code)
}

fn time(property: &str, value: Option<&Value>, left_out: &mut Vec<String>) -> Option<Timestamp> {
    let written = text(value, &[])?;
    let time = parse_time(&written, None);
    if time.is_err() {
        left_out.push(format!("{property} {written:?}"));
    }
    time.ok().map(timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::fact_check;
    use crate::proto::{FactCheck, FactCheckRating};

    fn read(value: Value) -> anyhow::Result<(FactCheck, Vec<String>)> {
        let Value::Object(review) = value else {
            panic!("an object")
        };
        fact_check(&review)
    }

    #[test]
    fn a_claim_review_is_read_as_it_is_documented() {
        let (found, left_out) = read(json!({
            "@context": "https://schema.org", "@type": "ClaimReview",
            "url": "https://checks.example/ferry", "claimReviewed": "The ferry sank.",
            "datePublished": "2026-05-04", "inLanguage": "en_GB",
            "author": {"@type": "Organization", "name": "Harbour Checks", "url": "https://checks.example"},
            "reviewRating": {"@type": "Rating", "ratingValue": "1", "bestRating": 5, "worstRating": "1",
                             "alternateName": "False"},
            "itemReviewed": {"@type": "Claim", "datePublished": "2026-05-01T09:00:00Z",
                             "author": {"@type": "Person", "name": "Marek Dolan"},
                             "appearance": {"@type": "OpinionNewsArticle", "url": "https://courier.example/ferry"},
                             "firstAppearance": "https://courier.example/ferry"},
        }))
        .unwrap();
        assert_eq!(left_out, Vec::<String>::new());
        let expect = FactCheck {
            uri: "https://checks.example/ferry".to_owned(),
            claim_reviewed: "The ferry sank.".to_owned(),
            publisher: "Harbour Checks".to_owned(),
            publish_time: Some("2026-05-04T00:00:00Z".parse().unwrap()),
            claimant: "Marek Dolan".to_owned(),
            claim_time: Some("2026-05-01T09:00:00Z".parse().unwrap()),
            appearance_uris: vec!["https://courier.example/ferry".to_owned()],
            rating: Some(FactCheckRating {
                text: "False".to_owned(),
                value: Some(1.0),
                best_value: Some(5.0),
                worst_value: Some(1.0),
            }),
            language_code: "en-GB".to_owned(),
            ..FactCheck::default()
        };
        assert_eq!(found, expect);
    }

    #[test]
    fn a_claim_review_is_read_as_publishers_write_it() {
        let (found, left_out) = read(json!({
            "@type": "ClaimReview", "url": ["https://checks.example/ferry"],
            "datePublished": "last week", "inLanguage": {"@type": "Language", "name": "English"},
            "author": [{"@type": "Person", "name": "Ida Brandt"}],
            "publisher": "Harbour Checks",
            "reviewRating": [{"ratingValue": "Mostly false", "bestRating": null}],
            "itemReviewed": [{"@type": "CreativeWork", "name": "The ferry sank.", "author": "Viral image",
                              "appearance": ["a poster"]}],
        }))
        .unwrap();
        assert_eq!(left_out, ["datePublished \"last week\""]);
        let expect = FactCheck {
            uri: "https://checks.example/ferry".to_owned(),
            claim_reviewed: "The ferry sank.".to_owned(),
            publisher: "Harbour Checks".to_owned(),
            claimant: "Viral image".to_owned(),
            rating: Some(FactCheckRating {
                text: "Mostly false".to_owned(),
                ..FactCheckRating::default()
            }),
            ..FactCheck::default()
        };
        assert_eq!(found, expect);
    }

    #[test]
    fn what_cannot_be_told_apart_or_matched_is_no_fact_check() {
        let check = |value, part: &str| {
            let error = read(value).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check(
            json!({"claimReviewed": "It sank.", "url": "checks/1"}),
            "no url",
        );
        check(
            json!({"url": "https://checks.example/1", "claimReviewed": " "}),
            "no claimReviewed: https://checks.example/1",
        );
    }
}
