//! The model: its weights, and how sure they are of what they read.

use std::convert::identity;
use std::sync::OnceLock;

use super::heads::calibration::{Calibration, Probabilities};
use super::heads::meaning::MeaningReader;
use super::heads::roles::RoleReader;
use super::heads::tagger::Tagger;
use super::heads::who::WhoReader;
use super::network::encoder::Encoder;
use super::network::weights::{Entries, Keep, Matrix, ModelError};
use super::reading::Reading;
use crate::extract::attribution::bare::BareAttribution;

/// The weights that come with the program.
static WEIGHTS: &[u8] = include_bytes!("../../../models/onrecord.safetensors");

/// Minimum confidence in a claim without a source.
const LEAST_OF_NOBODY: f32 = 0.5;

static MODEL: OnceLock<Model> = OnceLock::new();

/// The engine. It keeps no state beside its weights.
pub struct Model {
    version: String,
    pub(super) encoder: Encoder,
    pub(super) tagger: Tagger,
    pub(super) roles: RoleReader,
    pub(super) who: WhoReader,
    pub(super) meaning: MeaningReader,
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
            Self::new(WEIGHTS, identity).expect("the model that comes with the program is whole")
        })
    }

    /// Uses the model of a file, given by its bytes, from now on instead of the one that comes with the program.
    /// What is read of the file is copied.
    ///
    /// # Errors
    /// If the file is no model of this shape, or another model is in use already.
    pub fn load(file: impl AsRef<[u8]>) -> Result<(), ModelError> {
        let model = Self::new(file.as_ref(), Matrix::into_owned)?;
        MODEL.set(model).map_err(|_| ModelError::Loaded)
    }

    /// Changes whenever the same text may give another result.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    fn new<'f>(file: &'f [u8], keep: Keep<'f>) -> Result<Self, ModelError> {
        let entries = Entries::new(file)?;
        Ok(Self {
            version: entries.text("version")?.to_owned(),
            encoder: Encoder::new(&entries, keep)?,
            tagger: Tagger::new(&entries)?,
            roles: RoleReader::new(&entries)?,
            who: WhoReader::new(&entries)?,
            meaning: MeaningReader::new(&entries)?,
            calibration: Calibration::new(&entries)?,
        })
    }

    /// False for a claim without a source that is more likely no claim.
    pub(super) fn is_likely(&self, reading: &Reading) -> bool {
        !reading.source.is_empty() || self.judge(reading).claim >= LEAST_OF_NOBODY
    }

    /// How likely a reading and its parts are right.
    pub(super) fn judge(&self, reading: &Reading) -> Probabilities {
        self.calibration.apply(reading.odds)
    }

    pub(super) fn attribution(&self, reading: Reading) -> BareAttribution {
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use proptest::prelude::*;

    use super::{Matrix, Model, ModelError, WEIGHTS};
    use crate::text::Layout;

    #[test]
    fn a_model_outlives_the_file_it_was_read_from() {
        let file = WEIGHTS.to_vec();
        let loaded = Model::new(&file, Matrix::into_owned).unwrap();
        drop(file);
        let layout = Layout::new("Ann Lee said that Cy Roe believes it rained.", None);
        let read = |model: &Model| model.read(&layout, &AtomicBool::new(false));
        assert_eq!(read(&loaded), read(Model::current()));
        assert!(!read(&loaded).is_empty());
    }

    #[test]
    fn a_broken_file_is_refused() {
        let new = |file: &[u8]| Model::new(file, Matrix::into_owned);
        let cut = &WEIGHTS[..WEIGHTS.len() / 2];
        assert!(matches!(new(cut), Err(ModelError::Format(_))));
        assert!(matches!(new(b"{}"), Err(ModelError::Format(_))));
        let nothing: [(&str, safetensors::tensor::TensorView<'_>); 0] = [];
        let empty = safetensors::serialize(nothing, None).unwrap();
        assert!(matches!(new(&empty), Err(ModelError::Entry(name)) if name == "version"));
        assert!(matches!(Model::load(b"{}"), Err(ModelError::Format(_))));
    }

    /// The length of a file's header, which its first eight bytes state, and the header.
    fn header(file: &[u8]) -> usize {
        let length = u64::from_le_bytes(*file.first_chunk().unwrap());
        8 + usize::try_from(length).unwrap()
    }

    proptest! {
        // Each case copies a file of many megabytes, or reads one whole.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_file_that_is_cut_short_is_refused(share in 0.0..1.0_f64) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "any length will do")]
            let length = (WEIGHTS.len() as f64 * share) as usize;
            let model = Model::new(&WEIGHTS[..length], Matrix::into_owned);
            prop_assert!(matches!(model, Err(ModelError::Format(_))));
        }

        #[test]
        fn a_damaged_header_is_read_without_a_panic(
            damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..9),
        ) {
            let mut file = WEIGHTS.to_vec();
            let header = header(&file);
            for (at, byte) in damage {
                file[at.index(header)] = byte;
            }
            // A name that nothing reads may change; whatever comes of it comes without a panic.
            let _ = Model::new(&file, Matrix::into_owned);
        }

        #[test]
        fn any_bytes_are_refused(file in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Model::new(&file, Matrix::into_owned).is_err());
        }

        #[test]
        fn any_header_is_refused(header in "\\PC{0,60}|\\{(\"[a-z.]{1,9}\":\\{\"dtype\":\"(F32|I8|X)\",\"shape\":\\[[0-9]{0,20}\\],\"data_offsets\":\\[[0-9]{1,20},[0-9]{1,20}\\]\\},?){0,3}\\}") {
            let mut file = (header.len() as u64).to_le_bytes().to_vec();
            file.extend(header.as_bytes());
            file.extend([0; 64]);
            prop_assert!(Model::new(&file, Matrix::into_owned).is_err());
        }
    }
}
