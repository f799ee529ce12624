//! Deletes everything that a generation has, in rounds of listing from the beginning, counting and deleting, until the list is
//! empty.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::run::{Flow, Work};
use crate::{
    fault::{Kind, Outcome},
    removal::{Leftover, Part, Stage, What},
};

impl Work<'_> {
    /// Sweeps all parts. A fault in one part does not stop the others, and is returned at the end.
    pub(super) async fn sweep_all(&mut self) -> Outcome<Flow> {
        let mut trouble = None;
        for part in Part::all() {
            match self.sweep(part).await {
                Ok(Flow::Done) => {}
                Ok(Flow::OutOfTime) => return Ok(Flow::OutOfTime),
                Err(fault) if fault.kind() == Kind::Fenced => return Err(fault),
                Err(fault) => trouble = trouble.or(Some(fault)),
            }
        }
        trouble.map_or(Ok(Flow::Done), Err)
    }

    /// Sweeps one part until nothing of it is left. Each round lists from the beginning, because a list that continued at a deleted
    /// position could miss entries.
    pub(super) async fn sweep(&mut self, part: Part) -> Outcome<Flow> {
        loop {
            if self.out_of_time() {
                return Ok(Flow::OutOfTime);
            }
            let begun = self.now();
            let found = self.list(part, self.slice.settings.round).await?;
            if found.is_empty() {
                // An earlier slice may have deleted the entries that it counted last.
                self.removal.confirm(part);
                return Ok(Flow::Done);
            }
            self.removal.count(part, &found);
            if part == Part::Keys {
                let names = found.iter().map(|leftover| leftover.key.clone());
                self.removal.keys.extend(names);
            }
            self.note().await?;
            self.delete(part, &found).await?;
            self.removal.confirm(part);
            self.pace(begun, found.len()).await;
        }
    }

    /// Searches all parts. If anything is found, the removal goes back to sweeping.
    pub(super) async fn verify(&mut self) -> Outcome<Flow> {
        let mut left = BTreeMap::new();
        for part in Part::all() {
            left.insert(part, self.list(part, 1).await?.len() as u64);
        }
        let is_clean = left.values().all(|n| *n == 0);
        self.removal.left = left;
        if is_clean {
            self.removal.verified = Some(self.now());
            self.removal.stage = Stage::Signing;
        } else {
            self.removal.stage = Stage::SweepingAgain;
        }
        Ok(Flow::Done)
    }

    async fn list(&self, part: Part, most: usize) -> Outcome<Vec<Leftover>> {
        let (slice, scope) = (self.slice, self.slice.scope);
        match part {
            Part::Keys => {
                let versions = slice.keys.versions(scope).await?;
                let leftover = |key| Leftover {
                    what: What::Key,
                    key,
                };
                Ok(versions.into_iter().map(leftover).collect())
            }
            Part::Exports | Part::Copies(_) | Part::Pages | Part::Ledger => {
                slice.store.leftovers(scope, part, most).await
            }
        }
    }

    async fn delete(&self, part: Part, found: &[Leftover]) -> Outcome<()> {
        let (slice, scope) = (self.slice, self.slice.scope);
        match part {
            Part::Keys => slice.keys.destroy(scope).await.map(drop),
            Part::Exports | Part::Copies(_) | Part::Pages | Part::Ledger => {
                slice.store.discard(scope, part, found).await
            }
        }
    }

    /// Enforces the limit on deletions per second by extending the round.
    async fn pace(&self, begun: Timestamp, n: usize) {
        let per_second = i64::from(self.slice.settings.deletes_per_second.max(1));
        let millis = i64::try_from(n).unwrap_or(i64::MAX).saturating_mul(1_000) / per_second;
        let spent = self.now().duration_since(begun);
        let owed = SignedDuration::from_millis(millis) - spent;
        if owed > SignedDuration::ZERO {
            (self.slice.sleep)(owed).await;
        }
    }
}
