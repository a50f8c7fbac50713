//! Which words of a text to look for: rare ones alone, frequent ones in pairs.

use std::cmp::Reverse;

/// How many claims may be expected to have what is looked for, all together.
const BUDGET: f64 = 2_000.0;
/// Of how many frequent words pairs are made.
const PAIRED: usize = 6;

/// A word of a text as Postgres stems it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(super) struct Word {
    /// The stem.
    pub lexeme: String,
    /// In which share of all claims it occurs, as far as that is known.
    pub share: f64,
    /// How many claims there are; 0 where nothing is known of them.
    pub claims: f64,
}

/// The query that finds what has at least one of these words.
pub(super) fn any_of<'w>(words: impl IntoIterator<Item = &'w Word>) -> String {
    joined(words, " | ")
}

/// The query that finds what has rare words, or a pair of frequent ones, and is met by a bounded number of claims; `None`
/// where nothing of the text is rare enough.
///
/// Words are taken the rarest first, and of those that are as rare the longest, while the claims that they add are not
/// too many; then pairs of what is left, as though words came independently.
pub(super) fn rare(words: &[Word]) -> Option<String> {
    let mut words: Vec<&Word> = words.iter().collect();
    let longest = |word: &Word| Reverse(word.lexeme.len());
    words.sort_by(|a, b| {
        let rarest = a.share.total_cmp(&b.share);
        rarest.then_with(|| longest(a).cmp(&longest(b)))
    });
    let claims = words.first().map_or(0.0, |word| word.claims);
    let mut left = BUDGET;
    let mut afford = |share: f64| {
        let fits = share * claims <= left;
        left -= if fits { share * claims } else { 0.0 };
        fits
    };
    let (single, mut frequent): (Vec<&Word>, Vec<&Word>) =
        words.into_iter().partition(|word| afford(word.share));
    frequent.truncate(PAIRED);
    let mut query: Vec<String> = single.iter().map(|word| quoted(&word.lexeme)).collect();
    for (n, one) in frequent.iter().enumerate() {
        for other in &frequent[n + 1..] {
            if afford(one.share * other.share) {
                query.push(all_of([*one, *other]));
            }
        }
    }
    (!query.is_empty()).then(|| query.join(" | "))
}

/// The query that finds what has all of these words.
pub(super) fn all_of<'w>(words: impl IntoIterator<Item = &'w Word>) -> String {
    joined(words, " & ")
}

fn joined<'w>(words: impl IntoIterator<Item = &'w Word>, between: &str) -> String {
    let words = words.into_iter();
    let quoted: Vec<String> = words.map(|word| quoted(&word.lexeme)).collect();
    quoted.join(between)
}

/// A lexeme as it is written in a query.
fn quoted(lexeme: &str) -> String {
    format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{Word, all_of, any_of, rare};

    fn words(claims: f64, words: &[(&str, f64)]) -> Vec<Word> {
        let word = |(lexeme, share): &(&str, f64)| Word {
            lexeme: (*lexeme).to_owned(),
            share: *share,
            claims,
        };
        words.iter().map(word).collect()
    }

    #[test]
    fn frequent_words_are_not_looked_for_alone() {
        let quay = ("quay", 0.001);
        for (claims, given, expected) in [
            // Nothing is known of the claims: there are few as yet.
            (
                0.0,
                &[("bridg", 0.5), ("toll", 0.4)][..],
                Some("'toll' | 'bridg'"),
            ),
            (
                1e6,
                &[("bridg", 0.5), ("zeppelin", 1e-5)],
                Some("'zeppelin'"),
            ),
            (
                1e6,
                &[("toll", 0.002), ("ferri", 0.0005), quay],
                Some("'ferri' | 'quay'"),
            ),
            (
                1e6,
                &[("toll", 0.001), ("ferri", 0.001), ("quay", 0.001)],
                Some("'ferri' | 'toll'"),
            ),
            (
                1e6,
                &[("bridg", 0.05), ("toll", 0.01), quay],
                Some("'quay' | 'toll' & 'bridg'"),
            ),
            (1e6, &[("bridg", 0.5), ("toll", 0.4)], None),
            (1e6, &[], None),
        ] {
            assert_eq!(
                rare(&words(claims, given)).as_deref(),
                expected,
                "{given:?}"
            );
        }
    }

    #[test]
    fn whatever_a_lexeme_holds_stays_in_its_quotation_marks() {
        let words = words(1.0, &[("o'neil", 0.1), ("a\\b", 0.1), ("&", 0.1)]);
        assert_eq!(any_of(&words), "'o''neil' | 'a\\\\b' | '&'");
        assert_eq!(all_of(&words[..2]), "'o''neil' & 'a\\\\b'");
    }
}
