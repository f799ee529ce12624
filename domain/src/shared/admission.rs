//! Holds tenants to their allowance.
//!
//! A rate costs one conditional write, and two more requests once in a window. A place costs a read and a conditional write.
//! If the row cannot be read or written, the fault goes to the caller, so that nothing is begun that nobody counted. Only the
//! status of companies is answered all the same (`functions/api/companies.rs`): it costs nobody but the operator, and a user's
//! list must not depend on a counter.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    allowance::{Allowance, Limit, Places, Rate, StoredAllowance},
    fault::{Code, Fault, Outcome},
    ports::{Allowances, Spending, Spent},
    tenant::TenantId,
};

/// How often a caller tries while others change the row at the same time.
const TRIES: u32 = 20;

/// The wait that is told where only somebody's decision makes room.
const NOT_SOON: Duration = Duration::from_secs(3_600);

/// A tenant, and what the operator allows all tenants.
#[derive(Clone, Copy)]
pub struct Admission<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The operator's numbers.
    pub allowance: &'a Allowance,
    /// The time.
    pub now: Timestamp,
}

impl Admission<'_> {
    /// Takes `n` from a rate. The same `id` again takes nothing more, if nobody else took something in between.
    ///
    /// # Errors
    /// Permanent: `allowance.used_up`, with the time until the next window.
    pub async fn spend<S>(&self, store: &S, limit: Limit, n: u32, id: &str) -> Outcome<()>
    where
        S: Allowances + ?Sized,
    {
        let Some(window) = limit.window(self.now) else {
            return Ok(());
        };
        let what = Spending {
            window: window.begin,
            n,
            id,
        };
        for _ in 0..TRIES {
            let stored = match store.spend(self.tenant, limit, &what).await? {
                Spent::Taken => return Ok(()),
                Spent::Not(stored) => stored,
            };
            let most = self.allowance.most(limit, &stored.own);
            let before = stored.rates.get(&limit);
            let is_open = before.is_some_and(|rate| rate.window >= window.begin);
            let Some(left) = most.checked_sub(n).filter(|_| !is_open) else {
                return Err(used_up(limit, most, until(self.now, window.end)));
            };
            let rate = Rate {
                window: window.begin,
                left,
                last: id.to_owned(),
            };
            if store.open_window(self.tenant, limit, before, &rate).await? {
                return Ok(());
            }
        }
        Err(Fault::of(Code::AllowanceContended))
    }

    /// Takes a place until a time. Whoever has it already keeps it.
    ///
    /// # Errors
    /// Permanent: `allowance.used_up`, with the time until the first place is free.
    pub async fn hold<S>(&self, store: &S, limit: Limit, id: &str, until: Timestamp) -> Outcome<()>
    where
        S: Allowances + ?Sized,
    {
        self.hold_beside(store, limit, (id, until), &[]).await
    }

    /// Takes a place beside others that need no row, since their holders are known. Whoever is among them needs no place.
    ///
    /// # Errors
    /// As for [`Self::hold`].
    pub async fn hold_beside<S>(
        &self,
        store: &S,
        limit: Limit,
        (id, held_until): (&str, Timestamp),
        others: &[String],
    ) -> Outcome<()>
    where
        S: Allowances + ?Sized,
    {
        if others.iter().any(|other| other == id) {
            return Ok(());
        }
        for _ in 0..TRIES {
            let stored = store.allowance(self.tenant).await?;
            let before = places(&stored, limit);
            let mut after = before.at(self.now);
            let beside = others.iter().filter(|other| !after.0.contains_key(*other));
            let n_taken = after.0.len() + beside.count();
            let most = self.allowance.most(limit, &stored.own);
            let has_one = after.0.contains_key(id);
            if !has_one && n_taken >= usize::try_from(most).unwrap_or(usize::MAX) {
                let first = after.0.values().min().filter(|_| others.is_empty());
                let wait = first.map_or(NOT_SOON, |first| until(self.now, *first));
                return Err(used_up(limit, most, wait));
            }
            after.0.insert(id.to_owned(), held_until);
            if after == before
                || store
                    .put_places(self.tenant, limit, &before, &after)
                    .await?
            {
                return Ok(());
            }
        }
        Err(Fault::of(Code::AllowanceContended))
    }

    /// Gives a place back. If it fails, the place is free when its time is over.
    pub async fn let_go<S>(&self, store: &S, limit: Limit, id: &str)
    where
        S: Allowances + ?Sized,
    {
        for _ in 0..TRIES {
            let Ok(stored) = store.allowance(self.tenant).await else {
                return;
            };
            let before = places(&stored, limit);
            let mut after = before.at(self.now);
            if after.0.remove(id).is_none() {
                return;
            }
            match store.put_places(self.tenant, limit, &before, &after).await {
                Ok(true) | Err(_) => return,
                Ok(false) => {}
            }
        }
    }

    /// Returns the smallest of the tenant's numbers of some limits.
    ///
    /// # Errors
    /// The fault of the store.
    pub async fn least<S, const N: usize>(&self, store: &S, limits: [Limit; N]) -> Outcome<u32>
    where
        S: Allowances + ?Sized,
    {
        let stored = store.allowance(self.tenant).await?;
        let numbers = limits.map(|limit| self.allowance.most(limit, &stored.own));
        Ok(numbers.into_iter().min().unwrap_or(u32::MAX))
    }
}

fn places(stored: &StoredAllowance, limit: Limit) -> Places {
    stored.places.get(&limit).cloned().unwrap_or_default()
}

fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}

fn used_up(limit: Limit, most: u32, wait: Duration) -> Fault {
    Fault::of(Code::AllowanceUsedUp)
        .with_detail(format!("{limit}: {most}"))
        .after(wait)
}
