//! Times open on one side: "since May", "until Friday", "2019 or later".

use std::ops::Range;

use crate::extract::time::calendar::value::Time;
use crate::extract::time::reader::{Found, Reader};

/// Which side of a time an open one lies on.
#[derive(Debug, Clone, Copy)]
enum Side {
    From,
    Behind,
    UpTo,
}

/// A time open on one side.
#[derive(Debug)]
pub(in crate::extract::time) struct Open {
    side: Side,
    /// The time that bounds it.
    pub(in crate::extract::time) time: Time,
    /// The words of the bound.
    pub(in crate::extract::time) words: Range<usize>,
    /// The index after it.
    pub(in crate::extract::time) next: usize,
}

impl Reader<'_> {
    /// "since February 2022", "until May", "after 2016", "2018 or later".
    pub(super) fn open(&self, at: usize) -> Found {
        let open = self.open_side(at)?;
        let time = match open.side {
            Side::From => open.time.since(),
            Side::Behind => open.time.behind(),
            Side::UpTo => open.time.before(),
        };
        Some((time, open.next))
    }

    /// A time open on one side, with the time that bounds it.
    pub(in crate::extract::time) fn open_side(&self, at: usize) -> Option<Open> {
        let (side, start) = match self.text(at) {
            "since" => (Side::From, at + 1),
            "starting" | "beginning" | "effective" => {
                (Side::From, self.skip(at + 1, &["on", "in", "from"]))
            }
            "until" | "till" | "before" => (Side::UpTo, at + 1),
            "after" => (Side::Behind, at + 1),
            "later" if self.text(at + 1) == "than" => (Side::Behind, at + 2),
            "no" if self.text(at + 1) == "later" && self.text(at + 2) == "than" => {
                (Side::UpTo, at + 3)
            }
            _ => return self.or_later(at),
        };
        let (time, next) = self.point(start).filter(|(time, _)| time.is_placed())?;
        Some(Open {
            side,
            time,
            words: start..next,
            next,
        })
    }

    fn or_later(&self, at: usize) -> Option<Open> {
        let (time, next) = self.point(at)?;
        let clock_behind = self.clock(next + 2).is_some();
        let later = !clock_behind
            && self.is(next, &["or", "and"])
            && self.is(next + 1, &["later", "after", "onward", "onwards"])
            || self.is(next, &["onward", "onwards"]);
        let end = if self.is(next, &["or", "and"]) {
            next + 2
        } else {
            next + 1
        };
        (later && time.is_placed()).then_some(Open {
            side: Side::From,
            time,
            words: at..next,
            next: end,
        })
    }
}
