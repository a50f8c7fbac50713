use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::schema::types::{Type, TypePtr};

use crate::api::convert::table::{Column, Value};

type Result<T> = std::result::Result<T, ParquetError>;

/// The schema of these columns. What is not known is null; a list is never null, but may be empty.
pub(super) fn schema(columns: &[Column]) -> Result<Type> {
    let fields: Result<Vec<TypePtr>> = columns.iter().map(field).collect();
    Type::group_type_builder("claim")
        .with_fields(fields?)
        .build()
}

fn field(column: &Column) -> Result<TypePtr> {
    let name = column.name;
    match column.value {
        Value::Text(_) => text(name),
        Value::Integer(_) => plain(name, Physical::INT32, Repetition::OPTIONAL),
        Value::Real(_) => plain(name, Physical::FLOAT, Repetition::OPTIONAL),
        Value::Time(_) => {
            let in_utc = LogicalType::timestamp(true, TimeUnit::MICROS);
            leaf(name, Physical::INT64, Repetition::OPTIONAL, Some(in_utc))
        }
        Value::Texts(_) => list(name, text("element")?),
        Value::Ranges(_) => list(name, range()?),
    }
}

fn text(name: &str) -> Result<TypePtr> {
    let is_text = Some(LogicalType::String);
    leaf(name, Physical::BYTE_ARRAY, Repetition::OPTIONAL, is_text)
}

fn plain(name: &str, physical: Physical, repetition: Repetition) -> Result<TypePtr> {
    leaf(name, physical, repetition, None)
}

fn leaf(
    name: &str,
    physical: Physical,
    repetition: Repetition,
    logical: Option<LogicalType>,
) -> Result<TypePtr> {
    let leaf = Type::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(logical);
    Ok(Arc::new(leaf.build()?))
}

fn range() -> Result<TypePtr> {
    let end = |name| plain(name, Physical::INT32, Repetition::REQUIRED);
    let fields = vec![end("start")?, end("end")?];
    group("element", Repetition::REQUIRED, None, fields)
}

/// A list in the three levels that the format asks for.
fn list(name: &str, element: TypePtr) -> Result<TypePtr> {
    let repeated = group("list", Repetition::REPEATED, None, vec![element])?;
    let is_list = Some(LogicalType::List);
    group(name, Repetition::REQUIRED, is_list, vec![repeated])
}

fn group(
    name: &str,
    repetition: Repetition,
    logical: Option<LogicalType>,
    fields: Vec<TypePtr>,
) -> Result<TypePtr> {
    let group = Type::group_type_builder(name)
        .with_repetition(repetition)
        .with_logical_type(logical)
        .with_fields(fields);
    Ok(Arc::new(group.build()?))
}
