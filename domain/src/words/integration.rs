//! One tenant's connection to one CRM organisation, and the lease to work on it.

mod due;
mod origin;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    due::{Due, LOOK_AGAIN, look_again},
    origin::Origin,
};
use super::named::named;
pub use crate::{
    credentials::{Credentials, Grant},
    provider::Provider,
};
use crate::{
    fault::{Code, Fault, Outcome},
    order::Order,
    seal::Sealed,
    settings::StoredSettings,
    spelling::{Checked, Spelling},
    standstill::{Standstill, Waiting},
    tenant::{Generation, IntegrationId, RunId, Scope, TenantId},
};

impl Provider {
    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if no connector has this name.
    pub fn parse(name: &str) -> Outcome<Self> {
        let unknown = || Fault::of(Code::ProviderUnknown).with_detail(Self::one_of());
        Self::find(name).ok_or_else(unknown)
    }

    /// Returns the spelling of its record ids.
    pub fn spelling(self) -> Spelling {
        match self {
            Self::Salesforce => Spelling::Checked(Checked {
                short: 15,
                group: 5,
                alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
            }),
            // Decimal digits.
            Self::HubSpot => Spelling::Exact,
            // GUIDs.
            Self::Dynamics => Spelling::AnyCase,
        }
    }
}

named! {
    /// The status of an integration.
    Status;
    /// It is synced each day.
    Connected = "connected";
    /// The CRM revoked our grant. Nothing is synced until the tenant connects again.
    NeedsReconnect = "needs_reconnect";
    /// A removal has ended the generation and is under way.
    Removing = "removing";
    /// Only data that must outlive the integration is left.
    Removed = "removed";
}

impl Status {
    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if it is not the name of a status.
    pub fn parse(name: &str) -> Outcome<Self> {
        let unknown = || Fault::of(Code::IntegrationStatusUnknown).with_detail(Self::one_of());
        Self::find(name).ok_or_else(unknown)
    }
}

/// The right to write for one integration until a deadline. Its holder is the only writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The holder: a random id of the slice. It tells a lost reply of our own from another slice's success.
    pub holder: String,
    /// The run for which the holder works.
    pub run: RunId,
    /// The latest time at which AWS ends the holder: its Lambda deadline.
    pub deadline: Timestamp,
}

/// A run that has begun and is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRun {
    /// Its id.
    pub id: RunId,
    /// The time at which dispatch began it.
    pub begun: Timestamp,
    /// The due time of the run after this one.
    pub next: Timestamp,
}

/// A row of the Ledger: everything about an integration except its records.
#[derive(Clone)]
pub struct Integration {
    /// The scope: tenant, integration and generation.
    pub scope: Scope,
    /// The CRM.
    pub provider: Provider,
    /// The CRM's own id of the organisation. The integration cannot be connected to another organisation.
    pub organisation: String,
    /// The status.
    pub status: Status,
    /// The grant, sealed under the generation's key: the JSON form of [`Credentials`].
    pub credentials: Sealed,
    /// The time at which dispatch next looks at it: the start of the next run, or a check of an open run.
    pub due: Timestamp,
    /// The unfinished run, if there is one.
    pub open_run: Option<OpenRun>,
    /// The position at which that run's last slice began. It may belong to an earlier run.
    pub standstill: Option<Standstill>,
    /// The lease of the current writer.
    pub lease: Option<Lease>,
    /// The administrator's settings. `None` if nothing was set yet.
    pub settings: Option<StoredSettings>,
    /// Events that may not have reached the bus yet, the oldest first.
    pub untold: Vec<Order>,
}

impl Integration {
    /// Returns the integration that was looked up, whatever its status.
    ///
    /// # Errors
    /// Permanent if it is unknown.
    pub fn known(found: Option<Self>) -> Outcome<Self> {
        found.ok_or_else(|| Fault::of(Code::IntegrationUnknown))
    }

    /// Returns the integration that was looked up, if it still has its copy. An integration that lost its grant has it.
    ///
    /// # Errors
    /// Permanent if it is unknown, or if it is removed or being removed.
    pub fn with_copy(found: Option<Self>) -> Outcome<Self> {
        let known = Self::known(found)?;
        known.status.keeps_copy().map(|()| known)
    }

    /// Returns the integration that was looked up, if it is connected.
    ///
    /// # Errors
    /// As for [`Self::with_copy`]. Revoked if it lost its grant.
    pub fn connected(found: Option<Self>) -> Outcome<Self> {
        let with_copy = Self::with_copy(found)?;
        match with_copy.status {
            Status::Connected => Ok(with_copy),
            _ => Err(Fault::of(Code::IntegrationNeedsReconnect)),
        }
    }

    /// Returns whether a slice that works for `scope` may go on.
    pub fn admits(&self, scope: &Scope) -> bool {
        self.status == Status::Connected && self.scope == *scope
    }

    /// Returns the open run's standstill, if it has lasted long enough to tell the operator.
    pub fn told_standstill(&self) -> Option<&Standstill> {
        let open = self.open_run.as_ref()?;
        let standstill = self.standstill.as_ref()?;
        Some(standstill).filter(|found| found.run == open.id && found.is_told())
    }

    /// Returns why the open run waits. `None` if it does not.
    pub fn waits(&self) -> Option<&Waiting> {
        let open = self.open_run.as_ref()?;
        let noted = self.standstill.as_ref()?;
        noted.waits.as_ref().filter(|_| noted.run == open.id)
    }

    /// Returns whether another holder may be writing at `now`.
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.lease
            .as_ref()
            .is_some_and(|lease| lease.deadline > now)
    }

    /// Returns whether it belongs to that organisation, in any spelling of the organisation's id.
    fn is_of(&self, organisation: &str) -> bool {
        let spelling = self.provider.spelling();
        spelling.is_same(&self.organisation, organisation)
    }

    /// Returns the generation that connecting to `organisation` creates or continues: the first, the current one, or the next after
    /// a removal. `is_failing` means that the last run had no success, in which case a connected integration may be connected
    /// again.
    ///
    /// # Errors
    /// Permanent if the integration is connected and works, if it is being removed, or if it belongs to another organisation.
    pub fn next_generation(
        earlier: Option<&Self>,
        is_failing: bool,
        organisation: &str,
    ) -> Outcome<Generation> {
        let Some(earlier) = earlier else {
            return Ok(Generation(1));
        };
        match earlier.status {
            Status::Connected if !is_failing => Err(Fault::of(Code::IntegrationConnectedAlready)),
            Status::Removing => Err(Fault::of(Code::IntegrationRemoving)),
            _ if !earlier.is_of(organisation) => Err(Fault::of(Code::IntegrationOtherOrganisation)),
            // A replaced grant keeps the copy, so the generation continues.
            Status::Connected | Status::NeedsReconnect => Ok(earlier.scope.generation),
            Status::Removed => Ok(Generation(earlier.scope.generation.0 + 1)),
        }
    }
}

/// An integration that is synced, and how long nothing has proved its copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// The scope.
    pub scope: Scope,
    /// The end of its last run that was in order
    /// ([`RunReport::is_in_order`](crate::progress::RunReport::is_in_order)). Before there is one: when it was connected,
    /// or for a row of an earlier build the begin of the first run after it.
    pub since: Timestamp,
}

/// An integration, whatever its generation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Which {
    /// The tenant.
    pub tenant: TenantId,
    /// The integration.
    pub integration: IntegrationId,
}

#[cfg(test)]
mod tests;
