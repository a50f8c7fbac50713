//! Whom a pronoun stands for: the last fitting name.

use std::ops::Range;

use crate::domain::{Gender, Span};

use super::names::Name;

/// How many sentences back a name may stand.
const MAX_SENTENCES: usize = 12;
/// How many names back are looked at.
const MAX_NAMES: usize = 60;

/// The names of a text as antecedents.
pub(super) struct Antecedents<'a> {
    pub names: &'a [Name],
    /// For each name: it is a source itself, hence its sentence's topic.
    pub topical: &'a [bool],
    /// For each name: it stands in a quotation, where the pronouns of the running text seldom point.
    pub quoted: &'a [bool],
}

impl Antecedents<'_> {
    /// The name a personal pronoun at `pronoun` stands for: sentence by sentence backwards, in each sentence a source
    /// first and then the names in text order. `sentence` is the pronoun's own, `fits` tells which names may be meant.
    pub fn personal(
        &self,
        pronoun: Span,
        sentence: usize,
        fits: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let before = self
            .names
            .partition_point(|name| name.span.start < pronoun.start);
        let mut end = before;
        while end > 0 && before - end < MAX_NAMES {
            let here = self.names[end - 1].sentence;
            if here + MAX_SENTENCES < sentence {
                return None;
            }
            let start = self.start_of_sentence(end, before);
            let found = self.best(start..end, &fits);
            if found.is_some() {
                return found;
            }
            end = start;
        }
        None
    }

    /// The name right before a relative pronoun: "Ann Lee, who". A name behind a preposition may be another's
    /// employer ("an analyst at Acme, who") and is left alone.
    pub fn relative(&self, text: &str, pronoun: Span) -> Option<usize> {
        let before = self
            .names
            .partition_point(|name| name.span.start < pronoun.start)
            .checked_sub(1)?;
        let end = self.names[before].span.end;
        let gap = text.get(end..pronoun.start)?;
        let prior = text[..self.names[before]
            .title
            .start
            .min(self.names[before].span.start)]
            .trim_end();
        let owned = [" of", " for", " at", " in", " from", " with", " by"]
            .iter()
            .any(|word| prior.ends_with(word));
        (!owned && gap.len() <= 3 && gap.chars().all(|c| c == ',' || c.is_whitespace()))
            .then_some(before)
    }

    fn start_of_sentence(&self, end: usize, before: usize) -> usize {
        let here = self.names[end - 1].sentence;
        let most = before.saturating_sub(MAX_NAMES);
        let mut start = end - 1;
        while start > most && self.names[start - 1].sentence == here {
            start -= 1;
        }
        start
    }

    fn best(&self, names: Range<usize>, fits: &impl Fn(usize) -> bool) -> Option<usize> {
        let candidates = || {
            names
                .clone()
                .filter(|name| !self.quoted[*name] && fits(*name))
        };
        candidates()
            .find(|name| self.topical[*name])
            .or_else(|| candidates().next())
    }
}

/// True if an actor of gender `known` may be meant by a pronoun of gender `wanted`.
pub(super) fn agrees(known: Option<Gender>, wanted: Gender) -> bool {
    known.is_none_or(|known| known == wanted)
}

#[cfg(test)]
mod tests {
    use super::{Antecedents, Name, Span};

    /// `names`: sentence, topical, quoted. The pronoun stands behind them all, in the last sentence.
    fn check(
        names: &[(usize, bool, bool)],
        fitting: &[usize],
        sentence: usize,
        expect: Option<usize>,
    ) {
        let list: Vec<Name> = names
            .iter()
            .enumerate()
            .map(|(at, name)| Name {
                span: Span::new(at * 10, at * 10 + 5),
                title: Span::new(at * 10, at * 10),
                sentence: name.0,
            })
            .collect();
        let topical: Vec<bool> = names.iter().map(|name| name.1).collect();
        let quoted: Vec<bool> = names.iter().map(|name| name.2).collect();
        let antecedents = Antecedents {
            names: &list,
            topical: &topical,
            quoted: &quoted,
        };
        let pronoun = Span::new(names.len() * 10, names.len() * 10 + 2);
        assert_eq!(
            antecedents.personal(pronoun, sentence, |name| fitting.contains(&name)),
            expect,
            "{names:?}"
        );
    }

    #[test]
    fn the_last_fitting_name_is_meant() {
        check(&[], &[], 0, None);
        check(&[(0, false, false), (1, false, false)], &[0, 1], 2, Some(1));
        check(&[(0, false, false), (1, false, false)], &[0], 2, Some(0));
        check(&[(0, false, false), (1, false, true)], &[0, 1], 2, Some(0));
        check(&[(1, false, false), (1, true, false)], &[0, 1], 2, Some(1));
        check(&[(1, false, false), (1, false, false)], &[0, 1], 2, Some(0));
        check(&[(0, true, false)], &[0], 40, None);
    }
}
