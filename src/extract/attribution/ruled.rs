//! What the rules make of an attribution.

use crate::domain::{QuoteType, Rule, SourceClass, Span};
use crate::text::Layout;

use super::bare::BareAttribution;
use super::quote_type::quote_type;
use super::sources::source_class;
use crate::extract::coref::Cast;
use crate::extract::lexicon::cues::LEXICON;
use crate::extract::semantics::{Case, ClaimFeatures, Judged, claim_features, judge};

/// What the rules make of an attribution.
pub(in crate::extract) struct Ruled {
    /// The cue's dictionary form, lower case.
    pub lemma: String,
    pub quote_type: QuoteType,
    pub judged: Judged,
    /// The class of the source and how it was told; `None` where the text has no source.
    pub class: Option<(SourceClass, Rule)>,
}

impl Ruled {
    /// Of the attribution that is number `index` in the cast; `quoted` stands in quotation marks.
    pub(in crate::extract) fn new(
        layout: &Layout<'_>,
        quoted: &[Span],
        cast: &Cast,
        bare: &BareAttribution,
        index: usize,
    ) -> Self {
        let words: Vec<&str> = bare
            .cue
            .iter()
            .map(|span| span.slice(layout.text))
            .collect();
        let words = words.join(" ");
        let entry = LEXICON.find(&words);
        let lemma = entry.map_or_else(|| words.to_lowercase(), |entry| entry.lemma.to_owned());
        let quote_type = quote_type(layout.text, quoted, &bare.content);
        let attribution = Case {
            cue: &words,
            cue_end: bare.cue.last().map(|span| span.end),
            entry,
            lemma: &lemma,
            content: &bare.content,
            quote_type,
        };
        Self {
            judged: judge(layout, &attribution),
            quote_type,
            class: source_class(layout.text, &bare.source, cast.is_named(index)),
            lemma,
        }
    }

    /// What the heads that read what a claim means are shown of it.
    pub(in crate::extract) fn features(&self) -> ClaimFeatures {
        claim_features(&self.judged, self.class, self.quote_type)
    }
}

/// False if the layout indicates a claim, by a colon, a dash or its position: few of those were among the claims that readers
/// were asked to accept.
pub(in crate::extract) fn has_cue_word(text: &str, attribution: &BareAttribution) -> bool {
    let mut cue = attribution.cue.iter();
    cue.any(|span| span.slice(text).contains(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::has_cue_word;
    use crate::domain::Span;
    use crate::extract::attribution::bare::BareAttribution;

    #[test]
    fn a_mark_is_no_cue_word() {
        let text = "LEE: It is over, she said";
        let with = |cue: Vec<Span>| BareAttribution {
            cue,
            ..BareAttribution::default()
        };
        assert!(!has_cue_word(text, &with(Vec::new())));
        assert!(!has_cue_word(text, &with(vec![Span::new(3, 4)])));
        assert!(has_cue_word(text, &with(vec![Span::new(21, 25)])));
    }
}
