use strum::{Display, EnumString};

use super::Span;

/// What a trace explains: a field of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Decision {
    /// Source, cue and content.
    Content,
    /// Who is on record.
    Actor,
    /// What sort of source it is.
    SourceClass,
    /// How much of the content is quoted.
    QuoteType,
    /// What kind of act it is.
    Kind,
    /// The reporter's view.
    ReporterStance,
    /// Certainty and polarity.
    Factuality,
    /// When the words were spoken.
    UtteranceTime,
    /// How much it is worth checking.
    CheckWorthiness,
}

/// The rule by which something was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Rule {
    /// The trained network.
    TrainedHead,
    /// Words, quotation marks and the layout of the text.
    WordingAndLayout,
    /// The source is a name.
    Name,
    /// The source is a pronoun that stands for somebody.
    Pronoun,
    /// The source describes somebody: "the mayor".
    Description,
    /// Words by which an article hides who told it: "familiar with".
    HiddenSource,
    /// The head noun of the source.
    HeadNoun,
    /// Where quotation marks stand.
    QuotationMarks,
    /// The cue's entry in the lexicon.
    CueLexicon,
    /// The stem of a word of the cue.
    CueStem,
    /// The cue together with the form of its content: "asked them to leave".
    CueFrame,
    /// The cue is negated: "did not say".
    CueNegated,
    /// The kind of act, such as a demand, which commits to nothing.
    Act,
    /// A cue of wishing: "hope".
    CueWish,
    /// A cue of thinking false: "doubt".
    CueDoubt,
    /// The kind is a denial.
    Denial,
    /// A cue of thinking likely: "believe".
    CueLikely,
    /// A cue of thinking no more than possible: "hint".
    CuePossible,
    /// A question mark ends the content.
    ContentQuestion,
    /// The content is an order.
    ContentCommand,
    /// The content rejects something: "that is a lie".
    ContentDenial,
    /// The verb of the content's main clause: "will", "must".
    ContentVerb,
    /// A word of praise or blame.
    ContentJudgement,
    /// A modal, a negation, a condition or a predicate over the event: "may", "failed to".
    ContentModality,
    /// No word tells more: a plain statement.
    Plain,
    /// The time beside the cue.
    TimeBesideCue,
    /// Figures, comparisons and the like, weighted.
    WeightedFeatures,
}

/// Why a field of a claim is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The field.
    pub decision: Decision,
    /// The rule that decided.
    pub rule: Rule,
    /// The words it went by, in text order; none where it went by no words of the text.
    pub evidence: Vec<Span>,
}
