//! Which words of a text to look for: rare ones alone, frequent ones in pairs.

use std::cmp::Reverse;

use super::word_shares::WordShares;

/// How many claims may be expected to have what is looked for, all together.
const BUDGET: f64 = 2_000.0;
/// Of how many frequent words pairs are made.
const PAIRED: usize = 6;
/// How many claims may have one of these. The index reads them all to find those that have two.
const READ: f64 = 400_000.0;

/// The query that finds what has at least one of these words.
pub(super) fn any_of<'w>(words: impl IntoIterator<Item = &'w String>) -> String {
    joined(words, " | ")
}

/// The query that finds what has rare words, or a pair of frequent ones, and is met by a bounded number of claims; `None`
/// where nothing of the text is rare enough.
///
/// Words are taken the rarest first, and of those that are as rare the longest, while the claims that they add are not
/// too many; then pairs of what is left, as though words came independently.
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

/// How many of these words the index can be asked for, the rarest first.
fn readable(words: &[&String], shares: &WordShares) -> usize {
    let read = words.iter().scan(0.0, |read, word| {
        *read += shares.claims_with(word);
        Some(*read)
    });
    read.take_while(|read| *read <= READ).count()
}

/// The query that finds what has all of these words.
pub(super) fn all_of<'w>(words: impl IntoIterator<Item = &'w String>) -> String {
    joined(words, " & ")
}

fn joined<'w>(words: impl IntoIterator<Item = &'w String>, between: &str) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| quoted(word)).collect();
    quoted.join(between)
}

/// A lexeme as it is written in a query.
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
        // Words of a thousand sampled claims.
        let sampled = [
            ("bridg", 500.0),
            ("council", 50.0),
            ("toll", 10.0),
            ("quay", 1.0),
            ("ferri", 1.0),
        ];
        for (claims, given, expected) in [
            // Nothing is known of the claims: there are none as yet.
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
            // Of a hundred million, a million have the most frequent of these.
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
