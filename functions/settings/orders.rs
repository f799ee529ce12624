//! The settings of the functions that dispatch orders and work on them.

use domain::{allowance::Allowance, fault::Outcome, progress::Share, settings::Calendar};
use jiff::SignedDuration;

use super::{
    AppsSettings, EndRole, ExportRole, Getter, TenantRole, Work, allowance,
    calendar::calendar,
    shared::{CrmSettings, KeyPlaces, Places, deletes_per_second, settle},
    together,
    values::{number, text},
};

/// The settings of dispatch.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// Table Ledger.
    pub ledger: String,
    /// The event bus.
    pub bus: String,
    /// When runs begin.
    pub calendar: Calendar,
    /// The time without a run in order after which an integration is overdue.
    pub overdue: SignedDuration,
}

impl Dispatch {
    /// The names of these settings.
    pub const NAMES: &'static [&'static str] = &[
        "EVENT_BUS",
        "LOG_LEVEL",
        "SPREAD_FROM_HOUR",
        "SPREAD_HOURS",
        "SYNC_INTERVAL_MINUTES",
        "TABLE_LEDGER",
        "UNVERIFIED_ALARM_HOURS",
    ];

    /// Reads the settings.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            ledger: text(get, "TABLE_LEDGER")?,
            bus: text(get, "EVENT_BUS")?,
            calendar: calendar(get)?,
            overdue: SignedDuration::from_hours(number(get, "UNVERIFIED_ALARM_HOURS", 2, 1_000)?),
        })
    }
}

/// The settings of sync.
#[derive(Clone, Debug)]
pub struct Sync {
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// The data role that the function assumes for a tenant's runs.
    pub tenant_role: TenantRole,
    /// The data role that it assumes for a tenant's exports.
    pub export_role: ExportRole,
    /// Table Companies.
    pub companies: String,
    /// The event bus.
    pub bus: String,
    /// The URL of the queue on which orders arrive.
    pub queue: String,
    /// How to connect to CRMs.
    pub crm: CrmSettings,
    /// The operator's apps at the CRMs.
    pub apps: AppsSettings,
    /// How many of a tenant's runs may have a slice at the same time.
    pub allowance: Allowance,
    /// What runs may use of a CRM's daily budget.
    pub crm_share: Share,
    /// The time kept back before the deadline, to finish a page and hand over.
    pub reserve: SignedDuration,
}

impl Sync {
    /// The names of these settings, but for those of the apps.
    pub const NAMES: &'static [&'static str] = &[
        "BUCKET_PAGES",
        "CRM_LOOPBACK",
        "CRM_RESERVE_PERCENT",
        "CRM_SHARE_PERCENT",
        "EVENT_BUS",
        "EXPORT_ROLE",
        "KMS_KEY",
        "LOG_LEVEL",
        "QUEUE_SYNC",
        "SYNC_BULK_THRESHOLD",
        "SYNC_RESERVE_SECONDS",
        "SYNC_TIMEOUT_SECONDS",
        "TABLE_COMPANIES",
        "TABLE_COPIES",
        "TABLE_KEYS",
        "TABLE_LEDGER",
        "TABLE_TENANT_KEYS",
        "TENANT_ROLE",
        "TENANT_SLICES",
    ];

    /// Reads the settings.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting, or the settings that contradict each other.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        let reserve = SignedDuration::from_secs(number(get, "SYNC_RESERVE_SECONDS", 1, 120)?);
        let timeout = SignedDuration::from_secs(number(get, "SYNC_TIMEOUT_SECONDS", 10, 900)?);
        together::slice(timeout, reserve)?;
        Ok(Self {
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            tenant_role: TenantRole::read(get)?,
            export_role: ExportRole::read(get)?,
            companies: text(get, "TABLE_COMPANIES")?,
            bus: text(get, "EVENT_BUS")?,
            queue: text(get, "QUEUE_SYNC")?,
            crm: CrmSettings::read(get)?,
            apps: AppsSettings::read(get, Work::Reads)?,
            allowance: allowance::of_slices(get)?,
            crm_share: Share {
                percent: number(get, "CRM_SHARE_PERCENT", 1, 100)?,
                reserve_percent: number(get, "CRM_RESERVE_PERCENT", 0, 90)?,
            },
            reserve,
        })
    }
}

/// The settings of remove.
#[derive(Clone, Debug)]
pub struct Remove {
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// The data role that the function assumes for a tenant's removals.
    pub tenant_role: TenantRole,
    /// The data role that it assumes for the end of a tenant.
    pub end_role: EndRole,
    /// The asymmetric KMS key that signs receipts.
    pub receipt_key: String,
    /// The event bus.
    pub bus: String,
    /// The URL of the queue on which orders arrive.
    pub queue: String,
    /// How to connect to CRMs.
    pub crm: CrmSettings,
    /// The operator's apps at the CRMs, where revoking a grant needs them.
    pub apps: AppsSettings,
    /// How long a slice or request that is noted nowhere may still work, or remember a key, after the keys are destroyed.
    pub settle: SignedDuration,
    /// How many items are deleted per second at most.
    pub deletes_per_second: u32,
}

impl Remove {
    /// The names of these settings, but for those of the apps.
    pub const NAMES: &'static [&'static str] = &[
        "BUCKET_PAGES",
        "CRM_LOOPBACK",
        "END_ROLE",
        "EVENT_BUS",
        "KMS_KEY",
        "KMS_RECEIPT_KEY",
        "LOG_LEVEL",
        "QUEUE_REMOVE",
        "REMOVAL_DELETES_PER_SECOND",
        "REMOVAL_SETTLE_SECONDS",
        "SYNC_BULK_THRESHOLD",
        "TABLE_COPIES",
        "TABLE_KEYS",
        "TABLE_LEDGER",
        "TABLE_TENANT_KEYS",
        "TENANT_ROLE",
    ];

    /// Reads the settings.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            tenant_role: TenantRole::read(get)?,
            end_role: EndRole::read(get)?,
            receipt_key: text(get, "KMS_RECEIPT_KEY")?,
            bus: text(get, "EVENT_BUS")?,
            queue: text(get, "QUEUE_REMOVE")?,
            crm: CrmSettings::read(get)?,
            apps: AppsSettings::read(get, Work::Revokes)?,
            settle: settle(get)?,
            deletes_per_second: deletes_per_second(get)?,
        })
    }
}
