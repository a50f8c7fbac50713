//! Converting columns to domain values.

use std::str::FromStr;

use super::error::StoreError;

/// Parses a column that holds the spelling of an enum value.
pub(in crate::store) fn parse<T: FromStr>(
    column: &'static str,
    value: &str,
) -> Result<T, StoreError> {
    value.parse().map_err(|_| StoreError::Unreadable {
        column,
        value: value.to_owned(),
    })
}

/// Like [`parse`], for a column that may be NULL.
pub(in crate::store) fn parse_opt<T: FromStr>(
    column: &'static str,
    value: Option<String>,
) -> Result<Option<T>, StoreError> {
    value.map(|value| parse(column, &value)).transpose()
}

/// Converts rows one by one and stops at the first that cannot be converted.
pub(in crate::store) fn all<R, T>(rows: Vec<R>) -> Result<Vec<T>, StoreError>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}

/// Converts the column `text_sha256`.
pub(in crate::store) fn sha256(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes
        .try_into()
        .map_err(|bytes: Vec<u8>| StoreError::Unreadable {
            column: "text_sha256",
            value: format!("{} bytes", bytes.len()),
        })
}

/// The form in which names are compared and sorted. A final sigma becomes an ordinary one: whether a letter is final
/// changes as a prefix grows.
pub(in crate::store) fn name_key(name: &str) -> String {
    name.to_lowercase().replace('ς', "σ")
}

#[cfg(test)]
mod tests {
    use super::{name_key, parse_opt};
    use crate::domain::QuoteType;
    use crate::store::StoreError;

    #[test]
    fn a_prefix_of_a_name_is_a_prefix_of_its_key() {
        assert!(name_key("ΟΔΥΣΣΕΑΣ").starts_with(&name_key("ΟΔΥΣ")));
        assert_eq!(name_key("Ann LEE"), "ann lee");
    }

    #[test]
    fn an_unknown_spelling_names_its_column() {
        assert_eq!(
            parse_opt("quote_type", Some("MIXED".into())).unwrap(),
            Some(QuoteType::Mixed)
        );
        assert_eq!(parse_opt::<QuoteType>("quote_type", None).unwrap(), None);
        let error = parse_opt::<QuoteType>("quote_type", Some("SUNG".into())).unwrap_err();
        assert!(matches!(
            error,
            StoreError::Unreadable {
                column: "quote_type",
                ..
            }
        ));
    }
}
