//! Why the fields of a claim are what they are: the rule and the words that decided, for callers who ask.

use crate::domain::{Attributed, Decision, MentionForm, Rule, Span, Trace};

use super::attribution::bare::BareAttribution;
use super::semantics::{Judged, Told};

/// What is known about a claim beside its fields.
pub(super) struct Grounds<'a> {
    pub bare: &'a BareAttribution,
    pub judged: &'a Judged,
    /// How the source's class was told.
    pub class: Option<Rule>,
    /// The form of the source's mention, and the name it stands for if it is none itself.
    pub source: Option<(MentionForm, Option<Span>)>,
    /// The time of the utterance.
    pub uttered: Option<Span>,
    /// The text's quoted spans.
    pub quoted: &'a [Span],
}

/// The traces of a claim: one for each field that is set.
pub(super) fn traces(claim: &Attributed, grounds: &Grounds<'_>) -> Vec<Trace> {
    let Grounds { bare, judged, .. } = grounds;
    let head = if bare.parts.is_some() {
        Rule::TrainedHead
    } else {
        Rule::WordingAndLayout
    };
    let found = [&bare.source[..], &bare.cue, &bare.content].concat();
    let mut traces = vec![trace(Decision::Content, head, found)];
    if let Some((form, name)) = grounds.source.filter(|_| claim.actor.is_some()) {
        let words = bare.source.iter().copied().chain(name).collect();
        traces.push(trace(Decision::Actor, rule_of(form), words));
    }
    if let Some(rule) = grounds.class {
        traces.push(trace(Decision::SourceClass, rule, bare.source.clone()));
    }
    let quoted = quoted_within(grounds.quoted, &bare.content);
    traces.push(trace(Decision::QuoteType, Rule::QuotationMarks, quoted));
    if let Some(told) = judged.told {
        let words = kind_words(bare, told);
        traces.push(trace(Decision::Kind, told.rule, words));
    }
    if claim.reporter_stance.is_some() {
        let cue = bare.cue.clone();
        traces.push(trace(Decision::ReporterStance, Rule::CueLexicon, cue));
    }
    traces.push(trace(
        Decision::Factuality,
        judged.rule,
        factuality_words(bare, judged),
    ));
    if let Some(time) = grounds.uttered {
        let words = bare.cue.iter().copied().chain([time]).collect();
        traces.push(trace(Decision::UtteranceTime, Rule::TimeBesideCue, words));
    }
    let content = bare.content.clone();
    traces.push(trace(
        Decision::CheckWorthiness,
        Rule::WeightedFeatures,
        content,
    ));
    traces
}

fn trace(decision: Decision, rule: Rule, mut evidence: Vec<Span>) -> Trace {
    evidence.sort_unstable();
    evidence.dedup();
    Trace {
        decision,
        rule,
        evidence,
    }
}

const fn rule_of(form: MentionForm) -> Rule {
    match form {
        MentionForm::Name => Rule::Name,
        MentionForm::Nominal => Rule::Description,
        MentionForm::Pronoun => Rule::Pronoun,
    }
}

/// The words that tell the kind.
fn kind_words(bare: &BareAttribution, told: Told) -> Vec<Span> {
    match (told.rule, told.word) {
        (Rule::CueLexicon | Rule::CueStem, _) => bare.cue.clone(),
        (Rule::CueFrame, _) => [&bare.cue[..], &bare.content].concat(),
        (_, Some(word)) => vec![word],
        (_, None) => bare.content.clone(),
    }
}

/// The words that tell how far the one on record is committed: those of the kind or the cue where it has a part in it, and
/// the word of the content that does.
fn factuality_words(bare: &BareAttribution, judged: &Judged) -> Vec<Span> {
    let of_kind = || {
        judged
            .told
            .map_or_else(Vec::new, |told| kind_words(bare, told))
    };
    let mut words = match judged.rule {
        Rule::Plain | Rule::ContentQuestion => return bare.content.clone(),
        // What the content says does not count any more.
        Rule::Act => return of_kind(),
        Rule::CueWish => return bare.cue.clone(),
        Rule::ContentModality => Vec::new(),
        Rule::Denial => of_kind(),
        _ => bare.cue.clone(),
    };
    words.extend(judged.cause);
    words
}

/// The parts of a content that stand in quotation marks.
fn quoted_within(quoted: &[Span], content: &[Span]) -> Vec<Span> {
    let mut within = Vec::new();
    for span in content {
        let first = quoted.partition_point(|quote| quote.end <= span.start);
        let here = quoted[first..]
            .iter()
            .take_while(|quote| quote.start < span.end);
        within.extend(
            here.map(|quote| Span::new(quote.start.max(span.start), quote.end.min(span.end))),
        );
    }
    within.retain(|span| !span.is_empty());
    within
}

#[cfg(test)]
mod tests {
    use crate::domain::{Decision, Document};
    use crate::extract::{EngineKind, Options, extract};

    /// The rule and the words behind a field of a text's last claim.
    fn why(text: &str, decision: Decision) -> Option<(String, Vec<&str>)> {
        let document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let options = Options {
            engine: EngineKind::Rules,
            traced: true,
            ..Options::default()
        };
        let read = extract(&document, &options);
        let claim = read.claims.last().unwrap();
        let trace = claim
            .traces
            .iter()
            .find(|trace| trace.decision == decision)?;
        let words = trace.evidence.iter().map(|span| span.slice(text));
        Some((trace.rule.to_string(), words.collect()))
    }

    #[test]
    fn each_field_tells_its_rule_and_its_words() {
        let text = "Ann Lee arrived on Monday. She said on Tuesday that the ferry may not sail.";
        for (decision, rule, words) in [
            (Decision::Actor, "pronoun", vec!["Ann Lee", "She"]),
            (Decision::SourceClass, "name", vec!["She"]),
            (Decision::QuoteType, "quotation-marks", vec![]),
            (Decision::Kind, "content-verb", vec!["may"]),
            (Decision::ReporterStance, "cue-lexicon", vec!["said"]),
            (Decision::Factuality, "content-modality", vec!["may"]),
            (
                Decision::UtteranceTime,
                "time-beside-cue",
                vec!["said", "Tuesday"],
            ),
        ] {
            let (found, evidence) = why(text, decision).unwrap();
            assert_eq!((found.as_str(), evidence), (rule, words), "{decision}");
        }
        let text = "Ann Lee denied that the ferry did not sail.";
        let (rule, words) = why(text, Decision::Factuality).unwrap();
        assert_eq!((rule.as_str(), words), ("denial", vec!["denied", "not"]));
        let text = "The mayor spoke. “That is false,” replied Ann Lee.";
        let (rule, words) = why(text, Decision::Factuality).unwrap();
        assert_eq!((rule.as_str(), words), ("denial", vec!["“That is false,”"]));
        let text = "The mayor called it “a disgrace”.";
        assert_eq!(why(text, Decision::UtteranceTime), None);
        let (rule, words) = why(text, Decision::QuoteType).unwrap();
        assert_eq!(
            (rule.as_str(), words),
            ("quotation-marks", vec!["a disgrace"])
        );
    }
}
