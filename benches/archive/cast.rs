//! Who is quoted, and who prints it.

use fastrand::Rng;
use onrecord::domain::{ActorKind, Gender, GenderBasis, LocalActor, Role};
use onrecord::extract::{full_key, identity_key};

use super::skew::{Zipf, chance, per_mille, weighted};
use super::words::{capitalized, stem};

const PUBLISHERS: u32 = 40;
const SURNAMES: usize = 4_000;

const FORENAMES: [(&str, Gender); 32] = [
    ("Anna", Gender::Female),
    ("Alice", Gender::Female),
    ("Barbara", Gender::Female),
    ("Carol", Gender::Female),
    ("Diana", Gender::Female),
    ("Emma", Gender::Female),
    ("Helen", Gender::Female),
    ("Jane", Gender::Female),
    ("Karen", Gender::Female),
    ("Laura", Gender::Female),
    ("Maria", Gender::Female),
    ("Nancy", Gender::Female),
    ("Olivia", Gender::Female),
    ("Rachel", Gender::Female),
    ("Sarah", Gender::Female),
    ("Susan", Gender::Female),
    ("Adam", Gender::Male),
    ("Brian", Gender::Male),
    ("Charles", Gender::Male),
    ("Daniel", Gender::Male),
    ("David", Gender::Male),
    ("Edward", Gender::Male),
    ("George", Gender::Male),
    ("Henry", Gender::Male),
    ("James", Gender::Male),
    ("John", Gender::Male),
    ("Mark", Gender::Male),
    ("Michael", Gender::Male),
    ("Paul", Gender::Male),
    ("Peter", Gender::Male),
    ("Robert", Gender::Male),
    ("Thomas", Gender::Male),
];

const BODIES: [(&str, ActorKind); 6] = [
    ("Institute", ActorKind::Organization),
    ("Group", ActorKind::Organization),
    ("Bank", ActorKind::Organization),
    ("Party", ActorKind::Organization),
    ("Ministry", ActorKind::Government),
    ("Council", ActorKind::Government),
];

const OFFICES: [&str; 6] = [
    "spokesperson",
    "director",
    "minister",
    "chairman",
    "analyst",
    "mayor",
];

const PAPERS: [&str; 5] = ["Courier", "Herald", "Post", "Gazette", "Wire"];

/// Everybody who may be quoted, the most quoted first, and the papers, the largest first.
#[derive(Debug)]
pub struct Cast {
    seed: u64,
    actors: Zipf,
    papers: Zipf,
}

impl Cast {
    /// `actors` of them.
    pub fn new(seed: u64, actors: u32) -> Self {
        Self {
            seed,
            actors: Zipf::new(actors, 1.0),
            papers: Zipf::new(PUBLISHERS, 0.8),
        }
    }

    /// Somebody's rank.
    pub fn pick(&self, rng: &mut Rng) -> usize {
        self.actors.pick(rng)
    }

    /// A paper's name.
    pub fn publisher(&self, rng: &mut Rng) -> String {
        let rank = self.papers.pick(rng);
        let mut own = chance(self.seed, &[1, rank]);
        let town = capitalized(&stem(&mut own, 2));
        format!("The {town} {}", PAPERS[rank % PAPERS.len()])
    }

    /// A reporter's name.
    pub fn reporter(&self, rng: &mut Rng) -> String {
        let (forename, _) = FORENAMES[rng.usize(..FORENAMES.len())];
        format!("{forename} {}", self.surname(rng.usize(..SURNAMES)))
    }

    /// The actor of a rank, as an article shows it.
    pub fn actor(&self, rank: usize) -> LocalActor {
        let mut own = chance(self.seed, &[2, rank]);
        if per_mille(&mut own, 750) {
            self.person(&mut own)
        } else {
            self.body(&mut own)
        }
    }

    /// One whom the article gives a surname only: nobody in another article is known to be the same.
    pub fn stranger(&self, rng: &mut Rng) -> LocalActor {
        LocalActor {
            display_name: self.surname(rng.usize(..SURNAMES)),
            is_named: true,
            kind: ActorKind::Person,
            aliases: Vec::new(),
            roles: Vec::new(),
            gender: None,
            identity_key: None,
            full_key: None,
        }
    }

    fn person(&self, own: &mut Rng) -> LocalActor {
        let (forename, gender) = FORENAMES[own.usize(..FORENAMES.len())];
        let surname = self.surname(own.usize(..SURNAMES));
        let has_office = per_mille(own, 500);
        let organization = self.body_name(own).0;
        let role = Role {
            title: OFFICES[own.usize(..OFFICES.len())].to_owned(),
            organization: Some(organization),
            start_date: None,
            end_date: None,
            evidence: None,
        };
        let knows_gender = per_mille(own, 600);
        LocalActor {
            aliases: vec![surname.clone()],
            roles: has_office.then_some(role).into_iter().collect(),
            gender: knows_gender.then_some((gender, GenderBasis::Pronoun)),
            ..named(format!("{forename} {surname}"), ActorKind::Person)
        }
    }

    fn body(&self, own: &mut Rng) -> LocalActor {
        let (name, kind) = self.body_name(own);
        named(name, kind)
    }

    fn body_name(&self, own: &mut Rng) -> (String, ActorKind) {
        let (body, kind) = BODIES[own.usize(..BODIES.len())];
        let name = self.surname(own.usize(..SURNAMES));
        (format!("{name} {body}"), kind)
    }

    fn surname(&self, index: usize) -> String {
        let mut own = chance(self.seed, &[3, index]);
        let syllables = weighted(&mut own, &[(1, 1), (2, 4), (3, 1)]);
        capitalized(&stem(&mut own, syllables))
    }
}

fn named(name: String, kind: ActorKind) -> LocalActor {
    LocalActor {
        is_named: true,
        kind,
        aliases: Vec::new(),
        roles: Vec::new(),
        gender: None,
        identity_key: identity_key(&name),
        full_key: full_key(&name),
        display_name: name,
    }
}
