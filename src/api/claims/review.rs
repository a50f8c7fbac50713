//! Reviews of claims.

use std::collections::BTreeMap;

use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::api::convert::claim::stored;
use crate::api::convert::enums::ToDomain;
use crate::api::convert::review::review as message;
use crate::api::convert::span::SpanWriter;
use crate::api::request::{Check, Sent, Violated, Writes, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::api::wire::read_from;
use crate::api::wire::status::Reason;
use crate::domain::{ActorId, Claim, ClaimField, ClaimId, ClaimReview, ReviewAction};
use crate::proto;
use crate::service::Database;
use crate::service::claims::list_claim_reviews;
use crate::store::Review;

/// The fields changed by an edit.
#[derive(Default)]
struct Edit {
    values: BTreeMap<ClaimField, Option<String>>,
    actor: Option<ActorId>,
}

pub(super) fn parse(
    mut request: proto::ReviewClaimRequest,
    caller: String,
) -> Result<Sent<Review>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let claim = check.resource::<ClaimId>("name", &request.name);
    let action = action(&mut check, request.action);
    let paths = request.update_mask.unwrap_or_default().paths;
    match action {
        Ok(ReviewAction::Edit) if paths.is_empty() => {
            check.fail("update_mask", Reason::RequiredFieldMissing, "is required");
        }
        Ok(ReviewAction::Edit) | Err(_) => {}
        Ok(_) if paths.is_empty() => {}
        Ok(_) => {
            check.fail("update_mask", Reason::InvalidField, "is for edits only");
        }
    }
    check.requester(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    let mut edit = Edit::default();
    if matches!(action, Ok(ReviewAction::Edit)) {
        let claim = request.claim.unwrap_or_default();
        for (at, path) in paths.iter().enumerate() {
            edited_field(&mut check, &mut edit, &claim, path, at);
        }
    }
    let both = claim.and_then(|claim| action.map(|action| (claim, action)));
    check.write_request(sent.as_ref());
    let (claim, action) = check.finish_with(both)?;
    let review = Review {
        claim,
        action,
        values: edit.values,
        actor: edit.actor,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
    };
    Ok((review, sent))
}

fn action(check: &mut Check, number: i32) -> Result<ReviewAction, Violated> {
    let action = check.required_enumeration::<proto::ReviewAction>("action", number)?;
    action
        .to_domain()
        .ok_or_else(|| check.fail("action", Reason::RequiredFieldMissing, "is required"))
}

/// Encodes a recorded review.
pub(super) fn reviewed(claim: &Claim, noted: &ClaimReview) -> proto::ReviewClaimResponse {
    proto::ReviewClaimResponse {
        claim: Some(stored(claim, &SpanWriter::bytes())),
        review: Some(message(noted)),
    }
}

/// Lists the reviews of a claim.
pub(super) async fn list(
    database: &Database,
    metadata: &MetadataMap,
    request: &proto::ListClaimReviewsRequest,
) -> Result<proto::ListClaimReviewsResponse, Status> {
    let list = ListId {
        rpc: "ListClaimReviews",
        filter: request.parent.as_bytes(),
    };
    let mut check = Check::default();
    let id = check.resource::<ClaimId>("parent", &request.parent);
    let size = check.page_size(request.page_size);
    let before = check.page_token(list, &request.page_token);
    let id = check.finish_with(id)?;
    let page = list_claim_reviews(read_from(database, metadata)?, id, before, size).await?;
    Ok(proto::ListClaimReviewsResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        reviews: page.items.iter().map(message).collect(),
    })
}

/// Parses the field that a mask path names into its stored form.
fn edited_field(check: &mut Check, edit: &mut Edit, claim: &proto::Claim, path: &str, at: usize) {
    let Ok(field) = path.parse::<ClaimField>() else {
        let field = format!("update_mask.paths[{at}]");
        let description = format!("{path:?} is no field that can be changed");
        check.fail(&field, Reason::InvalidField, description);
        return;
    };
    let value = match field {
        ClaimField::Actor => {
            edit.actor = check.optional_resource::<ActorId>("claim.actor", &claim.actor);
            edit.actor.map(|actor| actor.to_string())
        }
        ClaimField::Kind => enumeration::<proto::ClaimKind>(check, "claim.kind", claim.kind),
        ClaimField::Certainty => {
            enumeration::<proto::Certainty>(check, "claim.certainty", claim.certainty)
        }
        ClaimField::Polarity => {
            enumeration::<proto::Polarity>(check, "claim.polarity", claim.polarity)
        }
        ClaimField::ReporterStance => enumeration::<proto::ReporterStance>(
            check,
            "claim.reporter_stance",
            claim.reporter_stance,
        ),
        ClaimField::SourceClass => {
            let class = claim
                .source
                .as_ref()
                .map_or(0, |source| source.source_class);
            enumeration::<proto::SourceClass>(check, "claim.source.source_class", class)
        }
        ClaimField::QuoteType => {
            if claim.quote_type == 0 {
                let reason = Reason::RequiredFieldMissing;
                check.fail("claim.quote_type", reason, "is required");
            }
            enumeration::<proto::QuoteType>(check, "claim.quote_type", claim.quote_type)
        }
    };
    edit.values.insert(field, value);
}

/// Parses an enum field into its stored form.
fn enumeration<E>(check: &mut Check, field: &str, number: i32) -> Option<String>
where
    E: TryFrom<i32> + ToDomain,
    E::Domain: ToString,
{
    let value = check.enumeration::<E>(field, number)?.to_domain()?;
    Some(value.to_string())
}
