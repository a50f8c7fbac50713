use std::collections::{BTreeSet, HashMap};

use tonic::Status;

use super::out::Out;
use crate::api::claims::encode::{TEXTS_AT_ONCE, encode_of_article};
use crate::api::convert::claim::stored;
use crate::api::convert::span::SpanWriter;
use crate::domain::{ActorId, ArticleId, Claim, ClaimId};
use crate::proto;
use crate::store::{ActorHead, ArticleHead, ClaimFilter, Snapshot, StoreError};
use crate::text::TextEncoding;

/// How many claims are read at a time.
const CLAIMS_AT_ONCE: usize = 500;

/// A claim to be written, with its related data.
pub(super) struct Row<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The claim as a message.
    pub message: &'a proto::Claim,
    /// The claim's article.
    pub article: &'a ArticleHead,
    /// The claim's actor, if it has one.
    pub actor: Option<&'a ActorHead>,
}

/// An output format for claims.
pub(super) trait ClaimWriter {
    /// Writes what precedes the first claim.
    fn begin(&mut self, text: &mut String);
    /// Writes a claim.
    fn claim(&mut self, row: &Row<'_>, text: &mut String) -> Result<(), Status>;
    /// Writes what follows the last claim.
    fn end(&mut self, text: &mut String);
}

/// Writes all claims that match the filter, page by page.
pub(super) async fn write_claims<W: ClaimWriter + Send>(
    snapshot: &mut Snapshot,
    filter: &ClaimFilter,
    encoding: TextEncoding,
    writer: &mut W,
    out: &mut Out,
) -> Result<(), Status> {
    writer.begin(&mut out.text);
    let mut after = None;
    loop {
        let page = snapshot.list_claims(filter, after, CLAIMS_AT_ONCE).await?;
        let about = About::read(snapshot, &page.items, encoding).await?;
        for claim in &page.items {
            if let Some(row) = about.row(claim) {
                writer.claim(&row, &mut out.text)?;
            }
            out.flush().await?;
        }
        if page.next.is_none() {
            break;
        }
        after = page.next;
    }
    writer.end(&mut out.text);
    Ok(())
}

/// The related data of a page of claims.
struct About {
    articles: HashMap<ArticleId, ArticleHead>,
    actors: HashMap<ActorId, ActorHead>,
    messages: HashMap<ClaimId, proto::Claim>,
}

impl About {
    async fn read(
        snapshot: &mut Snapshot,
        claims: &[Claim],
        encoding: TextEncoding,
    ) -> Result<Self, StoreError> {
        let articles: BTreeSet<ArticleId> = claims.iter().map(|claim| claim.article).collect();
        let articles = Vec::from_iter(articles);
        let actors: BTreeSet<ActorId> = claims.iter().filter_map(|claim| claim.actor).collect();
        let heads = snapshot.article_heads(&articles).await?;
        let actors = snapshot.actor_heads(&Vec::from_iter(actors)).await?;
        Ok(Self {
            messages: messages(snapshot, claims, &articles, encoding).await?,
            articles: heads.into_iter().map(|head| (head.id, head)).collect(),
            actors: actors.into_iter().map(|head| (head.id, head)).collect(),
        })
    }

    /// Within one snapshot, all related data exists.
    fn row<'a>(&'a self, claim: &'a Claim) -> Option<Row<'a>> {
        Some(Row {
            claim,
            message: self.messages.get(&claim.id)?,
            article: self.articles.get(&claim.article)?,
            actor: claim.actor.and_then(|actor| self.actors.get(&actor)),
        })
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
