//! Choosing which words of a text to look up: rare ones alone, frequent ones in pairs.

use std::cmp::Reverse;

use super::word_shares::WordShares;

/// The expected number of claims that match the query as a whole.
const BUDGET: f64 = 2_000.0;
/// How many frequent words are combined into pairs.
const PAIRED: usize = 6;
/// How many claims may contain any of these words. The index reads them all to find those with two.
const READ: f64 = 400_000.0;

/// A query for claims with at least one of these words.
pub(super) fn any_of<'w>(words: impl IntoIterator<Item = &'w String>) -> String {
    joined(words, " | ")
}

/// A query for claims with rare words or pairs of frequent ones, matched by a bounded number of claims; `None` if
/// nothing in the text is rare enough.
///
/// Words are added rarest first, ties longest first, while the expected number of claims stays within the budget;
/// then pairs of the remaining words, assuming that words occur independently.
pub(super) fn rare(words: &[String], shares: &WordShares) -> Option<String> {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by(|a, b| {
        let rarest = shares.claims_with(a).total_cmp(&shares.claims_with(b));
        rarest.then_with(|| Reverse(a.len()).cmp(&Reverse(b.len())))
    });
    let mut left = BUDGET;
    let mut afford = |claims: f64| {
        let fits = claims <= left;
        left -= if fits { claims } else { 0.0 };
        fits
    };
    let (single, mut frequent): (Vec<&String>, Vec<&String>) = words
        .into_iter()
        .partition(|word| afford(shares.claims_with(word)));
    frequent.truncate(PAIRED.min(readable(&frequent, shares)));
    let mut query: Vec<String> = single.iter().map(|word| quoted(word)).collect();
    for (n, one) in frequent.iter().enumerate() {
        for other in &frequent[n + 1..] {
            if afford(shares.claims_with_both(one, other)) {
                query.push(all_of([*one, *other]));
            }
        }
    }
    (!query.is_empty()).then(|| query.join(" | "))
}

/// How many of these words may be looked up in the index, rarest first.
fn readable(words: &[&String], shares: &WordShares) -> usize {
    let read = words.iter().scan(0.0, |read, word| {
        *read += shares.claims_with(word);
        Some(*read)
    });
    read.take_while(|read| *read <= READ).count()
}

/// A query for claims with all of these words.
pub(super) fn all_of<'w>(words: impl IntoIterator<Item = &'w String>) -> String {
    joined(words, " & ")
}

fn joined<'w>(words: impl IntoIterator<Item = &'w String>, between: &str) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| quoted(word)).collect();
    quoted.join(between)
}

/// Quotes a lexeme for use in a query.
fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{WordShares, all_of, any_of, rare};

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
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
            (0.0, &["toll", "council"][..], Some("'council' | 'toll'")),
            (1e6, &["bridg", "zeppelin"], Some("'zeppelin'")),
            (1e6, &["toll", "quay", "ferri"], Some("'ferri' | 'quay'")),
            (
                1e6,
                &["council", "toll", "quay", "zeppelin"],
                Some("'zeppelin' | 'quay' | 'toll' & 'council'"),
            ),
            (
                1e4,
                &["bridg", "council", "quay"],
                Some("'quay' | 'council'"),
            ),
            (1e6, &["bridg", "council"], None),
            // Of a hundred million claims, a million contain the most frequent of these.
            (1e8, &["ferri", "quay", "toll"], Some("'ferri' & 'quay'")),
            (1e6, &[], None),
        ] {
            let shares = WordShares::of(claims, &sampled);
            let found = rare(&words(given), &shares);
            assert_eq!(found.as_deref(), expected, "{claims} {given:?}");
        }
    }

    #[test]
    fn whatever_a_lexeme_holds_stays_in_its_quotation_marks() {
        let words = words(&["o'neil", "a\\b", "&"]);
        assert_eq!(any_of(&words), "'o''neil' | 'a\\\\b' | '&'");
        assert_eq!(all_of(&words[..2]), "'o''neil' & 'a\\\\b'");
    }
}
