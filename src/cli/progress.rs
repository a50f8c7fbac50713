use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::input::{Input, Notices};
use crate::telemetry::{report_failure, report_notice};

/// How far a command is with its articles, on standard error if that is a terminal, and what went wrong on the way.
pub(super) struct Progress {
    /// Counts the bytes that were read, where it is known how many there are.
    pub bar: ProgressBar,
    pub done: u64,
    pub failed: u64,
}

impl Progress {
    pub(super) fn of(input: &Input) -> Self {
        Self {
            bar: bar(input.bytes()),
            done: 0,
            failed: 0,
        }
    }

    /// Tells a person something between two states of the bar.
    pub(super) fn notices(&self) -> Notices {
        let bar = self.bar.clone();
        Arc::new(move |notice: &str| bar.suspend(|| report_notice(notice)))
    }

    /// An article is done.
    pub(super) fn count(&mut self) {
        self.done += 1;
        self.show();
    }

    /// An article failed.
    pub(super) fn fail(&mut self, error: &anyhow::Error) {
        self.failed += 1;
        self.bar.suspend(|| report_failure(&format!("{error:#}")));
        self.show();
    }

    /// All articles, those included that failed.
    pub(super) const fn all(&self) -> u64 {
        self.done + self.failed
    }

    fn show(&self) {
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        let all = u32::try_from(self.all()).unwrap_or(u32::MAX);
        let rate = f64::from(all) / seconds;
        let failed = self.failed;
        self.bar
            .set_message(format!("{all} articles, {rate:.1}/s, {failed} failed"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn bar(bytes: Option<u64>) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match bytes {
        Some(bytes) => (
            ProgressBar::new(bytes),
            "{bar:30} {percent}% of {total_bytes}, {msg}, {elapsed}, {eta} left",
        ),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}, {elapsed}"),
    };
    let style = ProgressStyle::with_template(template);
    let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
