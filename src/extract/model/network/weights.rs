//! The model file: safetensors, with the large matrices in blocks of 32 numbers of 8 bits and a scale for each block.

use std::borrow::Cow;

use safetensors::{Dtype, SafeTensors};
use thiserror::Error;

use super::math::Norm;
use super::matrix::Linear;

/// Numbers that share a scale.
const BLOCK: usize = 32;

/// Why a file is not a model.
#[derive(Debug, Error)]
pub enum ModelError {
    /// It is not a safetensors file.
    #[error("the model file is not a safetensors file")]
    Format(#[from] safetensors::SafeTensorError),
    /// An entry is missing, or has a type or shape that this version does not read.
    #[error("the model file has no usable entry \"{0}\"")]
    Entry(String),
    /// Another model is loaded already, and may have been used.
    #[error("a model is loaded already")]
    Loaded,
}

/// The entries of a model file.
pub(in crate::extract::model) struct Entries<'f> {
    tensors: SafeTensors<'f>,
    metadata: std::collections::HashMap<String, String>,
}

impl<'f> Entries<'f> {
    pub(in crate::extract::model) fn new(file: &'f [u8]) -> Result<Self, ModelError> {
        let (_, header) = SafeTensors::read_metadata(file)?;
        Ok(Self {
            tensors: SafeTensors::deserialize(file)?,
            metadata: header.metadata().clone().unwrap_or_default(),
        })
    }

    /// A string in the file's header.
    pub(in crate::extract::model) fn text(&self, name: &str) -> Result<&str, ModelError> {
        let text = self.metadata.get(name).map(String::as_str);
        text.ok_or_else(|| missing(name))
    }

    /// Numbers of 32 bits, as many as `count`.
    pub(in crate::extract::model) fn numbers(
        &self,
        name: &str,
        count: usize,
    ) -> Result<Vec<f32>, ModelError> {
        let bytes = self.bytes(name, Dtype::F32, count * 4)?;
        let chunks = bytes.chunks_exact(4);
        Ok(chunks
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect())
    }

    /// A matrix in blocks.
    pub(in crate::extract::model) fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Matrix<'f>, ModelError> {
        let numbers = Cow::Borrowed(self.bytes(name, Dtype::I8, rows * columns)?);
        let scales = format!("{name}.scale");
        let scales = Cow::Borrowed(self.bytes(&scales, Dtype::BF16, rows * columns / BLOCK * 2)?);
        Ok(Matrix {
            numbers,
            scales,
            columns,
        })
    }

    /// A fully connected layer, made of the entries `{name}.weight` and `{name}.bias`.
    pub(in crate::extract::model) fn linear(
        &self,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<Linear, ModelError> {
        let matrix = self.matrix(&format!("{name}.weight"), outputs, inputs)?;
        let mut weights = vec![0.0; outputs * inputs];
        for (row, weights) in weights.chunks_exact_mut(inputs).enumerate() {
            matrix.read_row(row, weights);
        }
        let bias = self.numbers(&format!("{name}.bias"), outputs)?;
        Ok(Linear::new(weights.chunks_exact(inputs), &bias))
    }

    /// A layer normalisation, made of the entries `{name}.weight` and `{name}.bias`.
    pub(in crate::extract::model) fn norm(
        &self,
        name: &str,
        width: usize,
    ) -> Result<Norm, ModelError> {
        Ok(Norm {
            weight: self.numbers(&format!("{name}.weight"), width)?,
            bias: self.numbers(&format!("{name}.bias"), width)?,
        })
    }

    fn bytes(&self, name: &str, kind: Dtype, length: usize) -> Result<&'f [u8], ModelError> {
        let tensor = self.tensors.tensor(name)?;
        if tensor.dtype() != kind || tensor.data().len() != length {
            return Err(missing(name));
        }
        Ok(tensor.data())
    }
}

fn missing(name: &str) -> ModelError {
    ModelError::Entry(name.to_owned())
}

/// A matrix in blocks of 8-bit numbers, row after row. Borrowed from its file, or a copy.
#[derive(Debug)]
pub(in crate::extract::model) struct Matrix<'f> {
    numbers: Cow<'f, [u8]>,
    scales: Cow<'f, [u8]>,
    columns: usize,
}

/// How a matrix that is read row by row outlives its file; the weights compiled into the program need no copy.
pub(in crate::extract::model) type Keep<'f> = fn(Matrix<'f>) -> Matrix<'static>;

impl Matrix<'_> {
    /// A copy that no longer needs the file.
    pub(in crate::extract::model) fn into_owned(self) -> Matrix<'static> {
        Matrix {
            numbers: Cow::Owned(self.numbers.into_owned()),
            scales: Cow::Owned(self.scales.into_owned()),
            columns: self.columns,
        }
    }

    /// Writes one row to `out`.
    pub(super) fn read_row(&self, row: usize, out: &mut [f32]) {
        let numbers = self.numbers[row * self.columns..][..self.columns].chunks_exact(BLOCK);
        let blocks = self.columns / BLOCK;
        let scales = self.scales[row * blocks * 2..][..blocks * 2].chunks_exact(2);
        for ((out, numbers), scale) in out.chunks_exact_mut(BLOCK).zip(numbers).zip(scales) {
            let scale = f32::from_bits(u32::from(u16::from_le_bytes([scale[0], scale[1]])) << 16);
            for (out, number) in out.iter_mut().zip(numbers) {
                *out = f32::from(number.cast_signed()) * scale;
            }
        }
    }
}
