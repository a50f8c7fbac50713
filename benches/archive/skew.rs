//! Uneven choices: Zipf's law, weighted tables, and one source of chance for each thing that is made.

use fastrand::Rng;

/// Chance that depends on nothing but the seed and on what it is for, so that things can be made in any order.
pub fn chance(seed: u64, parts: &[usize]) -> Rng {
    let mixed = parts
        .iter()
        .fold(mix(seed), |state, part| mix(state ^ *part as u64));
    Rng::with_seed(mixed)
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): neighbouring numbers give unrelated ones.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Zipf's law over the ranks `0..n`: the share of rank r falls with `(r + 1) ^ -exponent`.
#[derive(Debug)]
pub struct Zipf {
    sums: Vec<f64>,
}

impl Zipf {
    pub fn new(n: u32, exponent: f64) -> Self {
        let mut sum = 0.0;
        let shares = (1..=n).map(|rank| f64::from(rank).powf(-exponent));
        let sums = shares.map(|share| {
            sum += share;
            sum
        });
        Self {
            sums: sums.collect(),
        }
    }

    pub fn pick(&self, rng: &mut Rng) -> usize {
        let at = rng.f64() * self.sums.last().copied().unwrap_or_default();
        let rank = self.sums.partition_point(|sum| *sum <= at);
        rank.min(self.sums.len().saturating_sub(1))
    }
}

/// One of a table's values, as often as its weight says.
pub fn weighted<T: Copy>(rng: &mut Rng, table: &[(T, u32)]) -> T {
    let total = table.iter().map(|(_, weight)| weight).sum();
    let mut at = rng.u32(0..total);
    for (value, weight) in table {
        match at.checked_sub(*weight) {
            Some(rest) => at = rest,
            None => return *value,
        }
    }
    table[0].0
}

/// True in so many of a thousand cases.
pub fn per_mille(rng: &mut Rng, share: u32) -> bool {
    rng.u32(0..1000) < share
}
