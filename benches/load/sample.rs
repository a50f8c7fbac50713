//! What to ask for: claims of the archive under load, and who and what occurs in them.

use fastrand::Rng;
use onrecord::client::Client;
use onrecord::proto::{Claim, ClaimFilter, ListArticlesRequest, ListClaimsRequest};
use prost_types::Timestamp;
use tonic::Status;

const PAGE: i32 = 200;
/// Pages are taken from all over this time before the newest article.
const SPAN_S: i64 = 10 * 365 * 86_400;
/// Draws after which an actor counts as not to be found.
const DRAWS: usize = 100;

/// Claims from all over the archive. What occurs often in the archive occurs often here.
#[derive(Debug)]
pub struct Sample {
    /// Each with a time before which its article was published, the newest first.
    claims: Vec<(Timestamp, Claim)>,
}

impl Sample {
    /// Pages through about `size` claims.
    pub async fn take(client: &Client, size: usize, rng: &mut Rng) -> Result<Self, Status> {
        let newest = newest(client).await?;
        let mut claims = Vec::with_capacity(size);
        while claims.len() < size {
            let before = Timestamp {
                seconds: newest - rng.i64(0..SPAN_S),
                nanos: 0,
            };
            let more = page(client, before).await?;
            claims.extend(more.into_iter().map(|claim| (before, claim)));
        }
        claims.sort_by_key(|(time, _)| std::cmp::Reverse(time.seconds));
        Ok(Self { claims })
    }

    /// One claim; new ones are asked for more often than old ones.
    pub fn claim(&self, rng: &mut Rng) -> &Claim {
        &self.pick(rng).1
    }

    /// A time, lately more often than long ago.
    pub fn time(&self, rng: &mut Rng) -> Timestamp {
        self.pick(rng).0
    }

    /// Somebody who is on record, as often as they are; empty where nobody is.
    pub fn actor(&self, rng: &mut Rng) -> String {
        let mut actors = (0..DRAWS).map(|_| self.claim(rng).actor.clone());
        actors.find(|actor| !actor.is_empty()).unwrap_or_default()
    }

    /// The square of a share is small more often than not: the first ones are picked more often.
    fn pick(&self, rng: &mut Rng) -> &(Timestamp, Claim) {
        let last = rng.usize(..self.claims.len());
        &self.claims[rng.usize(..=last)]
    }
}

/// The publication time of the newest article.
async fn newest(client: &Client) -> Result<i64, Status> {
    let request = ListArticlesRequest {
        page_size: 1,
        ..ListArticlesRequest::default()
    };
    let articles = client.list_articles(request).await?.articles;
    let time = articles.first().and_then(|article| article.publish_time);
    time.map(|time| time.seconds)
        .ok_or_else(|| Status::not_found("the archive has no article with a time"))
}

async fn page(client: &Client, before: Timestamp) -> Result<Vec<Claim>, Status> {
    let filter = ClaimFilter {
        end_publish_time: Some(before),
        ..ClaimFilter::default()
    };
    let request = ListClaimsRequest {
        page_size: PAGE,
        filter: Some(filter),
        ..ListClaimsRequest::default()
    };
    Ok(client.list_claims(request).await?.claims)
}
