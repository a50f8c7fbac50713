//! Contents that stand before their attribution: “…,” she said. “…” and: …, she said, …

use super::construct::Construct;
use super::content::{Extent, MAX_CONTENT, content_end};
use super::found::Found;
use super::quoted::{is_speech, quote_ahead, quote_before, run_ahead, run_back, spans};
use super::verbal::{Subject, Verb};
use super::words::Class;

/// Maximum length of an adverbial after "…, she said", in tokens.
const MAX_PARENTHESIS: usize = 10;

impl Verb<'_, '_> {
    /// “…,” she said. “…”
    pub(super) fn read_quote_first(
        &self,
        found: &mut Found<'_, '_>,
        subject: &Subject,
        quote: usize,
        end: usize,
    ) {
        let quotes = run_back(self.sheet, quote);
        let mut content = spans(self.sheet, &quotes);
        if let Some(opening) = self.unquoted_opening(quotes[0]) {
            content[0].start = opening;
        }
        let further = self.quote_behind(end);
        if let Some(quote) = further {
            let run = run_ahead(self.sheet, quote);
            content.extend(spans(self.sheet, &run));
        }
        found.add(
            Some(subject.tokens.clone()),
            self.group.tokens.clone(),
            content,
            Construct::QuoteFirst,
        );
    }

    /// The start of the sentence, if the quotation only ends a sentence that began without marks.
    fn unquoted_opening(&self, quote: usize) -> Option<usize> {
        let start = self.sheet.quotes[quote].span.start;
        let first = self.sheet.layout.token_from(start);
        let in_sentence = first > self.sentence.start
            && first < self.sentence.end
            && first - self.sentence.start <= MAX_CONTENT;
        (in_sentence && !is_speech(self.sheet, quote))
            .then(|| self.sheet.layout.tokens[self.sentence.start].span.start)
    }

    /// The quotation that goes on after the attribution: in the same sentence, or opening the next one. It is looked
    /// for at most [`MAX_CONTENT`] tokens on.
    fn quote_behind(&self, end: usize) -> Option<usize> {
        let sheet = self.sheet;
        let furthest = end + MAX_CONTENT;
        let within = (end..self.sentence.end.min(furthest)).find(|token| {
            sheet.classes[*token] == Class::Quoted
                && matches!(sheet.classes[*token - 1], Class::Comma | Class::Colon)
        });
        let next_sentence = Some(self.sentence.end).filter(|next| *next <= furthest);
        let quote = quote_ahead(sheet, within.or(next_sentence)?)?;
        let same_block = sheet.quotes[quote].block == self.block();
        let own = self.is_attributed_behind(quote);
        (same_block && !own).then_some(quote)
    }

    fn block(&self) -> usize {
        let at = self.sheet.layout.tokens[self.group.verb].span.start;
        self.sheet
            .layout
            .blocks
            .partition_point(|block| block.span.end <= at)
    }

    /// True if an attribution of its own seems to follow a quotation.
    fn is_attributed_behind(&self, quote: usize) -> bool {
        let end = self.sheet.quotes[quote].span.end;
        let next = self.sheet.layout.token_from(end);
        // “It is fine”, she said: the comma may stand outside.
        let comma = self.sheet.classes.get(next) == Some(&Class::Comma);
        let next = next + usize::from(comma);
        next < self.sheet.classes.len()
            && (comma || quote_before(self.sheet, next).is_some())
            && matches!(
                self.sheet.classes[next],
                Class::Name | Class::Pronoun | Class::Determiner | Class::Word
            )
    }

    /// …, she said: a comma before the attribution, and nothing, a comma or an adverbial after it. Returns the end of
    /// that.
    pub(super) fn parenthesis_end(&self, start: usize, from: usize) -> Option<usize> {
        let comma = start
            .checked_sub(1)
            .filter(|token| *token > self.sentence.start)?;
        if self.sheet.classes[comma] != Class::Comma {
            return None;
        }
        let ends = |token: &usize| {
            matches!(
                self.sheet.class_in(self.sentence, *token),
                Class::Stop | Class::Comma | Class::Other
            )
        };
        match self.sheet.class_in(self.sentence, from) {
            Class::Preposition => (from..from + MAX_PARENTHESIS).find(ends),
            _ => Some(from).filter(ends),
        }
    }

    pub(super) fn read_clause_first(
        &self,
        found: &mut Found<'_, '_>,
        subject: &Subject,
        start: usize,
        from: usize,
    ) {
        let opening = self.sentence.start.max(start.saturating_sub(MAX_CONTENT));
        let mut content = vec![found.whole(opening..start - 1)];
        if self.sheet.class_in(self.sentence, from) == Class::Comma && from + 1 < self.sentence.end
        {
            let end = content_end(self.sheet, self.sentence, from + 1, Extent::Clause);
            if end > from + 1 {
                content.push(found.whole(from + 1..end));
            }
        }
        found.add(
            Some(subject.tokens.clone()),
            self.group.tokens.clone(),
            content,
            Construct::ClauseFirst,
        );
    }
}
