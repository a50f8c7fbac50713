//! Calls that only read.

use futures_util::stream;
use onrecord::proto::stream_extract_claims_response::Outcome;
use onrecord::proto::{
    BatchGetClaimsRequest, ClaimFilter, EngineKind, ExportClaimsRequest, ExportFormat,
    ExtractClaimsRequest, GetActorRequest, GetArticleRequest, GetClaimRequest,
    GetPropositionRequest, GetTimelineRequest, ListActorChangesRequest, ListActorsRequest,
    ListArticleRevisionsRequest, ListArticlesRequest, ListClaimReviewsRequest, ListClaimsRequest,
    ListPropositionClaimsRequest, ListRelatedClaimsRequest, ListRevisionClaimsRequest,
    ListSourcingStatsRequest, MatchClaimsRequest, MatchDepth, Relation, ResolveActorRequest,
    SearchClaimsRequest, SourcingGroup, StreamExtractClaimsRequest,
};
use tonic::{Code, Status};

use super::ledger::text;
use super::load::Caller;
use super::writes::{Called, as_status};
use crate::harness::document;

/// More names than these need not be known to have some to ask for.
const KNOWN: usize = 400;

impl Caller {
    pub async fn read(&mut self) -> Called {
        match self.random.u8(0..13) {
            0 => ("ExtractClaims", self.extract().await),
            12 => ("StreamExtractClaims", self.stream_extract().await),
            1..=3 => ("ListClaims", self.list_claims().await),
            4 => ("ExportClaims", self.export().await),
            5 | 6 => self.read_articles().await,
            7 | 8 => self.read_actors().await,
            _ => self.read_claims().await,
        }
    }

    async fn extract(&mut self) -> Result<(), Status> {
        let request = self.extraction();
        let read = self.client.extract_claims(request).await;
        read.map(drop)
            .inspect_err(|status| self.judge_extraction(status))
    }

    fn extraction(&mut self) -> ExtractClaimsRequest {
        ExtractClaimsRequest {
            document: Some(document(text(self.random.usize(..)))),
            engine: EngineKind::Rules.into(),
            ..Default::default()
        }
    }

    /// Extraction needs no database, and so must not fail for lack of one, but only where the machine is too busy.
    fn judge_extraction(&self, status: &Status) {
        let is_busy = matches!(
            status.code(),
            Code::DeadlineExceeded | Code::ResourceExhausted
        );
        if !is_busy && !self.lost {
            self.ledger
                .violation(format!("extraction needs no database: {status:?}"));
        }
    }

    /// Every document must be answered before the stream ends.
    async fn stream_extract(&mut self) -> Result<(), Status> {
        let requests: Vec<_> = (0..4)
            .map(|number| StreamExtractClaimsRequest {
                id: number.to_string(),
                request: Some(self.extraction()),
            })
            .collect();
        let mut unanswered = requests.len();
        let answers = self
            .client
            .stream_extract_claims(stream::iter(requests))
            .await;
        let mut answers = answers.inspect_err(|status| self.judge_extraction(status))?;
        while let Some(answer) = answers
            .message()
            .await
            .inspect_err(|status| self.judge_extraction(status))?
        {
            unanswered -= 1;
            if let Outcome::Error(error) = answer.outcome.expect("an outcome") {
                self.judge_extraction(&as_status(&error));
            }
        }
        if unanswered > 0 {
            self.ledger
                .violation(format!("a stream ended with {unanswered} texts unanswered"));
        }
        Ok(())
    }

    async fn list_claims(&mut self) -> Result<(), Status> {
        let request = ListClaimsRequest {
            page_size: 20,
            ..Default::default()
        };
        let page = self.client.list_claims(request).await?;
        let mut records = self.ledger.records();
        for claim in page.claims {
            if records.claims.len() < KNOWN && !records.claims.contains(&claim.name) {
                records.claims.push(claim.name);
            }
            let actor = claim.actor;
            if !actor.is_empty() && !records.actors.contains(&actor) {
                records.actors.push(actor);
            }
        }
        Ok(())
    }

    async fn export(&mut self) -> Result<(), Status> {
        let request = ExportClaimsRequest {
            format: ExportFormat::JsonLines.into(),
            ..Default::default()
        };
        let mut pieces = self.client.export_claims(request).await?;
        while pieces.message().await?.is_some() {}
        Ok(())
    }

    async fn read_articles(&mut self) -> Called {
        let client = self.client.clone();
        let Some(name) = self.stored_article(0) else {
            let listed = client.list_articles(ListArticlesRequest::default()).await;
            return ("ListArticles", listed.map(drop));
        };
        match self.random.u8(0..4) {
            0 => {
                let listed = client.list_articles(ListArticlesRequest::default()).await;
                ("ListArticles", listed.map(drop))
            }
            1 => {
                let request = GetArticleRequest {
                    name,
                    ..Default::default()
                };
                ("GetArticle", client.get_article(request).await.map(drop))
            }
            2 => {
                let request = ListArticleRevisionsRequest {
                    parent: name,
                    ..Default::default()
                };
                let listed = client.list_article_revisions(request).await;
                ("ListArticleRevisions", listed.map(drop))
            }
            _ => {
                let request = ListRevisionClaimsRequest {
                    parent: name,
                    revision: 1,
                    ..Default::default()
                };
                let listed = client.list_revision_claims(request).await;
                ("ListRevisionClaims", listed.map(drop))
            }
        }
    }

    async fn read_actors(&mut self) -> Called {
        let client = self.client.clone();
        let Some(name) = self.known_actor() else {
            let listed = client.list_actors(ListActorsRequest::default()).await;
            return ("ListActors", listed.map(drop));
        };
        match self.random.u8(0..6) {
            0 => {
                let listed = client.list_actors(ListActorsRequest::default()).await;
                ("ListActors", listed.map(drop))
            }
            1 => {
                let got = client.get_actor(GetActorRequest { name }).await;
                ("GetActor", got.map(drop))
            }
            2 => {
                let request = ListActorChangesRequest {
                    parent: name,
                    ..Default::default()
                };
                let listed = client.list_actor_changes(request).await;
                ("ListActorChanges", listed.map(drop))
            }
            3 => {
                let request = GetTimelineRequest {
                    actor: name,
                    ..Default::default()
                };
                ("GetTimeline", client.get_timeline(request).await.map(drop))
            }
            4 => {
                let request = ListSourcingStatsRequest {
                    group_by: SourcingGroup::Actor.into(),
                    filter: Some(ClaimFilter {
                        actor: name,
                        ..Default::default()
                    }),
                    ..Default::default()
                };
                let listed = client.list_sourcing_stats(request).await;
                ("ListSourcingStats", listed.map(drop))
            }
            _ => {
                let request = ResolveActorRequest {
                    mention: "Warden Kessler3".to_owned(),
                    ..Default::default()
                };
                let resolved = client.resolve_actor(request).await;
                ("ResolveActor", resolved.map(drop))
            }
        }
    }

    async fn read_claims(&mut self) -> Called {
        let client = self.client.clone();
        let Some(name) = self.known_claim() else {
            return ("ListClaims", self.list_claims().await);
        };
        match self.random.u8(0..7) {
            0 => {
                let request = SearchClaimsRequest {
                    query: "gate closed".to_owned(),
                    ..Default::default()
                };
                (
                    "SearchClaims",
                    client.search_claims(request).await.map(drop),
                )
            }
            1 => {
                let request = MatchClaimsRequest {
                    text: "Gate 7 is closed".to_owned(),
                    // By meaning takes long where the program is not optimised.
                    depth: MatchDepth::Words.into(),
                    ..Default::default()
                };
                ("MatchClaims", client.match_claims(request).await.map(drop))
            }
            2 => {
                let request = ListRelatedClaimsRequest {
                    parent: name,
                    types: vec![Relation::RespondsTo.into()],
                    ..Default::default()
                };
                let listed = client.list_related_claims(request).await;
                ("ListRelatedClaims", listed.map(drop))
            }
            3 => {
                let request = ListClaimReviewsRequest {
                    parent: name,
                    ..Default::default()
                };
                let listed = client.list_claim_reviews(request).await;
                ("ListClaimReviews", listed.map(drop))
            }
            4 => {
                let request = BatchGetClaimsRequest {
                    names: vec![name],
                    ..Default::default()
                };
                let got = client.batch_get_claims(request).await;
                ("BatchGetClaims", got.map(drop))
            }
            _ => ("GetClaim", self.read_proposition(name).await),
        }
    }

    /// Gets a claim, and the proposition that it is assigned to, if it is already.
    async fn read_proposition(&self, name: String) -> Result<(), Status> {
        let request = GetClaimRequest {
            name,
            ..Default::default()
        };
        let claim = self.client.get_claim(request).await?.claim;
        let name = claim.unwrap_or_default().proposition;
        if name.is_empty() {
            return Ok(());
        }
        let request = GetPropositionRequest {
            name: name.clone(),
            ..Default::default()
        };
        self.client.get_proposition(request).await?;
        let request = ListPropositionClaimsRequest {
            parent: name,
            ..Default::default()
        };
        self.client.list_proposition_claims(request).await.map(drop)
    }

    /// The name of an article whose document's number leaves this remainder by two.
    pub fn stored_article(&mut self, remainder: usize) -> Option<String> {
        let records = self.ledger.records();
        let articles = records.articles.iter();
        let fitting = articles.filter(|(number, _)| *number % 2 == remainder);
        let names: Vec<&String> = fitting.map(|(_, name)| name).collect();
        self.random.choice(names).cloned()
    }

    pub fn known_actor(&mut self) -> Option<String> {
        let records = self.ledger.records();
        self.random.choice(&records.actors).cloned()
    }

    pub fn known_claim(&mut self) -> Option<String> {
        let records = self.ledger.records();
        self.random.choice(&records.claims).cloned()
    }
}
