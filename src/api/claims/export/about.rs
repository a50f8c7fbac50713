use std::collections::{BTreeSet, HashMap};

use crate::api::claims::context::TEXTS_AT_ONCE;
use crate::api::claims::encode::encode_of_article;
use crate::api::convert::claim::stored;
use crate::api::convert::span::SpanWriter;
use crate::api::convert::time::timestamp;
use crate::domain::{ActorId, ArticleId, Claim, ClaimId};
use crate::proto::{self, ActorKind, ActorSummary, ArticleState, ArticleSummary, Gender};
use crate::store::{ActorHead, ArticleHead, Snapshot, StoreError};
use crate::text::TextEncoding;

/// A claim to be written, with its related data.
pub(super) struct Row<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The claim as a message, with the summaries of its article and actor.
    pub message: &'a proto::Claim,
    /// The claim's article.
    pub article: &'a ArticleHead,
    /// The claim's actor, if it has one.
    pub actor: Option<&'a ActorHead>,
}

/// The related data of a page of claims.
pub(super) struct About {
    articles: HashMap<ArticleId, ArticleHead>,
    actors: HashMap<ActorId, ActorHead>,
    messages: HashMap<ClaimId, proto::Claim>,
}

impl About {
    pub(super) async fn read(
        snapshot: &mut Snapshot,
        claims: &[Claim],
        encoding: TextEncoding,
    ) -> Result<Self, StoreError> {
        let articles: BTreeSet<ArticleId> = claims.iter().map(|claim| claim.article).collect();
        let articles = Vec::from_iter(articles);
        let actors: BTreeSet<ActorId> = claims.iter().filter_map(|claim| claim.actor).collect();
        let heads = snapshot.article_heads(&articles).await?;
        let actors = snapshot.actor_heads(&Vec::from_iter(actors)).await?;
        let mut about = Self {
            messages: messages(snapshot, claims, &articles, encoding).await?,
            articles: heads.into_iter().map(|head| (head.id, head)).collect(),
            actors: actors.into_iter().map(|head| (head.id, head)).collect(),
        };
        for claim in claims {
            about.summarize(claim);
        }
        Ok(about)
    }

    /// Tells in a claim's message what is known of its article and its actor.
    fn summarize(&mut self, claim: &Claim) {
        let Some(message) = self.messages.get_mut(&claim.id) else {
            return;
        };
        message.article_summary = self.articles.get(&claim.article).map(of_article);
        let actor = claim.actor.and_then(|actor| self.actors.get(&actor));
        message.actor_summary = actor.map(of_actor);
    }

    /// Within one snapshot, all related data exists.
    pub(super) fn row<'a>(&'a self, claim: &'a Claim) -> Option<Row<'a>> {
        Some(Row {
            claim,
            message: self.messages.get(&claim.id)?,
            article: self.articles.get(&claim.article)?,
            actor: claim.actor.and_then(|actor| self.actors.get(&actor)),
        })
    }
}

fn of_article(article: &ArticleHead) -> ArticleSummary {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    ArticleSummary {
        external_id: text(&article.external_id),
        title: text(&article.title),
        publisher: text(&article.publisher),
        uri: text(&article.uri),
        publish_time: article.publish_time.map(timestamp),
        language_code: text(&article.language_code),
        authors: article.authors.clone(),
        state: ArticleState::from(article.state).into(),
    }
}

fn of_actor(actor: &ActorHead) -> ActorSummary {
    ActorSummary {
        kind: ActorKind::from(actor.kind).into(),
        gender: actor
            .gender
            .map_or(Gender::Unspecified, Gender::from)
            .into(),
    }
}

async fn messages(
    snapshot: &mut Snapshot,
    claims: &[Claim],
    articles: &[ArticleId],
    encoding: TextEncoding,
) -> Result<HashMap<ClaimId, proto::Claim>, StoreError> {
    if encoding == TextEncoding::Utf8 {
        let writer = SpanWriter::bytes();
        let messages = claims
            .iter()
            .map(|claim| (claim.id, stored(claim, &writer)));
        return Ok(messages.collect());
    }
    let mut messages = HashMap::with_capacity(claims.len());
    for some in articles.chunks(TEXTS_AT_ONCE) {
        for (article, text) in snapshot.article_texts(some).await? {
            let writer = SpanWriter::new(&text, encoding);
            messages.extend(encode_of_article(claims, article, &writer));
        }
    }
    Ok(messages)
}
