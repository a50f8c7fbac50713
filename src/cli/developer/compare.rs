use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::matching::{
    Bag, Collection, DatedText, Depth, PairRelation, Ranking, compare, embed, is_one_proposition,
    is_self_contained, pair_relation, similarity,
};

/// Print how the texts of a corpus compare, for evaluation (for developers)
#[derive(Debug, Args)]
pub struct Compare {
    /// JSON lines: pairs {"id", "a", "b"}, or for retrieval queries {"id", "text"}
    file: PathBuf,

    /// What to print about each
    #[arg(long, value_enum)]
    task: Task,

    /// For retrieval, the claims to search. JSON lines: {"id", "text", "title"?}
    #[arg(long, value_name = "FILE", required_if_eq("task", "retrieval"))]
    claims: Option<PathBuf>,

    /// For retrieval, what to rank by; for propositions, words or both
    #[arg(long, value_enum, default_value_t = By::Both)]
    by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Task {
    /// {"id", "score"}: how much the two say the same
    Similarity,
    /// {"id", "relation", "score", "reason"?}: whether they say the same, contradict each other or neither, and the
    /// probability
    Relation,
    /// {"id", "score", "reason"?}: the probability that they contradict each other
    Contradiction,
    /// {"id", "score"}: the probability that they say the same if they are one proposition, otherwise 0
    Proposition,
    /// {"id", "ranking"}: the claims most similar to the query
    Retrieval,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Words, over all claims
    Words,
    /// Embeddings, over all claims
    Meaning,
    /// Both, over the best claims by words: what the product does
    Both,
}

/// How many candidates are ranked by more than their words.
const CANDIDATES: usize = 200;
/// How many claims are printed for a query.
const PRINTED: usize = 50;

#[derive(Deserialize)]
struct Pair {
    id: String,
    a: String,
    b: String,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    text: String,
    title: Option<String>,
}

#[derive(Serialize)]
struct Scored {
    id: String,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct Related {
    id: String,
    relation: &'static str,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct Found<'c> {
    id: String,
    ranking: Vec<&'c str>,
}

impl Compare {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match (self.task, &self.claims) {
            (Task::Retrieval, Some(claims)) => {
                print(found(&read(&self.file)?, &read(claims)?, self.by))?;
            }
            (Task::Relation, _) => print(relations(read(&self.file)?))?,
            (Task::Proposition, _) => print(propositions(read(&self.file)?, self.by))?,
            (task, _) => print(scored(read(&self.file)?, task))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn scored(pairs: Vec<Pair>, task: Task) -> Vec<Scored> {
    let score = |pair: Pair| {
        let (score, reason) = if task == Task::Similarity {
            let vectors = embed(&[&pair.a, &pair.b]);
            let score = similarity((&pair.a, &vectors[0]), (&pair.b, &vectors[1]));
            (score, None)
        } else {
            contradiction(&pair)
        };
        Scored {
            id: pair.id,
            score,
            reason,
        }
    };
    pairs.into_par_iter().map(score).collect()
}

/// The relation of a pair's second text to the first.
fn relation_of(pair: &Pair) -> Option<(PairRelation, f32)> {
    pair_relation(&DatedText::undated(&pair.a), &DatedText::undated(&pair.b))
}

fn contradiction(pair: &Pair) -> (f32, Option<String>) {
    match relation_of(pair) {
        Some((PairRelation::Contradicts(reason), near)) => (near, Some(reason.to_string())),
        _ => (0.0, None),
    }
}

fn relations(pairs: Vec<Pair>) -> Vec<Related> {
    let relation = |pair: Pair| {
        let (relation, score, reason) = match relation_of(&pair) {
            Some((PairRelation::Repeats, score)) => ("REPEATS", score, None),
            Some((PairRelation::Contradicts(reason), score)) => {
                ("CONTRADICTS", score, Some(reason.to_string()))
            }
            None => ("OTHER", 0.0, None),
        };
        Related {
            id: pair.id,
            relation,
            score,
            reason,
        }
    };
    pairs.into_par_iter().map(relation).collect()
}

fn propositions(pairs: Vec<Pair>, by: By) -> Vec<Scored> {
    let depth = match by {
        By::Words => Depth::Words,
        By::Meaning | By::Both => Depth::Meaning,
    };
    let score = |pair: Pair| Scored {
        score: proposition(&pair, depth),
        id: pair.id,
        reason: None,
    };
    pairs.into_par_iter().map(score).collect()
}

fn proposition(pair: &Pair, depth: Depth) -> f32 {
    if !(is_self_contained(&pair.a) && is_self_contained(&pair.b)) {
        return 0.0;
    }
    let [a, b] = [&pair.a, &pair.b].map(|text| DatedText::undated(text));
    let compared = compare(&a, &[b], 0, &Collection::default(), depth);
    let relation = compared.first().and_then(|one| one.relation);
    let relation = relation.filter(|found| is_one_proposition(Some(*found)));
    relation.map_or(0.0, |(_, near)| near)
}

fn found<'c>(queries: &[Entry], claims: &'c [Entry], by: By) -> Vec<Found<'c>> {
    let titled = |claim: &Entry| match &claim.title {
        Some(title) => format!("{title}. {}", claim.text),
        None => claim.text.clone(),
    };
    let texts: Vec<String> = claims.iter().map(titled).collect();
    let bags: Vec<Bag> = texts.par_iter().map(|text| Bag::of(text)).collect();
    let vectors = if by == By::Words {
        Vec::new()
    } else {
        embed(&texts)
    };
    let collection = Collection::of(&bags);
    let rank = |query: &Entry| {
        let ranking = Ranking::new(&Bag::of(&query.text), embed(&[&query.text])[0], &collection);
        let by_words = |claim: usize| ranking.by_words(&bags[claim]);
        let order = match by {
            By::Words => best(0..claims.len(), PRINTED, by_words),
            By::Meaning => best(0..claims.len(), PRINTED, |claim| {
                ranking.by_meaning(&vectors[claim])
            }),
            By::Both => {
                let candidates = best(0..claims.len(), CANDIDATES, by_words);
                let scored = |claim: usize| ranking.score(&bags[claim], &vectors[claim]);
                best(candidates, PRINTED, scored)
            }
        };
        Found {
            id: query.id.clone(),
            ranking: order
                .into_iter()
                .map(|claim| claims[claim].id.as_str())
                .collect(),
        }
    };
    queries.par_iter().map(rank).collect()
}

/// The `count` best items, best first.
fn best(
    claims: impl IntoIterator<Item = usize>,
    count: usize,
    score: impl Fn(usize) -> f32,
) -> Vec<usize> {
    let mut scored: Vec<_> = claims
        .into_iter()
        .map(|claim| (score(claim), claim))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(count);
    scored.into_iter().map(|(_, claim)| claim).collect()
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let lines = (1..).zip(BufReader::new(file).lines());
    lines
        .map(|(number, line)| {
            serde_json::from_str(&line?)
                .with_context(|| format!("{}, line {number}", path.display()))
        })
        .collect()
}

fn print(rows: Vec<impl Serialize>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for row in rows {
        serde_json::to_writer(&mut out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
