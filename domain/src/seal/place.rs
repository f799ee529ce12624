//! Where sealed bytes belong.

use crate::tenant::Scope;

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
}

impl Room {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::CopyRecord,
        Self::Page,
        Self::LedgerCredentials,
        Self::LedgerCursor,
    ];

    /// The name that is authenticated.
    pub fn name(self) -> &'static str {
        match self {
            Self::CopyRecord => "copies.record",
            Self::Page => "pages.page",
            Self::LedgerCredentials => "ledger.credentials",
            Self::LedgerCursor => "ledger.cursor",
        }
    }
}

/// The place that sealed bytes are for: moved to any other, they do not open.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    scope: &'a Scope,
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
            scope,
            room,
            object,
            key,
        }
    }

    /// Appends each part behind its length, and the generation: no two places are written alike, and none is the
    /// beginning of another.
    pub(super) fn append(&self, into: &mut Vec<u8>) {
        for part in [
            self.room.name(),
            self.scope.tenant.as_str(),
            self.scope.integration.as_str(),
            self.object,
            self.key,
        ] {
            // No part comes near 4 GiB; ids and keys are bounded where they are parsed.
            into.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            into.extend_from_slice(part.as_bytes());
        }
        into.extend_from_slice(&self.scope.generation.0.to_be_bytes());
    }
}
