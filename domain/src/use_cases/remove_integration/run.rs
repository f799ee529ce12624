//! A slice from its lease to its end.

use jiff::{SignedDuration, Timestamp};

use super::{Ended, Slice};
use crate::{
    fault::{Kind, Outcome},
    integration::{Integration, Which},
    order::{IntegrationRemoved, OffboardingDue, Order, RemovalDue},
    removal::{Part, Removal, SignedReceipt, Stage, What},
};

/// The state that the steps of a slice share.
pub(super) struct Work<'a> {
    pub(super) slice: &'a Slice<'a>,
    pub(super) removal: Removal,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Done,
    OutOfTime,
}

/// Does one slice of a removal.
///
/// # Errors
/// The fault of a port, transient or permanent. The progress so far is kept, and the same order can be retried.
pub async fn remove(slice: Slice<'_>) -> Outcome<Ended> {
    let (store, scope) = (slice.store, slice.scope);
    let taken = store
        .take_removal(scope, &slice.holder, slice.deadline, (slice.clock)())
        .await;
    let removal = match taken {
        Ok(Some(removal)) => removal,
        Ok(None) => return Ok(Ended::Busy),
        Err(fault) if fault.kind() == Kind::Fenced => return over(&slice).await,
        Err(fault) => return Err(fault),
    };
    let mut work = Work {
        slice: &slice,
        removal,
    };
    let ended = match work.go().await {
        Ok(Some(receipt)) => return finished(&slice, receipt, true).await,
        Ok(None) => Ok(Ended::HandedOver {
            orders: vec![Order::RemovalDue(RemovalDue {
                scope: scope.clone(),
            })],
        }),
        Err(fault) if fault.kind() == Kind::Fenced => return over(&slice).await,
        Err(fault) => Err(fault),
    };
    let released = store.release_removal(scope, &slice.holder).await;
    ended.and_then(|ended| released.map(|()| ended))
}

/// Handles a removal that has ended before, possibly by this slice's own request whose answer was lost.
async fn over(slice: &Slice<'_>) -> Outcome<Ended> {
    let receipt = slice.store.receipt(slice.scope).await?;
    match receipt {
        Some(receipt) => finished(slice, receipt, false).await,
        None => Ok(Ended::Stale),
    }
}

async fn finished(slice: &Slice<'_>, receipt: SignedReceipt, is_new: bool) -> Outcome<Ended> {
    let (head, tenant) = (receipt.head(), &slice.scope.tenant);
    let mut orders = vec![Order::IntegrationRemoved(IntegrationRemoved {
        scope: slice.scope.clone(),
        receipt: head.number,
        hash: head.hash,
    })];
    // The end of a tenant waits for its removals.
    if slice.store.offboarding(tenant).await?.is_some() {
        let tenant = tenant.clone();
        orders.push(Order::OffboardingDue(OffboardingDue { tenant }));
    }
    Ok(Ended::Finished {
        orders,
        receipt,
        is_new,
    })
}

impl Work<'_> {
    /// Goes from stage to stage. `None` if the time was up.
    async fn go(&mut self) -> Outcome<Option<SignedReceipt>> {
        self.removal.slices = self.removal.slices.saturating_add(1);
        loop {
            if self.out_of_time() {
                return Ok(None);
            }
            let flow = match self.removal.stage {
                Stage::Revoking => self.revoke().await?,
                Stage::Destroying => self.destroy().await?,
                Stage::Sweeping => {
                    let flow = self.sweep_all().await?;
                    self.reached(flow, Stage::Waiting, |removal, now| {
                        removal.swept = Some(now)
                    });
                    flow
                }
                Stage::Waiting => self.wait().await?,
                Stage::SweepingAgain => {
                    let flow = self.sweep_all().await?;
                    self.reached(flow, Stage::Verifying, |removal, now| {
                        removal.swept_again = Some(now);
                    });
                    flow
                }
                Stage::Verifying => self.verify().await?,
                Stage::Signing | Stage::Done => return self.close().await.map(Some),
            };
            if flow == Flow::OutOfTime {
                return Ok(None);
            }
            self.note().await?;
        }
    }

    /// Moves on to the next stage if the current one is done.
    fn reached(&mut self, flow: Flow, next: Stage, note: impl FnOnce(&mut Removal, Timestamp)) {
        if flow == Flow::Done {
            let now = self.now();
            note(&mut self.removal, now);
            self.removal.stage = next;
        }
    }

    /// Destroys all versions of the keys, and deletes the sealed grant. After this nothing can be opened any more.
    async fn destroy(&mut self) -> Outcome<Flow> {
        let flow = self.sweep(Part::Keys).await?;
        if flow == Flow::Done {
            // It is set, not added, so repeating it does not change the count.
            self.removal.deleted.insert(What::Credentials, 1);
            self.note().await?;
            let store = self.slice.store;
            store.drop_credentials(self.slice.scope).await?;
        }
        self.reached(flow, Stage::Sweeping, |removal, now| {
            removal.keys_destroyed = Some(now);
        });
        Ok(flow)
    }

    /// Waits until no writer that began before the end of the generation can be active any more. The holder of the run's lease
    /// gives it back after its last write, or AWS ends it at the lease's deadline. The same goes for the writer of an export.
    /// Requests to the API hold no lease, and end at their own time limit. No lease is granted any more, so a lease that is gone
    /// does not come back.
    async fn wait(&mut self) -> Outcome<Flow> {
        let settings = self.slice.settings;
        let destroyed = self.removal.keys_destroyed.unwrap_or(Timestamp::MAX);
        let unleased = later(destroyed, settings.settle);
        let exporting = self.removal.exporting_until.unwrap_or(Timestamp::MIN);
        let others = later(unleased.max(exporting), settings.skew);
        let hand_over = later(self.slice.deadline, -settings.reserve);
        loop {
            let lease = self.integration().await?.and_then(|found| found.lease);
            let noted = lease.map_or(Timestamp::MIN, |lease| later(lease.deadline, settings.skew));
            let until = noted.max(others);
            let now = self.now();
            if now >= until {
                self.removal.writers_gone = Some(until);
                self.removal.stage = Stage::SweepingAgain;
                return Ok(Flow::Done);
            }
            if now >= hand_over {
                return Ok(Flow::OutOfTime);
            }
            let look = if now < others {
                others
            } else {
                later(now, settings.look_again)
            };
            let next = look.min(until).min(hand_over);
            (self.slice.sleep)(next.duration_since(now)).await;
        }
    }

    pub(super) async fn integration(&self) -> Outcome<Option<Integration>> {
        let scope = self.slice.scope;
        let which = Which {
            tenant: scope.tenant.clone(),
            integration: scope.integration.clone(),
        };
        self.slice.store.integration(&which).await
    }

    pub(super) async fn note(&self) -> Outcome<()> {
        let slice = self.slice;
        slice
            .store
            .note_removal(slice.scope, &slice.holder, &self.removal)
            .await
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.slice.clock)()
    }

    /// Returns whether it is time to hand over.
    pub(super) fn out_of_time(&self) -> bool {
        self.slice.deadline.duration_since(self.now()) <= self.slice.settings.reserve
    }
}

/// Returns `time` plus `by`, or the maximum if that overflows.
fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
