//! Converting enums in both directions.

use crate::{domain, proto};

/// Maps between a domain enum and the schema enum with the same values. UNSPECIFIED corresponds to `None`.
macro_rules! same_values {
    ($($name:ident: $($value:ident)*;)*) => {$(
        impl From<domain::$name> for proto::$name {
            fn from(value: domain::$name) -> Self {
                match value { $(domain::$name::$value => Self::$value,)* }
            }
        }

        impl ToDomain for proto::$name {
            type Domain = domain::$name;

            fn to_domain(self) -> Option<domain::$name> {
                match self {
                    Self::Unspecified => None,
                    $(Self::$value => Some(domain::$name::$value),)*
                }
            }
        }
    )*};
}

/// A schema enum that has a counterpart in the domain.
pub trait ToDomain {
    /// The counterpart.
    type Domain;

    /// The domain value; `None` for UNSPECIFIED.
    fn to_domain(self) -> Option<Self::Domain>;
}

same_values! {
    ActorChangeKind: Merge Split Update;
    ActorKind: Person Organization Government Group Document Unknown;
    ArticleState: Active Corrected Retracted;
    BlockKind: Title Heading Byline Dateline Paragraph ListItem Caption;
    Certainty: Certain Probable Possible Uncommitted;
    ClaimKind: Assertion Belief Intention Commitment Prediction Demand Question Evaluation Denial NoComment;
    DiagnosticCode: UnclosedQuotation UnsupportedLanguage NoText;
    FactCheckChange: Created Updated Unchanged;
    Gender: Female Male Other;
    GenderBasis: Title Pronoun Register Forename;
    MentionForm: Name Nominal Pronoun;
    Polarity: Positive Negative Unknown;
    QuoteType: Direct Indirect Mixed;
    ReporterStance: Neutral Distanced Endorsed Denied;
    ReviewAction: Confirm Reject Edit Withdraw;
    ReviewState: Machine Confirmed Edited Rejected;
    SourceClass: Named Role Collective Anonymous Document Article;
    TimeAnchor: Publish Utterance Text;
    TimeGranularity: Second Minute Hour DayPart Day Week Month Quarter Season Year Decade Century;
}

/// The schema number of an optional domain value; 0 (UNSPECIFIED) for `None`.
pub(super) fn number<D, P: From<D> + Into<i32>>(value: Option<D>) -> i32 {
    value.map_or(0, |value| P::from(value).into())
}

#[cfg(test)]
mod tests {
    use super::ToDomain;
    use crate::{domain, proto};

    /// The stored spelling of every value matches its name in the schema.
    #[test]
    fn spellings_agree_with_the_schema() {
        for number in 1..=10 {
            let kind = proto::ClaimKind::try_from(number).unwrap();
            let stored = kind.to_domain().unwrap().to_string();
            assert_eq!(kind.as_str_name(), format!("CLAIM_KIND_{stored}"));
            assert_eq!(
                proto::ClaimKind::from(stored.parse::<domain::ClaimKind>().unwrap()),
                kind
            );
        }
        assert_eq!(proto::ClaimKind::Unspecified.to_domain(), None);
    }
}
