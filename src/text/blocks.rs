//! Blocks: what stands on its own in the layout of an article.

use crate::domain::{Block, BlockKind, Span};

use super::block_kind::{
    dateline_end, is_labelled, is_list_item, kind_of, label_end, mixed_place_end, place_end,
};
use super::lines::{lines, trim};

/// Narrowest and widest line, in bytes, that a text wrapped by hand is taken to have.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 45..=110;
/// How much shorter than the longest line the others may be in a paragraph wrapped by hand.
const WRAP_SPREAD: usize = 30;

/// The blocks of `text`, in text order, not overlapping, each without surrounding white space and never empty.
///
/// A blank line always ends a block. A single line break ends one too, unless the lines are a paragraph wrapped at a
/// fixed width or the next line goes on in lower case.
#[must_use]
pub(super) fn blocks(text: &str, title: Option<&str>) -> Vec<Block> {
    let spans = paragraphs(text);
    let last = spans.len().saturating_sub(1);
    let labels = spans
        .iter()
        .filter(|span| label_end(span.slice(text)).is_some());
    let is_one = labels.count() == 1;
    let mut is_first = true;
    let mut blocks = Vec::with_capacity(spans.len());
    for (index, &span) in spans.iter().enumerate() {
        let kind = kind_of(span.slice(text), title, index == 0, index == last);
        let head = match kind {
            BlockKind::Paragraph => {
                let own = span.slice(text);
                let next = spans.get(index + 1).map(|next| next.slice(text));
                let is_alone = is_one && next.is_some_and(|next| !is_labelled(next));
                dateline_end(own)
                    .or_else(|| place_end(own).filter(|_| is_first && is_alone))
                    .or_else(|| mixed_place_end(own).filter(|_| is_first))
            }
            _ => None,
        };
        is_first &= kind != BlockKind::Paragraph;
        let Some(length) = head else {
            blocks.push(Block { kind, span });
            continue;
        };
        let cut = span.start + length;
        blocks.push(Block {
            kind: BlockKind::Dateline,
            span: trim(text, Span::new(span.start, cut)),
        });
        blocks.push(Block {
            kind,
            span: trim(text, Span::new(cut, span.end)),
        });
    }
    blocks
}

fn paragraphs(text: &str) -> Vec<Span> {
    let lines = lines(text);
    lines
        .split(|line| line.is_empty())
        .flat_map(|run| join_wrapped(text, run))
        .collect()
}

/// Joins the lines of one run (no blank line between them) that belong to the same paragraph.
fn join_wrapped(text: &str, run: &[Span]) -> Vec<Span> {
    let is_item = |line: &Span| is_list_item(line.slice(text));
    // Of a list each line stands by itself; a number may also begin a line of a paragraph wrapped by hand.
    let is_list =
        run.first().is_some_and(is_item) || run.iter().filter(|line| is_item(line)).count() > 1;
    let wrapped = !is_list && is_wrapped(run);
    let mut joined: Vec<Span> = Vec::new();
    for &line in run {
        match joined.last_mut() {
            Some(last) if wrapped || starts_lower(line.slice(text)) => last.end = line.end,
            _ => joined.push(line),
        }
    }
    joined
}

fn is_wrapped(run: &[Span]) -> bool {
    let Some((_, full)) = run.split_last() else {
        return false;
    };
    let longest = full.iter().map(|line| line.len()).max().unwrap_or(0);
    full.len() >= 2
        && WRAP_WIDTHS.contains(&longest)
        && full.iter().all(|line| line.len() + WRAP_SPREAD >= longest)
}

fn starts_lower(line: &str) -> bool {
    line.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::blocks;

    fn check(text: &str, title: Option<&str>, expect: &[(&str, &str)]) {
        let found: Vec<(String, &str)> = blocks(text, title)
            .iter()
            .map(|block| (block.kind.to_string(), block.span.slice(text)))
            .collect();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(kind, text)| (kind.as_str(), *text))
            .collect();
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn kinds_follow_from_place_and_shape() {
        check("", None, &[]);
        check(" \n\t\n", None, &[]);
        check("One sentence.", None, &[("PARAGRAPH", "One sentence.")]);
        check(
            "Mill to close\n\nBy Ann Lee\n\n3 May 2024\n\nThe mill will close.\n\nWhat comes next\n\nNobody knows.",
            None,
            &[
                ("TITLE", "Mill to close"),
                ("BYLINE", "By Ann Lee"),
                ("DATELINE", "3 May 2024"),
                ("PARAGRAPH", "The mill will close."),
                ("HEADING", "What comes next"),
                ("PARAGRAPH", "Nobody knows."),
            ],
        );
        check(
            "Mill shuts.\nIt was old.",
            Some("Mill  shuts"),
            &[("TITLE", "Mill shuts."), ("PARAGRAPH", "It was old.")],
        );
        check(
            "It was closed.\n- one\n• two\n3. three.",
            None,
            &[
                ("PARAGRAPH", "It was closed."),
                ("LIST_ITEM", "- one"),
                ("LIST_ITEM", "• two"),
                ("LIST_ITEM", "3. three."),
            ],
        );
        check(
            "It was closed.\n\nPhoto: the mill in May.",
            None,
            &[
                ("PARAGRAPH", "It was closed."),
                ("CAPTION", "Photo: the mill in May."),
            ],
        );
    }

    #[test]
    fn a_dateline_is_cut_from_its_paragraph() {
        check(
            "PORT ELLEN, May 3 (Wire) — The mill closed.",
            None,
            &[
                ("DATELINE", "PORT ELLEN, May 3 (Wire) —"),
                ("PARAGRAPH", "The mill closed."),
            ],
        );
        check(
            "OSTBRIDGE — The mill closed.",
            None,
            &[
                ("DATELINE", "OSTBRIDGE —"),
                ("PARAGRAPH", "The mill closed."),
            ],
        );
        check(
            "PORT ELLEN: The mill closed.\n\nIt was old.",
            None,
            &[
                ("DATELINE", "PORT ELLEN:"),
                ("PARAGRAPH", "The mill closed."),
                ("PARAGRAPH", "It was old."),
            ],
        );
        check(
            "Ellen, Ostland – The mill closed.",
            None,
            &[
                ("DATELINE", "Ellen, Ostland –"),
                ("PARAGRAPH", "The mill closed."),
            ],
        );
        check(
            "Ann Lee, Acme – the mill – closed.",
            None,
            &[("PARAGRAPH", "Ann Lee, Acme – the mill – closed.")],
        );
        let said = "UNICEF, the agency, said: “We need help.”\n\nIt was late.";
        let paragraphs = [
            ("PARAGRAPH", "UNICEF, the agency, said: “We need help.”"),
            ("PARAGRAPH", "It was late."),
        ];
        check(said, None, &paragraphs);
        check(
            "THE TIMES: Is it closed?\n\nHarker: It is.",
            None,
            &[
                ("PARAGRAPH", "THE TIMES: Is it closed?"),
                ("PARAGRAPH", "Harker: It is."),
            ],
        );
        check(
            "HARKER: Is it closed?\n\nROE: It is.",
            None,
            &[
                ("PARAGRAPH", "HARKER: Is it closed?"),
                ("PARAGRAPH", "ROE: It is."),
            ],
        );
        check(
            "NATO — the alliance — met.",
            None,
            &[("PARAGRAPH", "NATO — the alliance — met.")],
        );
    }

    #[test]
    fn items_of_a_list_are_no_wrapped_lines() {
        let item = "- Greta Falk of the Greens says to build it, and now";
        let list = [item; 3].join("\n");
        check(&list, None, &[("LIST_ITEM", item); 3]);
    }

    #[test]
    fn single_breaks_join_only_wrapped_lines() {
        check(
            "The mill\nclosed.",
            None,
            &[("PARAGRAPH", "The mill\nclosed.")],
        );
        check(
            "He left.\r\nShe stayed.",
            None,
            &[("PARAGRAPH", "He left."), ("PARAGRAPH", "She stayed.")],
        );
        let wrapped = "The paper mill at the lower end of the harbour will close\n\
                       In May, its owner told the people who had gathered at the\n\
                       Gate.";
        check(wrapped, None, &[("PARAGRAPH", wrapped)]);
    }
}
