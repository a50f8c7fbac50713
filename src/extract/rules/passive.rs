//! Attributions in the passive: "… is expected to …", "asked whether …".

use crate::extract::lexicon::cues::Frames;

use super::construct::Construct;
use super::content::{Extent, content_end};
use super::found::Found;
use super::phrases::phrase_ahead;
use super::subjects::subject_before;
use super::verbal::Verb;
use super::words::Class;

impl Verb<'_, '_> {
    /// "Asked whether …", "when told by Ann Lee that …": the person asked is left out, and mostly who asked too.
    pub(super) fn read_addressed(&self, found: &mut Found<'_, '_>) {
        let end = self.group.tokens.end;
        let by = self.sheet.word_in(self.sentence, end) == "by";
        let source = if by {
            phrase_ahead(self.sheet, self.sentence, end + 1)
        } else {
            None
        };
        let from = source.as_ref().map_or(end, |source| source.end);
        let about = self.sheet.word_in(self.sentence, from) == "about";
        let opens = about
            || matches!(
                self.sheet.class_in(self.sentence, from),
                Class::Question | Class::That | Class::Subordinator
            );
        if opens {
            let start = from + usize::from(about);
            let extent = if about {
                Extent::Object
            } else {
                Extent::Clause
            };
            let end = content_end(self.sheet, self.sentence, start, extent);
            let stop = (start..end)
                .find(|token| self.sheet.classes[*token] == Class::Comma)
                .unwrap_or(end);
            if start < stop {
                let content = vec![found.whole(start..stop)];
                found.add(
                    source,
                    self.group.tokens.clone(),
                    content,
                    Construct::Passive,
                );
            }
        }
    }

    /// "… is expected to …", "… was criticized by …".
    pub(super) fn read_passive(&self, found: &mut Found<'_, '_>) {
        let Some(theme) = subject_before(self.sheet, self.sentence, self.group.tokens.start, None)
        else {
            return;
        };
        let theme = found.whole(theme);
        let frames = self.group.entry.frames;
        let behind = self.group.tokens.end;
        match self.sheet.class_in(self.sentence, behind) {
            Class::To if frames.has(Frames::CLAUSE | Frames::INFINITIVE) => {
                let rest = self.clause(found, behind, Extent::Clause);
                let content = std::iter::once(theme).chain(rest).collect();
                found.add(None, self.group.tokens.clone(), content, Construct::Passive);
            }
            Class::Preposition
                if self.sheet.lower[behind] == "by" && frames.has(Frames::OBJECT) =>
            {
                let source = phrase_ahead(self.sheet, self.sentence, behind + 1);
                if source.is_some() {
                    found.add(
                        source,
                        self.group.tokens.clone(),
                        vec![theme],
                        Construct::Passive,
                    );
                }
            }
            _ => {}
        }
    }
}
