//! The places to which sealed bytes are bound.

use crate::tenant::{Scope, TenantId};

/// The kind of a sealed thing. The names are authenticated, so they never change.
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
    /// A tenant's assessment in Ledger.
    LegalAssessment,
    /// A version of a tenant's activity template in Ledger.
    LegalTemplate,
    /// The sealed part of a tenant's objection or erasure, in Ledger. Its hash is stored beside it.
    LegalObjection,
    /// Other data of a tenant that outlives integrations, in Ledger: receipts, audit entries, OAuth states. The key tells which.
    LedgerTenant,
    /// An integration's settings in Ledger.
    LedgerSettings,
    /// A consent that was begun, stored under its OAuth state, in Ledger.
    LedgerState,
    /// A record's projection in Copies.
    CopyBrief,
    /// A company that a user linked to a record, in Copies.
    CopyLink,
    /// A user's decision about a relation, in Ledger.
    LedgerDecision,
    /// A position in a list, given to a caller of the API.
    ApiCursor,
}

impl Room {
    /// All rooms.
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

    /// Returns the name that is authenticated.
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

/// The place for which bytes are sealed. Moved to any other place, they do not open.
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
    /// Returns the place of the thing that `key` names in a generation's room.
    pub fn new(scope: &'a Scope, room: Room, key: &'a str) -> Self {
        Self::within(scope, room, "", key)
    }

    /// Returns the place of the thing that `key` names among those of `object`.
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

    /// Returns the place of the thing that `key` names in a tenant's room. It cannot equal a place of a generation, because an
    /// integration's id is never empty and generations count from 1.
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

    pub(super) fn room(&self) -> Room {
        self.room
    }

    /// Appends each part preceded by its length, and the generation. So no two places are written the same, and none is a prefix of
    /// another.
    pub(super) fn append(&self, into: &mut Vec<u8>) {
        for part in [
            self.room.name(),
            self.tenant,
            self.integration,
            self.object,
            self.key,
        ] {
            // No part comes near 4 GiB: ids and keys are limited where they are parsed.
            into.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            into.extend_from_slice(part.as_bytes());
        }
        into.extend_from_slice(&self.generation.to_be_bytes());
    }
}
