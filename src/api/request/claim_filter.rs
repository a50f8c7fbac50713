//! Which claims a request means, in which order, and how much of them.

use prost::Message;
use uuid::Uuid;

use super::check::Check;
use super::document::{MAX_LANGUAGE_CODE, MAX_PUBLISHER};
use crate::api::convert::enums::ToDomain;
use crate::api::wire::page_token::{ListId, Place};
use crate::api::wire::status::Reason;
use crate::domain::ClaimId;
use crate::proto;
use crate::store::{ArticleCursor, ClaimCursor, ClaimFilter, ClaimOrder, ClaimPlace};

impl Check {
    /// The filter of a `filter` field.
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
        }
    }

    /// An enum field of the filter: `None` where every value will do.
    fn choice<E>(&mut self, field: &str, number: i32) -> Option<E::Domain>
    where
        E: TryFrom<i32> + ToDomain,
    {
        self.enumeration::<E>(&format!("filter.{field}"), number)
            .and_then(ToDomain::to_domain)
    }

    /// The order that an `order_by` field asks for.
    pub fn claim_order(&mut self, number: i32) -> ClaimOrder {
        match self.enumeration::<proto::ClaimOrder>("order_by", number) {
            Some(proto::ClaimOrder::UtteranceTime) => ClaimOrder::UtteranceTime,
            Some(proto::ClaimOrder::Confidence) => ClaimOrder::Confidence,
            _ => ClaimOrder::PublishTime,
        }
    }

    /// True if a `view` field asks for whole claims.
    pub fn claim_view(&mut self, number: i32) -> bool {
        self.enumeration::<proto::ClaimView>("view", number) != Some(proto::ClaimView::Basic)
    }

    /// The place meant by a `page_token` field of a list in this order; `None` for the first page.
    pub fn claim_place(
        &mut self,
        list: ListId<'_>,
        token: &str,
        order: ClaimOrder,
    ) -> Option<ClaimPlace> {
        let place: ClaimPlace = self.page_token(list, token)?;
        if place.order() != order {
            let description = "is no page token of this RPC";
            self.fail("page_token", Reason::InvalidPageToken, description);
        }
        Some(place)
    }
}

/// What a page token of a list of claims belongs to: its filter and, where it is not the first, its order.
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

/// Each order's place has a length of its own.
impl Place for ClaimPlace {
    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::PublishTime(cursor) => cursor.write(bytes),
            Self::UtteranceTime(time, id) => {
                bytes.extend(time.timestamp_micros().to_be_bytes());
                bytes.extend(id.0.as_bytes());
            }
            Self::Confidence(confidence, id) => {
                bytes.extend(confidence.to_be_bytes());
                bytes.extend(id.0.as_bytes());
            }
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            28 => ClaimCursor::read(bytes).map(Self::PublishTime),
            24 => ArticleCursor::read(bytes)
                .map(|place| Self::UtteranceTime(place.sort_time, ClaimId(place.id.0))),
            20 => {
                let (confidence, id) = bytes.split_first_chunk()?;
                let id = Uuid::from_slice(id).ok()?;
                Some(Self::Confidence(
                    f32::from_be_bytes(*confidence),
                    ClaimId(id),
                ))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::Place;
    use crate::domain::{ArticleId, ClaimId};
    use crate::store::{ArticleCursor, ClaimCursor, ClaimPlace};

    #[test]
    fn a_place_of_each_order_survives() {
        let sort_time = DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        let id = Uuid::from_u128(7);
        let article = ArticleCursor {
            sort_time,
            id: ArticleId(id),
        };
        for place in [
            ClaimPlace::PublishTime(ClaimCursor {
                article,
                ordinal: 3,
            }),
            ClaimPlace::UtteranceTime(sort_time, ClaimId(id)),
            ClaimPlace::Confidence(0.75, ClaimId(id)),
        ] {
            let mut bytes = Vec::new();
            place.write(&mut bytes);
            assert_eq!(ClaimPlace::read(&bytes), Some(place));
            bytes.push(0);
            assert_eq!(ClaimPlace::read(&bytes), None);
        }
    }
}
