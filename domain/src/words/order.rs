//! What the rules ask the doors to put on the event bus. Ids and counts only: the bus is an interface for operators.
//!
//! An order that tells of a change of an integration is stored in the integration's row by the very write that makes the
//! change ([`Integration::untold`](crate::integration::Integration::untold)), and taken out once the bus has it. So an event
//! is never lost with the process that was to send it; it may come twice.
//!
//! # To add an event
//!
//! 1. A struct of ids and counts, a variant of [`Order`], and its name in [`Order::detail_type`].
//! 2. The use case that causes it returns it. Where it tells of a change of an integration, the port's method that makes the
//!    change takes the order, and stores it in the same write (as `finish` of [`Leases`](crate::ports::Leases) does).
//! 3. Its row in the table of `infra/docs/integrate.md`; a test compares the two.
//! 4. A function that is to act on it needs a rule in `template.yaml` and a reader in `functions/events.rs`.

use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    record::{Object, RecordId},
    tenant::{ExportId, RunId, Scope},
    vanished::Answer,
};

/// An event on the bus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "detail")]
pub enum Order {
    /// A slice of a run is due.
    SyncDue(SyncDue),
    /// A run ended.
    SyncCompleted(SyncCompleted),
    /// A run gave up, or its integration has to be connected again.
    SyncFailed(SyncFailed),
    /// A record was created in the CRM.
    RecordCreated(RecordCreated),
    /// An integration was connected.
    IntegrationConnected(IntegrationConnected),
    /// A slice of a removal is due.
    RemovalDue(RemovalDue),
    /// A removal ended.
    IntegrationRemoved(IntegrationRemoved),
    /// A slice of an export is due.
    ExportDue(ExportDue),
    /// A run ended with deletions that wait for an answer.
    DeletionsHeld(DeletionsHeld),
    /// Somebody said what becomes of deletions that are held back.
    DeletionsDecided(DeletionsDecided),
}

impl Order {
    /// The event's detail, as JSON.
    ///
    /// # Errors
    /// Permanent, when the order cannot be written as JSON, which would be a fault of ours.
    pub fn detail(&self) -> Outcome<serde_json::Value> {
        serde_json::to_value(self)
            .ok()
            .and_then(|mut order| order.get_mut("detail").map(serde_json::Value::take))
            .ok_or_else(|| Fault::of(Code::OrderUnwritable))
    }

    /// The order as a stored row keeps it: its type beside its detail.
    ///
    /// # Errors
    /// As [`Order::detail`].
    pub fn to_stored(&self) -> Outcome<String> {
        serde_json::to_string(self).map_err(|_| Fault::of(Code::OrderUnwritable))
    }

    /// Reads what [`Order::to_stored`] wrote. None: a later release wrote it, and it tells of what this one does not know.
    pub fn from_stored(stored: &str) -> Option<Self> {
        serde_json::from_str(stored).ok()
    }

    /// The event's detail type.
    pub fn detail_type(&self) -> &'static str {
        match self {
            Self::SyncDue(_) => "SyncDue",
            Self::SyncCompleted(_) => "SyncCompleted",
            Self::SyncFailed(_) => "SyncFailed",
            Self::RecordCreated(_) => "RecordCreated",
            Self::IntegrationConnected(_) => "IntegrationConnected",
            Self::RemovalDue(_) => "RemovalDue",
            Self::IntegrationRemoved(_) => "IntegrationRemoved",
            Self::ExportDue(_) => "ExportDue",
            Self::DeletionsHeld(_) => "DeletionsHeld",
            Self::DeletionsDecided(_) => "DeletionsDecided",
        }
    }
}

/// A slice of a run is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncDue {
    /// Whose, which, and which generation.
    pub scope: Scope,
    /// The run.
    pub run: RunId,
    /// Counts the run's slices, from 0.
    pub slice: u32,
}

/// A run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncCompleted {
    /// Whose, which, and which generation.
    pub scope: Scope,
    /// The run.
    pub run: RunId,
    /// What it came to, per object.
    pub objects: Vec<ObjectCounts>,
}

/// What a run came to for one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectCounts {
    /// The object.
    pub object: Object,
    /// Records the CRM sent.
    pub seen: u64,
    /// Records written.
    pub written: u64,
    /// Records taken out.
    pub deleted: u64,
    /// Records that could not be kept.
    pub quarantined: u64,
    /// Fields that the copy is without because they cannot be read any more, or are refused although the CRM names them:
    /// how many.
    #[serde(default)]
    pub hidden_fields: u64,
    /// The verdict, as people read it.
    pub verdict: String,
}

/// A run gave up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncFailed {
    /// Whose, which, and which generation.
    pub scope: Scope,
    /// The run.
    pub run: RunId,
    /// The fault's code.
    pub code: String,
    /// Whether the tenant has to connect again.
    pub needs_reconnect: bool,
}

/// A record was created in the CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCreated {
    /// Whose, which, and which generation.
    pub scope: Scope,
    /// The object.
    pub object: Object,
    /// The CRM's id of the record.
    pub record: RecordId,
}

/// An integration was connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationConnected {
    /// Whose, which, and which generation.
    pub scope: Scope,
}

/// A slice of a removal is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalDue {
    /// Whose, which, and the generation that ended.
    pub scope: Scope,
}

/// A removal ended: nothing is left but what has to outlive it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationRemoved {
    /// Whose, which, and the generation that ended.
    pub scope: Scope,
    /// The number of the receipt among the tenant's.
    pub receipt: u64,
    /// SHA-256 of the receipt's document, in hexadecimal.
    pub hash: String,
}

/// A slice of an export is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportDue {
    /// Whose, which, and which generation.
    pub scope: Scope,
    /// The export.
    pub export: ExportId,
}

/// A run ended with deletions that wait for an answer. Each run says so until there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionsHeld {
    /// Whose, which, and which generation.
    pub scope: Scope,
    /// The run that ended.
    pub run: RunId,
    /// How many, per object that has any.
    pub objects: Vec<HeldObject>,
}

/// Somebody said what becomes of deletions that are held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionsDecided {
    /// Whose, which, and which generation.
    pub scope: Scope,
    /// The run whose deletions were looked at.
    pub run: RunId,
    /// What was said.
    pub decision: Answer,
    /// How many were held back then, per object that had any.
    pub objects: Vec<HeldObject>,
}

/// Deletions of an object that are held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldObject {
    /// The object.
    pub object: Object,
    /// Those that wait for an answer.
    pub waiting: u64,
    /// Those whose records somebody said to leave.
    pub left: u64,
    /// Those that this run held back.
    pub new: u64,
}
