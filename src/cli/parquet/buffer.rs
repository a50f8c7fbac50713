use std::io::Write;
use std::mem::take;
use std::ops::Range;

use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedRowGroupWriter;
use prost_types::Timestamp;

use crate::api::convert::table::Value;

/// About what a value takes beside its text.
const VALUE_BYTES: usize = 16;

/// The values of a column that are not written yet.
pub(super) enum Buffer {
    Text(Leaf<ByteArrayType>),
    Integer(Leaf<Int32Type>),
    Real(Leaf<FloatType>),
    Time(Leaf<Int64Type>),
    Texts(Leaf<ByteArrayType>),
    Ranges {
        starts: Leaf<Int32Type>,
        ends: Leaf<Int32Type>,
    },
}

impl Buffer {
    /// For values such as this one.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Text(_) => Self::Text(Leaf::default()),
            Value::Integer(_) => Self::Integer(Leaf::default()),
            Value::Real(_) => Self::Real(Leaf::default()),
            Value::Time(_) => Self::Time(Leaf::default()),
            Value::Texts(_) => Self::Texts(Leaf::default()),
            Value::Ranges(_) => Self::Ranges {
                starts: Leaf::default(),
                ends: Leaf::default(),
            },
        }
    }

    /// Adds a value and returns about how many bytes it takes.
    pub(super) fn push(&mut self, value: Value) -> anyhow::Result<usize> {
        let bytes = size(&value);
        match (self, value) {
            (Self::Text(leaf), Value::Text(text)) => leaf.push(known(text)),
            (Self::Integer(leaf), Value::Integer(number)) => leaf.push(number),
            (Self::Real(leaf), Value::Real(number)) => leaf.push(number),
            (Self::Time(leaf), Value::Time(time)) => leaf.push(time.map(micros)),
            (Self::Texts(leaf), Value::Texts(texts)) => {
                leaf.push_list(texts.into_iter().map(known), ELEMENT_MAY_BE_NULL);
            }
            (Self::Ranges { starts, ends }, Value::Ranges(ranges)) => {
                let start = |range: &Range<i32>| Some(range.start);
                let end = |range: &Range<i32>| Some(range.end);
                starts.push_list(ranges.iter().map(start), ELEMENT_IS_SET);
                ends.push_list(ranges.iter().map(end), ELEMENT_IS_SET);
            }
            _ => anyhow::bail!("a column has values of two types"),
        }
        Ok(bytes)
    }

    /// Writes the values as the next column, or columns, of a row group, and forgets them.
    pub(super) fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        match self {
            Self::Text(leaf) | Self::Texts(leaf) => leaf.write(group),
            Self::Integer(leaf) => leaf.write(group),
            Self::Real(leaf) => leaf.write(group),
            Self::Time(leaf) => leaf.write(group),
            Self::Ranges { starts, ends } => {
                starts.write(group)?;
                ends.write(group)
            }
        }
    }
}

/// The definition level of a value in a list whose elements are never null.
const ELEMENT_IS_SET: i16 = 1;
/// The same where elements may be null, which is one level below.
const ELEMENT_MAY_BE_NULL: i16 = 2;

/// Values with the levels that tell what is null and where a list begins; see
/// <https://parquet.apache.org/docs/file-format/nestedencoding/>.
pub(super) struct Leaf<T: DataType> {
    values: Vec<T::T>,
    definition: Vec<i16>,
    /// Empty where values are in no list.
    repetition: Vec<i16>,
}

impl<T: DataType> Default for Leaf<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            definition: Vec::new(),
            repetition: Vec::new(),
        }
    }
}

impl<T: DataType> Leaf<T> {
    fn push(&mut self, value: Option<T::T>) {
        self.definition.push(value.is_some().into());
        self.values.extend(value);
    }

    fn push_list(&mut self, values: impl Iterator<Item = Option<T::T>>, set: i16) {
        let before = self.definition.len();
        for value in values {
            let begins = self.definition.len() == before;
            self.repetition.push((!begins).into());
            let null = set - 1;
            self.definition
                .push(if value.is_some() { set } else { null });
            self.values.extend(value);
        }
        if self.definition.len() == before {
            self.repetition.push(0);
            self.definition.push(0);
        }
    }

    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let column = group.next_column()?;
        let mut column =
            column.ok_or_else(|| ParquetError::General("a column is missing".to_owned()))?;
        let (values, definition) = (take(&mut self.values), take(&mut self.definition));
        let repetition = take(&mut self.repetition);
        let repetition = (!repetition.is_empty()).then_some(repetition.as_slice());
        column
            .typed::<T>()
            .write_batch(&values, Some(&definition), repetition)?;
        column.close()
    }
}

fn known(text: String) -> Option<ByteArray> {
    (!text.is_empty()).then(|| ByteArray::from(text.into_bytes()))
}

fn micros(time: Timestamp) -> i64 {
    let seconds = time.seconds.saturating_mul(1_000_000);
    seconds.saturating_add(i64::from(time.nanos) / 1_000)
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => VALUE_BYTES + text.len(),
        Value::Integer(_) | Value::Real(_) | Value::Time(_) => VALUE_BYTES,
        Value::Texts(texts) => {
            let texts = texts.iter().map(|text| VALUE_BYTES + text.len());
            VALUE_BYTES + texts.sum::<usize>()
        }
        Value::Ranges(ranges) => VALUE_BYTES * (1 + ranges.len()),
    }
}
