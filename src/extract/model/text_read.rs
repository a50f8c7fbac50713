//! Reads a text window by window.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::engine::Model;
use super::heads::kept::WindowVectors;
use super::input::features::Features;
use super::input::units;
use super::printed::{self, Turns};
use super::reading::Reading;
use super::windows::{WindowRead, encode_window, read_window};
use crate::text::Layout;

/// What is read in a text, window by window.
#[derive(Debug, Default)]
pub(super) struct TextRead {
    pub readings: Vec<Reading>,
    pub who: Vec<WindowVectors>,
    pub meaning: Vec<WindowVectors>,
}

impl Model {
    /// The attributions of a text with the model's raw odds, in text order of their windows and units. Windows that are
    /// not read yet when `stopped` is set are left out.
    #[must_use]
    pub fn read(&self, layout: &Layout<'_>, stopped: &AtomicBool) -> Vec<Reading> {
        self.read_turns(layout, &Turns::new(layout), stopped)
            .readings
    }

    /// The same, given the turns of a conversation, with the vectors of its windows.
    pub(super) fn read_turns(
        &self,
        layout: &Layout<'_>,
        turns: &Turns,
        stopped: &AtomicBool,
    ) -> TextRead {
        let features = Features::new(layout);
        let windows = units::windows(&features.units, &features.starts);
        let read =
            |window: Range<usize>| read_window(self, layout, &features, &features.units[window]);
        let windows = windows.into_par_iter();
        let windows = windows.take_any_while(|_| !stopped.load(Ordering::Relaxed));
        let windows: Vec<WindowRead> = windows.map(read).collect();
        let mut read = TextRead::default();
        for window in windows {
            read.readings.extend(window.readings);
            read.who.push(window.who);
            read.meaning.push(window.meaning);
        }
        printed::settle(layout, turns, &mut read.readings);
        read
    }

    /// Runs the encoder alone over all windows of a text, to time it. Returns the number of pieces it read.
    #[must_use]
    pub fn encode_all(&self, features: &Features) -> usize {
        let windows = units::windows(&features.units, &features.starts);
        let encode = |window: Range<usize>| encode_window(self, features, &features.units[window]);
        windows.into_par_iter().map(encode).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::Model;
    use crate::extract::model::heads::calibration::RawOdds;
    use crate::text::Layout;

    const TEXT: &str = "Mill to close\n\n“It is over,” said Ann Lee. Bo Dam said that Cy Roe believes it is not.\n\n";

    #[test]
    fn any_number_of_threads_reads_the_same() {
        let text = TEXT.repeat(12);
        let layout = Layout::new(&text, None);
        let read = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| Model::current().read(&layout, &AtomicBool::new(false)))
        };
        let alone = read(1);
        assert!(alone.len() >= 12);
        assert_eq!(read(3), alone);
    }

    #[test]
    fn what_the_layout_says_outright_is_read() {
        let text = "“It is over.” — Ann Lee\n\nLEE: Is it?\n\nDAM: It is.\n\nLEE: Thank you.";
        let layout = Layout::new(text, None);
        let readings = Model::current().read(&layout, &AtomicBool::new(false));
        let mut printed: Vec<_> = readings
            .iter()
            .filter(|reading| reading.odds == RawOdds::AS_PRINTED)
            .map(|reading| reading.words(text))
            .collect();
        printed.sort_unstable();
        let expect = [
            ("Ann Lee", "“It is over.”"),
            ("DAM", "It is."),
            ("LEE", "Is it?"),
            ("LEE", "Thank you."),
        ];
        assert_eq!(printed, expect);
    }

    #[test]
    fn nothing_is_read_for_nobody() {
        let layout = Layout::new(TEXT, None);
        assert!(
            Model::current()
                .read(&layout, &AtomicBool::new(true))
                .is_empty()
        );
    }
}
