//! Orders that a function of ours acts on.

use serde::{Deserialize, Serialize};

use crate::tenant::{ExportId, RunId, Scope, TenantId};

/// The schedule rule that invoked dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The daily rule begins runs, and resumes unfinished ones.
    Daily,
    /// The hourly rule resumes unfinished runs. It begins runs of integrations with a chosen hour, and runs that the daily rule
    /// missed.
    Hourly,
}

/// Dispatch goes on with a list that it did not come to the end of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchDue {
    /// The rule that began the list.
    pub rule: Rule,
    /// Where its unfinished parts continue, as the store wrote them.
    pub places: Vec<String>,
    /// How many invocations have worked on the list.
    pub invocations: u32,
}

/// A slice of a run is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncDue {
    /// The scope of the integration.
    pub scope: Scope,
    /// The run.
    pub run: RunId,
    /// The number of the slice within the run, from 0.
    pub slice: u32,
}

/// A slice of a removal is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalDue {
    /// The scope of the integration, with the generation that ended.
    pub scope: Scope,
}

/// The end of a tenant goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffboardingDue {
    /// The tenant.
    pub tenant: TenantId,
}

/// A slice of an export is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportDue {
    /// The scope of the integration.
    pub scope: Scope,
    /// The export.
    pub export: ExportId,
}

/// A slice of an import of the vendor's company file is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportDue {
    /// The key of the file.
    pub key: String,
    /// The object's version. `None` if the bucket keeps none.
    pub object_version: Option<String>,
    /// What tells the file's content from another one under its key.
    pub etag: Option<String>,
    /// The import's version.
    pub version: String,
    /// The number of the slice within the import. The first one has 0 and needs no order.
    pub slice: u32,
}
