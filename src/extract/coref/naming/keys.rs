//! The words of a name, and what its bearer may be called other than by all of them.

use crate::extract::lexicon::folding::folded;
use crate::extract::lexicon::lists::{BODIES, COMPANY_WORDS, is_demonym, is_small_word};
use crate::extract::names::{is_acronym, is_suffix};

use super::identity::canonical;

/// The longest name that is taken apart, in words.
const MAX_WORDS: usize = 12;

/// A name in the form in which names are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::extract::coref) struct Key {
    /// Its words in lower case without accents, nicknames and "Jr.".
    words: Vec<String>,
    /// Nicknames between forename and surname: "boy".
    nicknames: Vec<String>,
    /// " jr" of a son.
    suffix: &'static str,
    /// The initials of its capitalised words.
    initials: String,
}

impl Key {
    pub fn of(name: &str) -> Self {
        let mut key = Self {
            suffix: suffix(name),
            initials: initials(name),
            ..Self::default()
        };
        let mut quoted = false;
        for word in name.split(' ') {
            let opens = word.starts_with(['“', '"', '‘', '\'']);
            quoted |= opens;
            let bare = folded(word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.'));
            if !(bare.is_empty() || is_suffix(&bare)) {
                let list = if quoted {
                    &mut key.nicknames
                } else {
                    &mut key.words
                };
                list.push(bare);
            }
            quoted &= !word.trim_end_matches(',').ends_with(['”', '"', '’', '\'']);
        }
        key
    }

    /// All its words.
    pub fn whole(&self) -> String {
        [self.words.join(" ").as_str(), self.suffix].concat()
    }

    pub const fn len(&self) -> usize {
        self.words.len()
    }

    /// The first word in the form that represents all its forms, and the last.
    pub fn ends(&self) -> (String, String) {
        let first = self.words.first().map_or("", |first| canonical(first));
        (first.to_owned(), [self.last(), self.suffix].concat())
    }

    pub fn first(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    pub fn last(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// The letters that begin the words between first and last.
    pub fn middle(&self) -> String {
        let inner = self.words.get(1..self.len().saturating_sub(1));
        inner
            .into_iter()
            .flatten()
            .filter_map(|word| word.chars().next())
            .collect()
    }

    pub fn initials(&self) -> &str {
        &self.initials
    }

    /// True if the words of `other` begin or end this name's, and are at least two, or one that is no initial.
    pub fn has_at_an_end(&self, other: &Self) -> bool {
        let (own, its) = (&self.words, &other.words);
        its.len() < own.len()
            && (own.ends_with(its) || own.starts_with(its))
            && self.suffix == other.suffix
    }

    /// The last words, from the second on: "van den broek", "den broek", "broek"; "harthy" for "al-harthy".
    pub fn tails(&self) -> Vec<String> {
        let first = self.len().saturating_sub(MAX_WORDS).max(1);
        let mut tails: Vec<String> = (first..self.len())
            .map(|from| self.words[from..].join(" "))
            .filter(|tail| tail.contains(' ') || stands_alone(tail))
            .collect();
        tails.extend(without_article(self.last()).map(str::to_owned));
        tails
    }

    /// The first words, where family names stand in front or the bearer is called by a forename: "zhao", "thorunn", "maria jose";
    /// "harrow" for "harrow of tern".
    pub fn heads(&self) -> Vec<String> {
        let most = self.words.iter().position(|word| word == "of");
        let most = most.unwrap_or_else(|| self.len().saturating_sub(1).min(2));
        let heads = (1..=most).map(|to| self.words[..to].join(" "));
        heads
            .chain(self.nicknames.iter().cloned())
            .filter(|head| head.chars().filter(|c| c.is_alphabetic()).count() > 1)
            .collect()
    }

    /// What a company is called by alone: "ovine" for "ovine systems".
    pub fn company_heads(&self) -> Vec<String> {
        let kept = self.words.iter().rposition(|word| !COMPANY_WORDS.has(word));
        let kept = kept.map_or(0, |last| last + 1);
        let is_named = kept > 0 && kept < self.len();
        is_named
            .then(|| self.words[..kept].join(" "))
            .into_iter()
            .collect()
    }

    /// Single words between first and last, as the first of two family names, and the parts of a double name.
    pub fn inner(&self) -> Vec<String> {
        let middle = self
            .words
            .get(1..self.len().saturating_sub(1))
            .into_iter()
            .flatten();
        let parts = self.last().split('-').filter(|part| *part != self.last());
        middle
            .map(String::as_str)
            .chain(parts)
            .filter(|word| word.chars().count() > 2 && !word.contains('.') && !is_small_word(word))
            .map(str::to_owned)
            .collect()
    }

    /// True if one of the words is that of an organization: "Bank".
    pub fn is_body(&self) -> bool {
        self.words.iter().any(|word| BODIES.has(word))
    }

    /// True if `other` may be the same forename cut to its first letter, or the other way round: "j." and "john".
    pub fn may_be_cut(&self, other: &Self) -> bool {
        let (own, its) = (self.first(), other.first());
        own.chars().next() == its.chars().next() && is_initial(own) != is_initial(its)
    }
}

fn is_initial(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() == 1 || word.contains('.')
}

/// "harthy" for "al-harthy".
fn without_article(word: &str) -> Option<&str> {
    let (article, rest) = word.split_once('-')?;
    (is_small_word(article) && rest.chars().count() > 2).then_some(rest)
}

/// False for last words that more often mean something else by themselves: "House", "States", "Democrats".
fn stands_alone(last: &str) -> bool {
    let singular = last.strip_suffix('s').unwrap_or(last);
    let is_party = is_demonym(singular) || singular == "democrat";
    !(is_party || matches!(last, "house" | "states" | "kingdom" | "nations" | "state"))
}

/// The suffix that tells a son from his father.
fn suffix(name: &str) -> &'static str {
    let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase();
    match last.trim_end_matches('.') {
        "jr" | "jnr" => " jr",
        _ => "",
    }
}

/// The initials of a name's capitalised words, in lower case.
fn initials(name: &str) -> String {
    let capitals = name
        .split(' ')
        .filter_map(|word| word.chars().next().filter(|c| c.is_uppercase()));
    capitals.flat_map(char::to_lowercase).collect()
}

/// True where capitals tell no initials of an organization: "HARKER".
pub(super) fn is_in_capitals(name: &str) -> bool {
    !is_acronym(name)
        && name.chars().any(char::is_alphabetic)
        && !name.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn names_are_taken_apart() {
        let check = |name: &str, tails: &[&str], heads: &[&str]| {
            let key = Key::of(name);
            assert_eq!(key.tails(), tails, "{name}");
            assert_eq!(key.heads(), heads, "{name}");
        };
        check("Zhao Minghua", &["minghua"], &["zhao"]);
        check(
            "Caroline van den Broek",
            &["van den broek", "den broek", "broek"],
            &["caroline", "caroline van"],
        );
        check("Khalid al-Harthy", &["al-harthy", "harthy"], &["khalid"]);
        check("Martin Odom Jr.", &["odom"], &["martin"]);
        check("Rogelio “Boy” Mana", &["mana"], &["rogelio", "boy"]);
        check("Harrow of Tern", &["of tern", "tern"], &["harrow"]);
        assert_eq!(Key::of("Ovine Systems").company_heads(), ["ovine"]);
        assert_eq!(
            Key::of("María José Ortega Ruiz").inner(),
            ["jose", "ortega"]
        );
        assert_eq!(
            Key::of("Bill O’Hale").ends(),
            Key::of("William O'Hale").ends()
        );
    }
}
