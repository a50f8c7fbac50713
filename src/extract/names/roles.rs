//! Offices and jobs that the text states beside a name.

use std::collections::HashSet;

use crate::domain::{MAX_NAME_BYTES, Role, Span};
use crate::text::{Layout, TokenKind};

use super::Name;
use crate::extract::lexicon::lists::{ROLES, is_title};
use crate::extract::lexicon::nouns::is_one_of;

/// Maximum length of an apposition, in tokens.
const MAX_APPOSITION: usize = 14;
/// Maximum length of a title before a name, in tokens.
const MAX_PRENOMINAL: usize = 5;

/// The roles stated beside any of an actor's names, each title once, in text order. Titles longer than
/// [`MAX_NAME_BYTES`] give no role, organisations longer than that are left out of it.
pub(in crate::extract) fn roles_of<'a>(
    layout: &Layout<'_>,
    names: impl Iterator<Item = &'a Name>,
) -> Vec<Role> {
    let mut known: HashSet<String> = HashSet::new();
    names
        .flat_map(|name| {
            [
                titled(layout, name),
                before(layout, name),
                behind(layout, name),
            ]
        })
        .flatten()
        .filter(|role| role.title.len() <= MAX_NAME_BYTES && known.insert(role.title.clone()))
        .collect()
}

/// "House Speaker Ann Lee".
fn titled(layout: &Layout<'_>, name: &Name) -> Option<Role> {
    let title: Vec<&str> = name
        .title
        .slice(layout.text)
        .split_whitespace()
        .filter(|word| !is_title(word) || ROLES.has(word))
        .collect();
    let evidence = Span::new(name.title.start, name.span.end);
    (!title.is_empty()).then(|| role(layout, &title.join(" "), None, evidence))
}

/// "Kremlin spokesperson Ann Lee": small words that end in a role, and a capitalised run before them.
fn before(layout: &Layout<'_>, name: &Name) -> Option<Role> {
    let end = layout.token_from(name.title.start.min(name.span.start));
    let head = end
        .checked_sub(1)
        .filter(|token| ROLES.has(layout.word(*token)))
        .filter(|token| *token >= layout.sentences[name.sentence].tokens.start)?;
    let sentence = layout.sentences[name.sentence].tokens.start;
    let least = end.saturating_sub(MAX_PRENOMINAL).max(sentence);
    let start = run_back(end, least, |token| is_small_role_word(layout, token));
    let owner = run_back(start, least, |token| is_capital(layout, token));
    let title = Span::new(
        layout.tokens[start].span.start,
        layout.tokens[head].span.end,
    )
    .slice(layout.text);
    let organization = (owner < start).then(|| {
        Span::new(
            layout.tokens[owner].span.start,
            layout.tokens[start - 1].span.end,
        )
        .slice(layout.text)
    });
    let evidence = Span::new(layout.tokens[owner].span.start, name.span.end);
    Some(role(layout, title, organization, evidence))
}

/// "Ann Lee, the chief executive of Acme,".
fn behind(layout: &Layout<'_>, name: &Name) -> Option<Role> {
    let comma = layout.token_from(name.span.end);
    let first = comma + 1;
    let last = layout.sentences[name.sentence].tokens.end;
    if first >= last || layout.word(comma) != "," {
        return None;
    }
    let start = if is_one_of(layout.word(first), &["the", "a", "an", "its", "their"]) {
        first + 1
    } else {
        first
    };
    let limit = last.min(start + MAX_APPOSITION);
    let end = (start..limit)
        .find(|token| !is_part_of_apposition(layout, *token))
        .or((limit == last).then_some(last))
        .filter(|end| *end > start)?;
    let head_end = (start..end)
        .find(|token| is_preposition(layout.word(*token)))
        .unwrap_or(end);
    let head = head_end
        .checked_sub(1)
        .filter(|head| *head >= start && ROLES.has(layout.word(*head)))?;
    let title = Span::new(
        layout.tokens[start].span.start,
        layout.tokens[head].span.end,
    )
    .slice(layout.text);
    let organization = organization(layout, head_end, end);
    let evidence = Span::new(name.span.start, layout.tokens[end - 1].span.end);
    Some(role(layout, title, organization, evidence))
}

fn organization<'t>(layout: &Layout<'t>, preposition: usize, end: usize) -> Option<&'t str> {
    let mut start = preposition + 1;
    if start < end && is_one_of(layout.word(start), &["the", "a"]) {
        start += 1;
    }
    let stop = (start..end)
        .find(|token| !is_capital(layout, *token) && layout.word(*token) != "of")
        .unwrap_or(end);
    (start < stop && is_capital(layout, start)).then(|| {
        Span::new(
            layout.tokens[start].span.start,
            layout.tokens[stop - 1].span.end,
        )
        .slice(layout.text)
    })
}

fn role(layout: &Layout<'_>, title: &str, organization: Option<&str>, evidence: Span) -> Role {
    Role {
        title: title.to_owned(),
        organization: organization
            .filter(|name| name.len() <= MAX_NAME_BYTES)
            .map(str::to_owned),
        start_date: None,
        end_date: None,
        evidence: Some(evidence.slice(layout.text).to_owned()),
    }
}

fn run_back(end: usize, least: usize, belongs: impl Fn(usize) -> bool) -> usize {
    let mut start = end;
    while start > least && belongs(start - 1) {
        start -= 1;
    }
    start
}

fn is_capital(layout: &Layout<'_>, token: usize) -> bool {
    layout.tokens[token].kind == TokenKind::Word
        && layout.word(token).starts_with(char::is_uppercase)
        && !is_one_of(
            layout.word(token),
            &["the", "a", "an", "but", "and", "as", "in"],
        )
}

fn is_small_role_word(layout: &Layout<'_>, token: usize) -> bool {
    let word = layout.word(token);
    ROLES.has(word)
        || is_one_of(
            word,
            &[
                "campaign", "senior", "former", "deputy", "police", "prime", "foreign",
            ],
        )
}

fn is_part_of_apposition(layout: &Layout<'_>, token: usize) -> bool {
    layout.tokens[token].kind == TokenKind::Word
        && !is_one_of(layout.word(token), &["who", "which", "and", "said", "says"])
}

fn is_preposition(word: &str) -> bool {
    is_one_of(word, &["of", "for", "at", "in", "with", "from", "on", "to"])
}

#[cfg(test)]
mod tests {
    use super::{Layout, roles_of};
    use crate::extract::names::names;

    #[test]
    fn roles_are_read_beside_the_name() {
        let check = |text: &str, expect: Option<(&str, Option<&str>, &str)>| {
            let layout = Layout::new(text, None);
            let names = names(&layout, &[]);
            let roles = roles_of(&layout, names.iter());
            let found = roles.first().map(|role| {
                (
                    role.title.as_str(),
                    role.organization.as_deref(),
                    role.evidence.as_deref().unwrap_or_default(),
                )
            });
            assert_eq!(found, expect, "{text}");
        };
        check(
            "It was Kremlin spokesperson Ann Lee.",
            Some((
                "spokesperson",
                Some("Kremlin"),
                "Kremlin spokesperson Ann Lee",
            )),
        );
        check(
            "So said House Speaker Ann Lee.",
            Some(("House Speaker", None, "House Speaker Ann Lee")),
        );
        check(
            "Ann Lee, the chief executive of Acme, left.",
            Some((
                "chief executive",
                Some("Acme"),
                "Ann Lee, the chief executive of Acme",
            )),
        );
        check("Ann Lee, the tallest of them, left.", None);
        check("Mr. Bo Dam left.", None);
        check(
            "Rain angers Ann Lee, the chief executive of Acme",
            Some((
                "chief executive",
                Some("Acme"),
                "Ann Lee, the chief executive of Acme",
            )),
        );
        check(
            "So said Bo Dam and Ann Lee, the mayor\n\nFor Acme it was over.",
            Some(("mayor", None, "Ann Lee, the mayor")),
        );
    }
}
