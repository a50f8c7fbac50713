//! Quotations: marks in pairs.

use crate::domain::{Block, BlockKind, Span};

use super::lines::trim;
use super::marks::{Family, Glyph, Mark, begins_with_mark, marks};

/// How a quotation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// With a mark of its own.
    Closed,
    /// With its paragraph, because the next paragraph goes on quoting and opens with a mark.
    Continued,
    /// Nobody closed it: it is taken to end with its paragraph, or before the next quotation in it.
    Missing,
}

/// Words in quotation marks. Those of one depth do not overlap, and none leaves its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotation {
    /// With its marks.
    pub span: Span,
    /// Without them.
    pub inner: Span,
    /// 0 for a quotation inside no other.
    pub depth: usize,
    /// How it ends.
    pub closing: Closing,
    /// True if it goes on with the quotation that the paragraph before left open.
    pub continues: bool,
    /// The block it stands in: an index into the blocks.
    pub block: usize,
}

/// The quotations of `text`, ordered by where they begin.
pub(super) fn quotations(text: &str, blocks: &[Block]) -> Vec<Quotation> {
    let mut all = Vec::new();
    let mut open_before = false;
    for (index, block) in blocks.iter().enumerate() {
        let next_opens = blocks.get(index + 1).is_some_and(|next| {
            next.kind == BlockKind::Paragraph && begins_with_mark(next.span.slice(text))
        });
        let mut found = pair(
            text,
            index,
            block.span,
            &marks(text, block.span),
            next_opens,
        );
        nest(&mut found);
        if let Some(first) = found.first_mut() {
            first.continues = open_before && first.span.start == block.span.start;
        }
        open_before = found
            .iter()
            .any(|quotation| quotation.closing == Closing::Continued);
        all.append(&mut found);
    }
    all
}

/// The marks that nothing has closed yet, in text order.
#[derive(Default)]
struct OpenMarks {
    marks: Vec<Mark>,
    /// Which of them are not single: indices into `marks`. Finding the last of these must not take a walk past the
    /// single ones, of which there may be any number.
    not_single: Vec<usize>,
}

impl OpenMarks {
    fn push(&mut self, mark: Mark) {
        if mark.family != Family::Single {
            self.not_single.push(self.marks.len());
        }
        self.marks.push(mark);
    }

    /// Takes the mark at `place` out, and all after it.
    fn take(&mut self, place: usize) -> Span {
        let span = self.marks[place].span;
        self.marks.truncate(place);
        while self.not_single.last().is_some_and(|last| *last >= place) {
            self.not_single.pop();
        }
        span
    }

    /// The open mark that `mark` closes.
    fn partner(&self, mark: &Mark) -> Option<usize> {
        let place = match mark.family {
            // A single mark never closes over a double one.
            Family::Single => self.marks.len().checked_sub(1)?,
            _ => *self.not_single.last()?,
        };
        let closes = match mark.glyph {
            Glyph::Closing | Glyph::Straight => mark.trails || !mark.leads,
            Glyph::Opening => !mark.leads && mark.trails,
        };
        (closes && self.marks[place].family == mark.family).then_some(place)
    }
}

/// Pairs the marks of one block. Double marks rule: closing one drops every single mark left open inside it.
fn pair(text: &str, block: usize, span: Span, marks: &[Mark], next_opens: bool) -> Vec<Quotation> {
    let mut open = OpenMarks::default();
    let mut found = Vec::new();
    for &mark in marks {
        match open.partner(&mark) {
            Some(place) => {
                let start = open.take(place);
                found.push(Quotation {
                    span: Span::new(start.start, mark.span.end),
                    inner: Span::new(start.end, mark.span.start),
                    depth: 0,
                    closing: Closing::Closed,
                    continues: false,
                    block,
                });
            }
            None if can_open(&mark) => open.push(mark),
            None => {}
        }
    }
    found.sort_by_key(|quotation| quotation.span.start);
    let unclosed = leave_open(text, block, span, &open, &found, next_opens);
    found.extend(unclosed);
    found.sort_by_key(|quotation| quotation.span.start);
    found
}

fn can_open(mark: &Mark) -> bool {
    match mark.glyph {
        Glyph::Opening => true,
        Glyph::Closing => mark.leads && !mark.trails && mark.family != Family::Single,
        Glyph::Straight => mark.leads || (mark.family == Family::Double && !mark.trails),
    }
}

/// What the marks that nothing closed stand for. Single ones are taken for apostrophes.
fn leave_open(
    text: &str,
    block: usize,
    span: Span,
    open: &OpenMarks,
    closed: &[Quotation],
    next_opens: bool,
) -> Vec<Quotation> {
    let open: Vec<&Mark> = open
        .not_single
        .iter()
        .map(|place| &open.marks[*place])
        .collect();
    let mut unclosed = Vec::with_capacity(open.len());
    for (index, mark) in open.iter().enumerate() {
        let later = open.get(index + 1).map(|next| next.span.start);
        let inside = closed.partition_point(|quotation| quotation.span.start < mark.span.start);
        let quoted = closed[inside..]
            .iter()
            .take_while(|quotation| later.is_none_or(|later| quotation.span.start < later))
            .find(|quotation| is_same_kind(text, mark, quotation));
        let end = quoted.map(|quotation| quotation.span.start).or(later);
        let inner = trim(text, Span::new(mark.span.end, end.unwrap_or(span.end)));
        let last = end.is_none();
        unclosed.push(Quotation {
            span: Span::new(mark.span.start, inner.end),
            inner,
            depth: 0,
            closing: if last && next_opens {
                Closing::Continued
            } else {
                Closing::Missing
            },
            continues: false,
            block,
        });
    }
    unclosed
}

fn is_same_kind(text: &str, mark: &Mark, quotation: &Quotation) -> bool {
    let glyph = |at: usize| text[at..].chars().next();
    glyph(mark.span.start) == glyph(quotation.span.start)
}

/// Sets how deep each quotation stands in others; they are ordered and pairs never cross.
fn nest(quotations: &mut [Quotation]) {
    let mut ends: Vec<usize> = Vec::new();
    for quotation in quotations {
        while ends.last().is_some_and(|end| *end <= quotation.span.start) {
            ends.pop();
        }
        quotation.depth = ends.len();
        ends.push(quotation.span.end);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layout;
    use super::Closing;

    /// `expect`: depth, how it ends (`.` closed, `>` continued, `!` missing) and the words inside.
    fn check(text: &str, expect: &[(usize, char, &str)]) {
        let layout = Layout::new(text, None);
        let found: Vec<(usize, char, &str)> = layout
            .quotations
            .iter()
            .map(|quotation| {
                let end = match quotation.closing {
                    Closing::Closed => '.',
                    Closing::Continued => '>',
                    Closing::Missing => '!',
                };
                (quotation.depth, end, quotation.inner.slice(text))
            })
            .collect();
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn every_style_of_marks_is_read() {
        check("\"Yes,\" she said.", &[(0, '.', "Yes,")]);
        check("“Yes,” she said.", &[(0, '.', "Yes,")]);
        check("''Yes,'' she said.", &[(0, '.', "Yes,")]);
        check("``Yes,'' she said.", &[(0, '.', "Yes,")]);
        check("«Yes», she said.", &[(0, '.', "Yes")]);
        check("„Ja“, sagte sie.", &[(0, '.', "Ja")]);
        check("'Yes,' she said.", &[(0, '.', "Yes,")]);
        check("‘Yes,’ she said.", &[(0, '.', "Yes,")]);
        check(
            "He (“the boss”) left—“gone,” they said.",
            &[(0, '.', "the boss"), (0, '.', "gone,")],
        );
    }

    #[test]
    fn quotations_nest() {
        check(
            "“He said ‘no’ to me,” she said.",
            &[(0, '.', "He said ‘no’ to me,"), (1, '.', "no")],
        );
        check(
            "\"He said 'no' to me,\" she said.",
            &[(0, '.', "He said 'no' to me,"), (1, '.', "no")],
        );
        check(
            "\"It was 'the voters' choice,'\" she said.",
            &[
                (0, '.', "It was 'the voters' choice,'"),
                (1, '.', "the voters' choice,"),
            ],
        );
        check(
            "“He said “no” to me,” she said.",
            &[(0, '.', "He said “no” to me,"), (1, '.', "no")],
        );
    }

    #[test]
    fn apostrophes_open_nothing() {
        check("It was o'clock in the '90s and the voters' choice.", &[]);
        check("Tell ’em it’s Lee’s.", &[]);
        check("A man of 6'2\" and a \"giant\".", &[(0, '.', "giant")]);
        check("“It’s the ’90s,” she said.", &[(0, '.', "It’s the ’90s,")]);
    }

    #[test]
    fn a_quotation_runs_over_paragraphs() {
        check(
            "“One.\n\n“Two.\n\n“Three,” she said.",
            &[(0, '>', "One."), (0, '>', "Two."), (0, '.', "Three,")],
        );
        check(
            "\"One.\n\n\"Two,\" she said.",
            &[(0, '>', "One."), (0, '.', "Two,")],
        );
    }

    #[test]
    fn what_nobody_closes_ends_with_its_paragraph() {
        check("She said: “One. Two.\n\nThree.", &[(0, '!', "One. Two.")]);
        check(
            "“One, she said. “Two,” he said.",
            &[(0, '!', "One, she said."), (0, '.', "Two,")],
        );
        check("A ” B", &[]);
    }
}
