//! Where sealed bytes belong.

use crate::tenant::{Scope, TenantId};

/// What kind of thing is sealed. The names are part of what is authenticated: they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Room {
    /// A record in Copies.
    CopyRecord,
    /// A page as the CRM sent it, in Pages.
    Page,
    /// An integration's grant in Ledger.
    LedgerCredentials,
    /// An object's cursor in Ledger.
    LedgerCursor,
    /// An intent to create a record, with its outcome, in Ledger.
    LedgerIntent,
    /// An assessment in Ledger: of a tenant.
    LegalAssessment,
    /// A version of an activity template in Ledger: of a tenant.
    LegalTemplate,
    /// What an objection or an erasure says beside its hash, in Ledger: of a tenant.
    LegalObjection,
    /// Whatever else of a tenant outlives integrations, in Ledger: receipts, audit entries, OAuth states. The key names
    /// which.
    LedgerTenant,
    /// An integration's settings in Ledger.
    LedgerSettings,
    /// What was begun under an OAuth state, in Ledger.
    LedgerState,
    /// A record's projection in Copies.
    CopyBrief,
    /// A company that a user linked to a record, in Copies.
    CopyLink,
    /// A user's decision about a relation, in Ledger.
    LedgerDecision,
    /// A place in a list, given to a caller of the API.
    ApiCursor,
}

impl Room {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::CopyRecord,
        Self::Page,
        Self::LedgerCredentials,
        Self::LedgerCursor,
        Self::LedgerIntent,
        Self::LegalAssessment,
        Self::LegalTemplate,
        Self::LegalObjection,
        Self::LedgerTenant,
        Self::LedgerSettings,
        Self::LedgerState,
        Self::CopyBrief,
        Self::CopyLink,
        Self::LedgerDecision,
        Self::ApiCursor,
    ];

    /// The name that is authenticated.
    pub fn name(self) -> &'static str {
        match self {
            Self::CopyRecord => "copies.record",
            Self::Page => "pages.page",
            Self::LedgerCredentials => "ledger.credentials",
            Self::LedgerCursor => "ledger.cursor",
            Self::LedgerIntent => "ledger.intent",
            Self::LegalAssessment => "legal.assessment",
            Self::LegalTemplate => "legal.template",
            Self::LegalObjection => "legal.objection",
            Self::LedgerTenant => "ledger.tenant",
            Self::LedgerSettings => "ledger.settings",
            Self::LedgerState => "ledger.state",
            Self::CopyBrief => "copies.brief",
            Self::CopyLink => "copies.link",
            Self::LedgerDecision => "ledger.decision",
            Self::ApiCursor => "api.cursor",
        }
    }
}

/// The place that sealed bytes are for: moved to any other, they do not open.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    tenant: &'a str,
    integration: &'a str,
    generation: u32,
    room: Room,
    object: &'a str,
    key: &'a str,
}

impl<'a> Place<'a> {
    /// The place of the thing that `key` names in a generation's room.
    pub fn new(scope: &'a Scope, room: Room, key: &'a str) -> Self {
        Self::within(scope, room, "", key)
    }

    /// The place of the thing that `key` names among those of `object`.
    pub fn within(scope: &'a Scope, room: Room, object: &'a str, key: &'a str) -> Self {
        Self {
            tenant: scope.tenant.as_str(),
            integration: scope.integration.as_str(),
            generation: scope.generation.0,
            room,
            object,
            key,
        }
    }

    /// The place of the thing that `key` names in a tenant's room. It is no generation's: an integration's id is never
    /// empty, and generations count from 1.
    pub fn of_tenant(tenant: &'a TenantId, room: Room, key: &'a str) -> Self {
        Self {
            tenant: tenant.as_str(),
            integration: "",
            generation: 0,
            room,
            object: "",
            key,
        }
    }

    /// Appends each part behind its length, and the generation: no two places are written alike, and none is the
    /// beginning of another.
    pub(super) fn append(&self, into: &mut Vec<u8>) {
        for part in [
            self.room.name(),
            self.tenant,
            self.integration,
            self.object,
            self.key,
        ] {
            // No part comes near 4 GiB; ids and keys are bounded where they are parsed.
            into.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            into.extend_from_slice(part.as_bytes());
        }
        into.extend_from_slice(&self.generation.to_be_bytes());
    }
}
