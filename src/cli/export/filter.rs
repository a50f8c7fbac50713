use clap::Args;

use crate::cli::values::{
    article_state, certainty, gender, kind, polarity, quote_type, review_state, source_class, time,
};
use crate::proto::{
    ArticleState, Certainty, ClaimFilter, ClaimKind, Gender, Polarity, QuoteType, ReviewState,
    SourceClass,
};

/// Which claims are written: those that meet every condition given.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which claims")]
pub(super) struct Filter {
    /// Only claims of this actor: actors/…; repeat it for several
    #[arg(long, value_name = "NAME")]
    actor: Vec<String>,

    /// No claims of this actor: actors/…; repeat it for several
    #[arg(long, value_name = "NAME")]
    excluded_actor: Vec<String>,

    /// Only claims that have an actor (true), or that have none (false)
    #[arg(long, value_name = "BOOL")]
    has_actor: Option<bool>,

    /// Only claims of actors of this gender: female, male or other
    #[arg(long, value_name = "GENDER", value_parser = gender)]
    actor_gender: Option<Gender>,

    /// Only claims that mention this actor: actors/…
    #[arg(long, value_name = "NAME")]
    about_actor: Option<String>,

    /// Only claims addressed to this actor: actors/…
    #[arg(long, value_name = "NAME")]
    addressee_actor: Option<String>,

    /// Only claims in this article: articles/…
    #[arg(long, value_name = "NAME")]
    article: Option<String>,

    /// Only claims that say the same: propositions/…
    #[arg(long, value_name = "NAME")]
    proposition: Option<String>,

    /// Only claims of this kind: assertion, belief, intention, commitment, prediction, demand, question, evaluation,
    /// denial or no-comment; repeat it for several
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<ClaimKind>,

    /// No claims of this kind; repeat it for several
    #[arg(long, value_name = "KIND", value_parser = kind)]
    excluded_kind: Vec<ClaimKind>,

    /// Only claims from this class of source: named, role, collective, anonymous, document or article
    #[arg(long, value_name = "CLASS", value_parser = source_class)]
    source_class: Option<SourceClass>,

    /// Only claims quoted like this: direct, indirect or mixed
    #[arg(long, value_name = "TYPE", value_parser = quote_type)]
    quote_type: Option<QuoteType>,

    /// Only claims of this certainty: certain, probable, possible or uncommitted
    #[arg(long, value_name = "CERTAINTY", value_parser = certainty)]
    certainty: Option<Certainty>,

    /// Only claims of this polarity: positive, negative or unknown
    #[arg(long, value_name = "POLARITY", value_parser = polarity)]
    polarity: Option<Polarity>,

    /// Only claims in this state of review: machine, confirmed, edited or rejected
    #[arg(long, value_name = "STATE", value_parser = review_state)]
    review_state: Option<ReviewState>,

    /// Only claims of articles of this publisher; repeat it for several
    #[arg(long, value_name = "PUBLISHER")]
    publisher: Vec<String>,

    /// No claims of articles of this publisher; repeat it for several
    #[arg(long, value_name = "PUBLISHER")]
    excluded_publisher: Vec<String>,

    /// Only claims of articles in this language, such as en; repeat it for several
    #[arg(long, value_name = "CODE")]
    language_code: Vec<String>,

    /// Only claims of articles in this state: active, corrected or retracted
    #[arg(long, value_name = "STATE", value_parser = article_state)]
    article_state: Option<ArticleState>,

    /// Only claims of articles published at or after this time: a date, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = time)]
    start_publish_time: Option<prost_types::Timestamp>,

    /// Only claims of articles published before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    end_publish_time: Option<prost_types::Timestamp>,

    /// Only claims uttered at or after this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    start_utterance_time: Option<prost_types::Timestamp>,

    /// Only claims uttered before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    end_utterance_time: Option<prost_types::Timestamp>,

    /// Only claims with at least this confidence, from 0 to 1
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    min_confidence: f32,

    /// Only claims with at least this actor confidence, from 0 to 1
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    min_actor_confidence: f32,

    /// Only claims with at least this check-worthiness, from 0 to 1
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    min_check_worthiness: f32,

    /// Only claims that have been checked by somebody (true), as far as is known, or that have not (false)
    #[arg(long, value_name = "BOOL")]
    has_fact_check: Option<bool>,

    /// Only claims extracted by this version of an engine
    #[arg(long, value_name = "VERSION")]
    engine_version: Option<String>,

    /// No claims extracted by this version of an engine
    #[arg(long, value_name = "VERSION")]
    excluded_engine_version: Option<String>,
}

impl From<Filter> for ClaimFilter {
    fn from(filter: Filter) -> Self {
        let number = |kind: ClaimKind| i32::from(kind);
        Self {
            actors: filter.actor,
            excluded_actors: filter.excluded_actor,
            has_actor: filter.has_actor,
            has_fact_check: filter.has_fact_check,
            actor_gender: filter.actor_gender.unwrap_or_default().into(),
            about_actor: filter.about_actor.unwrap_or_default(),
            addressee_actor: filter.addressee_actor.unwrap_or_default(),
            article: filter.article.unwrap_or_default(),
            proposition: filter.proposition.unwrap_or_default(),
            kinds: filter.kind.into_iter().map(number).collect(),
            excluded_kinds: filter.excluded_kind.into_iter().map(number).collect(),
            source_class: filter.source_class.unwrap_or_default().into(),
            quote_type: filter.quote_type.unwrap_or_default().into(),
            certainty: filter.certainty.unwrap_or_default().into(),
            polarity: filter.polarity.unwrap_or_default().into(),
            review_state: filter.review_state.unwrap_or_default().into(),
            publishers: filter.publisher,
            excluded_publishers: filter.excluded_publisher,
            language_codes: filter.language_code,
            article_state: filter.article_state.unwrap_or_default().into(),
            start_publish_time: filter.start_publish_time,
            end_publish_time: filter.end_publish_time,
            start_utterance_time: filter.start_utterance_time,
            end_utterance_time: filter.end_utterance_time,
            min_confidence: filter.min_confidence,
            min_actor_confidence: filter.min_actor_confidence,
            min_check_worthiness: filter.min_check_worthiness,
            engine_version: filter.engine_version.unwrap_or_default(),
            excluded_engine_version: filter.excluded_engine_version.unwrap_or_default(),
            // Flags that may be repeated say the same.
            actor: String::new(),
            kind: 0,
            publisher: String::new(),
            language_code: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Filter;
    use crate::proto::{ClaimFilter, ClaimKind};

    #[derive(Debug, Parser)]
    struct Flags {
        #[command(flatten)]
        filter: Filter,
    }

    fn parse(flags: &str) -> Result<ClaimFilter, clap::Error> {
        let flags = std::iter::once("export").chain(flags.split(' '));
        Ok(Flags::try_parse_from(flags)?.filter.into())
    }

    #[test]
    fn values_are_spelled_as_people_do() {
        let filter =
            parse("--kind no-comment --kind DENIAL --start-publish-time 2024-05-03").unwrap();
        let kinds = [ClaimKind::NoComment, ClaimKind::Denial].map(i32::from);
        assert_eq!(filter.kinds, kinds);
        assert_eq!(filter.start_publish_time.unwrap().seconds, 1_714_694_400);
        assert_eq!(parse("--has-actor false").unwrap().has_actor, Some(false));
    }

    #[test]
    fn a_value_that_there_is_not_names_those_that_there_are() {
        let error = parse("--polarity sour").unwrap_err().to_string();
        assert!(
            error.contains("one of positive, negative, unknown"),
            "{error}"
        );
        assert!(parse("--kind unspecified").is_err());
        assert!(parse("--end-publish-time soon").is_err());
    }
}
