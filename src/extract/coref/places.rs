//! Who the words at a position of a text refer to.

use std::collections::HashSet;

use crate::domain::Span;

use super::cast::Cast;

impl Cast {
    /// The named actors that the words of `spans` refer to, except `speaker`, by first mention.
    pub fn about(&self, spans: &[Span], speaker: Option<usize>) -> Vec<usize> {
        let mut about = Vec::new();
        let mut seen: HashSet<usize> = speaker.into_iter().collect();
        for span in spans {
            let first = self
                .found
                .partition_point(|found| found.head.start < span.start);
            let inside =
                (first..self.found.len()).take_while(|at| self.found[*at].head.end <= span.end);
            for actor in inside.filter_map(|at| self.actor_of_mention(at)) {
                if self.actors[actor].is_named && seen.insert(actor) {
                    about.push(actor);
                }
            }
        }
        about
    }

    /// The mention that begins at a position: its words and its actor.
    pub fn mention_at(&self, start: usize) -> Option<(Span, Option<usize>)> {
        // A phrase begins at most a few mentions before its head.
        let first = self.found.partition_point(|found| found.head.start < start);
        let near = first..self.found.len().min(first + 4);
        let at = near
            .clone()
            .find(|at| self.found[*at].span.start == start)?;
        Some((self.found[at].span, self.actor_of_mention(at)))
    }
}
