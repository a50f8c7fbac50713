//! Verb groups: a cue with its auxiliaries and adverbs.

use std::ops::Range;

use crate::extract::lexicon::cues::{Entry, Form, Frames, LEXICON, Tense};

use super::sheet::Sheet;
use super::words::Class;

/// A verb of the lexicon as it stands in a sentence.
#[derive(Debug, Clone)]
pub(super) struct VerbGroup {
    /// With auxiliaries, adverbs and particles: "has repeatedly pointed out".
    pub tokens: Range<usize>,
    /// The verb itself.
    pub verb: usize,
    pub entry: &'static Entry,
    pub voice: Voice,
}

/// What the group can be the predicate of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// "said", "has said", "is saying"
    Active,
    /// "was asked"
    Passive,
    /// "saying"
    Participle,
    /// "asked" without a subject: "when asked", "asked about"
    Addressed,
}

/// Maximum number of auxiliaries and adverbs before a verb.
const MAX_HELPERS: usize = 5;

/// What stands before a verb.
#[derive(Default)]
struct Helpers {
    start: usize,
    be: bool,
    have_or_modal: bool,
    to: bool,
}

/// The verb group whose verb is the token at `verb`, if it can be one there.
pub(super) fn verb_group(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    verb: usize,
    headline: bool,
) -> Option<VerbGroup> {
    let capital = sheet.layout.word(verb).starts_with(char::is_uppercase);
    let small = sheet.classes[verb] == Class::Word;
    let large =
        capital && sheet.classes[verb] == Class::Name && (headline || verb == sentence.start);
    if !small && !large {
        return None;
    }
    sheet
        .readings(verb, sentence.end)
        .find_map(|(form, length)| {
            let ing = form.tense == Tense::Ing;
            let helpers = helpers(sheet, sentence, verb, ing);
            let voice = voice(sheet, sentence, form, verb, &helpers)?;
            let entry = LEXICON.entry(form);
            Some(VerbGroup {
                tokens: helpers.start..verb + length,
                verb,
                entry,
                voice,
            })
        })
}

fn helpers(sheet: &Sheet<'_>, sentence: &Range<usize>, verb: usize, ing: bool) -> Helpers {
    let mut found = Helpers {
        start: verb,
        ..Helpers::default()
    };
    while found.start > sentence.start && verb - found.start < MAX_HELPERS {
        let before = found.start - 1;
        match sheet.classes[before] {
            Class::Adverb => {}
            Class::Auxiliary => found.have_or_modal = true,
            Class::Be => found.be = true,
            Class::Possessive
                if before > sentence.start && sheet.classes[before - 1] == Class::Pronoun =>
            {
                found.be |= ing;
                found.have_or_modal |= !ing;
            }
            Class::To => {
                found.to = true;
                break;
            }
            _ => break,
        }
        found.start = before;
    }
    found
}

fn voice(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    form: Form,
    verb: usize,
    helpers: &Helpers,
) -> Option<Voice> {
    let before = helpers
        .start
        .checked_sub(1)
        .filter(|token| sentence.contains(token));
    let class = before.map_or(Class::Stop, |token| sheet.classes[token]);
    let helped = helpers.be || helpers.have_or_modal;
    let owned = matches!(
        class,
        Class::Determiner | Class::Preposition | Class::Possessive | Class::To
    );
    if helpers.to
        || (owned && !helped && form.tense != Tense::Ing && !is_lone_determiner(sheet, before))
    {
        return None;
    }
    match form.tense {
        Tense::Base if helpers.be => None,
        Tense::Base if helpers.have_or_modal => Some(Voice::Active),
        Tense::Base => {
            let subject = before.is_some_and(|token| {
                is_plural(sheet, token) || (!is_noun_too(form) && is_noun(sheet, token))
            });
            (subject && fits_base(sheet, sentence, form, verb, class)).then_some(Voice::Active)
        }
        Tense::Third if helped || class == Class::Stop => None,
        Tense::Third => fits_third(sheet, sentence, form, verb, class).then_some(Voice::Active),
        Tense::Past | Tense::Participle if helpers.be => Some(Voice::Passive),
        Tense::Past if class == Class::Stop || is_when(sheet, before) => LEXICON
            .entry(form)
            .frames
            .has(Frames::ADDRESSEE)
            .then_some(Voice::Addressed),
        Tense::Past => Some(Voice::Active),
        Tense::Participle => helpers.have_or_modal.then_some(Voice::Active),
        Tense::Ing if helpers.be => Some(Voice::Active),
        Tense::Ing if matches!(class, Class::Determiner | Class::Possessive) => None,
        Tense::Ing => Some(Voice::Participle),
        Tense::Noun => None,
    }
}

/// "claims" after a small noun is a noun itself, unless "that" or a quotation follows.
fn fits_third(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    form: Form,
    verb: usize,
    before: Class,
) -> bool {
    let noun_too = is_noun_too(form);
    let next = sheet.class_in(sentence, verb + 1);
    if noun_too
        && matches!(
            next,
            Class::Be | Class::Auxiliary | Class::Stop | Class::Conjunction
        )
    {
        return false;
    }
    match before {
        Class::Word => !noun_too || matches!(next, Class::That | Class::Quoted | Class::To),
        Class::Name
        | Class::Pronoun
        | Class::Relative
        | Class::That
        | Class::Comma
        | Class::Close => true,
        Class::Conjunction | Class::Time | Class::Quoted | Class::Determiner | Class::Number => {
            !noun_too
        }
        _ => false,
    }
}

/// "state" after "voters" is a verb if something follows that a noun does not take.
fn fits_base(
    sheet: &Sheet<'_>,
    sentence: &Range<usize>,
    form: Form,
    verb: usize,
    before: Class,
) -> bool {
    let next = sheet.class_in(sentence, verb + 1);
    let opens = matches!(
        next,
        Class::That | Class::To | Class::Quoted | Class::Determiner | Class::Pronoun | Class::Name
    );
    let sure = matches!(before, Class::Pronoun | Class::Relative | Class::That);
    !is_noun_too(form)
        || ((sure || opens) && !matches!(next, Class::Be | Class::Auxiliary | Class::Stop))
}

/// A noun right before a verb's base form most often ends a plural phrase: "people close to Lee say".
fn is_noun(sheet: &Sheet<'_>, token: usize) -> bool {
    matches!(
        sheet.classes[token],
        Class::Name | Class::Word | Class::Number
    )
}

fn is_when(sheet: &Sheet<'_>, token: Option<usize>) -> bool {
    token.is_some_and(|token| sheet.classes[token] == Class::Subordinator)
}

fn is_noun_too(form: Form) -> bool {
    LEXICON.entry(form).frames.has(Frames::HOMOGRAPH)
}

fn is_plural(sheet: &Sheet<'_>, token: usize) -> bool {
    let word = sheet.lower[token].as_str();
    match sheet.classes[token] {
        Class::Pronoun => !matches!(word, "he" | "she" | "it"),
        Class::Relative | Class::That => true,
        Class::Word | Class::Name => {
            (word.ends_with('s') && !word.ends_with("ss"))
                || matches!(word, "people" | "men" | "women" | "police")
        }
        Class::Determiner => is_lone_determiner(sheet, Some(token)),
        _ => false,
    }
}

/// "Some say": a determiner that can be a subject without a noun.
fn is_lone_determiner(sheet: &Sheet<'_>, token: Option<usize>) -> bool {
    token.is_some_and(|token| {
        let word = sheet.lower[token].as_str();
        matches!(
            word,
            "some"
                | "many"
                | "several"
                | "most"
                | "all"
                | "both"
                | "few"
                | "those"
                | "these"
                | "another"
        )
    })
}

/// Frequent verbs whose past shows no ending.
const IRREGULAR: &[&str] = &[
    "began", "broke", "brought", "built", "came", "chose", "cut", "did", "fell", "fought", "gave",
    "got", "grew", "had", "held", "hit", "kept", "led", "left", "lost", "made", "meant", "met",
    "needs", "paid", "put", "ran", "rose", "sent", "set", "stood", "spent", "took", "went", "won",
];

/// True if `tokens` seem to hold the predicate of a clause.
pub(super) fn has_finite_verb(sheet: &Sheet<'_>, tokens: Range<usize>) -> bool {
    tokens.clone().any(|token| match sheet.classes[token] {
        Class::Be | Class::Auxiliary => true,
        Class::Possessive => token > tokens.start && sheet.classes[token - 1] == Class::Pronoun,
        Class::Word => {
            let word = sheet.lower[token].as_str();
            let follows_subject = token > tokens.start
                && matches!(sheet.classes[token - 1], Class::Pronoun | Class::Name);
            follows_subject
                || IRREGULAR.contains(&word)
                || (word.ends_with("ed") && token > tokens.start + 1)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{Voice, verb_group};
    use crate::extract::rules::sheet::Sheet;
    use crate::text::Layout;

    #[test]
    fn a_verb_is_read_with_its_helpers() {
        let check = |text: &str, expect: Option<(&str, Voice)>| {
            let layout = Layout::new(text, None);
            let sheet = Sheet::new(&layout);
            let range = 0..layout.tokens.len();
            let found = range
                .clone()
                .find_map(|token| verb_group(&sheet, &range, token, false));
            let found = found.map(|group| (sheet.span(group.tokens).slice(text), group.voice));
            assert_eq!(found, expect, "{text}");
        };
        check(
            "Lee has repeatedly said so.",
            Some(("has repeatedly said", Voice::Active)),
        );
        check("He's saying so.", Some(("'s saying", Voice::Active)));
        check(
            "Lee pointed out holes.",
            Some(("pointed out", Voice::Active)),
        );
        check("Lee was asked.", Some(("was asked", Voice::Passive)));
        check("She left, saying so.", Some(("saying", Voice::Participle)));
        check("Voters say so.", Some(("say", Voice::Active)));
        check("The claims were many.", None);
        check("To say so is wrong.", None);
        check("Her plans to leave.", None);
    }
}
