//! Reconciling an article's stored claims with a new extraction.

use std::collections::{HashMap, HashSet, VecDeque};

use uuid::Uuid;

use super::as_stored::is_as_stored;
use super::identity::Identity;
use super::writes::{ClaimWrite, Reading};
use crate::domain::{Attributed, Claim, ClaimId};

/// What to do with each claim of an article.
#[derive(Debug)]
pub(in crate::store) struct Plan<'a> {
    /// Claims to insert, in text order.
    pub created: Vec<ClaimWrite<'a>>,
    /// Stored claims that were extracted again with changes, in text order.
    pub updated: Vec<ClaimWrite<'a>>,
    /// Stored claims that were not extracted again, in text order.
    pub deleted: Vec<ClaimId>,
    /// How many stored claims were extracted again without changes.
    pub unchanged: usize,
    /// How many claims are kept because a person reviewed them.
    pub kept: usize,
    /// The kept claims whose ordinal or parent changes.
    pub moved: Vec<Moved>,
    /// For each claim of the extraction, the id of its stored claim.
    pub ids: Vec<Uuid>,
}

/// A reviewed claim. It changes only as far as the claims around it require.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Moved {
    /// Its id.
    pub id: Uuid,
    /// Its ordinal among the article's claims.
    pub ordinal: i32,
    /// The claim that contains it, unless that is deleted.
    pub parent: Option<Uuid>,
}

/// The stored actors of an article.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct KnownActors<'a> {
    /// For each actor of the extraction, its id if it is stored.
    pub of_reading: &'a [Option<Uuid>],
    /// The actors of claims that somebody reassigned by hand.
    pub split_off: &'a HashMap<Uuid, Uuid>,
}

/// The stored claim that an extracted claim corresponds to, if any.
#[derive(Debug, Clone, Copy)]
enum Match<'a> {
    New(Uuid),
    Machine(&'a Claim),
    Reviewed(&'a Claim),
}

impl Match<'_> {
    const fn id(self) -> Uuid {
        match self {
            Self::New(id) => id,
            Self::Machine(claim) | Self::Reviewed(claim) => claim.id.0,
        }
    }
}

/// A claim of the resulting list, before it has its ordinal.
#[derive(Debug, Clone, Copy)]
enum Entry<'a> {
    /// An extracted claim, with its stored claim if there is one.
    Read(usize, Option<&'a Claim>),
    /// A reviewed claim that is kept.
    Kept(&'a Claim),
}

/// Matches the extracted claims with the stored ones, which are in text order.
///
/// A reviewed claim stays, and its newly extracted version is not added beside it, even if the reviewed claim was
/// rejected. An unreviewed claim stays if it is extracted again; several with the same spans are matched in order.
/// The claims in `relocated` have their new positions, which are not stored yet.
pub(in crate::store) fn reconcile<'a>(
    stored: &'a [Claim],
    relocated: &HashSet<ClaimId>,
    read: &'a [Attributed],
    reading: Reading<'_>,
    actors: KnownActors<'_>,
) -> Plan<'a> {
    let identities: Vec<Identity> = read.iter().map(Identity::of_read).collect();
    let matches = match_up(stored, &identities);
    let gone = gone(stored, &matches);
    let mut plan = Plan {
        created: Vec::new(),
        updated: Vec::new(),
        deleted: stored
            .iter()
            .map(|claim| claim.id)
            .filter(|id| gone.contains(&id.0))
            .collect(),
        unchanged: 0,
        kept: 0,
        moved: Vec::new(),
        ids: matches.iter().map(|found| found.id()).collect(),
    };
    let entries = in_text_order(stored, &identities, &matches);
    for (ordinal, entry) in (0_i32..).zip(entries) {
        let (index, known) = match entry {
            Entry::Read(index, known) => (index, known),
            Entry::Kept(claim) => {
                let parent = claim.parent.filter(|parent| !gone.contains(&parent.0));
                plan.kept += 1;
                if (claim.ordinal, claim.parent) != (ordinal, parent) {
                    plan.moved.push(Moved {
                        id: claim.id.0,
                        ordinal,
                        parent: parent.map(|parent| parent.0),
                    });
                }
                continue;
            }
        };
        let claim = &read[index];
        let parent = claim.parent.map(|parent| matches[parent].id());
        let id = matches[index].id();
        let write = ClaimWrite::new(claim, id, ordinal, parent, actors.of_reading)
            .given_to(actors.split_off.get(&id).copied());
        match known {
            Some(known)
                if !relocated.contains(&known.id) && is_as_stored(&write, known, reading) =>
            {
                plan.unchanged += 1;
            }
            Some(_) => plan.updated.push(write),
            None => plan.created.push(write),
        }
    }
    plan
}

/// Finds the stored claim of each extracted claim.
fn match_up<'a>(stored: &'a [Claim], read: &[Identity]) -> Vec<Match<'a>> {
    let mut reviewed: HashMap<Identity, &Claim> = HashMap::new();
    let mut machine: HashMap<Identity, VecDeque<&Claim>> = HashMap::new();
    for claim in stored {
        let identity = Identity::of_stored(claim);
        if claim.is_reviewed() {
            reviewed.entry(identity).or_insert(claim);
        } else {
            machine.entry(identity).or_default().push_back(claim);
        }
    }
    read.iter()
        .map(|identity| {
            if let Some(claim) = reviewed.get(identity) {
                return Match::Reviewed(claim);
            }
            let known = machine.get_mut(identity).and_then(VecDeque::pop_front);
            known.map_or_else(|| Match::New(Uuid::now_v7()), Match::Machine)
        })
        .collect()
}

/// The unreviewed claims that were not extracted again.
fn gone(stored: &[Claim], matches: &[Match<'_>]) -> HashSet<Uuid> {
    let found: HashSet<Uuid> = matches.iter().map(|found| found.id()).collect();
    let machine = stored.iter().filter(|claim| !claim.is_reviewed());
    machine
        .map(|claim| claim.id.0)
        .filter(|id| !found.contains(id))
        .collect()
}

/// All resulting claims, in the order of the extraction; reviewed claims that were not extracted again are merged in
/// by position.
fn in_text_order<'a>(
    stored: &'a [Claim],
    read: &[Identity],
    matches: &[Match<'a>],
) -> Vec<Entry<'a>> {
    let mut placed = HashSet::new();
    let mut all = Vec::new();
    for (index, (identity, found)) in read.iter().zip(matches).enumerate() {
        match found {
            Match::Reviewed(claim) if placed.insert(claim.id) => {
                all.push((identity.position(), Entry::Kept(claim)));
            }
            Match::Reviewed(_) => {}
            Match::Machine(claim) => {
                all.push((identity.position(), Entry::Read(index, Some(claim))));
            }
            Match::New(_) => all.push((identity.position(), Entry::Read(index, None))),
        }
    }
    for claim in stored.iter().filter(|claim| claim.is_reviewed()) {
        if placed.insert(claim.id) {
            all.push((Identity::of_stored(claim).position(), Entry::Kept(claim)));
        }
    }
    all.sort_by_key(|(position, _)| *position);
    all.into_iter().map(|(_, entry)| entry).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use uuid::Uuid;

    use super::{KnownActors, Moved, Plan, Reading};
    use crate::domain::{
        ArticleId, Attributed, Claim, ClaimId, EngineId, Passage, QuoteType,
        ReviewState::{self, Confirmed, Edited, Machine, Rejected},
        Span,
    };

    const TEXT: &str = "0123456789";

    fn reconcile<'a>(stored: &'a [Claim], read: &'a [Attributed], engine: &EngineId) -> Plan<'a> {
        let actors = KnownActors {
            of_reading: &[],
            split_off: &HashMap::new(),
        };
        let reading = Reading {
            text: TEXT,
            engine,
            times: &[],
        };
        super::reconcile(stored, &HashSet::new(), read, reading, actors)
    }

    fn engine() -> EngineId {
        EngineId {
            name: "rules".to_owned(),
            version: "1".to_owned(),
        }
    }

    /// A claim whose content is this byte, contained in the claim at `parent`.
    fn read(at: usize, parent: Option<usize>) -> Attributed {
        Attributed {
            actor: None,
            parent,
            source: None,
            cue: None,
            addressees: Vec::new(),
            about: Vec::new(),
            content: vec![Span::new(at, at + 1)],
            quote_type: QuoteType::Direct,
            kind: None,
            reporter_stance: None,
            commitment: None,
            utterance_time: None,
            referenced_times: Vec::new(),
            check_worthiness: None,
            confidence: 0.5,
            part_confidence: None,
            actor_confidence: None,
            traces: Vec::new(),
        }
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    /// The same, stored under the id `at`, with this ordinal in its article.
    fn stored(ordinal: i32, at: u8, state: ReviewState, parent: Option<u128>) -> Claim {
        let span = Span::new(at.into(), usize::from(at) + 1);
        Claim {
            id: ClaimId(id(at.into())),
            article: ArticleId(id(99)),
            ordinal,
            actor: None,
            actor_name: None,
            parent: parent.map(|parent| ClaimId(id(parent))),
            proposition: None,
            fact_checks: Vec::new(),
            source: Vec::new(),
            source_class: None,
            cue: Vec::new(),
            cue_lemma: None,
            addressees: Vec::new(),
            about: Vec::new(),
            content: vec![Passage::of(TEXT, span)],
            quote_type: QuoteType::Direct,
            kind: None,
            reporter_stance: None,
            commitment: None,
            utterance_time: None,
            referenced_times: Vec::new(),
            check_worthiness: None,
            confidence: 0.5,
            part_confidence: None,
            actor_confidence: None,
            engine: engine(),
            review_state: state,
            create_time: chrono::DateTime::UNIX_EPOCH,
            row_version: 1,
        }
    }

    fn moved(n: u8, ordinal: i32, parent: Option<u128>) -> Moved {
        Moved {
            id: id(n.into()),
            ordinal,
            parent: parent.map(id),
        }
    }

    /// Checks which ids are updated and deleted, and where created and moved claims go.
    fn check(
        plan: &Plan<'_>,
        created: &[i32],
        updated: &[u128],
        deleted: &[u128],
        moved: &[Moved],
    ) {
        let ordinals: Vec<i32> = plan.created.iter().map(|write| write.ordinal).collect();
        assert_eq!(ordinals, created);
        let ids: Vec<u128> = plan
            .updated
            .iter()
            .map(|write| write.id.as_u128())
            .collect();
        assert_eq!(ids, updated);
        let ids: Vec<u128> = plan.deleted.iter().map(|id| id.0.as_u128()).collect();
        assert_eq!(ids, deleted);
        assert_eq!(plan.moved, moved);
    }

    #[test]
    fn the_same_reading_changes_nothing() {
        let stored = [stored(0, 1, Machine, None), stored(1, 3, Machine, Some(1))];
        let read = [read(1, None), read(3, Some(0))];
        let plan = reconcile(&stored, &read, &engine());
        check(&plan, &[], &[], &[], &[]);
        assert_eq!(plan.unchanged, 2);
    }

    #[test]
    fn what_is_read_no_more_goes_and_what_is_new_comes() {
        let stored = [stored(0, 1, Machine, None), stored(1, 3, Machine, Some(1))];
        let read = [read(2, None), read(3, Some(0))];
        let plan = reconcile(&stored, &read, &engine());
        check(&plan, &[0], &[3], &[1], &[]);
        assert_eq!(plan.updated[0].parent, Some(plan.created[0].id));
    }

    #[test]
    fn another_engine_updates() {
        let stored = [stored(0, 1, Machine, None)];
        let other = EngineId {
            version: "2".to_owned(),
            ..engine()
        };
        let again = [read(1, None)];
        let plan = reconcile(&stored, &again, &other);
        check(&plan, &[], &[1], &[], &[]);
        let surer = [Attributed {
            confidence: 0.75,
            ..read(1, None)
        }];
        let plan = reconcile(&stored, &surer, &engine());
        check(&plan, &[], &[1], &[], &[]);
    }

    #[test]
    fn reviewed_claims_stay_alone_and_in_their_place() {
        let stored = [
            stored(0, 1, Machine, None),
            stored(1, 3, Confirmed, Some(1)),
            stored(2, 5, Rejected, Some(3)),
            stored(3, 7, Edited, None),
        ];
        let expect = [moved(3, 1, None), moved(7, 4, None)];
        let again = [
            read(2, None),
            read(5, None),
            read(6, Some(1)),
            read(7, None),
        ];
        let plan = reconcile(&stored, &again, &engine());
        check(&plan, &[0, 3], &[], &[1], &expect);
        assert_eq!((plan.kept, plan.created[1].parent), (3, Some(id(5))));
        let plan = reconcile(&stored, &[], &engine());
        let expect = [moved(3, 0, None), moved(5, 1, Some(3)), moved(7, 2, None)];
        check(&plan, &[], &[], &[1], &expect);
    }

    #[test]
    fn of_claims_with_the_same_spans_each_is_matched_once() {
        let machine = [stored(0, 1, Machine, None)];
        let twice = [read(1, None), read(1, None)];
        check(&reconcile(&machine, &twice, &engine()), &[1], &[], &[], &[]);
        let reviewed = [stored(0, 1, Rejected, None)];
        let plan = reconcile(&reviewed, &twice, &engine());
        check(&plan, &[], &[], &[], &[]);
        assert_eq!(plan.kept, 1);
    }
}
