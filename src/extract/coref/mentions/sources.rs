//! Which mention a source is.

use crate::domain::Span;
use crate::extract::attribution::bare::BareAttribution;
use crate::extract::lexicon::nouns::{DOCUMENTS, is_one_of};
use crate::text::{Layout, TokenKind};

use super::found::{Found, Sort};
use super::holders::holder_behind;
use super::pronouns::{Case, Pronoun, pronoun};
use crate::extract::lexicon::lists::{
    is_article, is_closed, is_partitive, is_people, is_person_noun, is_post_nominal, noun,
};

/// How many words may stand between a document and its author.
const MAX_BETWEEN: usize = 5;
/// How many words are looked at before a noun that "who" means.
const MAX_MODIFIERS: usize = 5;

/// Maximum length of a phrase that is a mention, in bytes.
pub(super) const MAX_BYTES: usize = 200;

/// The head of a source: the last name or word before the first comma, preposition or relative clause; but after "the
/// head of Acme, " the name of who that is, and of a source without a word its number. What stands in marks before a
/// noun is passed over.
pub(in crate::extract::coref) fn head(
    layout: &Layout<'_>,
    found: &[Found],
    source: Span,
) -> Option<Span> {
    if let Some(holder) = holder_behind(layout, found, source) {
        return Some(holder);
    }
    let mut head = None;
    let mut token = layout.token_from(source.start);
    let end = layout.token_from(source.end);
    while token < end {
        if let Some(behind) = behind_title(layout, token, end) {
            token = behind;
            continue;
        }
        if let Some(name) = name_at(found, layout.tokens[token].span) {
            let before = layout
                .token_from(name.start)
                .checked_sub(1)
                .filter(|token| layout.tokens[*token].span.start >= source.start);
            if before.is_some_and(|token| is_person_noun(layout.word(token))) {
                return Some(name);
            }
            head = Some(name);
            token = layout.token_from(name.end);
            if is_apostrophe(layout, token, end) {
                token += 1;
            }
            continue;
        }
        let is_word = layout.tokens[token].kind == TokenKind::Word;
        let goes_on = layout.word(token) == "-" || layout.tokens[token].kind == TokenKind::Number;
        let ends = !is_word
            || ends_head(layout.word(token))
            || is_post_nominal(layout.word(token))
            || is_behind_noun(layout, head, token);
        let partitive = head.is_some_and(|head| is_partitive(head.slice(layout.text)))
            && layout.word(token) == "of"
            && !(token + 1 < end && pronoun(layout.word(token + 1)).is_some());
        if head.is_some() && !goes_on && ends && !partitive {
            break;
        }
        if is_word && !is_owner_mark(layout.word(token)) {
            head = Some(layout.tokens[token].span);
        }
        token += 1;
    }
    head.or_else(|| number(layout, source))
}

/// The last number of a source without a word: "26%".
fn number(layout: &Layout<'_>, source: Span) -> Option<Span> {
    let tokens = layout.token_from(source.start)..layout.token_from(source.end);
    let mut numbers = tokens.filter(|token| layout.tokens[*token].kind == TokenKind::Number);
    numbers.next_back().map(|token| layout.tokens[token].span)
}

/// Where a noun follows a title in quotation marks that begins at `token`: "the “Safe Roads” report".
fn behind_title(layout: &Layout<'_>, token: usize, end: usize) -> Option<usize> {
    if !matches!(layout.word(token), "“" | "\"") {
        return None;
    }
    let close = (token + 1..end).find(|at| matches!(layout.word(*at), "”" | "\""))?;
    let noun = close + 1;
    let is_noun = noun < end
        && layout.tokens[noun].kind == TokenKind::Word
        && layout.word(noun).starts_with(char::is_lowercase)
        && !ends_head(layout.word(noun))
        && !is_closed(layout.word(noun));
    is_noun.then_some(noun)
}

/// True for the mark that makes a name in -s a possessive: "Sanders’ aides".
fn is_apostrophe(layout: &Layout<'_>, token: usize, end: usize) -> bool {
    token > 0
        && token + 1 < end
        && matches!(layout.word(token), "’" | "'")
        && layout.tokens[token].span.start == layout.tokens[token - 1].span.end
        && layout.word(token - 1).ends_with('s')
        && layout.tokens[token + 1].kind == TokenKind::Word
}

/// True for the mark of a possessive.
fn is_owner_mark(word: &str) -> bool {
    matches!(word, "'s" | "’s")
}

/// True for a word that describes the noun before it: "judges handling the case".
fn is_behind_noun(layout: &Layout<'_>, head: Option<Span>, token: usize) -> bool {
    let word = layout.word(token);
    let is_plain =
        word.starts_with(char::is_lowercase) && noun(word).is_none() && !is_one_of(word, DOCUMENTS);
    is_plain
        && head.is_some_and(|head| {
            is_person_noun(head.slice(layout.text)) || is_people(head.slice(layout.text))
        })
}

/// Which mention a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::coref) struct SourceMention {
    /// An index into the mentions.
    pub mention: usize,
    /// The speaker is the author of the document.
    pub by_document: bool,
}

/// For each mention: it is a source.
pub(in crate::extract::coref) fn are_sources(
    found: &[Found],
    sources: &[Option<SourceMention>],
) -> Vec<bool> {
    let mut are = vec![false; found.len()];
    for source in sources.iter().flatten() {
        are[source.mention] = true;
    }
    are
}

/// The mention that each attribution's source is.
pub(in crate::extract::coref) fn source_mentions(
    layout: &Layout<'_>,
    found: &[Found],
    attributions: &[BareAttribution],
) -> Vec<Option<SourceMention>> {
    attributions
        .iter()
        .map(|attribution| {
            let source = *attribution.source.first()?;
            let head = head(layout, found, source)?;
            let at = found.partition_point(|found| found.head.end <= head.start);
            found.get(at).filter(|found| found.head.overlaps(head))?;
            let author = author(layout, found, source, at);
            Some(SourceMention {
                mention: author.unwrap_or(at),
                by_document: author.is_some(),
            })
        })
        .collect()
}

/// Whose document speaks: "Acme's recent report", "the Home Office letter", "her statement", "a ruling of the High Court".
fn author(layout: &Layout<'_>, found: &[Found], source: Span, document: usize) -> Option<usize> {
    let head = found[document].head;
    if !is_one_of(head.slice(layout.text), DOCUMENTS) {
        return None;
    }
    let before = document.checked_sub(1).filter(|before| {
        source.contains(found[*before].head) && is_owner(layout, found, *before, document)
    });
    before.or_else(|| {
        let behind = Some(document + 1)
            .filter(|behind| *behind < found.len() && source.contains(found[*behind].head))?;
        let gap = layout.text.get(head.end..found[behind].span.start)?;
        let written = matches!(
            gap.trim_end_matches("the ").trim(),
            "of" | "by" | "from" | "("
        );
        (written && matches!(found[behind].sort, Sort::Name(_))).then_some(behind)
    })
}

/// True for "Acme" in "Acme's recent report", and for "her" in "her report".
fn is_owner(layout: &Layout<'_>, found: &[Found], owner: usize, document: usize) -> bool {
    let between =
        layout.token_from(found[owner].head.end)..layout.token_from(found[document].head.start);
    let close = between.len() < MAX_BETWEEN
        && between.clone().all(|token| {
            !is_closed(layout.word(token)) || matches!(layout.word(token), "'s" | "’s")
        });
    close
        && matches!(
            found[owner].sort,
            Sort::Name(_) | Sort::Pronoun(_, Case::Possessive)
        )
}

/// A mention for a source that holds none at its head.
pub(in crate::extract::coref) fn mention(
    layout: &Layout<'_>,
    found: &[Found],
    source: Span,
) -> Option<Found> {
    let head = head(layout, found, source)?;
    let sentence = layout
        .sentences
        .partition_point(|sentence| sentence.span.end <= source.start);
    let sort = match head.slice(layout.text).to_lowercase().as_str() {
        "who" | "whose" | "which" | "that" if head.slice(layout.text) != "WHO" => {
            Sort::Pronoun(Pronoun::Relative, Case::Subject)
        }
        word => Sort::Noun(noun(word)),
    };
    let whole = Span::new(source.start.min(head.start), head.end);
    Some(Found {
        span: if whole.len() > MAX_BYTES { head } else { whole },
        head,
        sentence,
        sort,
    })
}

/// A mention for the noun before a source that is "who" or "whose": "a former spymaster who wrote". None where a noun for
/// people stands before it, as in "the woman nearby who", or no article: "it is unclear who".
pub(in crate::extract::coref) fn antecedent(layout: &Layout<'_>, source: Span) -> Option<Found> {
    let who = layout.token_from(source.start);
    if !matches!(
        layout.tokens.get(who).map(|_| layout.word(who)),
        Some("who" | "whose")
    ) {
        return None;
    }
    let sentence = layout
        .sentences
        .partition_point(|sentence| sentence.span.end <= source.start);
    let first = layout.sentences.get(sentence)?.tokens.start;
    let is_noun = |token: usize| {
        let word = layout.word(token);
        layout.tokens[token].kind == TokenKind::Word
            && word.starts_with(char::is_lowercase)
            && !is_closed(word)
    };
    let before = who.checked_sub(1).filter(|before| *before >= first)?;
    let head = if layout.word(before) == "," {
        before.checked_sub(1).filter(|head| *head >= first)?
    } else {
        before
    };
    if !is_noun(head) {
        return None;
    }
    let least = first.max(head.saturating_sub(MAX_MODIFIERS));
    let modifiers = (least..head)
        .rev()
        .take_while(|token| layout.word(*token) == "-" || !is_closed(layout.word(*token)));
    let modifiers = modifiers.take_while(|token| {
        layout.tokens[*token].kind != TokenKind::Mark || layout.word(*token) == "-"
    });
    let start = modifiers.last().unwrap_or(head);
    let article = start
        .checked_sub(1)
        .filter(|at| *at >= first && is_article(layout.word(*at)))?;
    if (start..head).any(|token| noun(layout.word(token)).is_some()) {
        return None;
    }
    let head = layout.tokens[head].span;
    Some(Found {
        span: Span::new(layout.tokens[article].span.start, head.end),
        head,
        sentence,
        sort: Sort::Noun(noun(head.slice(layout.text))),
    })
}

fn name_at(found: &[Found], span: Span) -> Option<Span> {
    let at = found.partition_point(|found| found.head.end <= span.start);
    let named = found[at..]
        .iter()
        .take(3)
        .find(|found| matches!(found.sort, Sort::Name(_)))?;
    (named.span.start <= span.start && span.start < named.head.end).then_some(named.head)
}

/// Words after the head.
fn ends_head(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "of" | "for"
            | "from"
            | "in"
            | "at"
            | "with"
            | "by"
            | "to"
            | "on"
            | "who"
            | "whose"
            | "which"
            | "that"
            | "himself"
            | "herself"
            | "itself"
            | "and"
            | "or"
            | "familiar"
            | "close"
            | "involved"
            | "briefed"
            | "present"
            | "aware"
            | "also"
            | "themselves"
    )
}

#[cfg(test)]
mod tests {
    use super::head;
    use crate::domain::Span;
    use crate::extract::coref::mentions::finder::found;
    use crate::extract::names::names;
    use crate::text::Layout;

    #[test]
    fn the_head_of_a_source_is_who_it_means() {
        let check = |source: &str, expect: &str| {
            let text = format!("Then {source} spoke.");
            let layout = Layout::new(&text, None);
            let found = found(&layout, &names(&layout, &[]), &[]);
            let head = head(&layout, &found, Span::new(5, 5 + source.len()));
            assert_eq!(
                head.map_or("", |head| head.slice(&text)),
                expect,
                "{source}"
            );
        };
        check("Sanders’ aides", "aides");
        check("one of them", "one");
        check("26%", "26");
        check("the “Safe Roads” document", "document");
        check("a spokesman for the harbour", "spokesman");
    }
}
