//! Words that nobody said: "A good referee never needs to say “because I told you so.”"

use crate::extract::lexicon::nouns::is_one_of;
use crate::text::Layout;

use crate::extract::model::reading::Reading;

const NEVER: &[&str] = &["never", "not", "n't", "n’t", "rarely", "seldom", "no"];
const NEEDS: &[&str] = &["need", "needs", "needed", "have", "has", "had"];

/// Drops quotations whose cue says that there is no need to say them.
pub(in crate::extract::model) fn settle(layout: &Layout<'_>, readings: &mut Vec<Reading>) {
    readings.retain(|reading| {
        let words = reading
            .cue
            .iter()
            .flat_map(|cue| cue.slice(layout.text).split_whitespace());
        let words: Vec<&str> = words.collect();
        let is_quoted = reading.content.iter().any(|content| {
            content
                .slice(layout.text)
                .starts_with(['“', '"', '‘', '\''])
        });
        !(is_quoted && is_needless(&words))
    });
}

/// "never needs to say", "doesn’t have to tell".
fn is_needless(words: &[&str]) -> bool {
    let is_never =
        |word: &&str| is_one_of(word, NEVER) || word.ends_with("n't") || word.ends_with("n’t");
    words
        .windows(3)
        .any(|row| is_never(&row[0]) && is_one_of(row[1], NEEDS) && row[2] == "to")
}

#[cfg(test)]
mod tests {
    use super::is_needless;

    #[test]
    fn what_need_not_be_said_is_not() {
        let check = |cue: &str, expect: bool| {
            let words: Vec<&str> = cue.split(' ').collect();
            assert_eq!(is_needless(&words), expect, "{cue}");
        };
        check("never needs to say", true);
        check("does not have to tell", true);
        check("doesn’t need to say", true);
        check("never said", false);
        check("needs to say", false);
    }
}
