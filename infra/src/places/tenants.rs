//! Keys of what a tenant has beyond its integrations, in Ledger and TenantKeys.

use domain::{
    ports::SuppressionKind,
    seal::KeyedHash,
    tenant::{IntegrationId, Scope, TenantId},
};

use super::Shape;

/// Sort key of a tenant's row about its last receipt.
pub const RECEIPT_HEAD: &str = Shape::ReceiptHead.word();

/// Prefix of the sort keys of a tenant's receipts.
pub const RECEIPTS: &str = Shape::Receipt.word();

/// Sort key of a tenant's own wrapped keys in TenantKeys.
pub const TENANT_KEY: &str = Shape::TenantKey.word();

/// Sort key of the check value of a tenant's own keys in Ledger.
pub const TENANT_KEY_CHECK: &str = Shape::TenantKeyCheck.word();

/// Prefix of the sort keys that list a tenant's integrations.
pub const LISTED: &str = Shape::Listed.word();

/// Sort key of a tenant's row that counts the editions of its suppressions.
pub const MARKS: &str = Shape::Suppressions.word();

/// Prefix of the sort keys of a tenant's changes of suppressions.
pub const CHANGES: &str = Shape::Change.word();

/// Prefix of the sort keys of a tenant's audit entries.
pub const AUDIT: &str = Shape::Audit.word();

/// Sort key of a tenant's row about itself as the controller.
pub const CONTROLLER: &str = Shape::Controller.word();

/// Sort key of a tenant's row about its allowance.
pub const ALLOWANCE: &str = Shape::Allowance.word();

/// Sort key of a tenant's row that says that it has ended.
pub const OFFBOARDING: &str = Shape::Offboarding.word();

/// Prefix of the sort keys of a tenant's assessments.
pub const ASSESSMENTS: &str = Shape::Assessment.word();

/// Prefix of the sort keys of a tenant's templates.
pub const TEMPLATES: &str = Shape::Template.word();

/// Returns the sort key of the entry that lists an integration.
pub fn listed(integration: &IntegrationId) -> String {
    format!("{LISTED}{integration}")
}

/// Returns the sort key of a consent that was begun. `hash` is the hash of its state.
pub fn state(hash: &str) -> String {
    format!("{}{hash}", Shape::State.word())
}

/// Returns the partition of a tenant's own rows in Ledger and TenantKeys, which outlive its integrations.
pub fn tenant(tenant: &TenantId) -> String {
    format!("T#{tenant}")
}

/// Returns the sort key of a generation's receipt, under its tenant.
pub fn receipt(scope: &Scope) -> String {
    format!("{RECEIPTS}{}#{}", scope.integration, scope.generation)
}

/// Returns the sort key of an audit entry at a place, under its tenant. The keys sort by time. Of the beginning of a place it makes the
/// prefix of those keys.
pub fn audit(place: &str) -> String {
    format!("{AUDIT}{place}")
}

/// Returns the sort key of an assessment. All numbers have one length, so the order of the texts is that of the numbers.
pub fn assessment(number: u64) -> String {
    format!("{ASSESSMENTS}{number:020}")
}

/// Returns the sort key of a change of suppressions. All numbers have one length, so the order of the texts is that of the numbers.
pub fn change(number: u64) -> String {
    format!("{CHANGES}{number:020}")
}

/// Returns the sort key of the numbers of a person's assessments.
pub fn assessed(person: &KeyedHash) -> String {
    format!("{}{person}", Shape::Assessed.word())
}

/// Returns the sort key of a version of an activity template.
pub fn template(name: &str, version: u32) -> String {
    format!("{TEMPLATES}{name}#{version:010}")
}

/// Returns the prefix of the sort keys of a tenant's suppressions of a kind.
pub fn suppression_rows(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Objection => Shape::Objection.word(),
        SuppressionKind::Erasure => Shape::Erasure.word(),
    }
}

/// Returns the sort key of a suppression of a person.
pub fn suppression(kind: SuppressionKind, person: &KeyedHash) -> String {
    format!("{}{person}", suppression_rows(kind))
}
