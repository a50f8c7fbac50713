//! Which claims repeat what the same actor said earlier in the article.

use std::collections::HashMap;

use crate::domain::{ClaimKind, Relation, RelationKind, Span};

use super::profile::{Profile, frequencies, is_compatible, shared};
use super::scene::Scene;

/// How many of its rarest words are used to look up the earlier claims.
const MAX_PROBES: usize = 12;
/// How many earlier claims that share a word are counted at most: the first and the last ones.
const MAX_POSTINGS: usize = 32;
/// How many earlier claims are compared at most.
const MAX_CANDIDATES: usize = 8;

/// Minimum number of words in common of two contents that are not verbatim the same.
const MIN_SHARED: usize = 4;
/// Minimum share of the shorter content's weight that both have.
const MIN_OF_SHORTER: f32 = 0.7;
/// Minimum share of the longer content's weight that both have.
const MIN_OF_LONGER: f32 = 0.35;
/// Minimum number of words of content, other than names, in what is verbatim the same.
const MIN_VERBATIM: usize = 3;
/// Minimum share of the shorter content's weight in what is verbatim the same.
const MIN_VERBATIM_SHARE: f32 = 0.42;

/// How alike two contents are.
struct Likeness {
    /// 0..=1.
    confidence: f32,
    /// What tells the better of two.
    weight: f32,
}

/// The repetitions among the claims, at most one for a claim, each of the earlier claim that it is most like.
pub(super) fn repeats(scene: &Scene<'_>, profiles: &[Profile]) -> Vec<Relation> {
    let mut search = Search {
        scene,
        frequencies: frequencies(profiles),
        profiles,
        earlier: HashMap::new(),
    };
    let mut found = Vec::new();
    for claim in 0..scene.claims.len() {
        found.extend(search.repetition(claim));
        search.remember(claim);
    }
    found
}

struct Search<'a> {
    scene: &'a Scene<'a>,
    profiles: &'a [Profile],
    /// In how many contents each stem stands.
    frequencies: HashMap<u32, u32>,
    /// The claims so far, by actor and stem.
    earlier: HashMap<(usize, u32), Vec<usize>>,
}

impl Search<'_> {
    fn remember(&mut self, claim: usize) {
        let Some(actor) = self.scene.claims[claim].actor else {
            return;
        };
        for stem in &self.profiles[claim].stems {
            self.earlier.entry((actor, *stem)).or_default().push(claim);
        }
    }

    fn repetition(&self, from: usize) -> Option<Relation> {
        let actor = self.scene.claims[from].actor?;
        let likely = self.candidates(from, actor).into_iter();
        let alike = likely.filter_map(|to| Some((to, self.likeness(from, to)?)));
        let (to, likeness) = alike.max_by(|a, b| a.1.weight.total_cmp(&b.1.weight))?;
        Some(Relation {
            from,
            to,
            kind: RelationKind::Repeats,
            evidence: self.evidence(from, to),
            confidence: likeness.confidence,
        })
    }

    /// The earlier claims of the actor that share the most of the rarest words.
    fn candidates(&self, from: usize, actor: usize) -> Vec<usize> {
        let mut probes = self.profiles[from].stems.clone();
        probes.sort_by_key(|stem| self.frequencies[stem]);
        let mut hits: HashMap<usize, f32> = HashMap::new();
        for stem in probes.into_iter().take(MAX_PROBES) {
            let Some(claims) = self.earlier.get(&(actor, stem)) else {
                continue;
            };
            let half = MAX_POSTINGS / 2;
            let first = claims.iter().take(half);
            for claim in first.chain(claims.iter().skip(half).rev().take(half)) {
                *hits.entry(*claim).or_default() += self.weight(stem);
            }
        }
        let mut hits: Vec<(usize, f32)> = hits.into_iter().collect();
        hits.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        hits.truncate(MAX_CANDIDATES);
        hits.into_iter().map(|(claim, _)| claim).collect()
    }

    /// How much a stem tells: the rarer, the more.
    fn weight(&self, stem: u32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "counts of claims")]
        let (all, own) = (self.profiles.len() as f32, self.frequencies[&stem] as f32);
        ((all + 2.0) / own).ln().max(0.3)
    }

    fn sum(&self, stems: &[u32]) -> f32 {
        stems.iter().map(|stem| self.weight(*stem)).sum()
    }

    fn likeness(&self, from: usize, to: usize) -> Option<Likeness> {
        if !self.may_repeat(from, to) {
            return None;
        }
        let (one, other) = (&self.profiles[from], &self.profiles[to]);
        let common = shared(&one.stems, &other.stems);
        let weight = self.sum(&common);
        let (a, b) = (self.sum(&one.stems), self.sum(&other.stems));
        if self.is_verbatim(from, to, a.min(b)) {
            return Some(Likeness {
                confidence: 0.9,
                weight: 2.0 * weight,
            });
        }
        let is_alike = common.len() >= MIN_SHARED
            && weight >= MIN_OF_SHORTER * a.min(b)
            && weight >= MIN_OF_LONGER * a.max(b);
        if is_alike && one.negated == other.negated {
            return Some(Likeness {
                confidence: 0.75,
                weight,
            });
        }
        self.is_short_quotation(from, to).then_some(Likeness {
            confidence: 0.7,
            weight,
        })
    }

    /// True unless something rules a repetition out: the claims stand in each other, or differ in act, number or name.
    fn may_repeat(&self, from: usize, to: usize) -> bool {
        let scene = self.scene;
        let asks = |claim: usize| scene.claims[claim].kind == Some(ClaimKind::Question);
        let silent = |claim: usize| scene.claims[claim].kind == Some(ClaimKind::NoComment);
        let (one, other) = (&self.profiles[from], &self.profiles[to]);
        !scene.is_inside(from, to)
            && !scene.is_inside(to, from)
            && !scene.contents_overlap(from, to)
            && asks(from) == asks(to)
            && !silent(from)
            && !silent(to)
            && is_compatible(&one.numbers, &other.numbers)
            && is_compatible(&one.names, &other.names)
    }

    /// True if enough of the shorter content is word for word in the other, and not as a name alone.
    fn is_verbatim(&self, from: usize, to: usize, shorter: f32) -> bool {
        let (one, other) = (&self.profiles[from], &self.profiles[to]);
        let is_same = |three: &[u32; 3]| {
            other
                .triples
                .binary_search_by(|(own, _)| own.cmp(three))
                .is_ok()
        };
        let mut same: Vec<u32> = one
            .triples
            .iter()
            .filter(|(three, _)| is_same(three))
            .flat_map(|(_, at)| &one.tokens[*at..*at + 3])
            .map(|token| self.scene.vocabulary.stem(*token))
            .filter(|stem| one.stems.binary_search(stem).is_ok())
            .collect();
        same.sort_unstable();
        same.dedup();
        let names = shared(&same, &one.names).len();
        // A quotation may be cut before its "not"; what is told in other words may not.
        let is_quoted = [one, other]
            .iter()
            .all(|profile| shared(&same, &profile.quoted).len() == same.len());
        (is_quoted || one.negated == other.negated)
            && same.len() >= MIN_VERBATIM + names
            && self.sum(&same) >= MIN_VERBATIM_SHARE * shorter
    }

    /// True if all that one claim quotes is quoted in the other, rare among the claims, and not all that they share.
    fn is_short_quotation(&self, from: usize, to: usize) -> bool {
        let (one, other) = (&self.profiles[from], &self.profiles[to]);
        let both = shared(&one.quoted, &other.quoted);
        let all = shared(&one.stems, &other.stems);
        !both.is_empty()
            && both.len() == one.quoted.len().min(other.quoted.len())
            && both.iter().all(|stem| self.frequencies[stem] <= 2)
            && all.len() > both.len()
            && all.len() >= 2
    }

    /// The words of `from` that `to` has, those side by side as one span.
    fn evidence(&self, from: usize, to: usize) -> Vec<Span> {
        let profile = &self.profiles[from];
        let common = shared(&profile.stems, &self.profiles[to].stems);
        let mut spans: Vec<Span> = Vec::new();
        let mut last = None;
        for token in &profile.tokens {
            if common
                .binary_search(&self.scene.vocabulary.stem(*token))
                .is_err()
            {
                continue;
            }
            let span = self.scene.span(*token);
            match spans.last_mut() {
                Some(before) if last == token.checked_sub(1) => before.end = span.end,
                _ => spans.push(span),
            }
            last = Some(*token);
        }
        spans
    }
}
