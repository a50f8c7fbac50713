//! What the model makes of a text: what it reads, what rules put right in it, and the claims inside claims.

use std::sync::atomic::AtomicBool;

use super::corrections::{heard, inner, relative, unsaid};
use super::engine::Model;
use super::heads::meaning::MeaningRead;
use super::heads::who::WhoRead;
use super::printed::{self, Turns};
use crate::extract::attributor::{Attributor, Read};
use crate::text::Layout;

impl Attributor for &'static Model {
    fn attribute(&self, layout: &Layout<'_>, stopped: &AtomicBool) -> Read {
        let turns = Turns::new(layout);
        let mut read = self.read_turns(layout, &turns, stopped);
        let readings = &mut read.readings;
        readings.retain(|reading| self.is_likely(reading));
        unsaid::settle(layout, readings);
        relative::settle(layout, readings);
        heard::settle(layout, readings);
        let inner = inner::inner(self, layout, readings, stopped);
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
