//! Reviews of claims.

use std::collections::BTreeMap;

use tonic::Status;

use super::Archive;
use super::article_service::in_own_task;
use super::check::Check;
use super::claim_service::{claim_not_found, find_all};
use super::convert::enums::ToDomain;
use super::convert::review::review as message;
use super::names::Named;
use super::page_token::ListId;
use super::paging::next_page_token;
use super::status::{Reason, error_with};
use crate::domain::{ActorId, ClaimField, ClaimId, ReviewAction};
use crate::proto;
use crate::store::{Review, Reviewed, Store};
use crate::text::TextEncoding;

/// What a request asks to note.
pub(super) fn wanted(request: proto::ReviewClaimRequest) -> Result<Review, Status> {
    let mut check = Check::default();
    let review = check.review(request);
    check.finish_with(review)
}

/// Notes a review.
pub(super) async fn review(
    store: &Store,
    review: Review,
) -> Result<proto::ReviewClaimResponse, Status> {
    let id = review.claim;
    let noted = in_own_task(
        store,
        |store| async move { store.review_claim(&review).await },
    );
    let noted = match noted.await? {
        Reviewed::Noted(noted) => noted,
        Reviewed::NotFound => return Err(claim_not_found(id, 1)),
        Reviewed::OtherVersion => {
            let words = "has changed: its etag is another one";
            return Err(about(Reason::EtagMismatch, &id, words));
        }
        Reviewed::ActorNotFound(actor) => {
            return Err(about(Reason::ActorNotFound, &actor, "is not there"));
        }
        Reviewed::ActorMerged(actor) => {
            let words = "was merged into another actor";
            return Err(about(Reason::ActorMerged, &actor, words));
        }
        Reviewed::NoSource => {
            let field = "claim.source.source_class";
            return Err(misfit(field, "cannot be set: the claim has no source"));
        }
        Reviewed::HalfCommitted => {
            let description = "would leave one of certainty and polarity without the other";
            return Err(misfit("update_mask", description));
        }
    };
    let claims = find_all(store, &[id], TextEncoding::Utf8).await?;
    Ok(proto::ReviewClaimResponse {
        claim: claims.into_iter().next(),
        review: Some(message(&noted)),
    })
}

/// Lists the reviews of a claim.
pub(super) async fn list(
    archive: &Archive,
    request: &proto::ListClaimReviewsRequest,
) -> Result<proto::ListClaimReviewsResponse, Status> {
    let list = ListId {
        rpc: "ListClaimReviews",
        filter: request.name.as_bytes(),
    };
    let mut check = Check::default();
    let id = check.resource::<ClaimId>("name", &request.name);
    let size = check.page_size(request.page_size);
    let before = check.page_token(list, &request.page_token);
    let id = check.finish_with(id)?;
    let store = archive.store()?;
    let page = store.list_claim_reviews(id, before, size).await?;
    if page.items.is_empty() && before.is_none() {
        find_all(store, &[id], TextEncoding::Utf8).await?;
    }
    Ok(proto::ListClaimReviewsResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        reviews: page.items.iter().map(message).collect(),
    })
}

fn about(reason: Reason, id: &impl Named, words: &str) -> Status {
    let name = id.resource_name();
    error_with(reason, format!("{name} {words}"), [("name", name)])
}

fn misfit(field: &str, description: &str) -> Status {
    let mut check = Check::default();
    check.fail(field, Reason::InvalidField, description);
    check
        .finish()
        .err()
        .unwrap_or_else(|| Status::internal(description))
}

impl Check {
    fn review(&mut self, request: proto::ReviewClaimRequest) -> Option<Review> {
        let claim = self.resource::<ClaimId>("name", &request.name);
        let action = self.enumeration::<proto::ReviewAction>("action", request.action);
        if action == Some(proto::ReviewAction::Unspecified) {
            self.fail("action", Reason::RequiredFieldMissing, "is required");
        }
        let action = action.and_then(ToDomain::to_domain);
        let paths = request.update_mask.unwrap_or_default().paths;
        match action {
            Some(ReviewAction::Edit) if paths.is_empty() => {
                self.fail("update_mask", Reason::RequiredFieldMissing, "is required");
            }
            Some(ReviewAction::Edit) | None => {}
            Some(_) if paths.is_empty() => {}
            Some(_) => self.fail("update_mask", Reason::InvalidField, "is for edits only"),
        }
        self.request_of(&request.requested_by, &request.reason);
        let row_version = self.etag("etag", &request.etag);
        let mut review = Review {
            claim: claim?,
            action: action?,
            values: BTreeMap::new(),
            actor: None,
            requested_by: request.requested_by,
            reason: request.reason,
            row_version,
        };
        if action == Some(ReviewAction::Edit) {
            let claim = request.claim.unwrap_or_default();
            for (at, path) in paths.iter().enumerate() {
                self.reviewed_field(&mut review, &claim, path, at);
            }
        }
        Some(review)
    }

    fn reviewed_field(&mut self, review: &mut Review, claim: &proto::Claim, path: &str, at: usize) {
        let Ok(field) = path.parse::<ClaimField>() else {
            let field = format!("update_mask.paths[{at}]");
            let description = format!("{path:?} is no field that can be changed");
            self.fail(&field, Reason::InvalidField, description);
            return;
        };
        let value = match field {
            ClaimField::Actor => {
                review.actor = self.optional_resource::<ActorId>("claim.actor", &claim.actor);
                review.actor.map(|actor| actor.to_string())
            }
            ClaimField::Kind => self.stored::<proto::ClaimKind>("claim.kind", claim.kind),
            ClaimField::Certainty => {
                self.stored::<proto::Certainty>("claim.certainty", claim.certainty)
            }
            ClaimField::Polarity => {
                self.stored::<proto::Polarity>("claim.polarity", claim.polarity)
            }
            ClaimField::ReporterStance => {
                self.stored::<proto::ReporterStance>("claim.reporter_stance", claim.reporter_stance)
            }
            ClaimField::SourceClass => {
                let class = claim
                    .source
                    .as_ref()
                    .map_or(0, |source| source.source_class);
                self.stored::<proto::SourceClass>("claim.source.source_class", class)
            }
            ClaimField::QuoteType => {
                if claim.quote_type == 0 {
                    let reason = Reason::RequiredFieldMissing;
                    self.fail("claim.quote_type", reason, "is required");
                }
                self.stored::<proto::QuoteType>("claim.quote_type", claim.quote_type)
            }
        };
        review.values.insert(field, value);
    }

    /// An enum field as it is stored.
    fn stored<E>(&mut self, field: &str, number: i32) -> Option<String>
    where
        E: TryFrom<i32> + ToDomain,
        E::Domain: ToString,
    {
        let value = self.enumeration::<E>(field, number)?.to_domain()?;
        Some(value.to_string())
    }
}
