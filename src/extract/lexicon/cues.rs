//! The cue lexicon: the words that make an attribution, with their inflections and what they tell of the act.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::{ClaimKind, ReporterStance};

/// What may stand beside a cue. See the head of `cues.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::extract) struct Frames(u8);

impl Frames {
    pub const QUOTE: u8 = 1;
    pub const CLAUSE: u8 = 1 << 1;
    pub const ADDRESSEE: u8 = 1 << 2;
    pub const INFINITIVE: u8 = 1 << 3;
    pub const OBJECT: u8 = 1 << 4;
    pub const QUESTION: u8 = 1 << 5;
    pub const NOUN: u8 = 1 << 6;
    pub const HOMOGRAPH: u8 = 1 << 7;
    /// Any frame of a verb.
    pub const ANY: u8 =
        Self::QUOTE | Self::CLAUSE | Self::OBJECT | Self::INFINITIVE | Self::QUESTION;

    fn parse(letters: &str) -> Self {
        Self(
            letters
                .chars()
                .fold(0, |bits, letter| bits | frame_bit(letter)),
        )
    }

    pub const fn has(self, frame: u8) -> bool {
        self.0 & frame != 0
    }
}

fn frame_bit(letter: char) -> u8 {
    match letter {
        'q' => Frames::QUOTE,
        'c' => Frames::CLAUSE,
        'a' => Frames::ADDRESSEE,
        't' => Frames::INFINITIVE,
        'o' => Frames::OBJECT,
        'w' => Frames::QUESTION,
        'n' => Frames::NOUN,
        'h' => Frames::HOMOGRAPH,
        _ => 0,
    }
}

/// One dictionary entry.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Entry {
    pub lemma: &'static str,
    /// The words after the first, for "point out" and the like.
    pub particles: Vec<&'static str>,
    pub frames: Frames,
    pub kind: Option<ClaimKind>,
    pub stance: Option<ReporterStance>,
}

/// The inflection of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Tense {
    Base,
    Third,
    Past,
    Participle,
    Ing,
    Noun,
}

/// One reading of a word: which entry, in which inflection.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract) struct Form {
    pub entry: usize,
    pub tense: Tense,
}

/// The compiled lexicon.
#[derive(Debug)]
pub(in crate::extract) struct Lexicon {
    entries: Vec<Entry>,
    /// Lower-case first word → readings, those with more particles first.
    forms: HashMap<String, Vec<Form>>,
}

/// The lexicon of this build, compiled on first use.
pub(in crate::extract) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("cues.tsv")));

impl Lexicon {
    fn parse(table: &'static str) -> Self {
        let mut lexicon = Self {
            entries: Vec::new(),
            forms: HashMap::new(),
        };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&'static str> = line.split('\t').collect();
            if let [lemma, forms, frames, kind, stance] = fields[..] {
                lexicon.add(
                    lemma,
                    forms,
                    Frames::parse(frames),
                    kind.parse().ok(),
                    stance.parse().ok(),
                );
            }
        }
        let Self { entries, forms } = &mut lexicon;
        for readings in forms.values_mut() {
            readings.sort_by_key(|form| std::cmp::Reverse(entries[form.entry].particles.len()));
        }
        lexicon
    }

    fn add(
        &mut self,
        lemma: &'static str,
        forms: &str,
        frames: Frames,
        kind: Option<ClaimKind>,
        stance: Option<ReporterStance>,
    ) {
        let entry = self.entries.len();
        let mut words = lemma.split(' ');
        let head = words.next().unwrap_or(lemma);
        for (word, tense) in inflections(head, forms, frames) {
            self.forms
                .entry(word)
                .or_default()
                .push(Form { entry, tense });
        }
        self.entries.push(Entry {
            lemma,
            particles: words.collect(),
            frames,
            kind,
            stance,
        });
    }

    /// The readings of a word in lower case, longest phrase first.
    pub fn readings(&self, word: &str) -> &[Form] {
        self.forms.get(word).map_or(&[], Vec::as_slice)
    }

    /// The entry of a reading.
    pub fn entry(&self, form: Form) -> &Entry {
        &self.entries[form.entry]
    }

    /// The entry that a cue's words stand for, if the lexicon has one: that of its first known verb, else of its
    /// first known noun.
    pub fn find(&self, cue: &str) -> Option<&Entry> {
        let lower = cue.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let all = (0..words.len()).flat_map(|at| {
            let follow = &words[at + 1..];
            self.readings(words[at])
                .iter()
                .filter(move |form| follow.starts_with(&self.entry(**form).particles))
        });
        let mut all = all.peekable();
        let first = all.peek().copied();
        let verb = all.find(|form| form.tense != Tense::Noun);
        verb.or(first).map(|form| self.entry(*form))
    }
}

fn inflections(head: &str, forms: &str, frames: Frames) -> Vec<(String, Tense)> {
    if frames.has(Frames::NOUN) {
        return vec![(head.to_owned(), Tense::Noun), (third(head), Tense::Noun)];
    }
    let mut given = forms.split('/').filter(|form| *form != "-");
    let irregular = forms.contains('/');
    let past = if irregular {
        given.next().unwrap_or(head).to_owned()
    } else {
        past(head)
    };
    let participle = if irregular {
        given.next().unwrap_or(head).to_owned()
    } else {
        past.clone()
    };
    let ing = given
        .next()
        .filter(|_| irregular)
        .map_or_else(|| ing(head), str::to_owned);
    let mut all = vec![
        (head.to_owned(), Tense::Base),
        (third(head), Tense::Third),
        (past.clone(), Tense::Past),
        (ing, Tense::Ing),
    ];
    if participle != past {
        all.push((participle, Tense::Participle));
    }
    all
}

fn ends_in_consonant_y(head: &str) -> bool {
    head.ends_with('y')
        && !head
            .trim_end_matches('y')
            .ends_with(['a', 'e', 'i', 'o', 'u'])
}

fn third(head: &str) -> String {
    if ends_in_consonant_y(head) {
        format!("{}ies", &head[..head.len() - 1])
    } else if head.ends_with(['s', 'x', 'o']) || head.ends_with("ch") || head.ends_with("sh") {
        format!("{head}es")
    } else {
        format!("{head}s")
    }
}

fn past(head: &str) -> String {
    if ends_in_consonant_y(head) {
        format!("{}ied", &head[..head.len() - 1])
    } else if head.ends_with('e') {
        format!("{head}d")
    } else {
        format!("{head}ed")
    }
}

fn ing(head: &str) -> String {
    match head.strip_suffix('e') {
        Some(stem) if !head.ends_with("ee") => format!("{stem}ing"),
        _ => format!("{head}ing"),
    }
}

#[cfg(test)]
mod tests {
    use super::{LEXICON, Tense};

    #[test]
    fn every_line_of_the_table_is_understood() {
        for line in include_str!("cues.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 5, "{line}");
            assert!(fields[2].chars().all(|c| "qcatownxh".contains(c)), "{line}");
            assert!(
                fields[3] == "-" || fields[3].parse::<crate::domain::ClaimKind>().is_ok(),
                "{line}"
            );
            assert!(
                fields[4] == "-" || fields[4].parse::<crate::domain::ReporterStance>().is_ok(),
                "{line}"
            );
        }
    }

    #[test]
    fn forms_lead_to_their_entry() {
        let check = |word: &str, lemma: &str, tense: Tense| {
            let found = LEXICON
                .readings(word)
                .iter()
                .any(|form| LEXICON.entry(*form).lemma == lemma && form.tense == tense);
            assert!(found, "{word}");
        };
        check("said", "say", Tense::Past);
        check("denies", "deny", Tense::Third);
        check("arguing", "argue", Tense::Ing);
        check("agreeing", "agree", Tense::Ing);
        check("admitting", "admit", Tense::Ing);
        check("written", "write", Tense::Participle);
        check("pointed", "point out", Tense::Past);
        check("claims", "claim", Tense::Noun);
    }

    #[test]
    fn cues_are_found_by_their_words() {
        let check = |cue: &str, expect: Option<&str>| {
            assert_eq!(LEXICON.find(cue).map(|entry| entry.lemma), expect, "{cue}");
        };
        check("said", Some("say"));
        check("has repeatedly said", Some("say"));
        check("Pointed out", Some("point out"));
        check("according to", Some("according to"));
        check("criticism of", Some("criticism"));
        check(":", None);
    }
}
