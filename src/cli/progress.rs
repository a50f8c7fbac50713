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
    /// The articles that were done before anybody watched.
    before: u64,
}

impl Progress {
    pub(super) fn of(input: &Input) -> Self {
        Self {
            bar: bar(input.bytes(), "{total_bytes}"),
            done: 0,
            failed: 0,
            before: 0,
        }
    }

    /// The progress of so many articles, some of which are done already.
    pub(super) fn of_articles(total: u64, done: u64, failed: u64) -> Self {
        let before = done + failed;
        let bar = bar(Some(total), "{len}").with_position(before);
        bar.reset_eta();
        Self {
            bar,
            done,
            failed,
            before,
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

    /// So many articles are done by now.
    pub(super) fn set(&mut self, done: u64, failed: u64) {
        (self.done, self.failed) = (done, failed);
        self.bar.set_position(self.all());
        self.show();
    }

    /// All articles, those included that failed.
    pub(super) const fn all(&self) -> u64 {
        self.done + self.failed
    }

    fn show(&self) {
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        let all = self.all();
        let watched = u32::try_from(all.saturating_sub(self.before)).unwrap_or(u32::MAX);
        let rate = f64::from(watched) / seconds;
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

/// A bar of this length, which the template `whole` shows, if it is known.
fn bar(length: Option<u64>, whole: &str) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match length {
        Some(length) => (
            ProgressBar::new(length),
            format!("{{bar:30}} {{percent}}% of {whole}, {{msg}}, {{elapsed}}, {{eta}} left"),
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {msg}, {elapsed}".to_owned(),
        ),
    };
    let style = ProgressStyle::with_template(&template);
    let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
