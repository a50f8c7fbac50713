//! The ids that callers give to requests that write, so that a repeated one is made once.

use prost::Message;
use sha2::{Digest, Sha256};

use super::check::Check;
use crate::proto::{
    CorrectArticleRequest, DeleteActorRequest, DeleteArticleRequest, DeleteFactCheckRequest,
    ImportClaimReviewsRequest, MergeActorsRequest, ReextractArticleRequest,
    ReextractArticlesRequest, RetractArticleRequest, ReviewClaimRequest, SplitActorRequest,
    UpdateActorRequest, UpdateArticleRequest,
};
use crate::store::WriteRequest;

const MAX_REQUEST_ID: usize = 128;

/// A request that writes, parsed: what to do, and what makes it known when it is sent again.
pub type Sent<T> = (T, Option<WriteRequest>);

/// A request that writes.
pub trait Writes: Message {
    /// The RPC.
    const METHOD: &'static str;

    /// The id that its caller chose.
    fn request_id(&mut self) -> &mut String;

    /// Takes the id out of the request; `None` if it has none.
    fn take_id(&mut self, caller: &str) -> Option<WriteRequest>
    where
        Self: Sized,
    {
        let id = std::mem::take(self.request_id());
        (!id.is_empty()).then(|| WriteRequest {
            caller: caller.to_owned(),
            method: Self::METHOD,
            id,
            // Equal messages have equal bytes: their maps are sorted.
            hash: Sha256::digest(self.encode_to_vec()).into(),
        })
    }
}

macro_rules! writes {
    ($($method:literal $request:ty,)*) => {$(
        impl Writes for $request {
            const METHOD: &'static str = $method;

            fn request_id(&mut self) -> &mut String {
                &mut self.request_id
            }
        }
    )*};
}

writes! {
    "UpdateActor" UpdateActorRequest,
    "MergeActors" MergeActorsRequest,
    "SplitActor" SplitActorRequest,
    "ReviewClaim" ReviewClaimRequest,
    "ReextractArticle" ReextractArticleRequest,
    "ReextractArticles" ReextractArticlesRequest,
    "RetractArticle" RetractArticleRequest,
    "CorrectArticle" CorrectArticleRequest,
    "UpdateArticle" UpdateArticleRequest,
    "DeleteArticle" DeleteArticleRequest,
    "DeleteActor" DeleteActorRequest,
    "ImportClaimReviews" ImportClaimReviewsRequest,
    "DeleteFactCheck" DeleteFactCheckRequest,
}

impl Check {
    /// The id that a caller gave to a request; `None` if it is empty or invalid.
    pub fn request_id(&mut self, id: String) -> Option<String> {
        self.optional_text("request_id", id, MAX_REQUEST_ID)
    }

    /// Checks the id that was taken out of a request.
    pub fn write_request(&mut self, request: Option<&WriteRequest>) {
        if let Some(request) = request {
            self.text("request_id", &request.id, MAX_REQUEST_ID);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Writes;
    use crate::proto::{Actor, UpdateActorRequest};

    fn update(id: &str, keys: impl Iterator<Item = u32>) -> UpdateActorRequest {
        let external_ids = keys.map(|key| (format!("register-{key}"), "7".to_owned()));
        UpdateActorRequest {
            actor: Some(Actor {
                external_ids: external_ids.collect(),
                ..Actor::default()
            }),
            request_id: id.to_owned(),
            ..UpdateActorRequest::default()
        }
    }

    #[test]
    fn equal_requests_are_known_again_whatever_their_ids() {
        let first = update("a", 0..50).take_id("desk").unwrap();
        let same = update("b", (0..50).rev()).take_id("desk").unwrap();
        let other = update("a", 0..49).take_id("desk").unwrap();
        assert_eq!(first.hash, same.hash);
        assert_ne!(first.hash, other.hash);
        assert_eq!(update("", 0..50).take_id("desk"), None);
    }
}
