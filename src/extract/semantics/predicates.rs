//! The predicates that tell whether the event under them is so: implicatives, factives, beliefs, wishes
//! (Karttunen 1971, 2012; Nairn, Condoravdi and Karttunen 2006).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::value::Value;
use crate::domain::Certainty;

/// What stands under a predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    Infinitive,
    Clause,
    Noun,
    Ing,
    Attribute,
}

impl Frame {
    const fn letter(self) -> char {
        match self {
            Self::Infinitive => 't',
            Self::Clause => 'c',
            Self::Noun => 'o',
            Self::Ing => 'g',
            Self::Attribute => 'a',
        }
    }
}

/// Words before a noun that is no verb: "the claim".
const DETERMINERS: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my",
    "your", "no", "any", "'s", "’s", "of", "for",
];

/// Words that a clause under a predicate begins with.
const CLAUSE_STARTS: &[&str] = &[
    "that", "whether", "if", "he", "she", "it", "we", "they", "i", "you", "there", "who", "what",
    "how", "why",
];

/// Prepositions between a noun and what stands under it.
const LINKS: &[&str] = &["of", "for", "about", "on", "over", "against"];

/// One line of `predicates.tsv`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Predicate {
    /// The word that has to follow: "call *for*".
    particle: Option<&'static str>,
    frames: &'static str,
    when_so: Value,
    when_not: Value,
}

impl Predicate {
    /// What holds of the event under a predicate that itself has the value `own`.
    pub fn under(&self, own: Value) -> Value {
        if self.is_factive() {
            return Value::STATED;
        }
        let implied = if own.negative {
            self.when_not
        } else {
            self.when_so
        };
        if own.certainty < implied.certainty {
            Value {
                certainty: own.certainty,
                cause: own.cause,
                ..implied
            }
        } else {
            implied
        }
    }

    fn is_noun(&self) -> bool {
        self.frames.contains('n')
    }

    /// A verb has a noun as its object, a noun only after a preposition: "hopes of recovery".
    fn takes(&self, frame: Frame, next: &str) -> bool {
        let fits = match (frame, self.is_noun()) {
            (Frame::Noun, true) => LINKS.contains(&next),
            (Frame::Clause, false) => !LINKS.contains(&next) || self.particle.is_some(),
            _ => true,
        };
        fits && self.frames.contains(frame.letter())
    }

    fn is_factive(&self) -> bool {
        self.when_so == Value::STATED && self.when_not == Value::STATED
    }
}

/// The table by form, compiled on first use.
static PREDICATES: LazyLock<HashMap<&'static str, Vec<Predicate>>> =
    LazyLock::new(|| parse(include_str!("predicates.tsv")));

fn parse(table: &'static str) -> HashMap<&'static str, Vec<Predicate>> {
    let mut by_form: HashMap<&'static str, Vec<Predicate>> = HashMap::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let Some((forms, predicate)) = parse_line(line) else {
            continue;
        };
        for form in forms.split(' ') {
            by_form.entry(form).or_default().push(predicate);
        }
    }
    by_form
}

fn parse_line(line: &'static str) -> Option<(&'static str, Predicate)> {
    let fields: Vec<&'static str> = line.split('\t').collect();
    let [forms, particle, frames, when_so, when_not] = fields[..] else {
        return None;
    };
    let predicate = Predicate {
        particle: Some(particle).filter(|particle| *particle != "-"),
        frames,
        when_so: Value::parse(when_so)?,
        when_not: Value::parse(when_not)?,
    };
    Some((forms, predicate))
}

/// What `word` between `before` and `next` is for what stands under it in one of `frames`.
pub(super) fn predicate(
    [before, word, next]: [&str; 3],
    frames: &[Frame],
) -> Option<&'static Predicate> {
    let readings = PREDICATES.get(word)?;
    let is_noun = DETERMINERS.contains(&before);
    readings.iter().find(|predicate| {
        frames.iter().any(|frame| predicate.takes(*frame, next))
            && predicate.particle.is_none_or(|particle| particle == next)
            && (!is_noun || predicate.is_noun() || predicate.takes(Frame::Attribute, next))
    })
}

/// True for a verb over the infinitive or the clause that begins with `next`.
pub(super) fn embeds(word: &str, next: &str) -> bool {
    let frame = if next == "to" {
        Frame::Infinitive
    } else {
        Frame::Clause
    };
    let begins = next == "to" || CLAUSE_STARTS.contains(&next);
    begins && predicate(["", word, next], &[frame]).is_some()
}

/// The value of a modal verb or a hedging adverb.
pub(super) fn hedge(word: &str) -> Option<Value> {
    let certainty = match word {
        "may" | "might" | "can" | "could" | "maybe" | "perhaps" | "possibly" | "potentially"
        | "conceivably" | "allegedly" => Certainty::Possible,
        "would" | "must" | "'d" | "’d" | "probably" | "presumably" | "apparently" | "likely"
        | "reportedly" | "supposedly" | "seemingly" => Certainty::Probable,
        "should" | "ought" | "shall" => Certainty::Uncommitted,
        _ => return None,
    };
    Some(Value::new(certainty, false))
}

#[cfg(test)]
mod tests {
    use super::{Frame, Value, parse_line, predicate};

    #[test]
    fn every_line_of_the_table_is_understood() {
        for line in include_str!("predicates.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let (_, parsed) = parse_line(line).unwrap();
            assert!(
                parsed.frames.chars().all(|c| "tcogan".contains(c)),
                "{line}"
            );
        }
    }

    #[test]
    fn predicates_are_found_by_form_and_frame() {
        let failed = predicate(["he", "failed", "to"], &[Frame::Infinitive]).unwrap();
        assert!(failed.under(Value::STATED).negative);
        assert!(predicate(["he", "failed", "to"], &[Frame::Noun]).is_none());
        assert!(predicate(["he", "called", "for"], &[Frame::Noun]).is_some());
        assert!(predicate(["he", "called", "a"], &[Frame::Noun]).is_none());
        let knew = predicate(["he", "knew", "that"], &[Frame::Clause]).unwrap();
        assert_eq!(knew.under(Value::OPEN), Value::STATED);
    }
}
