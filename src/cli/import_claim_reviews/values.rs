//! Values as publishers mark them up: a text where an object belongs, an array where one thing does, a number in quotes.

use std::iter;

use serde_json::{Map, Value};

/// An object of JSON.
pub(super) type Object = Map<String, Value>;

/// Whether an object has this type of schema.org, alone or among others.
pub(super) fn is_type(object: &Object, name: &str) -> bool {
    let types = each(object.get("@type"));
    let mut names = types.filter_map(Value::as_str);
    names.any(|own| own == name || own.rsplit(['/', ':', '#']).next() == Some(name))
}

/// The values of a property: those of an array one by one.
pub(super) fn each(value: Option<&Value>) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        None | Some(Value::Null) => Box::new(iter::empty()),
        Some(Value::Array(items)) => Box::new(items.iter().flat_map(|item| each(Some(item)))),
        Some(value) => Box::new(iter::once(value)),
    }
}

/// The first text of a property that is not empty: a string, a number, a JSON-LD value, or else one of these properties
/// of an object.
pub(super) fn text(value: Option<&Value>, properties: &[&str]) -> Option<String> {
    each(value).find_map(|value| match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => iter::once(&"@value")
            .chain(properties)
            .find_map(|property| text(object.get(*property), &[])),
        _ => None,
    })
}

/// All addresses of a property, each once: strings, or the addresses of objects.
pub(super) fn addresses(value: Option<&Value>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in each(value) {
        let address = text(Some(value), &["url", "@id", "contentUrl"]);
        let address = address.filter(|address| is_address(address));
        found.extend(address.filter(|address| !found.contains(address)));
    }
    found
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// The number of a property, also from a text.
pub(super) fn number(value: Option<&Value>) -> Option<f64> {
    let number: f64 = text(value, &[])?.replace(',', ".").parse().ok()?;
    Some(number).filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{addresses, number, text};

    #[test]
    fn a_text_is_found_however_it_is_marked_up() {
        for value in [
            json!("False"),
            json!([" ", " False "]),
            json!({"@value": "False", "@language": "en"}),
            json!({"@type": "Organization", "name": "False"}),
            json!([{"@type": "Person"}, {"name": ["False"]}]),
        ] {
            assert_eq!(
                text(Some(&value), &["name"]).as_deref(),
                Some("False"),
                "{value}"
            );
        }
        for value in [json!(null), json!(""), json!({}), json!(true), json!([])] {
            assert_eq!(text(Some(&value), &["name"]), None, "{value}");
        }
    }

    #[test]
    fn numbers_are_read_from_texts() {
        for (value, expect) in [
            (json!(2), Some(2.0)),
            (json!("2"), Some(2.0)),
            (json!(" 2,5 "), Some(2.5)),
            (json!("False"), None),
            (json!("NaN"), None),
            (Value::Null, None),
        ] {
            assert_eq!(number(Some(&value)), expect, "{value}");
        }
    }

    #[test]
    fn addresses_are_those_that_lead_somewhere() {
        let value = json!([
            "https://a.example/1",
            {"@type": "CreativeWork", "url": "https://a.example/2"},
            {"@id": "http://a.example/3"},
            "a speech in Ohio",
            "https://a.example/1",
        ]);
        let expect = [
            "https://a.example/1",
            "https://a.example/2",
            "http://a.example/3",
        ];
        assert_eq!(addresses(Some(&value)), expect);
    }
}
