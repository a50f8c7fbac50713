//! Repairing stored actors that earlier versions resolved worse than this one.

mod evidence;
mod fragments;
mod namesakes;
mod verdict;
mod wording;

use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Args;

use crate::cli::database::address::connect;
use crate::config::DatabaseAddress;
use crate::domain::{Actor, ActorId};
use crate::store::{Changed, Merge, Store, StoredActor};

use fragments::fragment;
use namesakes::{namesake, registered_twice};
use verdict::{Verdict, one_of};

/// Find actors that are fragments or spelling variants of others, and merge them where their articles leave no doubt
///
/// Earlier versions did not recognise that "Lahn" is "Ursula von der Lahn", or that "Łukasz" is "Lukasz". Without
/// --apply, nothing is changed: the command prints what it would do and why, and what is left for people to decide.
/// Merges work as through the API: redirects remain, a split undoes them, and they are listed among the actors'
/// changes. Actors that were renamed, split off or registered are left alone. Run it once all servers have this
/// version; it is safe to interrupt and to repeat.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ONRECORD_DATABASE_URL=postgres://onrecord@db.example/onrecord onrecord mend-actors
  onrecord mend-actors --apply")]
pub(super) struct MendActors {
    #[command(flatten)]
    database: DatabaseAddress,

    /// Make the changes instead of only printing them
    #[arg(long)]
    apply: bool,
}

/// The recorded requester of the merges.
const REQUESTED_BY: &str = "onrecord mend-actors";
/// How many actors are held in memory at a time.
const PAGE: usize = 200;

impl MendActors {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.database).await?;
        let mut mending = Mending {
            store: &store,
            apply: self.apply,
            tally: Tally::default(),
        };
        mending.look_over_all().await?;
        writeln!(stdout(), "{}", mending.tally.summary(self.apply))?;
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// What was done, or would be done.
#[derive(Debug, Default)]
struct Tally {
    looked_over: usize,
    merged: usize,
    rekeyed: usize,
    left: usize,
}

impl Tally {
    fn summary(&self, apply: bool) -> String {
        let Self {
            looked_over,
            merged,
            rekeyed,
            left,
        } = self;
        let (merged_as, ending) = if apply {
            ("merged", "")
        } else {
            ("to be merged", "; nothing was changed, --apply does it")
        };
        format!(
            "{looked_over} actors: {merged} {merged_as}, {rekeyed} under another key, {left} left to people{ending}"
        )
    }
}

struct Mending<'s> {
    store: &'s Store,
    apply: bool,
    tally: Tally,
}

impl Mending<'_> {
    async fn look_over_all(&mut self) -> anyhow::Result<()> {
        let mut after = None;
        loop {
            let page = self.store.actors_to_check(after, PAGE).await?;
            for actor in &page {
                self.tally.looked_over += 1;
                let verdict = judge(self.store, actor).await?;
                self.carry_out(actor, verdict).await?;
            }
            after = page.last().map(|actor| actor.id);
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    async fn carry_out(&mut self, actor: &StoredActor, verdict: Verdict) -> anyhow::Result<()> {
        match verdict {
            Verdict::Fine => Ok(()),
            Verdict::Unclear(why) => self.leave(actor, &why),
            Verdict::Rekey { from, to } => self.rekey(actor, &from, to.as_deref()).await,
            Verdict::Is { other, why } => self.unite(actor, other, &why).await,
        }
    }

    fn leave(&mut self, actor: &StoredActor, why: &str) -> anyhow::Result<()> {
        self.tally.left += 1;
        writeln!(stdout(), "left {}: {why}", one_of(actor))?;
        Ok(())
    }

    async fn rekey(
        &mut self,
        actor: &StoredActor,
        from: &str,
        to: Option<&str>,
    ) -> anyhow::Result<()> {
        if self.apply && !self.store.rekey_actor(actor.id, from, to).await? {
            return Ok(());
        }
        self.tally.rekeyed += 1;
        let done = if self.apply {
            "found"
        } else {
            "would be found"
        };
        match to {
            Some(to) => writeln!(stdout(), "{}: {done} under \"{to}\"", one_of(actor))?,
            None => writeln!(
                stdout(),
                "{}: {done} by no article, a surname may be anybody's",
                one_of(actor)
            )?,
        }
        Ok(())
    }

    /// Merges one actor into the other, unless a person decided otherwise.
    async fn unite(
        &mut self,
        actor: &StoredActor,
        other: ActorId,
        why: &str,
    ) -> anyhow::Result<()> {
        let Some(stays) = self.store.actor(other).await? else {
            return Ok(());
        };
        if self.store.were_split(actor.id, other).await? {
            let why = format!("{why}, but somebody split the two");
            return self.leave(actor, &why);
        }
        if !verdict::kinds_agree(actor.kind, stays.kind) {
            let why = format!(
                "{why}, but the one is a {}, the other a {}",
                actor.kind, stays.kind
            );
            return self.leave(actor, &why);
        }
        self.merge(actor, &stays, why).await
    }

    async fn merge(&mut self, actor: &StoredActor, stays: &Actor, why: &str) -> anyhow::Result<()> {
        if self.apply {
            let merge = Merge {
                into: stays.id,
                sources: vec![actor.id],
                requested_by: REQUESTED_BY.to_owned(),
                caller: String::new(),
                reason: why.to_owned(),
                row_version: None,
                validate_only: false,
            };
            // If one of them has been changed in the meantime, the next run handles what is left.
            if !matches!(
                self.store.merge_actors(&merge, None).await?,
                Changed::Done(_)
            ) {
                return Ok(());
            }
        }
        self.tally.merged += 1;
        let done = if self.apply { "merged" } else { "would merge" };
        let into = verdict::named(stays.id, &stays.display_name);
        writeln!(stdout(), "{done} {} into {into}: {why}", one_of(actor))?;
        Ok(())
    }
}

/// Decides what to do with an actor.
async fn judge(store: &Store, actor: &StoredActor) -> anyhow::Result<Verdict> {
    if actor.by_hand {
        return Ok(Verdict::Fine);
    }
    if actor.is_registered {
        return registered_twice(store, actor).await;
    }
    match namesake(store, actor).await? {
        Verdict::Fine => fragment(store, actor).await,
        verdict => Ok(verdict),
    }
}
