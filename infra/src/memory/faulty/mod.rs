//! Breaks calls of ports: the n-th call, counted over all ports together, or all calls of a name for a while. It can
//! also hold every call back at a gate, so that a test decides in which order calls of several slices take effect.

mod gate;
mod names;

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Around, Call, ConnectCrm, Hook, Ports},
};
use futures::future::BoxFuture;

pub use self::gate::Gate;

/// What happens to the broken call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It fails transiently and has no effect.
    FailsBefore,
    /// It takes effect and fails transiently, as if the answer was lost.
    LosesReply,
    /// The slice ends before the call takes effect.
    KilledBefore,
    /// The slice ends after the call took effect.
    KilledAfter,
}

impl Mode {
    /// All four modes.
    pub const ALL: [Self; 4] = [
        Self::FailsBefore,
        Self::LosesReply,
        Self::KilledBefore,
        Self::KilledAfter,
    ];
}

/// Breaks one call of the ports that it wraps. Clones share one counter.
#[derive(Clone)]
pub struct Faults(Arc<Shared>);

struct Shared {
    plan: Mutex<Plan>,
    killed: AtomicBool,
}

struct Plan {
    n_calls: u64,
    /// The number of the call to break, counted from 1, and how to break it.
    breaks: Option<(u64, Mode)>,
    last: &'static str,
    trouble: Option<Trouble>,
    gate: Option<Gate>,
    /// Whether a cut put ends its slice. Otherwise the slice gets a fault.
    cut_kills: bool,
}

/// Calls of one name that go wrong for a while.
struct Trouble {
    name: &'static str,
    /// How many of them are left.
    n: u64,
    /// The fault that they return. `None` if they never return.
    answer: Option<Fault>,
}

impl Faults {
    /// Breaks no call and only counts.
    pub fn none() -> Self {
        Self::plan(None)
    }

    /// Breaks the `n`-th call, counted from 1.
    pub fn at(n: u64, mode: Mode) -> Self {
        Self::plan(Some((n, mode)))
    }

    /// Lets the next `n` calls of a name fail with `fault` and without effect.
    pub fn refusing(name: &'static str, n: u64, fault: Fault) -> Self {
        let faults = Self::none();
        faults.lock().trouble = Some(Trouble {
            name,
            n,
            answer: Some(fault),
        });
        faults
    }

    /// Lets the next `n` calls of a name never return.
    pub fn silent(name: &'static str, n: u64) -> Self {
        let faults = Self::none();
        faults.lock().trouble = Some(Trouble {
            name,
            n,
            answer: None,
        });
        faults
    }

    /// Ends a slice whose put is cut by [`MemoryStore::cut_after`](super::MemoryStore::cut_after).
    pub fn killed_when_cut() -> Self {
        let faults = Self::none();
        faults.lock().cut_kills = true;
        faults
    }

    /// Lets every call wait at a gate.
    pub fn behind(gate: &Gate) -> Self {
        Self::none().and_behind(gate)
    }

    /// Lets every call also wait at a gate.
    #[must_use]
    pub fn and_behind(self, gate: &Gate) -> Self {
        self.lock().gate = Some(gate.clone());
        self
    }

    /// Wraps the ports so that every call is counted and may be broken.
    pub fn wrap(&self, ports: &Ports) -> Ports {
        let (faults, connect) = (self.clone(), Arc::clone(&ports.crm));
        let crm: Arc<ConnectCrm> =
            Arc::new(move |access| Ok(Arc::new(faults.around(&connect(access)?))));
        Ports {
            store: Arc::new(self.around(&ports.store)),
            keys: Arc::new(self.around(&ports.keys)),
            companies: Arc::new(self.around(&ports.companies)),
            crm,
        }
    }

    fn around<P: ?Sized>(&self, inner: &Arc<P>) -> Around<P, Self> {
        Around {
            inner: Arc::clone(inner),
            hook: self.clone(),
        }
    }

    /// Returns how many calls there were.
    pub fn n_calls(&self) -> u64 {
        self.lock().n_calls
    }

    /// Returns the name of the broken call. `None` if it was not reached.
    pub fn broke(&self) -> Option<&'static str> {
        let plan = self.lock();
        plan.breaks
            .is_some_and(|(n, _)| n <= plan.n_calls)
            .then_some(plan.last)
    }

    /// Returns the future's output. `None` if a call in it ended the slice. The caller then drops the future.
    pub async fn until_killed<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.is_killed() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    fn plan(breaks: Option<(u64, Mode)>) -> Self {
        Self(Arc::new(Shared {
            plan: Mutex::new(Plan {
                n_calls: 0,
                breaks,
                last: "",
                trouble: None,
                gate: None,
                cut_kills: false,
            }),
            killed: AtomicBool::new(false),
        }))
    }

    /// Runs a call. Other calls may overtake it, and after the slice has ended it never returns.
    async fn call<T>(
        &self,
        (name, at_gate): (&'static str, &'static str),
        work: BoxFuture<'_, Outcome<T>>,
    ) -> Outcome<T> {
        let mode = self.count(name);
        let gate = self.lock().gate.clone();
        match gate {
            Some(gate) => gate.pass(at_gate).await,
            None => turn().await,
        }
        if self.is_killed() {
            return never().await;
        }
        match self.trouble(name) {
            Some(Some(fault)) => return Err(fault),
            Some(None) => return never().await,
            None => {}
        }
        match mode {
            None => work.await,
            Some(Mode::FailsBefore) => Err(Fault::of(Code::TestFailed)),
            Some(Mode::LosesReply) => {
                let _ = work.await;
                Err(Fault::of(Code::TestReplyLost))
            }
            Some(Mode::KilledBefore) => self.kill().await,
            Some(Mode::KilledAfter) => {
                let _ = work.await;
                self.kill().await
            }
        }
    }

    fn count(&self, name: &'static str) -> Option<Mode> {
        let mut plan = self.lock();
        plan.n_calls += 1;
        let (at, mode) = plan.breaks?;
        if at != plan.n_calls {
            return None;
        }
        plan.last = name;
        Some(mode)
    }

    /// Returns what goes wrong with a call of this name. The inner `None` means that the call never returns.
    fn trouble(&self, name: &'static str) -> Option<Option<Fault>> {
        let mut plan = self.lock();
        let trouble = plan.trouble.as_mut()?;
        if trouble.name != name || trouble.n == 0 {
            return None;
        }
        trouble.n -= 1;
        Some(trouble.answer.clone())
    }

    async fn kill<T>(&self) -> T {
        self.0.killed.store(true, Ordering::SeqCst);
        never().await
    }

    /// Returns whether a call was a cut put that ends the slice.
    fn ends_slice<T>(&self, answer: &Outcome<T>) -> bool {
        let is_cut = matches!(answer, Err(fault) if *fault.code() == Code::MemoryPutCut);
        is_cut && self.lock().cut_kills
    }

    fn is_killed(&self) -> bool {
        self.0.killed.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.0.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hook for Faults {
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>> {
        let names = (names::name(&call), names::at_gate(&call));
        Box::pin(async move {
            let answer = self.call(names, work).await;
            if self.ends_slice(&answer) {
                return self.kill().await;
            }
            answer
        })
    }
}

/// Yields once to all other tasks.
async fn turn() {
    let mut waited = false;
    poll_fn(|context| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Never returns and wakes no task. The poller has to see that the slice ended, and drop it.
async fn never<T>() -> T {
    std::future::pending().await
}
