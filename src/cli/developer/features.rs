use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::cli::model::ModelFlag;
use crate::domain::Span;
use crate::extract::model::Features;
use crate::extract::{
    BareAttribution, EngineKind, Shown, ShownClaim, shown_claims, shown_mentions,
};
use crate::text::{Layout, OffsetMap, TextEncoding};

/// Print the model's inputs for an annotated corpus, to train it (for developers)
///
/// One line per document: wordpieces and their features, the units in which they are read, and each attribution by
/// its tokens.
#[derive(Debug, Args)]
pub struct FeaturesCommand {
    /// JSON lines: {"id", "text", "title"?, "attributions": [{"source", "cue", "content"}]}, each part a list of
    /// [start, end] in code points
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Also print the mentions of people and organisations, with the input of the antecedent ranker
    #[arg(long)]
    mentions: bool,

    /// Also print, for each attribution, the input of the heads that classify it
    #[arg(long)]
    claims: bool,

    #[command(flatten)]
    model: ModelFlag,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    text: String,
    title: Option<String>,
    #[serde(default)]
    attributions: Vec<Parts>,
}

/// The parts of an attribution, each a list of ranges: of code points in a line read, of tokens in the output.
#[derive(Deserialize, Serialize)]
struct Parts {
    source: Vec<(usize, usize)>,
    cue: Vec<(usize, usize)>,
    content: Vec<(usize, usize)>,
}

#[derive(Serialize)]
struct Document {
    id: String,
    /// The range of each token, in code points.
    tokens: Vec<(usize, usize)>,
    ids: Vec<u16>,
    case: Vec<u8>,
    quote: Vec<u8>,
    place: Vec<u8>,
    starts: Vec<usize>,
    /// Ranges of tokens.
    units: Vec<(usize, usize)>,
    attributions: Vec<Parts>,
    /// The range of tokens of each sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentences: Option<Vec<(usize, usize)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<Vec<Shown>>,
    /// One per attribution, in the order of `attributions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Vec<ShownClaim>>,
}

impl FeaturesCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        self.model.load()?;
        let name = self.file.display();
        let file = File::open(&self.file).with_context(|| format!("cannot open {name}"))?;
        let mut out = BufWriter::new(stdout().lock());
        for (index, line) in BufReader::new(file).lines().enumerate() {
            let row: Row = serde_json::from_str(&line?)
                .with_context(|| format!("{name}, line {}", index + 1))?;
            serde_json::to_writer(&mut out, &shown(row, self.mentions, self.claims))?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn shown(row: Row, mentions: bool, claims: bool) -> Document {
    let layout = Layout::new(&row.text, row.title.as_deref());
    let offsets = OffsetMap::new(&row.text, TextEncoding::Utf32);
    let point = |span: Span| (offsets.to_encoded(span.start), offsets.to_encoded(span.end));
    let tokens: Vec<_> = layout
        .tokens
        .iter()
        .map(|token| point(token.span))
        .collect();
    let features = Features::new(&layout);
    let claims = claims.then(|| {
        let ends = row.text.char_indices().map(|(byte, _)| byte);
        let bytes: Vec<usize> = ends.chain([row.text.len()]).collect();
        let byte = |point: usize| bytes.get(point).copied().unwrap_or(row.text.len());
        let spans = |points: &[(usize, usize)]| {
            let span = |&(start, end): &(usize, usize)| Span::new(byte(start), byte(end));
            points.iter().map(span).collect()
        };
        let bare = |parts: &Parts| BareAttribution {
            source: spans(&parts.source),
            cue: spans(&parts.cue),
            content: spans(&parts.content),
            ..BareAttribution::default()
        };
        shown_claims(
            &layout,
            &row.attributions.iter().map(bare).collect::<Vec<_>>(),
        )
    });
    let parts = |parts: Parts| Parts {
        source: ranges(&tokens, &parts.source),
        cue: ranges(&tokens, &parts.cue),
        content: ranges(&tokens, &parts.content),
    };
    let mentions = mentions.then(|| {
        let read = EngineKind::Model.attributor();
        let attributions = read
            .attribute(&layout, &AtomicBool::new(false))
            .attributions;
        shown_mentions(&layout, &attributions)
    });
    Document {
        id: row.id,
        sentences: mentions.as_ref().map(|_| {
            let tokens = layout.sentences.iter().map(|sentence| &sentence.tokens);
            tokens.map(|tokens| (tokens.start, tokens.end)).collect()
        }),
        mentions,
        claims,
        ids: features.ids,
        case: features.case,
        quote: features.quote,
        place: features.place,
        starts: features.starts,
        units: features
            .units
            .iter()
            .map(|unit| (unit.tokens.start, unit.tokens.end))
            .collect(),
        attributions: row.attributions.into_iter().map(parts).collect(),
        tokens,
    }
}

/// The tokens that each span overlaps; spans without any are left out.
fn ranges(tokens: &[(usize, usize)], spans: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let range = |&(start, end): &(usize, usize)| {
        let first = tokens.partition_point(|token| token.1 <= start);
        (first, tokens.partition_point(|token| token.0 < end))
    };
    let ranges = spans.iter().map(range);
    ranges.filter(|(start, end)| start < end).collect()
}

#[cfg(test)]
mod tests {
    use super::{Row, shown};

    #[test]
    fn attributions_are_told_by_their_tokens() {
        let row: Row = serde_json::from_str(
            r#"{"id": "a", "text": "“Né,” said Bo Dam.", "attributions":
                [{"source": [[11, 17]], "cue": [[6, 10]], "content": [[0, 5], [5, 6]]}]}"#,
        )
        .unwrap();
        let shown = shown(row, false, false);
        assert_eq!(shown.tokens[..3], [(0, 1), (1, 3), (3, 4)]);
        assert_eq!(shown.units, [(0, 8)]);
        let parts = &shown.attributions[0];
        assert_eq!(
            (&parts.source[..], &parts.cue[..]),
            (&[(5, 7)][..], &[(4, 5)][..])
        );
        assert_eq!(parts.content, [(0, 4)]);
    }
}
