//! What goes wrong in a round, and when: chosen at random by the round's seed.

use std::time::Duration;

use fastrand::Rng;

use crate::harness::Network;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// All processes of Postgres are killed.
    PostgresKilled,
    /// Postgres is shut down in order.
    PostgresStopped,
    /// All processes of Postgres stand still.
    PostgresFrozen,
    /// One process of Postgres is killed, and Postgres recovers by itself.
    BackendKilled,
    /// Postgres ends all connections, as when an operator tells it to.
    ConnectionsEnded,
    /// Others have taken all connections.
    ConnectionsTaken,
    /// Postgres cannot write any more.
    DiskFull,
    /// The network between the servers and Postgres is like this.
    Network(Servers, Network),
    /// All connections to Postgres are reset.
    ConnectionsReset(Servers),
    /// All connections to Postgres go silent for ever, and new ones for a while.
    ConnectionsLost(Servers),
    /// A server is killed.
    ServerKilled(Servers),
}

/// Which of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers {
    First,
    Second,
    Both,
}

/// How long it stays so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    After(Duration),
    /// Until both servers report that they do not serve.
    NotServing,
}

#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// How long nothing goes wrong before.
    pub pause: Duration,
    pub fault: Fault,
    pub until: Until,
}

/// A whole round.
#[derive(Debug)]
pub struct Script {
    pub clients: usize,
    pub steps: Vec<Step>,
}

impl Script {
    /// The round of this seed.
    pub fn random(random: &mut Rng, small_disk: bool) -> Self {
        let clients = random.usize(4..=8);
        let steps = (0..random.usize(1..=2)).map(|_| Step::random(random, small_disk));
        Self {
            clients,
            steps: steps.collect(),
        }
    }

    /// Whether clients may lose their connection to a server.
    pub fn kills_servers(&self) -> bool {
        let kills = |step: &Step| matches!(step.fault, Fault::ServerKilled(_));
        self.steps.iter().any(kills)
    }
}

impl Step {
    fn random(random: &mut Rng, small_disk: bool) -> Self {
        let mut fault = Fault::random(random);
        while fault == Fault::DiskFull && !small_disk {
            fault = Fault::random(random);
        }
        // Few are long: it takes seconds until the servers take notice.
        let until = if fault.is_outage() && random.u8(0..8) == 0 {
            Until::NotServing
        } else {
            Until::After(millis(random, 20, 600))
        };
        Self {
            pause: millis(random, 50, 500),
            fault,
            until,
        }
    }
}

impl Fault {
    fn random(random: &mut Rng) -> Self {
        match random.u8(0..15) {
            0 | 1 => Self::PostgresKilled,
            2 => Self::PostgresStopped,
            3 => Self::PostgresFrozen,
            4 => Self::BackendKilled,
            5 => Self::ConnectionsEnded,
            6 => Self::ConnectionsTaken,
            7 => Self::DiskFull,
            8 => Self::ConnectionsReset(Servers::random(random)),
            9 | 10 => Self::ConnectionsLost(Servers::random(random)),
            11 => Self::ServerKilled(Servers::random(random)),
            _ => Self::Network(Servers::random(random), network(random)),
        }
    }

    /// Whether both servers are without a database meanwhile.
    const fn is_outage(self) -> bool {
        match self {
            Self::PostgresKilled
            | Self::PostgresStopped
            | Self::PostgresFrozen
            | Self::ConnectionsTaken
            | Self::ConnectionsLost(Servers::Both)
            | Self::Network(Servers::Both, Network::Silent | Network::Refusing) => true,
            Self::BackendKilled
            | Self::ConnectionsEnded
            | Self::DiskFull
            | Self::Network(..)
            | Self::ConnectionsReset(_)
            | Self::ConnectionsLost(_)
            | Self::ServerKilled(_) => false,
        }
    }
}

impl Servers {
    fn random(random: &mut Rng) -> Self {
        match random.u8(0..4) {
            0 => Self::First,
            1 => Self::Second,
            _ => Self::Both,
        }
    }

    /// Of two, those that are meant.
    pub fn of<T>(self, both: &[T; 2]) -> &[T] {
        match self {
            Self::First => &both[..1],
            Self::Second => &both[1..],
            Self::Both => both,
        }
    }
}

fn network(random: &mut Rng) -> Network {
    match random.u8(0..4) {
        0 => Network::Silent,
        1 => Network::Refusing,
        2 => Network::Late(millis(random, 5, 300)),
        _ => Network::Thin(random.u32(2_000..200_000)),
    }
}

fn millis(random: &mut Rng, least: u64, most: u64) -> Duration {
    Duration::from_millis(random.u64(least..=most))
}
