use std::io::{Write, stderr};
use std::sync::OnceLock;

use chrono::{SecondsFormat, Utc};
use serde_json::json;

use super::log::LogFormat;

/// The format that was asked for, once that is known.
static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// Has failures written in this format from now on.
pub fn write_failures_as(format: LogFormat) {
    // The first to ask decides: a program has one log.
    let _ = FORMAT.set(format);
}

/// Has failures written as JSON if these arguments, or else the environment, ask for it: for failures to read the
/// command line itself.
#[must_use]
pub fn asks_for_json<'a>(arguments: impl IntoIterator<Item = &'a str>) -> bool {
    let mut named = None;
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--log-format") {
            Some("") => named = arguments.next().map(str::to_owned),
            Some(value) => named = value.strip_prefix('=').map(str::to_owned),
            None => {}
        }
    }
    let format = named.or_else(|| std::env::var("ONRECORD_LOG_FORMAT").ok());
    let json = format.is_some_and(|format| format == "json");
    if json {
        write_failures_as(LogFormat::Json);
    }
    json
}

/// Tells the person at the terminal, or the log collector, what stopped the program or one of its inputs. Unlike an
/// event it is written whatever the log's filter is, and before there is a log.
pub fn report_failure(message: &str) {
    report("ERROR", message);
}

/// Like [`report_failure`], of what is no failure.
pub fn report_notice(message: &str) {
    report("INFO", message);
}

fn report(level: &str, message: &str) {
    let line = match FORMAT.get() {
        Some(LogFormat::Json) => json_line(level, message),
        Some(LogFormat::Text) | None => format!("onrecord: {message}"),
    };
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(stderr(), "{line}");
}

/// A line like those of the log.
fn json_line(level: &str, message: &str) -> String {
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    json!({"timestamp": time, "level": level, "message": message, "target": "onrecord"}).to_string()
}

#[cfg(test)]
mod tests {
    use super::{asks_for_json, json_line};

    #[test]
    fn a_failure_is_one_line_whatever_it_says() {
        let line = json_line("ERROR", "two\nlines, \"quoted\"");
        assert_eq!(line.lines().count(), 1);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["message"], "two\nlines, \"quoted\"");
        assert_eq!(value["level"], "ERROR");
    }

    #[test]
    fn the_format_is_found_among_arguments_that_cannot_be_read() {
        assert!(asks_for_json([
            "serve",
            "--log-format",
            "json",
            "--nonsense"
        ]));
        assert!(asks_for_json(["--log-format=json"]));
        assert!(!asks_for_json(["--log-format=text"]));
    }
}
