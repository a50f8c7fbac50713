use std::io::{IsTerminal, stdout};

use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets,
};

use crate::proto::{Claim, QuoteType};

/// The width of a table written to a file or a pipe.
const PLAIN_WIDTH: u16 = 100;

/// The smallest width at which three columns are readable.
const NARROWEST: u16 = 30;

/// Claims as a table for people: who, how, what. In colour on a terminal, unless `NO_COLOR` is set.
pub(super) fn claims(claims: &[Claim]) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(
            ["WHO", "HOW", "WHAT"].map(|name| Cell::new(name).add_attribute(Attribute::Bold)),
        );
    if !stdout().is_terminal() {
        table.force_no_tty().set_width(PLAIN_WIDTH);
    } else if table.width().is_some_and(|width| width < NARROWEST) {
        // A terminal that does not know its width reports 0.
        table.set_width(PLAIN_WIDTH);
    } else if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        let width = table.width().unwrap_or(PLAIN_WIDTH);
        table.force_no_tty().set_width(width);
    }
    for claim in claims {
        table.add_row([who(claim), how(claim), what(claim)]);
    }
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(30)));
    }
    table.to_string()
}

/// The resolved name; if the text differs, its words in brackets.
fn who(claim: &Claim) -> Cell {
    let words = claim.source.as_ref().map(|source| one_line(&source.text));
    let name = claim.actor_display_name.as_str();
    match words {
        None => Cell::new("(nobody named)").fg(Color::DarkGrey),
        Some(words) if name.is_empty() => Cell::new(words),
        Some(words) if words.contains(name) => Cell::new(words).fg(Color::Cyan),
        Some(words) => Cell::new(format!("{name} ({words})")).fg(Color::Cyan),
    }
}

fn how(claim: &Claim) -> Cell {
    let (kind, colour) = match claim.quote_type() {
        QuoteType::Direct => ("direct", Color::Green),
        QuoteType::Mixed => ("mixed", Color::Yellow),
        QuoteType::Indirect | QuoteType::Unspecified => ("indirect", Color::Magenta),
    };
    // The words as they are in the text: "did not say" is not "say".
    let words = claim.cue.as_ref().map(|cue| one_line(&cue.text));
    Cell::new(words.map_or_else(|| kind.to_owned(), |words| format!("{kind}, {words}"))).fg(colour)
}

fn what(claim: &Claim) -> Cell {
    Cell::new(one_line(
        claim.content.as_ref().map_or("", |content| &content.text),
    ))
}

/// The text with each run of white space collapsed to one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::proto::{Claim, Content, QuoteType, Source, Span};

    #[test]
    fn a_pronoun_is_shown_with_its_name() {
        let span = |text: &str| {
            vec![Span {
                text: text.into(),
                ..Span::default()
            }]
        };
        let claim = Claim {
            actor_display_name: "Ann Lee".into(),
            source: Some(Source {
                spans: span("she"),
                text: "she".into(),
                ..Source::default()
            }),
            content: Some(Content {
                spans: span("It is\nsafe"),
                text: "It is\nsafe".into(),
            }),
            quote_type: QuoteType::Indirect.into(),
            ..Claim::default()
        };
        let table = super::claims(&[claim, Claim::default()]);
        for words in ["Ann Lee (she)", "indirect", "It is safe", "(nobody named)"] {
            assert!(table.contains(words), "{table}");
        }
    }
}
