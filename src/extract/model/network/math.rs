//! What stands between the matrix products: functions on rows, written so that the compiler can use vectors.

/// `e` to the power of each number, to about 1e-7 of its size: a polynomial on half a power of two on either side of 0
/// (Cephes, `expf`).
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding this leaves the nearest whole number in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let power = shifted - ROUND;
    let rest = x - power * LN2_HIGH - power * LN2_LOW;
    let mut sum = 1.987_569_1e-4;
    for factor in [
        1.398_199_9e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_5e-1,
        0.5,
    ] {
        sum = sum * rest + factor;
    }
    let value = sum * rest * rest + rest + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits());
    value * f32::from_bits(exponent.wrapping_add(127) << 23)
}

/// The Gaussian error linear unit (Hendrycks & Gimpel 2016) of each number, with the error function to 1.5e-7 (Abramowitz
/// & Stegun 7.1.26).
#[cfg_attr(
    target_arch = "x86_64",
    allow(unsafe_code, reason = "calls a function for processors with AVX2")
)]
pub(in crate::extract::model) fn gelu(row: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has the feature.
        return unsafe { x86::gelu(row) };
    }
    gelu_of(row);
}

#[expect(
    clippy::inline_always,
    reason = "it is compiled for wider vectors where it is inlined"
)]
#[inline(always)]
fn gelu_of(row: &mut [f32]) {
    for x in row {
        let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / (1.0 + 0.327_591_1 * z);
        let mut sum = 1.061_405_4;
        for factor in [-1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6] {
            sum = sum * t + factor;
        }
        let erf = 1.0 - sum * t * exp(-z * z);
        *x *= 0.5 * (1.0 + erf.copysign(*x));
    }
}

/// The softmax of a row multiplied by `scale`.
#[cfg_attr(
    target_arch = "x86_64",
    allow(unsafe_code, reason = "calls a function for processors with AVX2")
)]
pub(in crate::extract::model) fn softmax(row: &mut [f32], scale: f32) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has the feature.
        return unsafe { x86::softmax(row, scale) };
    }
    softmax_of(row, scale);
}

#[expect(
    clippy::inline_always,
    reason = "it is compiled for wider vectors where it is inlined"
)]
#[inline(always)]
fn softmax_of(row: &mut [f32], scale: f32) {
    let largest = largest(row);
    for x in row.iter_mut() {
        *x = exp((*x - largest) * scale);
    }
    let factor = 1.0 / sum(row);
    for x in row {
        *x *= factor;
    }
}

/// The same functions for vectors of eight numbers, where the processor has them. Each operation is the same, and so is
/// every result, to the last bit.
#[cfg(target_arch = "x86_64")]
mod x86 {
    #[target_feature(enable = "avx2")]
    pub(in crate::extract::model) fn gelu(row: &mut [f32]) {
        super::gelu_of(row);
    }

    #[target_feature(enable = "avx2")]
    pub(in crate::extract::model) fn softmax(row: &mut [f32], scale: f32) {
        super::softmax_of(row, scale);
    }
}

/// The largest number, looked for in sixteen lanes.
#[expect(
    clippy::inline_always,
    reason = "it is compiled for wider vectors where it is inlined"
)]
#[inline(always)]
fn largest(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let chunks = row.chunks_exact(16);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = if *x > *lane { *x } else { *lane };
        }
    }
    let all = lanes.iter().chain(rest).copied();
    all.fold(f32::NEG_INFINITY, f32::max)
}

/// Sums in sixteen lanes, which is faster and rounds less than one after the other.
#[expect(
    clippy::inline_always,
    reason = "it is compiled for wider vectors where it is inlined"
)]
#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0.0; 16];
    let chunks = row.chunks_exact(16);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    rest + lanes.iter().sum::<f32>()
}

/// The learnt part of a layer normalisation (Ba et al. 2016).
#[derive(Debug)]
pub(in crate::extract::model) struct Norm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Norm {
    /// Normalises one row.
    pub(in crate::extract::model) fn apply(&self, row: &mut [f32]) {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let count = self.weight.len() as f32;
        let mean = sum(row) / count;
        for x in row.iter_mut() {
            *x -= mean;
        }
        let mut squares = [0.0; 16];
        for chunk in row.chunks_exact(16) {
            for (lane, x) in squares.iter_mut().zip(chunk) {
                *lane += x * x;
            }
        }
        let factor = 1.0 / (squares.iter().sum::<f32>() / count + 1e-12).sqrt();
        for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
            *x = *x * factor * weight + bias;
        }
    }
}

/// Adds one row to another.
pub(in crate::extract::model) fn add(row: &mut [f32], other: &[f32]) {
    for (x, y) in row.iter_mut().zip(other) {
        *x += y;
    }
}

/// The log of the sum of the powers of `e`.
pub(in crate::extract::model) fn log_sum_exp(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let largest = values.clone().fold(f32::NEG_INFINITY, f32::max);
    largest
        + values
            .map(|value| (value - largest).exp())
            .sum::<f32>()
            .ln()
}

#[cfg(test)]
mod tests {
    use super::{Norm, exp, gelu, softmax};

    #[test]
    fn functions_give_what_their_definitions_say() {
        for step in -800..=800_i16 {
            let x = f32::from(step) / 10.0;
            let expect = f64::from(x).exp();
            assert!((f64::from(exp(x)) - expect).abs() <= 3e-7 * expect, "{x}");
        }
        let mut row = [-3.0, -1.0, 0.0, 0.5, 2.0];
        gelu(&mut row);
        for (x, expect) in
            row.iter()
                .zip([-0.004_049_7, -0.158_655_3, 0.0, 0.345_731_2, 1.954_499_7])
        {
            assert!((x - expect).abs() < 1e-6, "{x} {expect}");
        }
        let mut row = [1.0, 2.0, 3.0];
        softmax(&mut row, 2.0);
        for (x, expect) in row.iter().zip([0.015_876_24, 0.117_310_43, 0.866_813_3]) {
            assert!((x - expect).abs() < 1e-6, "{x} {expect}");
        }
    }

    #[test]
    fn a_normalised_row_has_mean_and_spread_as_learnt() {
        let norm = Norm {
            weight: vec![2.0; 32],
            bias: vec![1.0; 32],
        };
        let mut row: Vec<f32> = (0..32_u8).map(f32::from).collect();
        norm.apply(&mut row);
        let mean = row.iter().sum::<f32>() / 32.0;
        let spread = (row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 32.0).sqrt();
        assert!((mean - 1.0).abs() < 1e-5 && (spread - 2.0).abs() < 1e-4);
    }
}
