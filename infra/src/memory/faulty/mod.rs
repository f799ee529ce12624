//! Breaks calls of ports: the n-th call, counted over all ports together, or all calls of a name for a while. It can
//! also hold every call back at a gate, so that a test decides in which order calls of several slices take effect.

mod call;
mod gate;
mod names;
mod plan;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool};

use domain::{
    fault::Fault,
    ports::{Around, ConnectCrm, Ports},
};

use self::plan::{Plan, Shared, Trouble};
pub use self::{gate::Gate, plan::Mode};

/// Breaks one call of the ports that it wraps. Clones share one counter.
#[derive(Clone)]
pub struct Faults(Arc<Shared>);

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

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.0.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
