//! Choosing which words of a text to look up: rare ones alone, frequent ones in pairs.
//!
//! Claims were looked up for tweets about 10,369 fact-checked statements among a million claims, and among five million,
//! that follow real news word by word; the numbers below were chosen on one half of the tweets (`benches/README.md`).

use std::cmp::Reverse;

use super::word_shares::WordShares;

/// The expected number of claims with any of the words that are looked up alone.
const ALONE: f64 = 2_500.0;
/// The expected number of claims with any of the pairs.
const TOGETHER: f64 = 2_500.0;
/// How many frequent words, the rarest first, are combined into pairs.
const PAIRED: usize = 12;
/// Words on one subject occur together this much more often than by chance.
const RELATED: f64 = 4.0;
/// The number of claims that a pair is expected in at least.
const LEAST: f64 = 20.0;
/// How many claims may contain the rarer word of a pair: the index reads them all.
const READ: f64 = 200_000.0;
/// The number of look-ups in the index. Each is one of its own: the index skips what cannot have both words of a pair
/// only where nothing else is asked for in the same breath.
pub(super) const LOOKUPS: usize = 24;
/// How many words, the rarest first, count for the rank of a claim.
pub(super) const WEIGHED: usize = 24;
/// A word of no text.
const NOTHING: &str = "'\u{1}'";

/// What is looked up for a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lookups {
    /// Queries, of which a candidate fulfils at least one: rare words, and pairs of frequent ones.
    pub queries: [String; LOOKUPS],
    /// The words by which candidates are ranked.
    pub words: Vec<String>,
    /// How much each of them counts: the rarer, the more (inverse document frequency).
    pub weights: Vec<f32>,
    /// Whether nothing in the text is rare: then all of its words are looked up together.
    pub is_common: bool,
}

/// Chooses what to look up for a text with these words.
pub(super) fn lookups(words: &[String], shares: &WordShares) -> Lookups {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by(|a, b| {
        let rarest = shares.claims_with(a).total_cmp(&shares.claims_with(b));
        rarest.then_with(|| Reverse(a.len()).cmp(&Reverse(b.len())))
    });
    let mut found = rare(&words, shares);
    let is_common = found.is_empty();
    if is_common {
        found.push(joined(&words, " & "));
    }
    let mut queries = [const { String::new() }; LOOKUPS];
    let filled = found
        .into_iter()
        .chain(std::iter::repeat(NOTHING.to_owned()));
    for (query, words) in queries.iter_mut().zip(filled) {
        *query = words;
    }
    words.truncate(WEIGHED);
    Lookups {
        queries,
        weights: words.iter().map(|word| shares.weight(word)).collect(),
        words: words.iter().map(|word| quoted(word)).collect(),
        is_common,
    }
}

/// Queries for claims with rare words, and for those with two frequent ones, matched by a bounded number of claims.
/// `words` are the rarest first.
fn rare(words: &[&String], shares: &WordShares) -> Vec<String> {
    let mut alone = Budget(ALONE);
    let (single, frequent): (Vec<&String>, Vec<&String>) = words
        .iter()
        .partition(|word| alone.affords(shares.claims_with(word)));
    let mut queries = Vec::new();
    if !single.is_empty() {
        queries.push(joined(&single, " | "));
    }
    let mut together = Budget(TOGETHER);
    for (expected, one, other) in pairs(&frequent, shares) {
        if queries.len() < LOOKUPS && together.affords(expected) {
            queries.push(joined(&[one, other], " & "));
        }
    }
    queries
}

/// Pairs of frequent words, the rarest first, with the number of claims that are expected to contain both.
fn pairs<'w>(frequent: &[&'w String], shares: &WordShares) -> Vec<(f64, &'w String, &'w String)> {
    let paired = &frequent[..frequent.len().min(PAIRED)];
    let mut pairs = Vec::new();
    for (n, one) in paired.iter().enumerate() {
        if shares.claims_with(one) > READ {
            break;
        }
        for other in &paired[n + 1..] {
            let expected = RELATED * shares.claims_with_both(one, other);
            pairs.push((expected.max(LEAST), *one, *other));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs
}

/// A number of claims that may still be found.
struct Budget(f64);

impl Budget {
    /// Spends so many claims, if they are left.
    fn affords(&mut self, claims: f64) -> bool {
        let fits = claims <= self.0;
        self.0 -= if fits { claims } else { 0.0 };
        fits
    }
}

fn joined(words: &[&String], between: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    quoted.join(between)
}

/// Quotes a lexeme for use in a query.
fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{LOOKUPS, Lookups, NOTHING, WordShares, lookups};

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn asked(found: &Lookups) -> Vec<&str> {
        let queries = found.queries.iter().map(String::as_str);
        queries.filter(|query| *query != NOTHING).collect()
    }

    #[test]
    fn frequent_words_are_not_looked_for_alone() {
        // Word counts in a sample of a thousand claims.
        let sampled = [
            ("bridg", 500.0),
            ("council", 50.0),
            ("toll", 10.0),
            ("quay", 1.0),
            ("ferri", 1.0),
        ];
        for (claims, given, expected) in [
            // Nothing is known about the claims: there are none yet.
            (0.0, &["toll", "council"][..], &["'council' | 'toll'"][..]),
            (1e6, &["bridg", "zeppelin"], &["'zeppelin'"]),
            (1e6, &["toll", "quay", "ferri"], &["'ferri' | 'quay'"]),
            (
                1e6,
                &["council", "toll", "quay", "zeppelin"],
                &["'zeppelin' | 'quay'", "'toll' & 'council'"],
            ),
            (1e4, &["bridg", "council", "quay"], &["'quay' | 'council'"]),
            // Both occur in too many claims.
            (1e8, &["bridg", "council"], &["'council' & 'bridg'"]),
            (1e8, &["ferri", "quay", "toll"], &["'ferri' & 'quay'"]),
        ] {
            let shares = WordShares::of(claims, &sampled);
            let found = lookups(&words(given), &shares);
            assert_eq!(asked(&found), expected, "{claims} {given:?}");
        }
    }

    #[test]
    fn the_rarer_a_word_the_more_it_counts() {
        let shares = WordShares::of(1e6, &[("bridg", 500.0), ("quay", 1.0)]);
        let found = lookups(&words(&["bridg", "quay"]), &shares);
        assert_eq!(found.words, ["'quay'", "'bridg'"]);
        assert!(found.weights[0] > found.weights[1] && found.weights[1] > 0.0);
    }

    #[test]
    fn there_is_a_bounded_number_of_lookups() {
        let names: Vec<String> = (0..60).map(|n| format!("w{n}")).collect();
        let sampled: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 2.0)).collect();
        let found = lookups(&names, &WordShares::of(1e6, &sampled));
        assert_eq!(asked(&found).len(), LOOKUPS);
    }

    #[test]
    fn whatever_a_lexeme_holds_stays_in_its_quotation_marks() {
        let words = words(&["o'neil", "a\\b", "&"]);
        let found = lookups(&words, &WordShares::of(0.0, &[]));
        assert_eq!(asked(&found), ["'o''neil' | 'a\\\\b' | '&'"]);
    }
}
