use bytes::Bytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row, RowAccessor};
use proptest::prelude::*;

use super::{ParquetWriter, ROW_GROUP_BYTES, columns};
use crate::api::convert::table::Value;
use crate::proto::{
    Addressee, ArticleSummary, Claim, ClaimKind, Content, PartConfidence, Source, Span,
    TimeExpression,
};

fn written(claims: &[Claim]) -> SerializedFileReader<Bytes> {
    let mut file = ParquetWriter::new(Vec::new()).unwrap();
    for claim in claims {
        file.claim(claim).unwrap();
    }
    let file = Bytes::from(file.finish().unwrap());
    SerializedFileReader::new(file).unwrap()
}

fn rows(file: &SerializedFileReader<Bytes>) -> Vec<Row> {
    let rows = file.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

/// Whether a reader sees the value in this field.
fn is_shown(field: &Field, value: &Value) -> bool {
    match (field, value) {
        (Field::Null, Value::Text(text)) => text.is_empty(),
        (Field::Null, value) => matches!(
            value,
            Value::Integer(None) | Value::Real(None) | Value::Time(None)
        ),
        (Field::Str(read), Value::Text(text)) => read == text && !text.is_empty(),
        (Field::Int(read), Value::Integer(Some(number))) => read == number,
        (Field::Float(read), Value::Real(Some(number))) => read.to_bits() == number.to_bits(),
        (Field::TimestampMicros(read), Value::Time(Some(time))) => {
            *read == time.seconds * 1_000_000 + i64::from(time.nanos / 1_000)
        }
        (Field::ListInternal(list), Value::Texts(texts)) => {
            let texts: Vec<Value> = texts.iter().cloned().map(Value::Text).collect();
            are_shown(list.elements(), &texts, is_shown)
        }
        (Field::ListInternal(list), Value::Ranges(ranges)) => {
            are_shown(list.elements(), ranges, |field, range| {
                let Field::Group(ends) = field else {
                    return false;
                };
                (ends.get_int(0).unwrap(), ends.get_int(1).unwrap()) == (range.start, range.end)
            })
        }
        _ => false,
    }
}

fn are_shown<T>(fields: &[Field], values: &[T], is_shown: impl Fn(&Field, &T) -> bool) -> bool {
    let mut pairs = fields.iter().zip(values);
    fields.len() == values.len() && pairs.all(|(field, value)| is_shown(field, value))
}

fn check(row: &Row, claim: &Claim) {
    let columns = columns(claim);
    assert_eq!(row.len(), columns.len());
    for ((name, field), column) in row.get_column_iter().zip(columns) {
        assert_eq!(name, column.name);
        assert!(is_shown(field, &column.value), "{name}: {field} {column:?}");
    }
}

prop_compose! {
    fn spans()(ends in prop::collection::vec((0..9_i32, 9..i32::MAX, "\\PC{0,9}"), 0..4)) -> Vec<Span> {
        let span = |(start, end, text)| Span { start, end, text };
        ends.into_iter().map(span).collect()
    }
}

fn time() -> impl Strategy<Value = Option<prost_types::Timestamp>> {
    // Up to the year 9999 and down to the year 1, as a timestamp may be.
    let seconds = -62_135_596_800..253_402_300_800_i64;
    let time = (seconds, 0..1_000_000_000_i32);
    prop::option::of(time.prop_map(|(seconds, nanos)| prost_types::Timestamp { seconds, nanos }))
}

prop_compose! {
    fn claim()(
        name in "[a-z]{0,4}", source in spans(), content in spans(), kind in 0..10_i32, confidence in 0..=1_u8,
        factuality in prop::option::of(-3..=3_i32), actor in prop::option::of(any::<f32>()),
        create_time in time(), publish_time in time(), authors in prop::collection::vec("\\PC{0,5}", 0..3),
        addressees in prop::collection::vec((spans(), "[a-z]{0,2}"), 0..3),
        about_actors in prop::collection::vec("[a-z]{1,4}", 0..3),
    ) -> Claim {
        let addressee = |(spans, actor)| Addressee { spans, actor, text: "them".to_owned() };
        Claim {
            name,
            source: (!source.is_empty()).then_some(Source { spans: source, source_class: 1, text: "she".to_owned() }),
            content: Some(Content { text: "said".to_owned(), spans: content }),
            kind,
            confidence: f32::from(confidence),
            factuality,
            part_confidence: Some(PartConfidence {
                actor: actor.filter(|actor| !actor.is_nan()),
                ..PartConfidence::default()
            }),
            create_time,
            article_summary: Some(ArticleSummary { publish_time, authors, ..ArticleSummary::default() }),
            addressees: addressees.into_iter().map(addressee).collect(),
            about_actors,
            referenced_times: vec![TimeExpression { timex: "2024".to_owned(), ..TimeExpression::default() }],
            ..Claim::default()
        }
    }
}

proptest! {
    #[test]
    fn a_reader_gives_back_what_was_written(claims in prop::collection::vec(claim(), 0..9)) {
        let rows = rows(&written(&claims));
        prop_assert_eq!(rows.len(), claims.len());
        for (row, claim) in rows.iter().zip(&claims) {
            check(row, claim);
        }
    }
}

#[test]
fn what_is_not_known_is_null_and_lists_are_empty() {
    let claim = Claim {
        name: "claims/1".to_owned(),
        kind: ClaimKind::Denial.into(),
        ..Claim::default()
    };
    let rows = rows(&written(&[claim]));
    for (name, field) in rows[0].get_column_iter() {
        let is_right = match name.as_str() {
            "name" => *field == Field::Str("claims/1".to_owned()),
            "kind" => *field == Field::Str("DENIAL".to_owned()),
            "confidence" => *field == Field::Float(0.0),
            "content_spans" | "referenced_times" | "about_actors" | "addressees"
            | "addressee_actors" | "article_authors" => {
                matches!(field, Field::ListInternal(list) if list.elements().is_empty())
            }
            _ => *field == Field::Null,
        };
        assert!(is_right, "{name}: {field}");
    }
}

#[test]
fn many_claims_are_written_in_row_groups_and_stay_in_order() {
    let claim = |number: usize| Claim {
        name: format!("claims/{number}"),
        proposition: "x".repeat(ROW_GROUP_BYTES / 100),
        ..Claim::default()
    };
    let claims: Vec<Claim> = (0..250).map(claim).collect();
    let file = written(&claims);
    assert_eq!(file.num_row_groups(), 3);
    let rows = rows(&file);
    assert_eq!(rows.len(), claims.len());
    for (row, claim) in rows.iter().zip(&claims) {
        check(row, claim);
    }
}

#[test]
fn no_claims_make_a_file_too() {
    let file = written(&[]);
    assert_eq!((file.num_row_groups(), rows(&file).len()), (0, 0));
    let schema = file.metadata().file_metadata().schema();
    assert_eq!(schema.get_fields().len(), columns(&Claim::default()).len());
}
