//! Finds the names of a text.

use std::collections::HashSet;
use std::ops::Range;

use crate::domain::{BlockKind, Span};
use crate::text::Layout;

use crate::extract::attribution::bare::BareAttribution;
use crate::extract::lexicon::calendar::CALENDAR;
use crate::extract::lexicon::lists::forename_gender;
use crate::extract::lexicon::nouns::{DOCUMENTS, is_one_of};

use super::cut::name_of;
use super::known::Known;
use super::name::Name;
use super::runs::runs;
use super::shapes::is_acronym;

/// The names of a text, in text order.
///
/// A lone capitalised word that begins a sentence counts only if it also stands capitalised inside one; in headlines
/// and headings, where every word may be capitalised, only names count that the body has too. In both cases it also
/// counts where an attribution has it for its whole source, unless it may be a common noun: "Residents said". What is
/// longer than [`MAX_NAME_BYTES`] is no name.
pub(in crate::extract) fn names(layout: &Layout<'_>, sources: &[BareAttribution]) -> Vec<Name> {
    let mut body = Vec::new();
    let mut doubtful = Vec::new();
    let mut headlines = Vec::new();
    let mut initial = Vec::new();
    for (index, sentence) in layout.sentences.iter().enumerate() {
        let headline = is_headline(layout, index);
        for run in runs(layout, sentence.tokens.clone()) {
            let first = run.start == sentence.tokens.start || opens_quotation(layout, run.start);
            let lone = run.len() == 1;
            let Some(name) = name_of(layout, run.clone(), index, None) else {
                continue;
            };
            if headline {
                headlines.push((run, name));
            } else if first && lone && !is_acronym(name.span.slice(layout.text)) {
                doubtful.push(name);
            } else if first
                && is_heading(layout, index)
                && run.len() == 2
                && forename_gender(layout.word(run.start)).is_none()
            {
                initial.push((run, name));
            } else {
                body.push(name);
            }
        }
    }
    let known = Known::new(layout.text, body.iter().map(|name| name.span));
    let speakers: HashSet<Span> = sources
        .iter()
        .flat_map(|source| source.source.iter().copied())
        .collect();
    let common: HashSet<&str> = (0..layout.tokens.len())
        .map(|token| layout.word(token))
        .filter(|word| word.starts_with(char::is_lowercase))
        .collect();
    let speaks = |name: &Name| {
        let text = name.span.slice(layout.text);
        let start = name.title.start.min(name.span.start);
        let noun = text.ends_with('s')
            || is_one_of(text, DOCUMENTS)
            || common.contains(text.to_lowercase().as_str());
        !noun && speakers.contains(&Span::new(start, name.span.end))
    };
    // "Kovács" beside "Kovács Péter".
    let is_called_by_first = |name: &Name| {
        let start = name.title.start.min(name.span.start);
        known.begins(name.span.slice(layout.text))
            && speakers.contains(&Span::new(start, name.span.end))
    };
    doubtful.retain(|name| {
        let word = name.span.slice(layout.text);
        known.ends(word) || is_called_by_first(name) || speaks(name) || shares_surname(layout, name)
    });
    body.append(&mut doubtful);
    body.extend(surnames_like_pronouns(layout, &known));
    for (run, name) in initial {
        body.extend(
            known
                .without_first(layout, run.clone())
                .map_or(Some(name.clone()), |rest| {
                    name_of(layout, rest, name.sentence, None)
                }),
        );
    }
    for (run, name) in headlines {
        if speaks(&name) || is_forename_and_surname(layout, &run) {
            body.push(name);
        } else {
            let inside = known.inside(layout, run).into_iter();
            body.extend(inside.filter_map(|run| name_of(layout, run, name.sentence, None)));
        }
    }
    body.sort_by_key(|name| name.span);
    body
}

/// "You" inside a sentence, beside "You Si-kun".
fn surnames_like_pronouns(layout: &Layout<'_>, known: &Known<'_>) -> Vec<Name> {
    let is_inside = |token: &usize| {
        matches!(layout.word(*token), "You" | "He" | "She" | "An")
            && known.begins(layout.word(*token))
            && !layout
                .tokens
                .get(*token + 1)
                .is_some_and(|next| next.span.slice(layout.text).starts_with(char::is_uppercase))
    };
    let mut found = Vec::new();
    for (index, sentence) in layout.sentences.iter().enumerate() {
        let behind_first = sentence.tokens.start + 1..sentence.tokens.end;
        let tokens = behind_first.filter(is_inside).filter(|token| {
            matches!(layout.word(*token - 1), ",")
                || layout.word(*token - 1).starts_with(char::is_lowercase)
        });
        found.extend(tokens.filter_map(|token| name_of(layout, token..token + 1, index, None)));
    }
    found
}

/// True for "Vera Lindqvist", also in a headline.
fn is_forename_and_surname(layout: &Layout<'_>, run: &Range<usize>) -> bool {
    run.len() == 2 && forename_gender(layout.word(run.start)).is_some()
}

/// True for "Des" in "Des and Mandy Harker".
fn shares_surname(layout: &Layout<'_>, name: &Name) -> bool {
    let and = layout.token_from(name.span.end);
    let end = layout.sentences[name.sentence].tokens.end;
    let is_forename = |token: usize| forename_gender(layout.word(token)).is_some();
    and + 2 < end
        && matches!(layout.word(and), "and" | "&")
        && is_forename(and + 1)
        && is_forename(and - 1)
        && layout.word(and + 2).starts_with(char::is_uppercase)
}

/// The word before a place in a sentence; empty where it begins the sentence.
pub(in crate::extract) fn word_before<'t>(
    layout: &Layout<'t>,
    sentence: usize,
    at: usize,
) -> &'t str {
    let before = layout.token_from(at).checked_sub(1);
    let before = before.filter(|token| layout.sentences[sentence].tokens.contains(token));
    before.map_or("", |token| layout.word(token))
}

/// True for a sentence whose capitals tell no names.
fn is_headline(layout: &Layout<'_>, sentence: usize) -> bool {
    is_heading(layout, sentence)
        && !is_sentence_case(layout, layout.sentences[sentence].tokens.clone())
}

fn is_heading(layout: &Layout<'_>, sentence: usize) -> bool {
    let kind = layout.blocks[layout.sentences[sentence].block].kind;
    matches!(kind, BlockKind::Title | BlockKind::Heading)
}

/// True where most long words of a headline are in lower case, so that capitals still tell names.
fn is_sentence_case(layout: &Layout<'_>, tokens: Range<usize>) -> bool {
    let long = tokens
        .skip(1)
        .map(|token| layout.word(token))
        .filter(|word| word.len() > 4 && !is_one_of(word, CALENDAR));
    let (small, capital): (Vec<&str>, Vec<&str>) =
        long.partition(|word| word.starts_with(char::is_lowercase));
    small.len() >= capital.len() && !small.is_empty()
}

/// True right after an opening mark, where a sentence may begin.
fn opens_quotation(layout: &Layout<'_>, token: usize) -> bool {
    let here = layout.tokens[token].span.start;
    let next = layout
        .quotations
        .partition_point(|quotation| quotation.inner.start < here);
    layout
        .quotations
        .get(next)
        .is_some_and(|quotation| quotation.inner.start == here)
}

#[cfg(test)]
mod tests {
    use super::{Layout, names};

    fn check(text: &str, expect: &[&str]) {
        let layout = Layout::new(text, None);
        let names = names(&layout, &[]);
        let found: Vec<&str> = names.iter().map(|name| name.span.slice(text)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_name_begins_behind_its_office() {
        check(
            "Then Petroleum Minister Tarek Al Molla spoke.",
            &["Tarek Al Molla"],
        );
    }

    #[test]
    fn names_are_found_without_their_titles() {
        check(
            "Ann Lee met Mr. Bo J. Dam on Monday.",
            &["Ann Lee", "Bo J. Dam"],
        );
        check("House Speaker Ann Lee-Roe left.", &["Ann Lee-Roe"]);
        check("The Port Bank of Ellen said so.", &["Port Bank of Ellen"]);
        check("Yesterday rain fell.", &[]);
        check("Lee left. Then she met Lee.", &["Lee", "Lee"]);
        check(
            "The Prime Minister spoke with Ludwig van Dam.",
            &["Ludwig van Dam"],
        );
        check(
            "Then Secretary of State Ann Lee met the President of Ellen.",
            &["Ann Lee"],
        );
        check(
            "Biologist Nick Dam met Stephen King and Suleiman al-Amr.",
            &["Nick Dam", "Stephen King", "Suleiman al-Amr"],
        );
        check(
            "Then CEO of the Port Council Vera Dam met envoy to the United States Ludo Dam.",
            &["Port Council", "Vera Dam", "United States", "Ludo Dam"],
        );
        check("Then a Russian met the Irish.", &[]);
        check(
            "Angry Ann Lee Calls Old Bob Dam A Liar\n\nThen Ann Lee met Dam.",
            &["Ann Lee", "Bob Dam", "Ann Lee", "Dam"],
        );
        check("Then she met Ban Ki-moon.", &["Ban Ki-moon"]);
        check("Rain angers Ann Lee, say three voters", &["Ann Lee"]);
        check(
            "The Ellen Justice Department sued.",
            &["Ellen Justice Department"],
        );
        check("Kremlin spokesperson Ann Lee spoke.", &["Ann Lee"]);
        for name in [
            "Jan van den Broek",
            "Marta de la Cruz",
            "Luiz Inácio dos Santos",
            "Nurul binti Hassan",
            "Omar al-Rashid",
            "Seán Ó Briain",
            "Rhys ap Gwilym",
            "Sung-ho Kim",
            "Prayut Chan-o-cha",
            "Jeanne d’Arc Muja",
            "Rogelio “Boy” Manansala",
            "J.R.R. Tolland",
            "Nguyen Thi Lan",
            "Jean-Baptiste N'Dour",
        ] {
            check(&format!("Then {name} spoke."), &[name]);
            check(&format!("Then {name}'s dog barked."), &[name]);
        }
        check(
            "Then Secretary for Culture, Sports and Tourism Ann Lee spoke.",
            &["Sports", "Tourism", "Ann Lee"],
        );
        check(
            "Then the Minister of Policies and Supervision of Agrarian Development Juan Dam spoke.",
            &["Supervision", "Agrarian Development", "Juan Dam"],
        );
        check(
            "Then the President of the Republic Ann Lee spoke.",
            &["Republic", "Ann Lee"],
        );
        check(
            "Then the director of RID Taw Minh spoke.",
            &["RID", "Taw Minh"],
        );
        check(
            "Then the Leader of the Revolution Ayatollah Ali Khan spoke.",
            &["Revolution", "Ali Khan"],
        );
        check(
            "Then the Lemvan Association of Industrialists spoke.",
            &["Lemvan Association of Industrialists"],
        );
        check(
            "Then Constantine the Great spoke.",
            &["Constantine the Great"],
        );
        check("Then Talal Al- Khaled spoke.", &["Talal Al- Khaled"]);
        check(
            "Then a granddaughter, June Harker, met her in June Monday.",
            &["June Harker"],
        );
        check(
            "Then Speaker You Si-kun met Lee, and You said you know.",
            &["You Si-kun", "Lee", "You"],
        );
        check("Lord Harrow of Tern spoke.", &["Harrow of Tern"]);
        check(
            "Then Meride-based Ann Lee met Henry Dam as agreed.",
            &["Meride", "Ann Lee", "Henry Dam"],
        );
    }
}
