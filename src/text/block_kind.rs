//! What a block is, judged by its words alone.

use crate::domain::BlockKind;

/// Longest headline, in characters, that is recognised without being told.
const MAX_TITLE: usize = 150;
/// Maximum number of words of a heading inside the article.
const MAX_HEADING_WORDS: usize = 10;
/// Maximum number of bytes of "PLACE, date (agency) —" before a paragraph.
const MAX_DATELINE: usize = 80;
/// Maximum number of words of a place and its country.
const MAX_PLACE_WORDS: usize = 5;
/// Maximum number of bytes of who speaks, before the colon.
const MAX_LABEL: usize = 40;
/// Minimum number of bytes of a place before a colon: "A:" and "Q:" are none.
const LEAST_PLACE: usize = 4;
/// Maximum number of words of a byline.
const MAX_BYLINE_WORDS: usize = 12;

const CAPTION_STARTS: &[&str] = &[
    "photo:",
    "picture:",
    "image:",
    "caption:",
    "file photo",
    "file -",
    "file –",
    "file —",
    "(photo",
];
const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DATE_WORDS: &[&str] = &[
    "published",
    "updated",
    "posted",
    "on",
    "at",
    "of",
    "am",
    "pm",
    "a.m",
    "p.m",
    "est",
    "edt",
    "et",
    "gmt",
    "bst",
    "utc",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "st",
    "nd",
    "rd",
    "th",
];

/// The kind of a block. `first` and `last` tell its place; `title` is the headline the caller gave.
pub(super) fn kind_of(block: &str, title: Option<&str>, first: bool, last: bool) -> BlockKind {
    if title.is_some_and(|title| same_words(title, block)) {
        BlockKind::Title
    } else if is_byline(block) {
        BlockKind::Byline
    } else if is_date_line(block) {
        BlockKind::Dateline
    } else if is_list_item(block) {
        BlockKind::ListItem
    } else if is_caption(block) {
        BlockKind::Caption
    } else if last || ends_like_a_sentence(block) {
        BlockKind::Paragraph
    } else if first && block.chars().take(MAX_TITLE + 1).count() <= MAX_TITLE {
        BlockKind::Title
    } else if block.split_whitespace().take(MAX_HEADING_WORDS + 1).count() <= MAX_HEADING_WORDS {
        BlockKind::Heading
    } else {
        BlockKind::Paragraph
    }
}

/// The length of a dateline at the start of a paragraph, up to and with its dash: "PORT ELLEN, May 3 —".
///
/// Acronyms begin sentences too, so after a place in capitals must follow a comma or bracket, or after the dash the
/// beginning of a sentence.
pub(super) fn dateline_end(block: &str) -> Option<usize> {
    let head = head_of(block, MAX_DATELINE);
    let (at, dash) = ["—", "–", "--", " - "]
        .iter()
        .filter_map(|dash| head.find(dash).map(|at| (at, dash)))
        .min()?;
    let before = &head[..at];
    let place = place_of(before);
    let shouted = is_shouted(place);
    let end = at + dash.len();
    let rest = &block[end..];
    let continues = rest.trim_start().len() >= 2;
    let marked = place.len() < before.trim().len() || begins_sentence(rest);
    (shouted && marked && continues).then_some(end)
}

/// The length of "Meride, Tern – " at the start of an article's first paragraph.
pub(super) fn mixed_place_end(block: &str) -> Option<usize> {
    let head = head_of(block, MAX_DATELINE);
    let (at, dash) = [" — ", " – "]
        .iter()
        .find_map(|dash| Some((head.find(dash)?, dash)))?;
    let mut words = head[..at].split_whitespace();
    let is_place = head[..at].matches(',').count() == 1
        && words.clone().count() <= MAX_PLACE_WORDS
        && !head.starts_with("On ")
        && words.all(|word| word.starts_with(char::is_uppercase));
    let end = at + dash.len();
    let is_said = block[end..].trim_start().starts_with(['“', '"', '‘']);
    (is_place && !is_said && begins_sentence(&block[end..])).then_some(end)
}

/// The length of "PORT ELLEN: " at the start of an article's first paragraph, as Indian and Malaysian papers have it.
///
/// In a conversation each paragraph begins so: the caller has to see that no other does.
pub(super) fn place_end(block: &str) -> Option<usize> {
    label_end(block).filter(|end| place_of(&block[..*end - 1]).len() >= LEAST_PLACE)
}

/// True for a paragraph of a conversation: "Harker: It is."
pub(super) fn is_labelled(block: &str) -> bool {
    let block = block.trim_start_matches(['“', '"', '‘', '\'']);
    let Some(label) = head_of(block, MAX_LABEL)
        .split_once(':')
        .map(|(label, _)| label)
    else {
        return false;
    };
    label
        .split_whitespace()
        .all(|word| word.starts_with(char::is_uppercase))
}

/// The length of "PORT ELLEN, May 3: " or "HARKER: " at the start of a paragraph.
pub(super) fn label_end(block: &str) -> Option<usize> {
    let colon = head_of(block, MAX_DATELINE).find(':')?;
    let rest = &block[colon + 1..];
    let goes_on = block.starts_with(char::is_alphabetic)
        && rest.starts_with(char::is_whitespace)
        && rest
            .trim_start()
            .starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '"'));
    let label = &block[..colon];
    let is_sentence = label
        .split_whitespace()
        .any(|word| word.starts_with(char::is_lowercase));
    (is_shouted(place_of(label)) && !is_sentence && goes_on).then_some(colon + 1)
}

fn place_of(before: &str) -> &str {
    before.split([',', '(']).next().unwrap_or_default().trim()
}

fn is_shouted(place: &str) -> bool {
    place.chars().any(char::is_uppercase) && !place.chars().any(char::is_lowercase)
}

/// True if the text begins as a sentence does and holds no second dash, which would close a parenthesis.
fn begins_sentence(text: &str) -> bool {
    let first = text
        .trim_start()
        .trim_start_matches(['“', '"', '‘', '\''])
        .chars()
        .next();
    let sentence = text.split_once(". ").map_or(text, |(sentence, _)| sentence);
    first.is_some_and(char::is_uppercase) && !sentence.contains(['—', '–'])
}

fn head_of(block: &str, most: usize) -> &str {
    let mut end = most.min(block.len());
    while !block.is_char_boundary(end) {
        end -= 1;
    }
    &block[..end]
}

fn same_words(title: &str, block: &str) -> bool {
    let bare = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let title = bare(title);
    // A block far longer than the title cannot be it: this keeps a huge first block cheap.
    !title.is_empty()
        && block.len() <= 4 * title.iter().map(|word| word.len() + 2).sum::<usize>()
        && bare(block) == title
}

fn ends_like_a_sentence(block: &str) -> bool {
    let bare = block.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']);
    bare.ends_with(['.', '!', '?', '…', ':', ';', ',', '。', '؟'])
}

fn is_byline(block: &str) -> bool {
    let Some(rest) = block
        .strip_prefix("By ")
        .or_else(|| block.strip_prefix("BY "))
    else {
        return false;
    };
    let mut words = 0;
    for word in rest.split_whitespace() {
        words += 1;
        let joins = matches!(
            word,
            "and" | "in" | "of" | "for" | "de" | "van" | "von" | "|" | "&"
        );
        if words > MAX_BYLINE_WORDS || !(joins || word.starts_with(char::is_uppercase)) {
            return false;
        }
    }
    words > 0 && !block.ends_with(['.', '?', '!'])
}

fn is_date_line(block: &str) -> bool {
    if block.len() > MAX_DATELINE || !block.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mut months = 0;
    let known = block
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .filter(|word| !word.is_empty())
        .all(|word| {
            let lower = word.trim_matches('.').to_lowercase();
            let month = MONTHS.iter().any(|month| lower.starts_with(month)) && lower.len() <= 9;
            months += usize::from(month);
            let letters = lower.trim_start_matches(|c: char| c.is_ascii_digit());
            month || letters.is_empty() || DATE_WORDS.contains(&letters)
        });
    known && (months == 1 || block.matches(['-', '/']).count() == 2)
}

/// True for "- one", "2. two".
pub(super) fn is_list_item(block: &str) -> bool {
    if ["• ", "•\t", "- ", "* ", "– ", "▪ ", "◦ ", "■ "]
        .iter()
        .any(|mark| block.starts_with(mark))
    {
        return true;
    }
    let rest = block.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = block.len() - rest.len();
    (1..=2).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") "))
}

fn is_caption(block: &str) -> bool {
    let head = head_of(block, 16).to_lowercase();
    CAPTION_STARTS.iter().any(|start| head.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::{is_byline, is_date_line, is_list_item};

    #[test]
    fn bylines_hold_names_only() {
        let check = |block: &str, expect: bool| assert_eq!(is_byline(block), expect, "{block}");
        check("By Ann Lee", true);
        check("By Ann Lee and Bo van Dam", true);
        check("By noon the mill had closed", false);
        check("By Ann Lee.", false);
    }

    #[test]
    fn date_lines_hold_dates_only() {
        let check = |block: &str, expect: bool| assert_eq!(is_date_line(block), expect, "{block}");
        check("3 May 2024", true);
        check("Updated: Monday, May 3rd, 2024 at 10:15 p.m. EST", true);
        check("2024-05-03", true);
        check("In May 2024 it closed", false);
        check("May", false);
    }

    #[test]
    fn list_items_start_with_a_mark() {
        let check = |block: &str, expect: bool| assert_eq!(is_list_item(block), expect, "{block}");
        check("• one", true);
        check("12. twelve", true);
        check("2024. That was the year.", false);
        check("-5 degrees", false);
    }
}
