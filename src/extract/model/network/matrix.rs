//! Matrix products, the bulk of the work: `rows × depth` activations by weights that are packed once.
//!
//! A product is made of tiles of [`ROWS`] × [`COLUMNS`] results, each summed over the depth in one fixed order. So a row
//! comes out the same to the last bit whatever stands in the other rows.

/// Rows of a tile. The rows of a product are a multiple of it.
pub(in crate::extract::model) const ROWS: usize = 6;
/// Columns of a tile. The columns of every buffer a product is written to are a multiple of it.
pub(super) const COLUMNS: usize = 16;

/// The least multiple of `unit` that is not less than `count`.
pub(in crate::extract::model) const fn padded(count: usize, unit: usize) -> usize {
    count.div_ceil(unit) * unit
}

/// The right side of a product, in panels of [`COLUMNS`] columns, each in the order in which a tile reads it.
#[derive(Debug, Default)]
pub(super) struct Panels {
    data: Vec<f32>,
    depth: usize,
    columns: usize,
}

impl Panels {
    /// Makes room for a matrix, all zero. Allocates only where it is larger than any before.
    pub(super) fn reset(&mut self, depth: usize, columns: usize) {
        self.depth = depth;
        self.columns = padded(columns, COLUMNS);
        self.data.clear();
        self.data.resize(self.depth * self.columns, 0.0);
    }

    /// Sets the values of one column from its top.
    pub(super) fn set_column(&mut self, column: usize, values: impl Iterator<Item = f32>) {
        let panel = &mut self.data[column / COLUMNS * COLUMNS * self.depth..];
        let cells = panel[column % COLUMNS..].iter_mut().step_by(COLUMNS);
        for (cell, value) in cells.take(self.depth).zip(values) {
            *cell = value;
        }
    }

    /// Sets one row from its left; its length is a multiple of [`COLUMNS`].
    pub(super) fn set_row(&mut self, row: usize, values: &[f32]) {
        for (panel, values) in values.chunks_exact(COLUMNS).enumerate() {
            let at = (panel * self.depth + row) * COLUMNS;
            self.data[at..at + COLUMNS].copy_from_slice(values);
        }
    }

    /// Columns, with those that only fill the last panel.
    pub(in crate::extract::model) const fn columns(&self) -> usize {
        self.columns
    }
}

/// A matrix in row order whose rows are `stride` numbers apart.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract::model) struct Rows<'a> {
    pub data: &'a [f32],
    pub stride: usize,
    /// A multiple of [`ROWS`].
    pub count: usize,
}

/// Where a product goes: rows `stride` numbers apart, as many as the left side has.
#[derive(Debug)]
pub(in crate::extract::model) struct Target<'a> {
    pub data: &'a mut [f32],
    pub stride: usize,
}

/// Writes `left × right` into `target`.
pub(super) fn multiply(left: Rows<'_>, right: &Panels, target: &mut Target<'_>) {
    product(left, right, None, target);
}

/// A fully connected layer.
#[derive(Debug)]
pub(in crate::extract::model) struct Linear {
    panels: Panels,
    bias: Vec<f32>,
}

impl Linear {
    /// A layer of weights in row order, a row for each output, and a bias for each.
    pub(in crate::extract::model) fn new<'w>(
        weights: impl ExactSizeIterator<Item = &'w [f32]>,
        bias: &[f32],
    ) -> Self {
        let outputs = weights.len();
        let mut weights = weights.peekable();
        let mut panels = Panels::default();
        panels.reset(weights.peek().map_or(0, |row| row.len()), outputs);
        for (output, row) in weights.enumerate() {
            panels.set_column(output, row.iter().copied());
        }
        let mut bias = bias.to_vec();
        bias.resize(panels.columns, 0.0);
        Self { panels, bias }
    }

    /// Outputs, with those that only fill the last panel.
    pub(in crate::extract::model) const fn columns(&self) -> usize {
        self.panels.columns()
    }

    /// Writes the layer's outputs for all rows into `target`.
    pub(in crate::extract::model) fn apply(&self, rows: Rows<'_>, target: &mut Target<'_>) {
        product(rows, &self.panels, Some(&self.bias), target);
    }
}

fn product(left: Rows<'_>, right: &Panels, bias: Option<&[f32]>, target: &mut Target<'_>) {
    debug_assert!(left.count.is_multiple_of(ROWS));
    let tile = tile_function();
    let depth = right.depth;
    let zero = [0.0; COLUMNS];
    for panel in 0..right.columns / COLUMNS {
        let column = panel * COLUMNS;
        let weights = &right.data[column * depth..(column + COLUMNS) * depth];
        let start = bias.map_or(&zero[..], |bias| &bias[column..column + COLUMNS]);
        for row in (0..left.count).step_by(ROWS) {
            let rows: [&[f32]; ROWS] =
                std::array::from_fn(|index| &left.data[(row + index) * left.stride..][..depth]);
            let mut sums = [[0.0; COLUMNS]; ROWS];
            for own in &mut sums {
                own.copy_from_slice(start);
            }
            tile(&rows, weights, &mut sums);
            for (index, own) in sums.iter().enumerate() {
                let at = (row + index) * target.stride + column;
                target.data[at..at + COLUMNS].copy_from_slice(own);
            }
        }
    }
}

type Sums = [[f32; COLUMNS]; ROWS];
type Tile = fn(&[&[f32]; ROWS], &[f32], &mut Sums);

/// The fastest tile that this processor can run.
fn tile_function() -> Tile {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return x86::tile;
        }
    }
    portable_tile
}

/// Adds to `sums` the products of six rows by one panel.
fn portable_tile(rows: &[&[f32]; ROWS], panel: &[f32], sums: &mut Sums) {
    for (k, weights) in panel.chunks_exact(COLUMNS).enumerate() {
        for (own, row) in sums.iter_mut().zip(rows) {
            let value = row[k];
            for (sum, weight) in own.iter_mut().zip(weights) {
                *sum += value * weight;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[allow(
    unsafe_code,
    reason = "calls the processor's vector instructions and reads rows by pointer"
)]
mod x86 {
    use std::arch::x86_64::{_mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_storeu_ps};

    use super::{COLUMNS, ROWS, Sums};

    /// The tile with AVX2 and FMA: twelve sums of eight lanes, which fill the registers.
    pub(super) fn tile(rows: &[&[f32]; ROWS], panel: &[f32], sums: &mut Sums) {
        let depth = panel.len() / COLUMNS;
        assert!(rows.iter().all(|row| row.len() >= depth));
        // SAFETY: the caller has seen that the processor has both features, and every row is as long as the panel is deep.
        unsafe { tile_avx2(rows, panel, depth, sums) }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn tile_avx2(rows: &[&[f32]; ROWS], panel: &[f32], depth: usize, sums: &mut Sums) {
        let rows: [*const f32; ROWS] = std::array::from_fn(|row| rows[row].as_ptr());
        let panel = panel.as_ptr();
        // SAFETY: `k` stays below `depth`, so all reads stay in the rows and in the panel, and a sum has 16 numbers.
        unsafe {
            let mut low: [_; ROWS] = std::array::from_fn(|row| _mm256_loadu_ps(sums[row].as_ptr()));
            let mut high: [_; ROWS] =
                std::array::from_fn(|row| _mm256_loadu_ps(sums[row].as_ptr().add(8)));
            for k in 0..depth {
                let left = _mm256_loadu_ps(panel.add(k * COLUMNS));
                let right = _mm256_loadu_ps(panel.add(k * COLUMNS + 8));
                for row in 0..ROWS {
                    let value = _mm256_set1_ps(*rows[row].add(k));
                    low[row] = _mm256_fmadd_ps(value, left, low[row]);
                    high[row] = _mm256_fmadd_ps(value, right, high[row]);
                }
            }
            for row in 0..ROWS {
                _mm256_storeu_ps(sums[row].as_mut_ptr(), low[row]);
                _mm256_storeu_ps(sums[row].as_mut_ptr().add(8), high[row]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        COLUMNS, Linear, Panels, ROWS, Rows, Target, multiply, portable_tile, tile_function,
    };

    /// Numbers between -1 and 1, always the same ones.
    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut random = fastrand::Rng::with_seed(seed);
        (0..count).map(|_| random.f32() * 2.0 - 1.0).collect()
    }

    #[test]
    fn a_layer_gives_what_its_definition_says() {
        let (rows, depth, outputs) = (12, 37, 21);
        let (x, weights, bias) = (
            numbers(rows * depth, 1),
            numbers(outputs * depth, 2),
            numbers(outputs, 3),
        );
        let layer = Linear::new(weights.chunks_exact(depth), &bias);
        let stride = layer.columns();
        assert_eq!(stride, 32);
        let mut found = vec![0.0; rows * stride];
        let left = Rows {
            data: &x,
            stride: depth,
            count: rows,
        };
        layer.apply(
            left,
            &mut Target {
                data: &mut found,
                stride,
            },
        );
        for row in 0..rows {
            for output in 0..outputs {
                let products = (0..depth).map(|k| x[row * depth + k] * weights[output * depth + k]);
                let expect = bias[output] + products.sum::<f32>();
                assert!((found[row * stride + output] - expect).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn a_row_does_not_depend_on_its_neighbours() {
        let (depth, columns) = (64, COLUMNS);
        let mut right = Panels::default();
        right.reset(depth, columns);
        for row in 0..depth {
            right.set_row(row, &numbers(columns, row as u64));
        }
        let run = |x: &[f32], count: usize| {
            let mut out = vec![0.0; count * columns];
            let left = Rows {
                data: x,
                stride: depth,
                count,
            };
            multiply(
                left,
                &right,
                &mut Target {
                    data: &mut out,
                    stride: columns,
                },
            );
            out
        };
        let x = numbers(4 * ROWS * depth, 9);
        let all = run(&x, 4 * ROWS);
        let last = run(&x[3 * ROWS * depth..], ROWS);
        assert_eq!(all[3 * ROWS * columns..], last);
    }

    #[test]
    fn every_tile_gives_the_same_up_to_rounding() {
        let depth = 129;
        let (x, panel) = (numbers(ROWS * depth, 4), numbers(depth * COLUMNS, 5));
        let rows: [&[f32]; ROWS] = std::array::from_fn(|row| &x[row * depth..][..depth]);
        let mut expect = [[0.5; COLUMNS]; ROWS];
        let mut found = expect;
        portable_tile(&rows, &panel, &mut expect);
        tile_function()(&rows, &panel, &mut found);
        for (found, expect) in found.iter().flatten().zip(expect.iter().flatten()) {
            assert!((found - expect).abs() < 1e-4);
        }
    }
}
