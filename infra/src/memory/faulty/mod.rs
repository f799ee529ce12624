//! Breaks a call of a port: the n-th, counted over all ports together; or all calls of a name for a while. Or holds every
//! call until it is let go, so that a test says in which order calls of several slices take effect.

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

/// What becomes of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It fails transiently, before it takes effect.
    FailsBefore,
    /// It takes effect, and fails transiently: the answer was lost.
    LosesReply,
    /// The slice is ended before it takes effect.
    KilledBefore,
    /// The slice is ended after it took effect.
    KilledAfter,
}

impl Mode {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::FailsBefore,
        Self::LosesReply,
        Self::KilledBefore,
        Self::KilledAfter,
    ];
}

/// Breaks one call of the ports that it wraps. Clones count together.
#[derive(Clone)]
pub struct Faults(Arc<Shared>);

struct Shared {
    plan: Mutex<Plan>,
    killed: AtomicBool,
}

struct Plan {
    n_calls: u64,
    /// The call to break, counted from 1.
    breaks: Option<(u64, Mode)>,
    last: &'static str,
    trouble: Option<Trouble>,
    gate: Option<Gate>,
    /// Whether a slice whose put is cut is ended, rather than told of it.
    cut_kills: bool,
}

/// Calls of a name that go wrong for a while.
struct Trouble {
    name: &'static str,
    /// How many are left.
    n: u64,
    /// What they answer; none: nothing, ever.
    answer: Option<Fault>,
}

impl Faults {
    /// Breaks nothing, and counts.
    pub fn none() -> Self {
        Self::plan(None)
    }

    /// Breaks the `n`-th call, counted from 1.
    pub fn at(n: u64, mode: Mode) -> Self {
        Self::plan(Some((n, mode)))
    }

    /// The next `n` calls of a name are answered with `fault`, and take no effect.
    pub fn refusing(name: &'static str, n: u64, fault: Fault) -> Self {
        let faults = Self::none();
        faults.lock().trouble = Some(Trouble {
            name,
            n,
            answer: Some(fault),
        });
        faults
    }

    /// The next `n` calls of a name are never answered.
    pub fn silent(name: &'static str, n: u64) -> Self {
        let faults = Self::none();
        faults.lock().trouble = Some(Trouble {
            name,
            n,
            answer: None,
        });
        faults
    }

    /// A slice whose put is cut ([`MemoryStore::cut_after`](super::MemoryStore::cut_after)) is ended there.
    pub fn killed_when_cut() -> Self {
        let faults = Self::none();
        faults.lock().cut_kills = true;
        faults
    }

    /// Every call waits at a gate.
    pub fn behind(gate: &Gate) -> Self {
        Self::none().and_behind(gate)
    }

    /// Every call waits at a gate, too.
    #[must_use]
    pub fn and_behind(self, gate: &Gate) -> Self {
        self.lock().gate = Some(gate.clone());
        self
    }

    /// The ports, with every call of them counted and perhaps broken.
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

    /// How many calls there were.
    pub fn n_calls(&self) -> u64 {
        self.lock().n_calls
    }

    /// The call that was broken, where it was reached.
    pub fn broke(&self) -> Option<&'static str> {
        let plan = self.lock();
        plan.breaks
            .is_some_and(|(n, _)| n <= plan.n_calls)
            .then_some(plan.last)
    }

    /// What the future comes to; none, where a call in it was to end the slice: then it is dropped where it stands.
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

    /// A call on its way: others may pass it, and a dead slice makes none.
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

    /// What goes wrong with a call of this name.
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

    /// Whether a call was a put that was cut, and that ends the slice.
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

/// Lets everything else go on once.
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

/// Never. Wakes nobody: whoever polls sees to it that the slice is dropped.
async fn never<T>() -> T {
    std::future::pending().await
}
