//! Events that the rules ask the functions to put on the event bus. They hold only ids, counts and public codes, because the bus is an
//! interface for operators and what they build on it.
//!
//! An event about a change of an integration is stored in the integration's row by the same write that makes the change
//! ([`Integration::untold`](crate::integration::Integration::untold)), and deleted once the bus has it. So an event is never lost
//! with the process that was to send it, but it may be sent twice.
//!
//! # To add an event
//!
//! 1. A struct of ids and counts, and a line of its name in the table below. That name is the event's detail type.
//! 2. Return it from the use case that causes it; the function puts it on the bus, by its `Call` (API) or `WorkContext` (queues). If it is
//!    about a change of an integration, the port's method that makes the change takes the order and stores it in the same write (as
//!    `finish` of [`Leases`](crate::ports::Leases) does; `domain/src/ports/mod.rs` says how a method changes), and the function uses
//!    `send_untold`. An event that only reports uses `try_send`. A message is consumed once its orders are sent (`send_or_return`).
//! 3. Its row in the table of `infra/docs/integrate.md`; a test compares the two. No test asks for its line in `CHANGELOG.md`.
//! 4. Only if a function acts on it: in `template.yaml` a rule, a queue with its policy and dead-letter alarm, the event source, the
//!    setting `QUEUE_*` and the role (`MAY` in `tests/template/test_privileges.py`); a reader in `functions/events.rs`;
//!    `tests/template/test_flow.py`, and the picture in `README.md` (`python tests/template/picture.py` draws it).

mod due;

use serde::{Deserialize, Serialize};

pub use self::due::{DispatchDue, ExportDue, ImportDue, OffboardingDue, RemovalDue, Rule, SyncDue};

use crate::{
    fault::{Code, Fault, Outcome},
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::Answer,
};

macro_rules! orders {
    ($($(#[doc = $doc:literal])* $event:ident;)*) => {
        /// An event on the bus.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", content = "detail")]
        pub enum Order {
            $($(#[doc = $doc])* $event($event),)*
        }

        impl Order {
            /// Returns the event's detail type: the name of the variant and of its struct.
            pub fn detail_type(&self) -> &'static str {
                match self {
                    $(Self::$event(_) => stringify!($event),)*
                }
            }
        }
    };
}

orders! {
    /// A slice of a run is due.
    SyncDue;
    /// Dispatch goes on with a list.
    DispatchDue;
    /// A run ended.
    SyncCompleted;
    /// A run gave up, or its integration needs to be reconnected.
    SyncFailed;
    /// A record was created in the CRM.
    RecordCreated;
    /// An integration was connected.
    IntegrationConnected;
    /// A slice of a removal is due.
    RemovalDue;
    /// A removal ended.
    IntegrationRemoved;
    /// The end of a tenant goes on.
    OffboardingDue;
    /// A slice of an export is due.
    ExportDue;
    /// A slice of an import is due.
    ImportDue;
    /// A run ended with deletions that wait for a decision.
    DeletionsHeld;
    /// Somebody decided what happens to held-back deletions.
    DeletionsDecided;
}

impl Order {
    /// Returns the event's detail as JSON.
    ///
    /// # Errors
    /// Permanent if the order cannot be written as JSON, which would be a bug.
    pub fn detail(&self) -> Outcome<serde_json::Value> {
        serde_json::to_value(self)
            .ok()
            .and_then(|mut order| order.get_mut("detail").map(serde_json::Value::take))
            .ok_or_else(|| Fault::of(Code::OrderUnwritable))
    }

    /// Returns the order as a row stores it: its type beside its detail.
    ///
    /// # Errors
    /// The fault of [`Order::detail`].
    pub fn to_stored(&self) -> Outcome<String> {
        serde_json::to_string(self).map_err(|_| Fault::of(Code::OrderUnwritable))
    }

    /// Parses the output of [`Order::to_stored`]. `None` if a later release wrote an event that this release does not know.
    pub fn from_stored(stored: &str) -> Option<Self> {
        serde_json::from_str(stored).ok()
    }
}

/// A run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncCompleted {
    /// The scope of the integration.
    pub scope: Scope,
    /// The run.
    pub run: RunId,
    /// The result for each object.
    pub objects: Vec<ObjectCounts>,
}

/// A run's result for one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectCounts {
    /// The object.
    pub object: Object,
    /// Records the CRM sent.
    pub seen: u64,
    /// Records written.
    pub written: u64,
    /// Records deleted from the copy.
    pub deleted: u64,
    /// Records that could not be kept.
    pub quarantined: u64,
    /// The number of fields that the copy lacks because they are no longer readable, or are refused although the CRM lists them.
    #[serde(default)]
    pub hidden_fields: u64,
    /// The verdict, as a tenant may see it ([`Verdict::public`](crate::progress::Verdict::public)).
    pub verdict: String,
}

/// A run gave up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncFailed {
    /// The scope of the integration.
    pub scope: Scope,
    /// The run.
    pub run: RunId,
    /// The code of the fault, as a tenant may see it ([`Code::public`]).
    pub code: String,
    /// Whether the tenant has to connect again.
    pub needs_reconnect: bool,
}

/// A record was created in the CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCreated {
    /// The scope of the integration.
    pub scope: Scope,
    /// The object.
    pub object: Object,
    /// The CRM's id of the record.
    pub record: RecordId,
}

/// An integration was connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationConnected {
    /// The scope of the integration.
    pub scope: Scope,
}

/// A removal ended. Only what has to outlive it is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationRemoved {
    /// The scope of the integration, with the generation that ended.
    pub scope: Scope,
    /// The number of the receipt among the tenant's receipts.
    pub receipt: u64,
    /// SHA-256 of the receipt's document, in hexadecimal.
    pub hash: String,
}

/// A run ended with deletions that wait for a decision. Each run reports it until somebody decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionsHeld {
    /// The scope of the integration.
    pub scope: Scope,
    /// The run that ended.
    pub run: RunId,
    /// The counts for each object that has held-back deletions.
    pub objects: Vec<HeldObject>,
}

/// Somebody decided what happens to held-back deletions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionsDecided {
    /// The scope of the integration.
    pub scope: Scope,
    /// The run that the decision names.
    pub run: RunId,
    /// The decision.
    pub decision: Answer,
    /// The counts at that time, for each object that had held-back deletions.
    pub objects: Vec<HeldObject>,
}

/// The held-back deletions of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldObject {
    /// The object.
    pub object: Object,
    /// Deletions that wait for a decision.
    pub waiting: u64,
    /// Deletions whose records an earlier decision keeps.
    pub left: u64,
    /// Deletions that this run held back.
    pub new: u64,
}
