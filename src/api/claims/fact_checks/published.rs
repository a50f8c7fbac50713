use crate::api::request::{Check, MAX_PUBLISHER, MAX_URI};
use crate::api::wire::status::Reason;
use crate::domain::{FactCheckRating, PublishedCheck};
use crate::proto;

const MAX_CLAIM: usize = 2_000;
const MAX_APPEARANCES: usize = 20;
const MAX_RATING: usize = 500;

impl Check {
    /// Parses a fact check that was published; `within` is its path.
    pub(super) fn published(&mut self, within: &str, sent: proto::FactCheck) -> PublishedCheck {
        let field = |name: &str| format!("{within}.{name}");
        if sent.uri.is_empty() {
            self.fail(&field("uri"), Reason::RequiredFieldMissing, "is required");
        } else {
            self.address(&field("uri"), &sent.uri);
        }
        self.required_text(&field("claim_reviewed"), &sent.claim_reviewed, MAX_CLAIM);
        let publisher = self.optional_text(&field("publisher"), sent.publisher, MAX_PUBLISHER);
        let publish_time = sent
            .publish_time
            .and_then(|time| self.timestamp(&field("publish_time"), time));
        let claimant = self.optional_text(&field("claimant"), sent.claimant, MAX_PUBLISHER);
        let claim_time = sent
            .claim_time
            .and_then(|time| self.timestamp(&field("claim_time"), time));
        self.appearances(&field("appearance_uris"), &sent.appearance_uris);
        let rating = sent
            .rating
            .and_then(|rating| self.rating(&field("rating"), rating));
        PublishedCheck {
            uri: sent.uri,
            claim_reviewed: sent.claim_reviewed,
            publisher,
            publish_time,
            claimant,
            claim_time,
            appearance_uris: sent.appearance_uris,
            rating,
            language_code: self.language_code(&field("language_code"), sent.language_code),
        }
    }

    fn appearances(&mut self, field: &str, uris: &[String]) {
        self.at_most(field, uris.len(), MAX_APPEARANCES);
        for (n, uri) in uris.iter().take(MAX_APPEARANCES).enumerate() {
            self.address(&format!("{field}[{n}]"), uri);
        }
    }

    /// Checks an address that people may be sent to.
    fn address(&mut self, field: &str, uri: &str) {
        let is_address = |scheme: &str| uri.strip_prefix(scheme).is_some_and(|at| !at.is_empty());
        if self.text(field, uri, MAX_URI) && !is_address("https://") && !is_address("http://") {
            let description = "is no address with http or https";
            self.fail(field, Reason::InvalidField, description);
        }
    }

    /// A rating; `None` if it says nothing.
    fn rating(&mut self, field: &str, sent: proto::FactCheckRating) -> Option<FactCheckRating> {
        self.text(&format!("{field}.text"), &sent.text, MAX_RATING);
        for (name, number) in [
            ("value", sent.value),
            ("best_value", sent.best_value),
            ("worst_value", sent.worst_value),
        ] {
            if number.is_some_and(|number| !number.is_finite()) {
                let field = format!("{field}.{name}");
                self.fail(&field, Reason::InvalidField, "is no finite number");
            }
        }
        let rating = FactCheckRating {
            text: sent.text,
            value: sent.value,
            best: sent.best_value,
            worst: sent.worst_value,
        };
        (rating != FactCheckRating::default()).then_some(rating)
    }
}
