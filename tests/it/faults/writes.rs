//! Calls that write, and notes of what they were told.

use std::collections::BTreeSet;

use futures_util::stream;
use onrecord::proto::split_actor_request::Split;
use onrecord::proto::stream_ingest_articles_response::Outcome;
use onrecord::proto::{
    Actor, ActorKind, CorrectArticleRequest, EngineKind, IngestArticleRequest,
    IngestArticleResponse, MergeActorsRequest, ReextractArticleRequest, RetractArticleRequest,
    ReviewAction, ReviewClaimRequest, SplitActorRequest, StreamIngestArticlesRequest,
    UpdateActorRequest,
};
use prost::Message;
use prost_types::FieldMask;
use tonic::{Code, Status};
use tonic_types::pb;

use super::ledger::{request_id, text};
use super::load::Caller;
use crate::harness::document;

const BY: &str = "desk@example.org";

/// The call and what came of it.
pub type Called = (&'static str, Result<(), Status>);

impl Caller {
    pub async fn write(&mut self) -> Called {
        match self.random.u8(0..20) {
            0..=6 => ("IngestArticle", self.ingest_new().await),
            7 | 8 => ("IngestArticle again", self.ingest_again().await),
            9 | 10 => ("StreamIngestArticles", self.stream().await),
            11 | 12 => ("CorrectArticle", self.correct().await),
            13 => ("RetractArticle", self.retract().await),
            14 => ("ReextractArticle", self.reextract().await),
            15 | 16 => ("ReviewClaim", self.review().await),
            17 => ("MergeActors", self.merge().await),
            18 => ("SplitActor", self.split().await),
            _ => ("UpdateActor", self.update().await),
        }
    }

    async fn ingest_new(&mut self) -> Result<(), Status> {
        let number = self.ledger.records().next_document();
        self.ingest(number).await
    }

    /// Sends a document that was sent before, by whomever, and preferably one that was not acknowledged.
    async fn ingest_again(&mut self) -> Result<(), Status> {
        let unsettled = self.ledger.records().unsettled.pop();
        let number = unsettled.unwrap_or_else(|| {
            let documents = self.ledger.records().documents;
            self.random.usize(0..documents.max(1))
        });
        self.ingest(number).await
    }

    async fn ingest(&mut self, number: usize) -> Result<(), Status> {
        let answer = self.client.ingest_article(ingest(number)).await;
        match answer {
            Ok(response) => self.stored(number, response),
            Err(status) => {
                self.ledger.records().unsettled.push(number);
                return Err(status);
            }
        }
        Ok(())
    }

    /// Notes an acknowledged document, which must not have become another article than before.
    fn stored(&mut self, number: usize, response: IngestArticleResponse) {
        let name = response.article.unwrap_or_default().name;
        let before = self.ledger.records().articles.insert(number, name.clone());
        if before.as_ref().is_some_and(|before| *before != name) {
            self.ledger
                .violation(format!("document {number} was {before:?}, then {name}"));
        }
        if response.created && !self.ledger.records().created.insert(number) {
            self.ledger
                .violation(format!("document {number} was stored twice"));
        }
        if response.created && !request_id(number).is_empty() {
            self.own.push(number);
        }
    }

    async fn stream(&mut self) -> Result<(), Status> {
        let numbers = [(); 4].map(|()| self.ledger.records().next_document());
        let mut unanswered = BTreeSet::from(numbers);
        let ended = self.stream_all(&mut unanswered).await;
        if ended.is_ok() && !unanswered.is_empty() {
            self.ledger
                .violation(format!("a stream ended without answers for {unanswered:?}"));
        }
        self.ledger.records().unsettled.extend(unanswered);
        ended
    }

    async fn stream_all(&mut self, unanswered: &mut BTreeSet<usize>) -> Result<(), Status> {
        let requests = unanswered
            .iter()
            .map(|&number| StreamIngestArticlesRequest {
                id: number.to_string(),
                request: Some(ingest(number)),
            });
        let requests = stream::iter(requests.collect::<Vec<_>>());
        let mut answers = self.client.stream_ingest_articles(requests).await?;
        while let Some(answer) = answers.message().await? {
            let number = answer.id.parse().expect("an id as it was sent");
            match answer.outcome.expect("an outcome") {
                Outcome::Result(response) => {
                    unanswered.remove(&number);
                    self.stored(number, response);
                }
                Outcome::Error(error) => {
                    unanswered.remove(&number);
                    self.ledger.records().unsettled.push(number);
                    self.judge("a document of StreamIngestArticles", &as_status(&error));
                }
            }
        }
        Ok(())
    }

    /// Corrects an article that nobody else corrects.
    async fn correct(&mut self) -> Result<(), Status> {
        let Some(&number) = self.random.choice(&self.own) else {
            return self.ingest_new().await;
        };
        let name = self.ledger.records().articles[&number].clone();
        let version = self.reason();
        let text = format!("“It is open,” said Ann Lee in {version}. {}", text(number));
        let request = CorrectArticleRequest {
            name: name.clone(),
            text: text.clone(),
            requested_by: BY.to_owned(),
            ..Default::default()
        };
        self.client.correct_article(request).await?;
        self.ledger.records().corrections.push((name, text));
        Ok(())
    }

    async fn retract(&mut self) -> Result<(), Status> {
        let Some(name) = self.stored_article(1) else {
            return self.ingest_new().await;
        };
        let request = RetractArticleRequest {
            name: name.clone(),
            requested_by: BY.to_owned(),
            ..Default::default()
        };
        self.client.retract_article(request).await?;
        self.ledger.records().retractions.push(name);
        Ok(())
    }

    async fn reextract(&mut self) -> Result<(), Status> {
        let Some(name) = self.stored_article(0) else {
            return self.ingest_new().await;
        };
        let request = ReextractArticleRequest {
            name,
            engine: EngineKind::Rules.into(),
            ..Default::default()
        };
        self.client.reextract_article(request).await.map(drop)
    }

    async fn review(&mut self) -> Result<(), Status> {
        let Some(name) = self.known_claim() else {
            return self.ingest_new().await;
        };
        let actions = [
            ReviewAction::Confirm,
            ReviewAction::Reject,
            ReviewAction::Withdraw,
        ];
        let action = actions[self.random.usize(0..actions.len())];
        let reason = self.reason();
        let request = ReviewClaimRequest {
            name,
            action: action.into(),
            requested_by: BY.to_owned(),
            reason: reason.clone(),
            ..Default::default()
        };
        self.client.review_claim(request).await?;
        self.ledger.records().reviews.push(reason);
        Ok(())
    }

    async fn merge(&mut self) -> Result<(), Status> {
        let (Some(name), Some(source)) = (self.known_actor(), self.known_actor()) else {
            return self.ingest_new().await;
        };
        if name == source {
            return self.ingest_new().await;
        }
        let reason = self.reason();
        let request = MergeActorsRequest {
            name,
            sources: vec![source],
            requested_by: BY.to_owned(),
            reason: reason.clone(),
            ..Default::default()
        };
        self.client.merge_actors(request).await?;
        self.ledger.records().changes.push(reason);
        Ok(())
    }

    /// Undoes a merge, if there was one of these two.
    async fn split(&mut self) -> Result<(), Status> {
        let (Some(name), Some(merged)) = (self.known_actor(), self.known_actor()) else {
            return self.ingest_new().await;
        };
        if name == merged {
            return self.ingest_new().await;
        }
        let reason = self.reason();
        let request = SplitActorRequest {
            name,
            split: Some(Split::MergedActor(merged)),
            requested_by: BY.to_owned(),
            reason: reason.clone(),
            ..Default::default()
        };
        self.client.split_actor(request).await?;
        self.ledger.records().changes.push(reason);
        Ok(())
    }

    async fn update(&mut self) -> Result<(), Status> {
        let Some(name) = self.known_actor() else {
            return self.ingest_new().await;
        };
        let reason = self.reason();
        let request = UpdateActorRequest {
            actor: Some(Actor {
                name,
                kind: ActorKind::Person.into(),
                ..Default::default()
            }),
            update_mask: Some(FieldMask {
                paths: vec!["kind".to_owned()],
            }),
            requested_by: BY.to_owned(),
            reason: reason.clone(),
            ..UpdateActorRequest::default()
        };
        self.client.update_actor(request).await?;
        self.ledger.records().changes.push(reason);
        Ok(())
    }
}

/// The request to store a document.
pub fn ingest(number: usize) -> IngestArticleRequest {
    IngestArticleRequest {
        document: Some(document(text(number))),
        request_id: request_id(number),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    }
}

/// The error of one document as a call of its own would have raised it.
pub fn as_status(error: &pb::Status) -> Status {
    let details = error.encode_to_vec().into();
    Status::with_details(Code::from(error.code), error.message.clone(), details)
}
