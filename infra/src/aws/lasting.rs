//! Values that a process remembers for a while: opened keys, and sessions of tenants. When their time is over they are
//! dropped, and keys overwrite their memory then.
//!
//! Nothing runs in a function between two invocations. So whoever looks a value up forgets what is over first, and every
//! invocation calls [`forget_what_is_over`] when it begins, and now and then while it runs. What a process remembers
//! that is never invoked again goes when AWS ends the process.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant, SystemTime},
};

/// A point in time, by two clocks. The steady one may stand still while a process is frozen, and the one on the wall may
/// be set back, so that whichever says more counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    steady: Instant,
    wall: SystemTime,
}

impl Moment {
    /// Returns the time.
    #[allow(
        clippy::disallowed_methods,
        reason = "how long a process remembers a value is no rule, and no rule sees this time"
    )]
    pub(super) fn now() -> Self {
        Self {
            steady: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// Returns the time that has passed since another moment.
    pub(super) fn since(self, earlier: Self) -> Duration {
        let steady = self.steady.saturating_duration_since(earlier.steady);
        let wall = self.wall.duration_since(earlier.wall);
        wall.map_or(steady, |wall| wall.max(steady))
    }
}

/// What drops its values when their time is over.
pub(super) trait Forget: Send + Sync {
    /// Drops what is over at this moment.
    fn forget(&self, now: Moment);
}

/// Everything in the process that remembers values.
static REMEMBERING: Mutex<Vec<Weak<dyn Forget>>> = Mutex::new(Vec::new());

fn remembering() -> MutexGuard<'static, Vec<Weak<dyn Forget>>> {
    REMEMBERING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has [`forget_what_is_over`] reach a memory as long as it is there.
pub(super) fn register(memory: Weak<dyn Forget>) {
    let mut all = remembering();
    all.retain(|memory| memory.strong_count() > 0);
    all.push(memory);
}

/// Drops every value of the process whose time is over: keys of generations and of tenants, and sessions.
pub fn forget_what_is_over() {
    forget_at(Moment::now());
}

fn forget_at(now: Moment) {
    // A session that is dropped takes its own memories with it, so nothing is dropped under the lock.
    let all: Vec<_> = remembering().iter().filter_map(Weak::upgrade).collect();
    for memory in all {
        memory.forget(now);
    }
}

/// Values by key, each remembered for the same time.
pub(super) struct Lasting<K, V>(Arc<Held<K, V>>);

struct Held<K, V> {
    lasts: Duration,
    values: Mutex<HashMap<K, (Moment, Arc<V>)>>,
}

impl<K, V> Held<K, V>
where
    K: Eq + Hash,
{
    /// Returns the values that are not over.
    fn at(&self, now: Moment) -> MutexGuard<'_, HashMap<K, (Moment, Arc<V>)>> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.retain(|_, (since, _)| now.since(*since) < self.lasts);
        values
    }
}

impl<K, V> Forget for Held<K, V>
where
    K: Eq + Hash + Send + Sync,
    V: Send + Sync,
{
    fn forget(&self, now: Moment) {
        drop(self.at(now));
    }
}

impl<K, V> Lasting<K, V>
where
    K: Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Remembers each value for `lasts`.
    pub(super) fn new(lasts: Duration) -> Self {
        let held = Arc::new(Held {
            lasts,
            values: Mutex::default(),
        });
        let memory: Arc<dyn Forget> = held.clone();
        register(Arc::downgrade(&memory));
        Self(held)
    }

    /// Remembers a value from now on. Returns it.
    pub(super) fn remember(&self, key: K, value: Arc<V>, now: Moment) -> Arc<V> {
        self.0.at(now).insert(key, (now, Arc::clone(&value)));
        value
    }

    /// Returns a value that is remembered.
    pub(super) fn of(&self, key: &K, now: Moment) -> Option<Arc<V>> {
        self.0.at(now).get(key).map(|(_, value)| Arc::clone(value))
    }

    /// Returns whether the value of any key that fits is remembered.
    pub(super) fn has(&self, now: Moment, fits: impl Fn(&K) -> bool) -> bool {
        self.0.at(now).keys().any(fits)
    }

    /// Forgets a value before its time.
    pub(super) fn forget(&self, key: &K, now: Moment) {
        self.0.at(now).remove(key);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    const LASTS: Duration = Duration::from_secs(300);
    const NEARLY: Duration = Duration::from_secs(299);

    impl Moment {
        /// The moment that both clocks show after this time.
        pub(in super::super) fn after(self, time: Duration) -> Self {
            Self {
                steady: self.steady + time,
                wall: self.wall + time,
            }
        }
    }

    /// A memory of one value, and whether the value is still anywhere.
    fn remembered() -> (Lasting<&'static str, String>, Moment, Weak<String>) {
        let (memory, now) = (Lasting::new(LASTS), Moment::now());
        let value = memory.remember("acme", Arc::new("a key".to_owned()), now);
        (memory, now, Arc::downgrade(&value))
    }

    #[test]
    fn a_value_is_given_out_until_its_time_is_over_and_is_then_nowhere() {
        let (memory, now, value) = remembered();
        assert!(memory.of(&"acme", now.after(NEARLY)).is_some());
        assert!(memory.has(now.after(NEARLY), |key| *key == "acme"));
        assert!(memory.of(&"acme", now.after(LASTS)).is_none());
        assert!(value.upgrade().is_none());
        assert!(memory.of(&"acme", now).is_none(), "it does not come back");
    }

    #[test]
    fn looking_for_another_value_forgets_it_too() {
        let (memory, now, value) = remembered();
        assert!(memory.of(&"other", now.after(NEARLY)).is_none());
        assert!(value.upgrade().is_some());
        assert!(!memory.has(now.after(LASTS), |_| true));
        assert!(value.upgrade().is_none());
    }

    #[test]
    fn an_invocation_forgets_what_nobody_looks_for() {
        let (memory, now, value) = remembered();
        forget_at(now.after(NEARLY));
        assert!(value.upgrade().is_some());
        forget_at(now.after(LASTS));
        assert!(value.upgrade().is_none());
        drop(memory);
    }

    #[test]
    fn a_value_is_over_if_either_clock_says_so() {
        for (steady, wall) in [(LASTS, Duration::ZERO), (Duration::ZERO, LASTS)] {
            let (memory, now, value) = remembered();
            let later = Moment {
                steady: now.steady + steady,
                wall: now.wall + wall,
            };
            assert!(memory.of(&"acme", later).is_none());
            assert!(value.upgrade().is_none());
        }
        let (memory, now, _) = remembered();
        let set_back = Moment {
            steady: now.steady + LASTS,
            wall: now.wall - LASTS,
        };
        assert!(memory.of(&"acme", set_back).is_none());
    }

    #[test]
    fn what_is_asked_for_often_is_not_remembered_for_longer() {
        let (memory, now, _) = remembered();
        for seconds in [100, 200, 299] {
            let then = now.after(Duration::from_secs(seconds));
            assert!(memory.of(&"acme", then).is_some());
        }
        assert!(memory.of(&"acme", now.after(LASTS)).is_none());
    }

    #[test]
    fn a_value_can_be_forgotten_before_its_time() {
        let (memory, now, value) = remembered();
        memory.forget(&"acme", now);
        assert!(value.upgrade().is_none());
    }

    #[test]
    fn a_memory_that_is_gone_is_not_kept_in_the_list() {
        let (memory, ..) = remembered();
        let held = Arc::downgrade(&memory.0);
        let is_listed = || {
            let list = remembering();
            list.iter()
                .any(|one| one.as_ptr().cast::<()>() == held.as_ptr().cast())
        };
        assert!(is_listed());
        drop(memory);
        let _another = remembered();
        assert!(!is_listed());
    }
}
