//! Which words may begin a time expression: most words of a text cannot, and are passed over at once.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::calendar::names::all_names;
use super::expressions::holidays::first_words;
use super::words::Word;

/// Words that begin expressions, other than names and numbers.
const STARTS: &str = "the a an in within at on from between since until till before after starting beginning effective \
    later no earlier early mid late middle start end year week month day today tomorrow tmrw tmr yesterday tonight \
    overnight this last next past previous prior current same upcoming following coming couple few several many some \
    half right around about @ noon midday midnight morning afternoon evening night lunchtime am pm spring summer fall \
    autumn winter q h fy fiscal school financial academic cy every each daily everyday weekly monthly quarterly yearly \
    annually mondays tuesdays wednesdays thursdays fridays saturdays sundays weekends now just currently nowadays \
    these recently lately recent near foreseeable future as that seconds minutes hours days weeks months years \
    decades centuries eoy eom eod thirtieth weekend ' ‘ ’ for";

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    STARTS
        .split_whitespace()
        .chain(all_names())
        .chain(first_words())
        .collect()
});

/// True if an expression may begin with `word`.
pub(super) fn may_begin(word: &Word) -> bool {
    word.text.starts_with(|first: char| first.is_ascii_digit())
        || WORDS.contains(word.text.as_str())
}
