//! The relations between the claims of one article: which responds to which, and which repeats which.
//!
//! Both are reported only where the text marks them: an answer by words such as "in response to", a repetition by the
//! words that two claims of one actor share. What is left open is no relation.

#[cfg(test)]
mod cases;
mod marks;
mod profile;
mod repeats;
mod scene;
mod targets;
mod vocabulary;
mod words;

use crate::domain::{Attributed, LocalActor, Mention, Relation, RelationKind};
use crate::text::Layout;

use marks::mark;
use profile::Profile;
use repeats::repeats;
use scene::Scene;
use targets::target;
use vocabulary::Vocabulary;

/// The relations between `claims`, ordered by the claim that relates, at most one of each kind for a claim.
///
/// Takes time in proportion to the text: each claim is held against a bounded number of others.
pub(super) fn relations(
    layout: &Layout<'_>,
    claims: &[Attributed],
    actors: &[LocalActor],
    mentions: &[Mention],
) -> Vec<Relation> {
    if claims.len() < 2 {
        return Vec::new();
    }
    let vocabulary = Vocabulary::new(layout);
    let scene = Scene::new(layout, claims, actors, mentions, &vocabulary);
    let profiles: Vec<Profile> = (0..claims.len())
        .map(|claim| Profile::of(&scene, claim))
        .collect();
    let mut all: Vec<Relation> = repeats(&scene, &profiles);
    all.extend((0..claims.len()).filter_map(|from| answer(&scene, &profiles, from)));
    all.sort_by_key(|relation| (relation.from, relation.kind));
    all
}

/// The claim that the claim `from` answers, if the text marks it as an answer.
fn answer(scene: &Scene<'_>, profiles: &[Profile], from: usize) -> Option<Relation> {
    let mark = mark(scene, from)?;
    let (to, confidence) = target(scene, profiles, from, &mark)?;
    Some(Relation {
        from,
        to,
        kind: RelationKind::RespondsTo,
        evidence: mark.spans,
        confidence,
    })
}
