//! The sentences around claims.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};

use crate::api::convert::span::SpanWriter;
use crate::domain::{ArticleId, Claim, ClaimId, Span};
use crate::proto::{self, ClaimContext};
use crate::service::ServiceError;
use crate::store::Store;
use crate::text::{Sentences, TextEncoding};

/// How many articles' texts are held in memory.
pub(super) const TEXTS_AT_ONCE: usize = 32;

/// Whether claims are returned with their context.
#[derive(Debug, Clone, Copy)]
pub(super) struct WithContext(pub bool);

impl WithContext {
    /// Adds the context to each message, if it is asked for. A claim whose article was deleted or corrected in the meantime gets no context.
    pub(super) async fn add<'m>(
        self,
        store: &Store,
        claims: &[impl Borrow<Claim>],
        encoding: TextEncoding,
        messages: impl IntoIterator<Item = (ClaimId, &'m mut proto::Claim)>,
    ) -> Result<(), ServiceError> {
        let Self(true) = self else { return Ok(()) };
        let claims = || claims.iter().map(Borrow::borrow);
        let mut messages: HashMap<ClaimId, &mut proto::Claim> = messages.into_iter().collect();
        let articles: BTreeSet<ArticleId> = claims().map(|claim| claim.article).collect();
        let articles = Vec::from_iter(articles);
        for some in articles.chunks(TEXTS_AT_ONCE) {
            for (article, text) in store.article_texts(some).await? {
                let writer = SpanWriter::new(&text, encoding);
                let sentences = Sentences::of(&text);
                let here = claims().filter(|claim| claim.article == article);
                for claim in here.filter(|claim| claim.stands_in(&text)) {
                    if let Some(message) = messages.get_mut(&claim.id) {
                        message.context = context(claim, &text, &sentences, &writer);
                    }
                }
            }
        }
        Ok(())
    }
}

fn context(
    claim: &Claim,
    text: &str,
    sentences: &Sentences<'_>,
    writer: &SpanWriter<'_>,
) -> Option<ClaimContext> {
    let found = sentences.around(extent(claim)?)?;
    let span = |span| writer.span(text, span);
    Some(ClaimContext {
        before: found.before.map(span),
        sentences: Some(span(found.sentences)),
        after: found.after.map(span),
    })
}

/// From the first word of a claim to the last.
fn extent(claim: &Claim) -> Option<Span> {
    let passages = claim.source.iter().chain(&claim.cue).chain(&claim.content);
    let spans = || passages.clone().map(|passage| passage.span);
    let start = spans().map(|span| span.start).min()?;
    let end = spans().map(|span| span.end).max()?;
    Some(Span::new(start, end))
}
