use std::path::Path;

use clap::ValueEnum;

/// What a file of articles is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// One article, as it is
    Text,
    /// One article per line, as a JSON object
    #[value(alias = "json-lines", alias = "ndjson")]
    Jsonl,
    /// An array of articles, or one article, as JSON objects
    Json,
    /// A table with one article per row and the names of the columns in the first row, separated by commas,
    /// semicolons or tabs
    #[value(alias = "tsv")]
    Csv,
}

impl InputFormat {
    /// The format that a file's name tells, if it tells one.
    pub(super) fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "json" => Some(Self::Json),
            "csv" | "tsv" => Some(Self::Csv),
            "txt" | "text" => Some(Self::Text),
            _ => None,
        }
    }

    /// The format that a file's first bytes tell: JSON begins with a brace or a bracket that begins an object, and
    /// everything else is taken for a text.
    pub(super) fn of_beginning(beginning: &[u8]) -> Self {
        let text = String::from_utf8_lossy(beginning);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if let Some(rest) = text.strip_prefix('[') {
            return if rest.trim_start().starts_with('{') {
                Self::Json
            } else {
                Self::Text
            };
        }
        let is_object = |line: &str| serde_json::from_str::<serde_json::Map<_, _>>(line).is_ok();
        match text.strip_prefix('{') {
            Some(rest) if rest.trim_start().starts_with('"') => match text.split_once('\n') {
                // An object that goes on in the next line.
                Some((line, _)) if !is_object(line) => Self::Json,
                _ => Self::Jsonl,
            },
            _ => Self::Text,
        }
    }

    /// As people call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Jsonl => "JSON lines",
            Self::Json => "JSON",
            Self::Csv => "CSV",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::InputFormat;

    #[test]
    fn a_name_tells_the_format() {
        for (name, format) in [
            ("a.jsonl", Some(InputFormat::Jsonl)),
            ("a.NDJSON", Some(InputFormat::Jsonl)),
            ("a.json", Some(InputFormat::Json)),
            ("a.tsv", Some(InputFormat::Csv)),
            ("a.txt", Some(InputFormat::Text)),
            ("a.md", None),
            ("-", None),
        ] {
            assert_eq!(InputFormat::of_name(Path::new(name)), format, "{name}");
        }
    }

    #[test]
    fn the_beginning_tells_the_format() {
        for (beginning, format) in [
            ("“It is safe,” she said.", InputFormat::Text),
            ("[Reuters] It is safe.", InputFormat::Text),
            ("{sic} It is safe.", InputFormat::Text),
            ("", InputFormat::Text),
            (
                "\u{feff}{\"text\": \"a\"}\n{\"text\": \"b\"}\n",
                InputFormat::Jsonl,
            ),
            ("{\"text\": \"a\"}", InputFormat::Jsonl),
            (
                "{\"text\": \"a line longer than what is seen of",
                InputFormat::Jsonl,
            ),
            ("{\n  \"text\": \"a\"\n}", InputFormat::Json),
            (" [\n {\"text\": \"a\"}]", InputFormat::Json),
        ] {
            let found = InputFormat::of_beginning(beginning.as_bytes());
            assert_eq!(found, format, "{beginning}");
        }
    }
}
