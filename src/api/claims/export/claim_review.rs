use serde_json::{Value, json};
use tonic::Status;

use super::about::Row;
use super::claims::ClaimWriter;
use super::json_ld::{BEGIN, END, claim, object, separate, time};
use crate::api::wire::names::Named;
use crate::domain::{ClaimFactCheck, FactCheckRating};

/// Writes a JSON-LD 1.1 document: a graph of schema.org ClaimReviews (https://schema.org/ClaimReview), one for each fact
/// check of each claim. They have no `@id`: one fact check may be there several times, for several claims.
#[derive(Default)]
pub(super) struct ClaimReviews {
    begun: bool,
}

impl ClaimWriter for ClaimReviews {
    fn begin(&mut self, text: &mut String) {
        text.push_str(BEGIN);
    }

    fn claim(&mut self, row: &Row<'_>, text: &mut String) -> Result<(), Status> {
        // Nobody checked what others said in the same words.
        let checks = row.claim.fact_checks.iter();
        for check in checks.filter(|check| check.by_claimant) {
            separate(&mut self.begun, text);
            text.push_str(&review(check, row).to_string());
        }
        Ok(())
    }

    fn end(&mut self, text: &mut String) {
        text.push_str(END);
    }
}

fn review(check: &ClaimFactCheck, row: &Row<'_>) -> Value {
    let publisher = check.publisher.as_deref();
    object([
        ("@type", Some("ClaimReview".into())),
        ("identifier", Some(check.id.resource_name().into())),
        ("url", Some(check.uri.as_str().into())),
        ("claimReviewed", Some(check.claim_reviewed.as_str().into())),
        (
            "author",
            // An organization or a person: nobody said which.
            publisher.map(|name| json!({"@type": "Thing", "name": name})),
        ),
        ("datePublished", check.publish_time.map(time)),
        (
            "inLanguage",
            check.language_code.as_deref().map(Value::from),
        ),
        ("reviewRating", check.rating.as_ref().map(rating)),
        ("itemReviewed", Some(claim(row))),
    ])
}

fn rating(rating: &FactCheckRating) -> Value {
    let text = Some(rating.text.as_str()).filter(|text| !text.is_empty());
    object([
        ("@type", Some("Rating".into())),
        ("alternateName", text.map(Value::from)),
        ("ratingValue", rating.value.map(number)),
        ("bestRating", rating.best.map(number)),
        ("worstRating", rating.worst.map(number)),
    ])
}

/// A number, without a fraction if it has none.
fn number(number: f64) -> Value {
    let text = number.to_string();
    text.parse::<i64>()
        .map_or_else(|_| number.into(), Value::from)
}
