//! Names of people that the model reads where capitals and lists tell none: "Abdo" at the beginning of a sentence, "Liu
//! He".

use std::ops::Range;

use crate::extract::model::Tagged;
use crate::text::{Layout, TokenKind};

use super::cut::name_of;
use super::name::{Name, NameKind};
use super::shapes::is_capitalised;

/// A name with less confidence than this is dropped.
const LEAST_SURE: f32 = 0.5;

/// Adds the people that `tagged` holds to `names`; both are in text order.
///
/// A name of the rules stays as it is, but where it is only a part of one that goes on with capitals: measured on texts left out
/// of training, the rules tell better how far names go.
pub(in crate::extract) fn add_tagged(
    layout: &Layout<'_>,
    names: &mut Vec<Name>,
    tagged: &[Tagged],
) {
    let mut more = Vec::new();
    for person in tagged {
        if person.kind != NameKind::Person || person.confidence < LEAST_SURE {
            continue;
        }
        let Some(mut name) = in_sentence(layout, person.tokens.clone()) else {
            continue;
        };
        let first = names.partition_point(|own| own.span.end <= name.span.start);
        let over = first..names.partition_point(|own| own.span.start < name.span.end);
        let is_office = names
            .get(first)
            .is_some_and(|own| own.title.overlaps(name.span));
        match &names[over.clone()] {
            [] if !is_office => more.push(name),
            [begin, ..] if is_wider(layout, &name, &names[over.clone()]) => {
                if name.title.is_empty() && begin.title.end <= name.span.start {
                    name.title = begin.title;
                }
                names.drain(over);
                more.push(name);
            }
            _ => {}
        }
    }
    names.append(&mut more);
    names.sort_by_key(|name| name.span);
}

/// True if a name holds all of these and more, which is nothing but capitalised words.
fn is_wider(layout: &Layout<'_>, name: &Name, parts: &[Name]) -> bool {
    let is_inside = |token: &usize| {
        let span = layout.tokens[*token].span;
        parts.iter().any(|part| part.span.contains(span))
    };
    let tokens = layout.token_from(name.span.start)..layout.token_from(name.span.end);
    let mut more = tokens.filter(|token| !is_inside(token)).peekable();
    more.peek().is_some()
        && more.all(|token| is_capital(layout, token))
        && parts.iter().all(|part| name.span.contains(part.span))
}

fn is_capital(layout: &Layout<'_>, token: usize) -> bool {
    layout.tokens[token].kind == TokenKind::Word && is_capitalised(layout.word(token))
}

/// The name in these tokens of one sentence, from its first capital to its last.
fn in_sentence(layout: &Layout<'_>, tokens: Range<usize>) -> Option<Name> {
    let start = layout.tokens[tokens.start].span.start;
    let sentence = layout
        .sentences
        .partition_point(|sentence| sentence.span.end <= start);
    let end = layout.sentences.get(sentence)?.tokens.end.min(tokens.end);
    let mut capitals = (tokens.start..end).filter(|token| is_capital(layout, *token));
    let first = capitals.next()?;
    let last = capitals.next_back().unwrap_or(first);
    name_of(layout, first..last + 1, sentence, None)
}

#[cfg(test)]
mod tests {
    use super::{NameKind, Tagged, add_tagged};
    use crate::extract::names::names;
    use crate::text::Layout;

    #[test]
    fn what_the_model_reads_is_added_and_joined() {
        let check = |text: &str, tagged: &str, expect: &[&str]| {
            let layout = Layout::new(text, None);
            let at = text.find(tagged).unwrap();
            let tagged = Tagged {
                tokens: layout.token_from(at)..layout.token_from(at + tagged.len()),
                kind: NameKind::Person,
                confidence: 0.9,
            };
            let mut names = names(&layout, &[]);
            add_tagged(&layout, &mut names, &[tagged]);
            let found: Vec<&str> = names.iter().map(|name| name.span.slice(text)).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("Abdo made it.", "Abdo", &["Abdo"]);
        check("Abdo's plan was made.", "Abdo's", &["Abdo"]);
        check("Then Premier Liu He left.", "Liu He", &["Liu He"]);
        check("Then Vera Dam left.", "Dam", &["Vera Dam"]);
        check(
            "Then Vera left it with Dam.",
            "Vera left it with Dam",
            &["Vera", "Dam"],
        );
        check("Then the mayor left.", "mayor", &[]);
    }
}
