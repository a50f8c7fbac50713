//! Values of flags that several commands have.

use super::input::parse_time;
use crate::api::convert::time::timestamp;
use crate::proto::{
    ArticleState, Certainty, ClaimKind, Gender, Polarity, QuoteType, ReviewState, SourceClass,
};

/// Parses a date, or a time in RFC 3339.
pub(super) fn time(text: &str) -> Result<prost_types::Timestamp, String> {
    let time = parse_time(text, None).map_err(|error| error.to_string())?;
    Ok(timestamp(time))
}

/// Defines parsers of the schema's enum values, without their prefix and in any case.
macro_rules! values {
    ($($parser:ident: $name:ident with $prefix:literal;)*) => {$(
        pub(super) fn $parser(text: &str) -> Result<$name, String> {
            let spelling = text.to_uppercase().replace('-', "_");
            let value = $name::from_str_name(&format!(concat!($prefix, "{}"), spelling));
            value.filter(|value| *value != $name::Unspecified).ok_or_else(|| {
                let values = (1..).map_while(|number| $name::try_from(number).ok());
                let names = values.map(|value| value.as_str_name().trim_start_matches($prefix));
                let names: Vec<String> = names.map(spelled).collect();
                format!("one of {}", names.join(", "))
            })
        }
    )*};
}

values! {
    article_state: ArticleState with "ARTICLE_STATE_";
    certainty: Certainty with "CERTAINTY_";
    gender: Gender with "GENDER_";
    kind: ClaimKind with "CLAIM_KIND_";
    polarity: Polarity with "POLARITY_";
    quote_type: QuoteType with "QUOTE_TYPE_";
    review_state: ReviewState with "REVIEW_STATE_";
    source_class: SourceClass with "SOURCE_CLASS_";
}

fn spelled(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}
