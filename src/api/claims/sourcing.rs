//! Sourcing statistics: who, or what, is on record how often.

use chrono::TimeDelta;
use prost::Message;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::api::convert::time::timestamp;
use crate::api::request::{Check, Violated, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::api::wire::read_from;
use crate::api::wire::status::Reason;
use crate::proto::{self, ListSourcingStatsRequest, ListSourcingStatsResponse};
use crate::service::Database;
use crate::store::{ClaimFilter, SourcingGroup, SourcingPosition, SourcingStats};

/// The longest range of publication times over which claims are counted.
const MAX_RANGE: TimeDelta = TimeDelta::days(366);

/// Returns a page of counts.
pub(super) async fn list(
    database: &Database,
    metadata: &MetadataMap,
    request: ListSourcingStatsRequest,
) -> Result<ListSourcingStatsResponse, Status> {
    let list_bytes = list_bytes(&request);
    let list = ListId {
        rpc: "ListSourcingStats",
        filter: &list_bytes,
    };
    let mut check = Check::default();
    let group = sourcing_group(&mut check, request.group_by);
    let filter = check.claim_filter(request.filter.unwrap_or_default());
    bounded(&mut check, &filter);
    let size = check.page_size(request.page_size);
    let after: Option<SourcingPosition> = check.page_token(list, &request.page_token);
    let group = check.finish_with(group)?;
    let store = read_from(database, metadata)?;
    let page = store.sourcing_stats(group, &filter, after.as_ref(), size);
    let page = page.await?;
    let next_page_token = next_page_token(list, page.next.as_ref());
    let rows = page.items.into_iter().map(|row| message(group, row));
    Ok(ListSourcingStatsResponse {
        rows: rows.collect(),
        next_page_token,
    })
}

fn sourcing_group(check: &mut Check, number: i32) -> Result<SourcingGroup, Violated> {
    match check.required_enumeration::<proto::SourcingGroup>("group_by", number)? {
        proto::SourcingGroup::Unspecified => {
            Err(check.fail("group_by", Reason::RequiredFieldMissing, "is required"))
        }
        proto::SourcingGroup::Actor => Ok(SourcingGroup::Actor),
        proto::SourcingGroup::Gender => Ok(SourcingGroup::Gender),
        proto::SourcingGroup::SourceClass => Ok(SourcingGroup::SourceClass),
        proto::SourcingGroup::Publisher => Ok(SourcingGroup::Publisher),
        proto::SourcingGroup::Kind => Ok(SourcingGroup::Kind),
        proto::SourcingGroup::Month => Ok(SourcingGroup::Month),
    }
}

/// Reports a violation if the filter does not bound how many claims have to be read.
fn bounded(check: &mut Check, filter: &ClaimFilter) {
    let range = filter.start_time.zip(filter.end_time);
    let bounded = range.is_some_and(|(start, end)| end - start <= MAX_RANGE)
        || filter.actor.is_some()
        || filter.article.is_some()
        || filter.publisher.is_some()
        || filter.proposition.is_some()
        || !filter.any.actors.is_empty()
        || !filter.any.publishers.is_empty();
    if !bounded {
        let description =
            "needs a range of publication of at most 366 days, an actor, an article or a publisher";
        check.fail("filter", Reason::InvalidField, description);
    }
}

/// The part of the request that a page token is bound to.
fn list_bytes(request: &ListSourcingStatsRequest) -> Vec<u8> {
    let list = ListSourcingStatsRequest {
        page_size: 0,
        page_token: String::new(),
        ..request.clone()
    };
    list.encode_to_vec()
}

fn message(group: SourcingGroup, row: SourcingStats) -> proto::SourcingStats {
    let key = match group {
        SourcingGroup::Actor if !row.key.is_empty() => format!("actors/{}", row.key),
        SourcingGroup::Actor | SourcingGroup::Publisher | SourcingGroup::Month => row.key,
        SourcingGroup::Gender => format!("GENDER_{}", row.key),
        SourcingGroup::SourceClass => format!("SOURCE_CLASS_{}", row.key),
        SourcingGroup::Kind => format!("CLAIM_KIND_{}", row.key),
    };
    proto::SourcingStats {
        key,
        display_name: row.name.unwrap_or_default(),
        claim_count: row.claims,
        article_count: row.articles,
        first_claim_time: Some(timestamp(row.first)),
        last_claim_time: Some(timestamp(row.last)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Check, ClaimFilter, bounded};
    use crate::domain::ActorId;

    #[test]
    fn a_filter_has_to_bound_what_is_read() {
        let range = |start: Option<&str>, end: Option<&str>| ClaimFilter {
            start_time: start.map(|time| time.parse().unwrap()),
            end_time: end.map(|time| time.parse().unwrap()),
            ..ClaimFilter::default()
        };
        let start = Some("2024-01-01T00:00:00Z");
        for (filter, is_bounded) in [
            (range(None, None), false),
            (range(start, None), false),
            (range(None, start), false),
            (range(start, Some("2025-01-01T00:00:00Z")), true),
            (range(start, Some("2025-01-01T00:00:01Z")), false),
            (
                ClaimFilter {
                    actor: Some(ActorId(uuid::Uuid::nil())),
                    ..range(start, None)
                },
                true,
            ),
            (
                ClaimFilter {
                    language_code: Some("en".to_owned()),
                    ..range(None, None)
                },
                false,
            ),
        ] {
            let mut check = Check::default();
            bounded(&mut check, &filter);
            assert_eq!(check.finish().is_ok(), is_bounded, "{filter:?}");
        }
    }
}
