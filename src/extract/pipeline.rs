use std::sync::atomic::AtomicBool;

use chrono_tz::Tz;

use crate::domain::{Attributed, Cue, Document, Extraction, Source, Span, TimeExpression};
use crate::text::{Layout, Plain, trim};

use super::attribution::addressees::addressees;
use super::attribution::bare::BareAttribution;
use super::attribution::claim_times::claim_times;
use super::attribution::depth::bound_depth;
use super::attribution::parents::set_parents;
use super::attribution::quote_type::quoted_spans;
use super::attribution::respan::respan;
use super::attribution::ruled::{Ruled, has_cue_word};
use super::attributor::Read;
use super::coref::Cast;
use super::diagnostics::diagnostics;
use super::engine::EngineKind;
use super::model::MeaningRead;
use super::relations::relations;
use super::semantics::{claim_words, settled, settled_class};
use super::threshold::drop_below;

use super::attribution::utterance_days::count_from_utterance;
use super::time::{TimeView, times};
use super::traces::{Grounds, traces};

/// Claims of at least this confidence are stored and returned by default: those more likely right than wrong.
pub const MIN_CONFIDENCE: f32 = 0.5;

/// How a document is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Options {
    /// The engine.
    pub engine: EngineKind,
    /// Claims of less confidence are left out. 0 keeps all.
    pub min_confidence: f32,
    /// Each claim tells why its fields are what they are.
    pub traced: bool,
    /// How the times are given.
    pub times: TimeView,
}

/// Reads a document.
///
/// Always gives a result, and the same one for the same arguments. Claims below `min_confidence` are left out once all
/// is read, so the others are what they are without a threshold; no index in the result points to one that is left
/// out. Actors and mentions are those of the whole text.
#[must_use]
pub fn extract(document: &Document, options: &Options) -> Extraction {
    extract_unless(document, options, &AtomicBool::new(false))
}

/// Like [`extract`], for a caller that may go away: once `stopped` is set, it ends early and its result is meaningless.
#[must_use]
pub fn extract_unless(document: &Document, options: &Options, stopped: &AtomicBool) -> Extraction {
    let mut read = match Plain::of(&document.text) {
        Some(plain) => {
            let shown = Document {
                text: plain.text.clone(),
                ..document.clone()
            };
            let mut read = read_plain(&shown, *options, stopped);
            respan(&mut read, &plain);
            read
        }
        None => read_plain(document, *options, stopped),
    };
    drop_below(&mut read, options.min_confidence);
    read
}

/// Reads a document without markup.
fn read_plain(document: &Document, options: Options, stopped: &AtomicBool) -> Extraction {
    let layout = Layout::new(&document.text, document.title.as_deref());
    let read = options.engine.attributor().attribute(&layout, stopped);
    understand(document, layout, read, options)
}

/// All that follows once the attributions are found.
pub(super) fn understand(
    document: &Document,
    layout: Layout<'_>,
    read: Read,
    options: Options,
) -> Extraction {
    let mut bare = in_text_order(&layout, read.attributions);
    bound_depth(&mut bare);
    let cast = Cast::new(&layout, &bare, read.who.as_ref());
    let quoted = quoted_spans(&layout);
    // Without a zone the article's "Monday" is one in UTC.
    let zone = document.time_zone.unwrap_or(Tz::UTC);
    let published = document.publish_time.map(|time| time.with_timezone(&zone));
    let mut times = times(&layout, published, options.times);
    let known = Known {
        layout: &layout,
        quoted: &quoted,
        times: &times,
        cast: &cast,
        meaning: read.meaning.as_ref(),
    };
    let mut claims: Vec<Attributed> = bare
        .iter()
        .enumerate()
        .map(|(index, attribution)| known.claim(attribution, index, options.traced))
        .collect();
    count_from_utterance(
        &layout,
        &quoted,
        &mut times,
        &claims,
        published,
        options.times,
    );
    set_parents(&mut claims);
    let diagnostics = diagnostics(document, &layout);
    let (actors, mentions) = cast.into_parts();
    let relations = relations(&layout, &claims, &actors, &mentions);
    Extraction {
        engine: options.engine.id(),
        claims,
        relations,
        mentions,
        diagnostics,
        times,
        actors,
        blocks: layout.blocks,
    }
}

/// Trims every span, drops what is empty then, and orders the attributions by where they begin.
fn in_text_order(layout: &Layout<'_>, mut bare: Vec<BareAttribution>) -> Vec<BareAttribution> {
    for attribution in &mut bare {
        for spans in [
            &mut attribution.source,
            &mut attribution.cue,
            &mut attribution.content,
        ] {
            for span in spans.iter_mut() {
                *span = trim(layout.text, *span);
            }
            spans.retain(|span| !span.is_empty());
            spans.sort_unstable();
        }
    }
    bare.retain(|attribution| !attribution.content.is_empty());
    bare.sort_by_key(|attribution| {
        (
            first_word(attribution),
            attribution.content.first().copied(),
        )
    });
    bare
}

fn first_word(attribution: &BareAttribution) -> Option<usize> {
    let all = [&attribution.source, &attribution.cue, &attribution.content];
    all.into_iter().flatten().map(|span| span.start).min()
}

/// What is known about a text before its claims are made.
struct Known<'a> {
    layout: &'a Layout<'a>,
    /// What stands in quotation marks.
    quoted: &'a [Span],
    times: &'a [TimeExpression],
    cast: &'a Cast,
    meaning: Option<&'a MeaningRead>,
}

impl Known<'_> {
    /// The claim of the attribution at `index`, with traces if they are asked for.
    fn claim(&self, bare: &BareAttribution, index: usize, traced: bool) -> Attributed {
        let Self { layout, cast, .. } = *self;
        let actor = cast.actor_of(index);
        let mut ruled = Ruled::new(layout, self.quoted, cast, bare, index);
        let mut confidence = bare.confidence;
        if let Some(meaning) = self.meaning {
            let scores = meaning.scores(&claim_words(layout, bare), &ruled.features());
            if has_cue_word(layout.text, bare) {
                confidence = meaning.confidence(confidence, &scores);
            }
            ruled.judged = settled(layout, &bare.content, &ruled.judged, &scores);
            ruled.class = ruled.class.map(|class| settled_class(class, &scores));
        }
        let Ruled {
            lemma,
            quote_type,
            judged,
            class,
        } = ruled;
        let own_times = claim_times(layout, self.times, bare);
        let mut claim = Attributed {
            actor,
            parent: None,
            addressees: addressees(layout, cast, bare),
            about: cast.about(&bare.content, actor),
            source: class.map(|(class, _)| Source {
                spans: bare.source.clone(),
                class,
            }),
            cue: (!bare.cue.is_empty()).then(|| Cue {
                spans: bare.cue.clone(),
                lemma,
            }),
            content: bare.content.clone(),
            quote_type,
            kind: judged.kind(),
            reporter_stance: judged.stance,
            commitment: Some(judged.commitment),
            utterance_time: own_times.utterance,
            referenced_times: own_times.referenced,
            check_worthiness: Some(judged.check_worthiness),
            confidence,
            part_confidence: bare.parts,
            actor_confidence: cast.actor_confidence(index),
            traces: Vec::new(),
        };
        if traced {
            let grounds = Grounds {
                bare,
                judged: &judged,
                class: class.map(|(_, rule)| rule),
                source: cast.source_form(index),
                uttered: claim.utterance_time.map(|time| self.times[time].span),
                quoted: self.quoted,
            };
            claim.traces = traces(&claim, &grounds);
        }
        claim
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{EngineKind, Options, extract};
    use crate::domain::{Document, Extraction, Span};

    const WORDS: &[&str] = &[
        "Ann Lee ",
        "Mr. Dam ",
        "she ",
        "the mayor ",
        "said ",
        "says ",
        "told ",
        "asked ",
        "saying ",
        "that ",
        "to ",
        "who ",
        "was ",
        "expected ",
        "by ",
        "according to ",
        "his ",
        "claim ",
        "it rained",
        "“",
        "”",
        "\"",
        "'",
        "’s ",
        ", ",
        ". ",
        ": ",
        "? ",
        "— ",
        "(",
        ")",
        "\n",
        "\r\n\r\n",
        "🦀 ",
        "שלום ",
        "\u{301}",
        "\0",
        "\u{2028}",
        "and ",
        "but ",
        "on Monday ",
        "of ",
        "LEE",
    ];

    fn read(text: &str) -> Extraction {
        let document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let options = Options {
            engine: EngineKind::Rules,
            ..Options::default()
        };
        extract(&document, &options)
    }

    #[test]
    fn a_negated_cue_asserts_nothing() {
        let kind = |text: &str| read(text).claims[0].kind.map(|kind| kind.to_string());
        for text in [
            "Ann Lee did not say that it was safe.",
            "Ann Lee has never said that it was safe.",
            "Ann Lee didn’t say that it was safe.",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
        let said = kind("Ann Lee said that it was not safe.");
        assert_eq!(said.as_deref(), Some("ASSERTION"));
    }

    #[test]
    fn a_claim_is_sure_of_its_actor_if_it_has_one() {
        let read = read("Ann Lee said it rained. They left. She said it snowed.");
        let sure = |claim: usize| read.claims[claim].actor_confidence;
        assert!(sure(0).is_some_and(|sure| (0.5..=1.0).contains(&sure)));
        for (index, claim) in read.claims.iter().enumerate() {
            assert_eq!(sure(index).is_some(), claim.actor.is_some());
        }
    }

    #[test]
    fn reading_twice_gives_the_same() {
        let text = "Ann Lee said that Bo Dam claimed it was over. She left.";
        assert_eq!(read(text), read(text));
        assert_eq!(read(text).claims[1].parent, Some(0));
    }

    fn check_invariants(text: &str) {
        let read = read(text);
        let mut last = 0;
        for (index, claim) in read.claims.iter().enumerate() {
            let source = claim.source.iter().flat_map(|source| &source.spans);
            let cue = claim.cue.iter().flat_map(|cue| &cue.spans);
            let spans: Vec<Span> = source.chain(cue).chain(&claim.content).copied().collect();
            for span in &spans {
                assert!(
                    text.get(span.start..span.end)
                        .is_some_and(|words| !words.is_empty())
                );
            }
            let first = spans.iter().map(|span| span.start).min().unwrap();
            assert!(!claim.content.is_empty() && last <= first, "{index}");
            assert!(
                claim
                    .content
                    .windows(2)
                    .all(|pair| pair[0].end <= pair[1].start)
            );
            assert!(claim.actor.is_none_or(|actor| actor < read.actors.len()));
            assert_eq!(claim.actor.is_some(), claim.actor_confidence.is_some());
            assert!(
                claim
                    .parent
                    .is_none_or(|parent| parent < read.claims.len() && parent != index)
            );
            last = first;
        }
        for mention in &read.mentions {
            assert!(text.get(mention.span.start..mention.span.end).is_some());
            assert!(mention.actor.is_none_or(|actor| actor < read.actors.len()));
        }
        assert!(
            read.mentions
                .windows(2)
                .all(|pair| pair[0].span < pair[1].span)
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,120}") {
            check_invariants(&text);
        }

        #[test]
        fn any_mix_of_news_words_is_read(
            words in prop::collection::vec(prop::sample::select(WORDS), 0..60),
        ) {
            check_invariants(&words.concat());
        }
    }
}
