//! What was made for tenants, for those that asked most recently.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{fault::Outcome, tenant::TenantId};

use super::super::lasting::{Forget, Moment, register};

/// The value of a tenant and the time since which it is given out. Whoever makes the value holds the lock meanwhile.
type Slot<T> = Arc<tokio::sync::Mutex<Option<(Moment, Arc<T>)>>>;

/// Values by tenant, each given out for a while.
pub(super) struct Recent<T> {
    held: Arc<Held<T>>,
    most: usize,
}

struct Held<T> {
    /// The tenant that asked last is last.
    slots: Mutex<Vec<(TenantId, Slot<T>)>>,
    valid: Duration,
}

impl<T> Held<T> {
    fn slots(&self) -> MutexGuard<'_, Vec<(TenantId, Slot<T>)>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send + Sync> Forget for Held<T> {
    fn forget(&self, now: Moment) {
        // Whoever holds a slot's lock makes a new value.
        let over: Vec<_> = self
            .slots()
            .iter()
            .filter_map(|(_, slot)| {
                slot.try_lock()
                    .ok()?
                    .take_if(|(since, _)| now.since(*since) >= self.valid)
            })
            .collect();
        // A session's ports are dropped when the list is no longer locked.
        drop(over);
    }
}

impl<T: Send + Sync + 'static> Recent<T> {
    /// Remembers the values of at most `most` tenants, each for `valid`.
    pub(super) fn new(most: usize, valid: Duration) -> Self {
        let held = Arc::new(Held {
            slots: Mutex::default(),
            valid,
        });
        let memory: Arc<dyn Forget> = held.clone();
        register(Arc::downgrade(&memory));
        Self { held, most }
    }

    /// Returns the tenant's value. Makes it if there is none that is still valid at `now`. Those who ask meanwhile wait
    /// for it, and if it could not be made, the next of them tries.
    pub(super) async fn of(
        &self,
        tenant: &TenantId,
        now: Moment,
        make: impl AsyncFnOnce() -> Outcome<T>,
    ) -> Outcome<Arc<T>> {
        self.held.forget(now);
        let slot = self.slot(tenant);
        let mut slot = slot.lock().await;
        if let Some((since, value)) = &*slot
            && now.since(*since) < self.held.valid
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make().await?);
        *slot = Some((now, Arc::clone(&value)));
        Ok(value)
    }

    /// Returns the tenant's slot. The tenant that has not asked for the longest time gives its own up if there are too many.
    fn slot(&self, tenant: &TenantId) -> Slot<T> {
        let mut slots = self.held.slots();
        let slot = match slots.iter().position(|(of, _)| of == tenant) {
            Some(at) => slots.remove(at).1,
            None => {
                if slots.len() >= self.most {
                    slots.remove(0);
                }
                Slot::default()
            }
        };
        slots.push((tenant.clone(), Arc::clone(&slot)));
        slot
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use domain::fault::{Code, Fault};
    use futures::future::{join, join_all};

    use super::*;

    const VALID: Duration = Duration::from_secs(2_400);

    /// Counts what it makes. A value is the tenant's name and the count.
    struct Maker {
        recent: Recent<String>,
        made: AtomicU32,
    }

    impl Maker {
        fn new(most: usize) -> Self {
            Self {
                recent: Recent::new(most, VALID),
                made: AtomicU32::new(0),
            }
        }

        async fn of(&self, name: &str, now: Moment) -> String {
            let tenant = TenantId::parse(name).unwrap();
            let make = async || {
                let n = self.made.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::task::yield_now().await;
                Ok(format!("{name} {n}"))
            };
            let value = self.recent.of(&tenant, now, make).await.unwrap();
            value.as_ref().clone()
        }
    }

    #[tokio::test]
    async fn a_value_is_its_tenants_and_nobody_elses() {
        let (maker, now) = (Maker::new(8), Moment::now());
        for _ in 0..2 {
            assert_eq!(maker.of("acme", now).await, "acme 1");
            assert_eq!(maker.of("acme-2", now).await, "acme-2 2");
        }
    }

    #[tokio::test]
    async fn a_value_is_made_anew_when_its_time_is_over() {
        let (maker, now) = (Maker::new(8), Moment::now());
        assert_eq!(maker.of("acme", now).await, "acme 1");
        let (nearly, over) = (
            now.after(VALID - Duration::from_millis(1)),
            now.after(VALID),
        );
        assert_eq!(maker.of("acme", nearly).await, "acme 1");
        assert_eq!(maker.of("acme", over).await, "acme 2");
        assert_eq!(maker.of("acme", over).await, "acme 2");
    }

    #[tokio::test]
    async fn what_nobody_asks_for_is_nowhere_when_its_time_is_over() {
        let recent = Recent::<String>::new(8, VALID);
        let [acme, other] = ["acme", "other"].map(|name| TenantId::parse(name).unwrap());
        let now = Moment::now();
        let made = async || Ok("a session".to_owned());
        let value = Arc::downgrade(&recent.of(&acme, now, made).await.unwrap());
        recent
            .held
            .forget(now.after(VALID - Duration::from_millis(1)));
        assert!(value.upgrade().is_some());
        recent.held.forget(now.after(VALID));
        assert!(value.upgrade().is_none());

        let value = Arc::downgrade(&recent.of(&acme, now, made).await.unwrap());
        recent.of(&other, now.after(VALID), made).await.unwrap();
        assert!(
            value.upgrade().is_none(),
            "another tenant's request forgets it"
        );
    }

    #[tokio::test]
    async fn the_tenant_that_has_not_asked_for_longest_is_forgotten() {
        let (maker, now) = (Maker::new(3), Moment::now());
        for (name, value) in [
            ("one", "one 1"),
            ("two", "two 2"),
            ("three", "three 3"),
            ("one", "one 1"),
            ("four", "four 4"),
            ("one", "one 1"),
            ("three", "three 3"),
            ("two", "two 5"),
        ] {
            assert_eq!(maker.of(name, now).await, value);
        }
        for n in 0..50 {
            maker.of(&format!("tenant-{n}"), now).await;
        }
        assert_eq!(maker.recent.held.slots().len(), 3);
    }

    #[tokio::test]
    async fn those_who_ask_at_once_share_one_value() {
        let (maker, now) = (Maker::new(8), Moment::now());
        let asked = (0..9).map(|_| maker.of("acme", now));
        let (values, other) = join(join_all(asked), maker.of("acme-2", now)).await;
        assert!(values.iter().all(|value| value == "acme 1"), "{values:?}");
        assert_eq!(other, "acme-2 2");
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let recent = Recent::<u8>::new(8, VALID);
        let (tenant, now) = (TenantId::parse("acme").unwrap(), Moment::now());
        let fails = async || Err(Fault::of(Code::TestFailed));
        assert!(recent.of(&tenant, now, fails).await.is_err());
        assert_eq!(*recent.of(&tenant, now, async || Ok(7)).await.unwrap(), 7);
    }
}
