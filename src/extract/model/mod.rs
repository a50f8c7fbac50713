//! The engine `model`: a transformer encoder that reads windows of a text, a tagger that finds cues, a role reader that
//! finds the source and the content of each, and heads that read who is who and what claims mean.
//!
//! All in `f32` on the processor. Every window is read by itself, so what is read in a text does not depend on other
//! texts, nor on how many threads read it. The weights stand in the program; see `models/MODEL_CARD.md`.

mod corrections;
mod heads;
mod input;
mod network;
mod pair_judge;
#[cfg(test)]
mod parity;
mod printed;
mod reading;
mod sentence;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::attribution::bare::BareAttribution;
use super::attributor::{Attributor, Read};
use crate::text::Layout;
use heads::calibration::{Calibration, Probabilities};
use heads::kept::WindowVectors;
use heads::meaning::MeaningReader;
use heads::roles::RoleReader;
use heads::tagger::Tagger;
use heads::who::WhoReader;
use network::encoder::Encoder;
use network::weights::Entries;
use printed::Turns;
use reading::WindowRead;

pub use heads::calibration::RawOdds;
pub use heads::meaning::MeaningRead;
pub(in crate::extract) use heads::ranker::{Ranked, Ranker};
pub(in crate::extract) use heads::tagged::Tagged;
pub use heads::who::WhoRead;
pub use input::features::Features;
pub use input::units::Unit;
pub use network::weights::ModelError;
pub use pair_judge::{PairJudge, PairScores};
pub use reading::Reading;
pub use sentence::SentenceEncoder;

/// The weights that come with the program.
static WEIGHTS: &[u8] = include_bytes!("../../../models/onrecord.safetensors");

/// Least confidence in a claim without a source.
const LEAST_OF_NOBODY: f32 = 0.5;

static MODEL: OnceLock<Model> = OnceLock::new();

/// The engine. It keeps no state beside its weights.
pub struct Model {
    version: String,
    encoder: Encoder,
    tagger: Tagger,
    roles: RoleReader,
    who: WhoReader,
    meaning: MeaningReader,
    calibration: Calibration,
}

impl Model {
    /// The model in use: the one that was [loaded](Model::load), else the one that comes with the program.
    ///
    /// # Panics
    /// If the model that comes with the program is broken, which a test rules out.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "a test reads the model that comes with the program"
    )]
    pub fn current() -> &'static Self {
        MODEL.get_or_init(|| {
            Self::new(WEIGHTS).expect("the model that comes with the program is whole")
        })
    }

    /// Uses the model of a file, given by its bytes, from now on instead of the one that comes with the program. It
    /// stays in memory as long as the program runs.
    ///
    /// # Errors
    /// If the file is no model of this shape, or another model is in use already.
    pub fn load(file: Vec<u8>) -> Result<(), ModelError> {
        let file: &'static [u8] = file.leak();
        MODEL.set(Self::new(file)?).map_err(|_| ModelError::Loaded)
    }

    /// Changes whenever the same text may give another result.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    fn new(file: &'static [u8]) -> Result<Self, ModelError> {
        let entries = Entries::new(file)?;
        Ok(Self {
            version: entries.text("version")?.to_owned(),
            encoder: Encoder::new(&entries)?,
            tagger: Tagger::new(&entries)?,
            roles: RoleReader::new(&entries)?,
            who: WhoReader::new(&entries)?,
            meaning: MeaningReader::new(&entries)?,
            calibration: Calibration::new(&entries)?,
        })
    }
}

/// What is read in a text, window by window.
#[derive(Debug, Default)]
struct TextRead {
    readings: Vec<Reading>,
    who: Vec<WindowVectors>,
    meaning: Vec<WindowVectors>,
}

impl Model {
    /// The attributions of a text with the model's raw odds, in text order of their windows and units. Windows that are
    /// not read yet when `stopped` is set are left out.
    #[must_use]
    pub fn read(&self, layout: &Layout<'_>, stopped: &AtomicBool) -> Vec<Reading> {
        self.read_turns(layout, &Turns::new(layout), stopped)
            .readings
    }

    fn read_turns(&self, layout: &Layout<'_>, turns: &Turns, stopped: &AtomicBool) -> TextRead {
        let features = Features::new(layout);
        let windows = input::units::windows(&features.units, &features.starts);
        let read = |window: std::ops::Range<usize>| {
            reading::read_window(self, layout, &features, &features.units[window])
        };
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

    /// Runs the encoder alone over all windows of a text, to time it. Gives the number of pieces it read.
    #[must_use]
    pub fn encode_all(&self, features: &Features) -> usize {
        let windows = input::units::windows(&features.units, &features.starts);
        let encode = |window: std::ops::Range<usize>| {
            reading::encode_window(self, features, &features.units[window])
        };
        windows.into_par_iter().map(encode).sum()
    }

    /// False for a claim that is nobody's and rather none.
    fn is_likely(&self, reading: &Reading) -> bool {
        !reading.source.is_empty() || self.judge(reading).claim >= LEAST_OF_NOBODY
    }

    /// How likely a reading and its parts are right.
    fn judge(&self, reading: &Reading) -> Probabilities {
        self.calibration.apply(reading.odds)
    }

    fn attribution(&self, reading: Reading) -> BareAttribution {
        let confidence = self.judge(&reading);
        BareAttribution {
            source: reading.source,
            cue: reading.cue,
            content: reading.content,
            confidence: confidence.claim,
            parts: Some(confidence.parts),
        }
    }
}

impl Attributor for &'static Model {
    fn attribute(&self, layout: &Layout<'_>, stopped: &AtomicBool) -> Read {
        let turns = Turns::new(layout);
        let mut read = self.read_turns(layout, &turns, stopped);
        let readings = &mut read.readings;
        readings.retain(|reading| self.is_likely(reading));
        corrections::unsaid::settle(layout, readings);
        corrections::relative::settle(layout, readings);
        corrections::heard::settle(layout, readings);
        let inner = corrections::inner::inner(self, layout, readings, stopped);
        readings.extend(inner);
        let judged = read.readings.into_iter();
        let judged = judged.map(|reading| self.attribution(reading));
        let mut attributions: Vec<_> = judged.collect();
        printed::continue_quotations(layout, &turns, &mut attributions);
        let tokens = layout.tokens.len();
        Read {
            attributions,
            who: Some(WhoRead::new(&self.who, tokens, read.who.into_iter())),
            meaning: Some(MeaningRead::new(
                &self.meaning,
                tokens,
                read.meaning.into_iter(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::{Model, ModelError, RawOdds, WEIGHTS};
    use crate::text::Layout;

    const TEXT: &str = "Mill to close\n\n“It is over,” said Ann Lee. Bo Dam said that Cy Roe believes it is not.\n\n";

    #[test]
    fn a_broken_file_is_refused() {
        let cut = WEIGHTS[..WEIGHTS.len() / 2].to_vec().leak();
        assert!(matches!(Model::new(cut), Err(ModelError::Format(_))));
        assert!(matches!(Model::new(b"{}"), Err(ModelError::Format(_))));
        let nothing: [(&str, safetensors::tensor::TensorView<'_>); 0] = [];
        let empty = safetensors::serialize(nothing, None).unwrap().leak();
        assert!(matches!(Model::new(empty), Err(ModelError::Entry(name)) if name == "version"));
        assert!(matches!(
            Model::load(b"{}".to_vec()),
            Err(ModelError::Format(_))
        ));
    }

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
