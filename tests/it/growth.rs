//! Work grows with the length of a text and not with its square, whatever the text is. The CPU time of the thread is
//! compared, which other processes do not add to.

use std::time::Duration;

use chrono_tz::Tz;
use nix::time::{ClockId, clock_gettime};
use onrecord::domain::{Document, Extraction};
use onrecord::extract::{EngineKind, Options, TimeView, extract, times};
use onrecord::text::{Layout, Plain};

/// How much longer the long text is than the short one.
const FACTOR: usize = 4;
/// The limit for how much more CPU time it takes: linear work takes `FACTOR` times as much, and more where the caches no
/// longer hold all of it; quadratic work takes the square of that.
const MAX_RATIO: f64 = 10.0;
/// Shorter times tell nothing.
const SHORTEST: Duration = Duration::from_millis(1);
const ATTEMPTS: usize = 3;

fn cpu_time(work: impl FnOnce()) -> Duration {
    let now = || clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from);
    let start = now().expect("the time");
    work();
    now().expect("the time").saturating_sub(start)
}

/// How much more CPU time the long text takes.
fn ratio(length: usize, work: &impl Fn(usize)) -> f64 {
    let short = cpu_time(|| work(length / FACTOR));
    let long = cpu_time(|| work(length));
    long.as_secs_f64() / short.max(SHORTEST).as_secs_f64()
}

/// Does the work for a text of a length and for a shorter one. Fails only if each attempt takes too long.
fn assert_subquadratic(name: &str, length: usize, work: impl Fn(usize)) {
    let mut ratios = Vec::new();
    while ratios.len() < ATTEMPTS {
        let ratio = ratio(length, &work);
        if ratio < MAX_RATIO {
            return;
        }
        ratios.push(ratio);
    }
    panic!("{name:?}: {FACTOR} times the text took {ratios:.1?} times the CPU time");
}

/// The same for texts that are a piece over and over.
fn assert_subquadratic_in(pieces: &[&str], length: usize, work: impl Fn(&str)) {
    for piece in pieces {
        assert_subquadratic(piece, length, |length| {
            work(&piece.repeat(length / piece.len()));
        });
    }
}

fn read(text: &str) -> Extraction {
    let document = Document {
        text: text.to_owned(),
        ..Document::default()
    };
    let options = Options {
        engine: EngineKind::Rules,
        ..Options::default()
    };
    extract(&document, &options)
}

#[test]
#[should_panic(expected = "times the CPU time")]
fn quadratic_work_is_found() {
    assert_subquadratic("pairs", 12_000, |length| {
        let pairs = (0..length).flat_map(|one| (0..length).map(move |other| one ^ other));
        assert!(std::hint::black_box(pairs.sum::<usize>()) > 0);
    });
}

#[test]
fn layout_of_a_line_of_a_megabyte() {
    let lays_out = |text: &str| assert!(!Layout::new(text, None).blocks.is_empty());
    let pieces = [
        "a", "“", "\"", "'a ", "a.B", "“a” ", ".", "Mr. ", "1.", "’s ", "\u{301}",
    ];
    assert_subquadratic_in(&pieces, 1_000_000, lays_out);
    for (first, then) in [("«a ", "“a” "), ("‘a ", "x” "), ("“a ", "‘a ")] {
        assert_subquadratic(first, 1_000_000, |length| {
            let half = |piece: &str| piece.repeat(length / 2 / piece.len());
            lays_out(&(half(first) + &half(then)));
        });
    }
}

#[test]
fn markup_of_a_megabyte() {
    let pieces = [
        "<",
        "<!--",
        "<script>",
        "<script></script>",
        "&",
        "<p>",
        "&amp;",
    ];
    assert_subquadratic_in(&pieces, 1_000_000, |text| {
        let plain = Plain::of(text);
        assert!(plain.is_none_or(|plain| plain.text.len() <= text.len()));
    });
}

#[test]
fn times_of_a_text_without_a_sentence() {
    let published = "2024-05-08T16:00:00Z".parse().expect("a time");
    let published = chrono::DateTime::<chrono::Utc>::with_timezone(&published, &Tz::UTC);
    let pieces = [
        "the ",
        "in 3 ",
        "May ",
        "Monday 5 ",
        "from 3 to ",
        "last 2 ",
        "1-2-",
        "on the ",
    ];
    assert_subquadratic_in(&pieces, 40_000, |text| {
        let layout = Layout::new(text, None);
        let _ = times(&layout, Some(published), TimeView::Expressions);
    });
}

#[test]
fn claims_of_a_text_without_a_full_stop() {
    let pieces = [
        "“a,” he said ",
        "‘a ",
        "Ann Lee, the head, ",
        "she said that ",
    ];
    assert_subquadratic_in(&pieces, 200_000, |text| {
        assert!(!read(text).blocks.is_empty());
    });
}

#[test]
fn relations_of_thousands_of_claims() {
    let pieces = [
        "Ann Lee said the old harbor bridge would close in May. ",
        "Ann Lee said it. Bo Dam replied that it was sound. ",
        "Ann Lee rejected the claim by Bo Dam that ",
        "“It is,” Bo Dam replied to Lee, who asked about ",
    ];
    assert_subquadratic_in(&pieces, 100_000, |text| {
        assert!(!read(text).claims.is_empty());
    });
}
