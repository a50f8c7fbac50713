//! One transformer layer, normalised after each part (Vaswani et al. 2017; Devlin et al. 2019).

use super::math::{Norm, add, gelu, softmax};
use super::matrix::{COLUMNS, Linear, Panels, ROWS, Rows, Target, multiply, padded};

/// Width of an attention head, for every layer of the model.
const HEAD: usize = 32;

/// The learnt part of a layer.
#[derive(Debug)]
pub(in crate::extract::model) struct Layer {
    /// Queries, keys and values of all heads, side by side.
    pub qkv: Linear,
    pub out: Linear,
    pub norm1: Norm,
    pub up: Linear,
    pub down: Linear,
    pub norm2: Norm,
}

/// Memory that layers work in, kept from call to call.
#[derive(Debug, Default)]
pub(in crate::extract::model) struct Scratch {
    qkv: Vec<f32>,
    attended: Vec<f32>,
    added: Vec<f32>,
    inner: Vec<f32>,
    keys: Panels,
    values: Panels,
    scores: Vec<f32>,
}

impl Layer {
    /// Replaces the first `length` rows of `x`, each as wide as the layer, by the layer's output. `x` has room for a
    /// multiple of [`ROWS`] rows.
    pub(in crate::extract::model) fn apply(
        &self,
        x: &mut [f32],
        length: usize,
        scratch: &mut Scratch,
    ) {
        let width = self.norm1.weight.len();
        let count = padded(length, ROWS);
        debug_assert_eq!(x.len(), count * width);
        resize(&mut scratch.qkv, count * 3 * width);
        resize(&mut scratch.attended, count * width);
        resize(&mut scratch.added, count * width);
        resize(&mut scratch.inner, count * 4 * width);
        run(&self.qkv, x, &mut scratch.qkv, count);
        for head in 0..width / HEAD {
            attend(scratch, head * HEAD, width, length);
        }
        run(&self.out, &scratch.attended, &mut scratch.added, count);
        merge(x, &scratch.added, &self.norm1);
        run(&self.up, x, &mut scratch.inner, count);
        gelu(&mut scratch.inner);
        run(&self.down, &scratch.inner, &mut scratch.added, count);
        merge(x, &scratch.added, &self.norm2);
    }
}

fn resize(buffer: &mut Vec<f32>, length: usize) {
    buffer.resize(length, 0.0);
}

/// A fully connected layer from rows to rows without gaps.
pub(in crate::extract::model) fn run(layer: &Linear, from: &[f32], to: &mut [f32], count: usize) {
    let rows = Rows {
        data: from,
        stride: from.len() / count,
        count,
    };
    let stride = layer.columns();
    layer.apply(rows, &mut Target { data: to, stride });
}

fn merge(x: &mut [f32], added: &[f32], norm: &Norm) {
    let width = norm.weight.len();
    for (row, added) in x.chunks_exact_mut(width).zip(added.chunks_exact(width)) {
        add(row, added);
        norm.apply(row);
    }
}

/// The attention of the head whose queries begin at column `at`: every row looks at the first `length` rows.
fn attend(scratch: &mut Scratch, at: usize, width: usize, length: usize) {
    let stride = 3 * width;
    let count = padded(length, ROWS);
    let row = |row: usize, part: usize| {
        let from = row * stride + part * width + at;
        &scratch.qkv[from..from + HEAD]
    };
    scratch.keys.reset(HEAD, length);
    scratch.values.reset(length, HEAD);
    for index in 0..length {
        scratch
            .keys
            .set_column(index, row(index, 1).iter().copied());
        scratch.values.set_row(index, row(index, 2));
    }
    let columns = padded(length, COLUMNS);
    scratch.scores.resize(count * columns, 0.0);
    let queries = Rows {
        data: &scratch.qkv[at..],
        stride,
        count,
    };
    let mut scores = Target {
        data: &mut scratch.scores,
        stride: columns,
    };
    multiply(queries, &scratch.keys, &mut scores);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let scale = 1.0 / (HEAD as f32).sqrt();
    for row in scratch.scores.chunks_exact_mut(columns) {
        softmax(&mut row[..length], scale);
    }
    let weights = Rows {
        data: &scratch.scores,
        stride: columns,
        count,
    };
    let mut attended = Target {
        data: &mut scratch.attended[at..],
        stride: width,
    };
    multiply(weights, &scratch.values, &mut attended);
}
