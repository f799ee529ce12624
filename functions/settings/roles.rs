//! The data roles that functions assume for tenants. Each is a type of its own, so that no session is opened with the ARN
//! of another role by mistake (`DataRole` in [`adapters`](crate::adapters) says what ports a session of each carries).

use domain::fault::Outcome;

use super::{Getter, values::text};

/// The data role of api, of remove for its removals, and of sync for its runs: `TENANT_ROLE`.
#[derive(Clone, Debug)]
pub struct TenantRole(String);

/// The data role of sync for exports: `EXPORT_ROLE`.
#[derive(Clone, Debug)]
pub struct ExportRole(String);

/// The data role of remove for the end of a tenant: `END_ROLE`.
#[derive(Clone, Debug)]
pub struct EndRole(String);

impl TenantRole {
    pub(super) fn read(get: &Getter<'_>) -> Outcome<Self> {
        text(get, "TENANT_ROLE").map(Self)
    }

    /// Returns its ARN.
    pub fn arn(&self) -> &str {
        &self.0
    }
}

impl ExportRole {
    pub(super) fn read(get: &Getter<'_>) -> Outcome<Self> {
        text(get, "EXPORT_ROLE").map(Self)
    }

    /// Returns its ARN.
    pub fn arn(&self) -> &str {
        &self.0
    }
}

impl EndRole {
    pub(super) fn read(get: &Getter<'_>) -> Outcome<Self> {
        text(get, "END_ROLE").map(Self)
    }

    /// Returns its ARN.
    pub fn arn(&self) -> &str {
        &self.0
    }
}
