//! Names in headlines, where words are capitalised that belong to none: those that the body has, too.

use std::collections::HashSet;
use std::ops::Range;

use crate::domain::Span;
use crate::extract::lexicon::lists::forename_gender;
use crate::text::Layout;

/// Maximum length of a name that is looked for, in tokens.
const MAX_TOKENS: usize = 4;

/// The names of a body.
pub(super) struct Known<'t> {
    whole: HashSet<&'t str>,
    /// The first words of those of several words, and the last words of all.
    first: HashSet<&'t str>,
    last: HashSet<&'t str>,
}

impl<'t> Known<'t> {
    /// The names at these places.
    pub fn new(text: &'t str, names: impl Iterator<Item = Span>) -> Self {
        let whole: HashSet<&str> = names.map(|name| name.slice(text)).collect();
        let last = whole.iter().map(|name| last_word(name)).collect();
        let first = whole
            .iter()
            .filter_map(|name| Some(name.split_once(' ')?.0));
        let first = first.collect();
        Self { whole, first, last }
    }

    /// True if the body has a name of the same last word.
    pub fn ends(&self, name: &str) -> bool {
        self.last.contains(last_word(name))
    }

    /// True if the body has a longer name of the same first word.
    pub fn begins(&self, name: &str) -> bool {
        self.first.contains(name)
    }

    /// The parts of a run that are names: those the body has, and surnames of the body with a forename before them.
    pub fn inside(&self, layout: &Layout<'_>, run: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = run.start;
        while at < run.end {
            let longest = run.end.min(at + MAX_TOKENS);
            let end = (at + 1..=longest)
                .rev()
                .find(|end| self.is_name(layout, at..*end));
            found.extend(end.map(|end| at..end));
            at = end.unwrap_or(at + 1);
        }
        found
    }

    /// What is left of a run of two words that begins a headline, where its first word is not part of the name: "Angry
    /// Lee" beside "Lee". `None` where it is, as far as the body shows.
    pub fn without_first(&self, layout: &Layout<'_>, run: Range<usize>) -> Option<Range<usize>> {
        let whole = Span::new(
            layout.tokens[run.start].span.start,
            layout.tokens[run.end - 1].span.end,
        );
        let is_lone = self.whole.contains(layout.word(run.end - 1));
        (is_lone && !self.whole.contains(whole.slice(layout.text))).then_some(run.end - 1..run.end)
    }

    fn is_name(&self, layout: &Layout<'_>, tokens: Range<usize>) -> bool {
        let span = Span::new(
            layout.tokens[tokens.start].span.start,
            layout.tokens[tokens.end - 1].span.end,
        );
        let named = forename_gender(layout.word(tokens.start)).is_some() || tokens.len() == 1;
        self.whole.contains(span.slice(layout.text))
            || (named && self.last.contains(layout.word(tokens.end - 1)))
    }
}

fn last_word(name: &str) -> &str {
    name.rsplit(' ').next().unwrap_or(name)
}
