//! The settings of api.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{
    AppsSettings, Getter, TenantRole, Work, allowance,
    calendar::calendar,
    shared::{CrmSettings, KeyPlaces, Places, deletes_per_second, settle},
    stated,
    values::{caller_key, malformed, number, text},
};
use domain::{
    allowance::Allowance,
    facts::{Accountable, Stated, Subprocessor, Transfer},
    fault::Outcome,
    seal::CallerKey,
    settings::Calendar,
};

/// The settings of api.
#[derive(Clone)]
pub struct Api {
    /// The stage that the health answer names.
    pub stage: String,
    /// The AWS account of everything. Whoever acts for the operator belongs to it.
    pub account: String,
    /// The key under which the log names callers, and receipts whoever acted for the operator.
    pub caller_key: Arc<CallerKey>,
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// The data role that the function assumes for a tenant.
    pub tenant_role: TenantRole,
    /// The asymmetric KMS key that signs receipts. Only its public half is given out here.
    pub receipt_key: String,
    /// The asymmetric KMS key that signs statements of heads.
    pub heads_key: String,
    /// Table Companies.
    pub companies: String,
    /// The event bus.
    pub bus: String,
    /// How to connect to CRMs.
    pub crm: CrmSettings,
    /// How many items a removal deletes per second at most. The estimate of its duration follows from it.
    pub deletes_per_second: u32,
    /// How long a removal waits for slices and requests that are noted nowhere.
    pub settle: SignedDuration,
    /// When runs begin.
    pub calendar: Calendar,
    /// What the operator allows all tenants.
    pub allowance: Allowance,
    /// The operator's apps at the CRMs.
    pub apps: AppsSettings,
    /// How many days the bucket keeps the sealed pages as the CRM sent them.
    pub page_retention_days: u32,
    /// How many days the log groups keep logs.
    pub log_retention_days: u32,
    /// The operator's subprocessors.
    pub subprocessors: Vec<Subprocessor>,
    /// The AWS region of everything.
    pub region: String,
    /// What the operator says about itself.
    pub processor: Accountable,
    /// Transfers to third countries.
    pub transfers: Stated<Vec<Transfer>>,
    /// Organisational measures that protect the data.
    pub organisational_measures: Stated<Vec<String>>,
}

impl Api {
    /// The names of these settings, but for those of the apps.
    pub const NAMES: &'static [&'static str] = &[
        "ACCOUNT",
        "BUCKET_PAGES",
        "CALLER_SECRET",
        "CRM_LOOPBACK",
        "EVENT_BUS",
        "KMS_HEADS_KEY",
        "KMS_KEY",
        "KMS_RECEIPT_KEY",
        "LOG_LEVEL",
        "LOG_RETENTION_DAYS",
        "OPERATOR",
        "OPERATOR_DATA_PROTECTION_OFFICER",
        "OPERATOR_REPRESENTATIVE",
        "ORGANISATIONAL_MEASURES",
        "PAGE_RETENTION_DAYS",
        "REGION",
        "REMOVAL_DELETES_PER_SECOND",
        "REMOVAL_SETTLE_SECONDS",
        "SPREAD_FROM_HOUR",
        "SPREAD_HOURS",
        "STAGE",
        "SUBPROCESSORS",
        "SYNC_BULK_THRESHOLD",
        "SYNC_INTERVAL_MINUTES",
        "TABLE_COMPANIES",
        "TABLE_COPIES",
        "TABLE_KEYS",
        "TABLE_LEDGER",
        "TABLE_TENANT_KEYS",
        "TENANT_BATCH_RECORDS",
        "TENANT_COMPANY_ENTRIES_PER_DAY",
        "TENANT_CREATIONS_PER_HOUR",
        "TENANT_CRM_QUESTIONS_PER_HOUR",
        "TENANT_EXPORTS_KEPT",
        "TENANT_EXPORTS_PER_DAY",
        "TENANT_HEADS_PER_HOUR",
        "TENANT_INTEGRATIONS",
        "TENANT_PREVIEW_RECORDS",
        "TENANT_ROLE",
        "TENANT_RUNS_PER_HOUR",
        "TENANT_STATUS_CALLS_PER_MINUTE",
        "THIRD_COUNTRY_TRANSFERS",
    ];

    /// Reads the settings.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            stage: text(get, "STAGE")?,
            account: text(get, "ACCOUNT")?,
            caller_key: caller_key(&text(get, "CALLER_SECRET")?)?,
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            tenant_role: TenantRole::read(get)?,
            receipt_key: text(get, "KMS_RECEIPT_KEY")?,
            heads_key: text(get, "KMS_HEADS_KEY")?,
            deletes_per_second: deletes_per_second(get)?,
            settle: settle(get)?,
            companies: text(get, "TABLE_COMPANIES")?,
            bus: text(get, "EVENT_BUS")?,
            crm: CrmSettings::read(get)?,
            calendar: calendar(get)?,
            allowance: allowance::of_requests(get)?,
            apps: AppsSettings::read(get, Work::Answers)?,
            page_retention_days: number(get, "PAGE_RETENTION_DAYS", 1, 30)?,
            log_retention_days: text(get, "LOG_RETENTION_DAYS")?
                .parse()
                .map_err(|_| malformed("LOG_RETENTION_DAYS", "days"))?,
            subprocessors: stated::subprocessors(get)?,
            region: text(get, "REGION")?,
            processor: stated::operator(get)?,
            transfers: stated::transfers(get)?,
            organisational_measures: stated::measures(get)?,
        })
    }
}
