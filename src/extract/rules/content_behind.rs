//! Contents that follow their cue: She said that …, she said: “…”, she vowed to …

use std::ops::Range;

use crate::domain::Span;
use crate::extract::lexicon::cues::Frames;

use super::construct::Construct;
use super::content::{Extent, content_end};
use super::found::Found;
use super::quoted::{ends_sentence, is_speech, quote_ahead, run_ahead, spans};
use super::verbal::{Subject, Verb};
use super::verbs::{Voice, has_finite_verb, verb_group};
use super::words::Class;

impl Verb<'_, '_> {
    pub(super) fn read_content_behind(
        &self,
        found: &mut Found<'_, '_>,
        subject: &Subject,
        from: usize,
    ) {
        let from = self.past_colon(from);
        let Some((extent, construct)) = self.frame(from) else {
            return;
        };
        let construct = if self.group.voice == Voice::Participle {
            Construct::Participle
        } else {
            construct
        };
        let doubtful = match self.frame(from) {
            Some((_, Construct::BareClause | Construct::LooseClause)) => !self.begins_clause(from),
            Some((_, Construct::Object)) => {
                construct == Construct::Participle && !self.follows_comma()
            }
            _ => false,
        };
        if doubtful {
            return;
        }
        let content = match self.speech_at(from) {
            Some(quotes) => spans(self.sheet, &quotes),
            None => self.clause(found, from, extent).into_iter().collect(),
        };
        found.add(
            Some(subject.tokens.clone()),
            self.group.tokens.clone(),
            content,
            construct,
        );
    }

    fn follows_comma(&self) -> bool {
        let before = self.group.tokens.start.checked_sub(1);
        before.is_some_and(|token| self.sheet.class_in(self.sentence, token) == Class::Comma)
    }

    /// True if a clause without "that" may begin here: some finite verb follows. "say" takes little else.
    fn begins_clause(&self, from: usize) -> bool {
        let end = content_end(self.sheet, self.sentence, from, Extent::Clause);
        let certain =
            self.group.entry.lemma == "say" || self.sheet.classes[from] == Class::Question;
        self.sheet.classes[from] != Class::Object
            && (certain || has_finite_verb(self.sheet, from..end))
    }

    pub(super) fn clause(
        &self,
        found: &Found<'_, '_>,
        from: usize,
        extent: Extent,
    ) -> Option<Span> {
        let end = content_end(self.sheet, self.sentence, from, extent);
        let end = if self.is_relative() {
            self.relative_end(from..end)
        } else {
            end
        };
        (end > from).then(|| found.whole(from..end))
    }

    /// ", who had promised that …,": the clause says something of the subject of another one.
    fn is_relative(&self) -> bool {
        let before = self.group.tokens.start.checked_sub(1);
        before.is_some_and(|token| {
            self.sheet.class_in(self.sentence, token) == Class::Relative
                && self.sentence.contains(&token)
        })
    }

    /// Where the clause around this one goes on: at the comma before its verb.
    fn relative_end(&self, content: Range<usize>) -> usize {
        let is_verb = |token: usize| {
            let group = verb_group(self.sheet, self.sentence, token, false);
            group.is_some_and(|group| group.voice == Voice::Active)
                || has_finite_verb(self.sheet, token..token + 1)
        };
        content
            .clone()
            .find(|comma| {
                self.sheet.classes[*comma] == Class::Comma
                    && self.sentence.contains(&(comma + 1))
                    && is_verb(comma + 1)
            })
            .unwrap_or(content.end)
    }

    /// The quotation that is the whole content: it begins here and ends its sentence itself.
    fn speech_at(&self, from: usize) -> Option<Vec<usize>> {
        let next_block = from >= self.sentence.end;
        if next_block && !self.ends_with_colon() {
            return None;
        }
        let quote = quote_ahead(self.sheet, from)?;
        let whole =
            next_block || (is_speech(self.sheet, quote) && ends_sentence(self.sheet, quote));
        (whole
            || self
                .sheet
                .quotes
                .get(quote + 1)
                .is_some_and(|next| next.continues))
        .then(|| run_ahead(self.sheet, quote))
    }

    /// "she said in a letter:" before a paragraph that begins with a quotation: the content begins there.
    fn past_colon(&self, from: usize) -> usize {
        let adverbial = matches!(
            self.sheet.class_in(self.sentence, from),
            Class::Preposition | Class::Colon | Class::Subordinator
        );
        let quoted = self.ends_with_colon() && quote_ahead(self.sheet, self.sentence.end).is_some();
        if adverbial && quoted {
            self.sentence.end
        } else {
            from
        }
    }

    fn ends_with_colon(&self) -> bool {
        self.sheet.classes[self.sentence.end - 1] == Class::Colon
    }

    /// What the first token of the content says about it. `None` if the cue takes no such content.
    fn frame(&self, from: usize) -> Option<(Extent, Construct)> {
        let frames = self.group.entry.frames;
        let clause = frames.has(Frames::CLAUSE);
        if from >= self.sentence.end {
            return frames
                .has(Frames::QUOTE)
                .then_some((Extent::Clause, Construct::QuoteLast));
        }
        match self.sheet.classes[from] {
            Class::Quoted if frames.has(Frames::QUOTE) => {
                Some((Extent::Clause, Construct::QuoteLast))
            }
            Class::That if clause => Some((Extent::Clause, Construct::ThatClause)),
            Class::To if frames.has(Frames::INFINITIVE) => {
                Some((Extent::Clause, Construct::Infinitive))
            }
            Class::Question if frames.has(Frames::QUESTION) || clause => {
                Some((Extent::Clause, Construct::BareClause))
            }
            Class::Colon if clause => Some((Extent::Clause, Construct::BareClause)),
            class if opens_no_content(class) => None,
            _ if frames.has(Frames::OBJECT) => Some((Extent::Object, Construct::Object)),
            _ if clause && self.group.entry.lemma == "say" => {
                Some((Extent::Clause, Construct::BareClause))
            }
            _ if clause => Some((Extent::Clause, Construct::LooseClause)),
            _ => None,
        }
    }
}

fn opens_no_content(class: Class) -> bool {
    matches!(
        class,
        Class::Stop
            | Class::Comma
            | Class::Break
            | Class::Close
            | Class::Colon
            | Class::Preposition
            | Class::Conjunction
            | Class::To
    )
}
