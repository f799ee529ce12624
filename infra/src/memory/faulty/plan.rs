//! Which call goes wrong, and how.

use std::sync::{Mutex, atomic::AtomicBool};

use domain::fault::Fault;

use super::gate::Gate;

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

pub(super) struct Shared {
    pub(super) plan: Mutex<Plan>,
    pub(super) killed: AtomicBool,
}

pub(super) struct Plan {
    pub(super) n_calls: u64,
    /// The number of the call to break, counted from 1, and how to break it.
    pub(super) breaks: Option<(u64, Mode)>,
    pub(super) last: &'static str,
    pub(super) trouble: Option<Trouble>,
    pub(super) gate: Option<Gate>,
    /// Whether a cut put ends its slice. Otherwise the slice gets a fault.
    pub(super) cut_kills: bool,
}

/// Calls of one name that go wrong for a while.
pub(super) struct Trouble {
    pub(super) name: &'static str,
    /// How many of them are left.
    pub(super) n: u64,
    /// The fault that they return. `None` if they never return.
    pub(super) answer: Option<Fault>,
}
