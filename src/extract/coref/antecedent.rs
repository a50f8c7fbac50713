//! The name that the source of an attribution refers to.

use crate::domain::{MentionForm, Span};

use super::cast::Cast;
use super::mentions::found::{Sort, form};

/// Within how many mentions the name that a source refers to is looked for.
const MAX_MENTIONS: usize = 500;

impl Cast {
    /// The form of the source of the attribution at `index` and, if it is not a name, the nearest name of the same actor
    /// before it, or else the first one after it.
    pub fn source_form(&self, index: usize) -> Option<(MentionForm, Option<Span>)> {
        let at = self.sources[index]?.mention;
        let form = form(self.found[at].sort);
        let actor = self.actor_of_mention(at)?;
        let names = |at: &usize| {
            matches!(self.found[*at].sort, Sort::Name(_))
                && self.actor_of_mention(*at) == Some(actor)
        };
        let name = || {
            let before = (0..at).rev().take(MAX_MENTIONS).find(names);
            let mut behind = (at + 1..self.found.len()).take(MAX_MENTIONS);
            before.or_else(|| behind.find(names))
        };
        let name = (form != MentionForm::Name).then(name).flatten();
        Some((form, name.map(|name| self.found[name].span)))
    }
}
