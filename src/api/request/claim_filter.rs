//! Parsing which claims a request selects, in which order, and in which view.

use prost::Message;

use super::check::Check;
use super::document::{MAX_LANGUAGE_CODE, MAX_PUBLISHER};
use crate::api::convert::enums::ToDomain;
use crate::api::wire::names::Named;
use crate::api::wire::page_token::ListId;
use crate::api::wire::status::Reason;
use crate::domain::ClaimKind;
use crate::proto;
use crate::store::{AnyOf, ClaimFilter, ClaimOrder, ClaimPosition, NoneOf};

/// Most values in a list of a filter.
const MAX_VALUES: usize = 100;
const MAX_ENGINE_VERSION: usize = 100;

impl Check {
    /// Parses a `filter` field.
    pub fn claim_filter(&mut self, filter: proto::ClaimFilter) -> ClaimFilter {
        let actor = self.optional_resource("filter.actor", &filter.actor);
        let article = self.optional_resource("filter.article", &filter.article);
        let source_class = self.choice::<proto::SourceClass>("source_class", filter.source_class);
        let quote_type = self.choice::<proto::QuoteType>("quote_type", filter.quote_type);
        let kind = self.choice::<proto::ClaimKind>("kind", filter.kind);
        let (start_time, end_time) = self.time_range(
            ("filter.start_publish_time", filter.start_publish_time),
            ("filter.end_publish_time", filter.end_publish_time),
        );
        let min_confidence = self.unit_interval("filter.min_confidence", filter.min_confidence);
        let about = self.optional_resource("filter.about_actor", &filter.about_actor);
        let addressee = self.optional_resource("filter.addressee_actor", &filter.addressee_actor);
        let certainty = self.choice::<proto::Certainty>("certainty", filter.certainty);
        let polarity = self.choice::<proto::Polarity>("polarity", filter.polarity);
        let (start_utterance, end_utterance) = self.time_range(
            ("filter.start_utterance_time", filter.start_utterance_time),
            ("filter.end_utterance_time", filter.end_utterance_time),
        );
        let min_actor_confidence =
            self.unit_interval("filter.min_actor_confidence", filter.min_actor_confidence);
        let min_check_worthiness =
            self.unit_interval("filter.min_check_worthiness", filter.min_check_worthiness);
        let any = AnyOf {
            actors: self.any_resources("filter.actors", &filter.actors),
            kinds: self.kinds("filter.kinds", &filter.kinds),
            publishers: self.texts("filter.publishers", filter.publishers, MAX_PUBLISHER),
            language_codes: self.texts(
                "filter.language_codes",
                filter.language_codes,
                MAX_LANGUAGE_CODE,
            ),
        };
        let none = NoneOf {
            actors: self.any_resources("filter.excluded_actors", &filter.excluded_actors),
            kinds: self.kinds("filter.excluded_kinds", &filter.excluded_kinds),
            publishers: self.texts(
                "filter.excluded_publishers",
                filter.excluded_publishers,
                MAX_PUBLISHER,
            ),
            engine_version: self.optional_text(
                "filter.excluded_engine_version",
                filter.excluded_engine_version,
                MAX_ENGINE_VERSION,
            ),
        };
        let proposition = self.optional_resource("filter.proposition", &filter.proposition);
        let actor_gender = self.choice::<proto::Gender>("actor_gender", filter.actor_gender);
        ClaimFilter {
            actor,
            article,
            source_class,
            quote_type,
            kind,
            start_time,
            end_time,
            min_confidence,
            about,
            addressee,
            certainty,
            polarity,
            start_utterance,
            end_utterance,
            publisher: self.optional_text("filter.publisher", filter.publisher, MAX_PUBLISHER),
            language_code: self.optional_text(
                "filter.language_code",
                filter.language_code,
                MAX_LANGUAGE_CODE,
            ),
            article_state: self
                .choice::<proto::ArticleState>("article_state", filter.article_state),
            review_state: self.choice::<proto::ReviewState>("review_state", filter.review_state),
            min_actor_confidence,
            min_check_worthiness,
            any,
            none,
            proposition,
            actor_gender,
            has_actor: filter.has_actor,
            engine_version: self.optional_text(
                "filter.engine_version",
                filter.engine_version,
                MAX_ENGINE_VERSION,
            ),
            has_fact_check: filter.has_fact_check,
        }
    }

    /// Parses a list of resource names that may be empty.
    fn any_resources<T: Named>(&mut self, field: &str, names: &[String]) -> Vec<T> {
        self.at_most(field, names.len(), MAX_VALUES);
        let names = names.iter().take(MAX_VALUES).enumerate();
        names
            .filter_map(|(n, name)| self.resource(&format!("{field}[{n}]"), name).ok())
            .collect()
    }

    /// Parses a list of kinds that may be empty.
    fn kinds(&mut self, field: &str, numbers: &[i32]) -> Vec<ClaimKind> {
        self.at_most(field, numbers.len(), MAX_VALUES);
        let mut kinds = Vec::new();
        for (n, number) in numbers.iter().take(MAX_VALUES).enumerate() {
            let field = format!("{field}[{n}]");
            let kind = self.enumeration::<proto::ClaimKind>(&field, *number);
            match kind.map(ToDomain::to_domain) {
                Some(Some(kind)) => kinds.push(kind),
                Some(None) => {
                    self.fail(&field, Reason::InvalidField, "names no kind");
                }
                None => {}
            }
        }
        kinds
    }

    /// Checks a list of texts that may be empty.
    pub fn texts(&mut self, field: &str, texts: Vec<String>, max_bytes: usize) -> Vec<String> {
        self.at_most(field, texts.len(), MAX_VALUES);
        for (n, text) in texts.iter().take(MAX_VALUES).enumerate() {
            let field = format!("{field}[{n}]");
            if text.is_empty() {
                self.fail(&field, Reason::InvalidField, "is empty");
            } else {
                self.text(&field, text, max_bytes);
            }
        }
        texts
    }

    /// Parses an enum field of the filter; `None` matches every value.
    fn choice<E>(&mut self, field: &str, number: i32) -> Option<E::Domain>
    where
        E: TryFrom<i32> + ToDomain,
    {
        self.enumeration::<E>(&format!("filter.{field}"), number)
            .and_then(ToDomain::to_domain)
    }

    /// Parses an `order_by` field.
    pub fn claim_order(&mut self, number: i32) -> ClaimOrder {
        match self.enumeration::<proto::ClaimOrder>("order_by", number) {
            Some(proto::ClaimOrder::UtteranceTime) => ClaimOrder::UtteranceTime,
            Some(proto::ClaimOrder::Confidence) => ClaimOrder::Confidence,
            Some(proto::ClaimOrder::CheckWorthiness) => ClaimOrder::CheckWorthiness,
            _ => ClaimOrder::PublishTime,
        }
    }

    /// Returns whether a `view` field requests full claims.
    pub fn claim_view(&mut self, number: i32) -> bool {
        self.enumeration::<proto::ClaimView>("view", number) != Some(proto::ClaimView::Basic)
    }

    /// Parses the `page_token` of a list in this order; `None` for the first page.
    pub fn claim_position(
        &mut self,
        list: ListId<'_>,
        token: &str,
        order: ClaimOrder,
    ) -> Option<ClaimPosition> {
        let position: ClaimPosition = self.page_token(list, token)?;
        if position.order() != order {
            let description = "is no page token of this RPC";
            self.fail("page_token", Reason::InvalidPageToken, description);
        }
        Some(position)
    }
}

/// What the page token of a list of claims is bound to: its filter and, unless it is the default, its order.
#[must_use]
pub fn list_bytes(filter: &proto::ClaimFilter, order_by: i32) -> Vec<u8> {
    let request = proto::ListClaimsRequest {
        filter: Some(filter.clone()),
        order_by,
        ..proto::ListClaimsRequest::default()
    };
    if order_by <= i32::from(proto::ClaimOrder::PublishTime) {
        filter.encode_to_vec()
    } else {
        request.encode_to_vec()
    }
}
