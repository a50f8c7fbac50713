use std::time::{Duration, Instant};

use crate::store::Holder;

/// How long a transaction may hold watchers back before it is reported.
const PATIENCE: Duration = Duration::from_secs(10);

/// Notices a transaction that holds back the event log for long.
#[derive(Debug, Default)]
pub(super) struct HeldBack {
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    tx: i64,
    since: Instant,
    reported: bool,
}

impl HeldBack {
    /// Takes in who holds the log back at `now`. Returns the holder when it is to be reported: once, after it has held
    /// on for long.
    pub(super) fn look(&mut self, holder: Option<Holder>, now: Instant) -> Option<Holder> {
        let Some(holder) = holder else {
            self.current = None;
            return None;
        };
        let current = self
            .current
            .take_if(|current| current.tx == holder.tx)
            .unwrap_or(Current {
                tx: holder.tx,
                since: now,
                reported: false,
            });
        let due = !current.reported && now - current.since >= PATIENCE;
        self.current = Some(Current {
            reported: current.reported || due,
            ..current
        });
        due.then_some(holder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(tx: i64) -> Holder {
        Holder {
            tx,
            pid: Some(1),
            application_name: None,
            database: None,
            elsewhere: false,
            gid: None,
            age: None,
        }
    }

    #[test]
    fn a_holder_is_reported_once_and_only_if_it_holds_on() {
        let (mut held, start) = (HeldBack::default(), Instant::now());
        let mut look = |tx, seconds| {
            let holder = (tx != 0).then(|| holder(tx));
            let reported = held.look(holder, start + Duration::from_secs(seconds));
            reported.map(|holder| holder.tx)
        };
        for (tx, seconds, reported) in [
            (1, 0, None),
            (1, 9, None),
            (2, 12, None),
            (2, 21, None),
            (2, 22, Some(2)),
            (2, 60, None),
            (0, 61, None),
            (2, 62, None),
            (2, 73, Some(2)),
        ] {
            assert_eq!(look(tx, seconds), reported, "{tx} at {seconds} s");
        }
    }
}
