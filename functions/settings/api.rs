//! What api reads.

use domain::{
    facts::{Accountable, Stated, Subprocessor, Transfer},
    fault::Outcome,
};
use jiff::SignedDuration;

use super::{
    AppSettings, Getter,
    shared::{CrmSettings, KeyPlaces, Places, deletes_per_second, settle},
    stated,
    values::{malformed, number, text},
};

/// What api reads.
#[derive(Clone)]
pub struct Api {
    /// The stage, as the health answer names it.
    pub stage: String,
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// The asymmetric KMS key that signs receipts.
    pub receipt_key: String,
    /// Table Companies.
    pub companies: String,
    /// The event bus.
    pub bus: String,
    /// How CRMs are spoken to.
    pub crm: CrmSettings,
    /// Things that a removal deletes in a second at most: what it is said to take follows from it.
    pub deletes_per_second: u32,
    /// How long a removal waits for whoever is not noted anywhere.
    pub settle: SignedDuration,
    /// What lies between the starts of two runs of an integration, at least.
    pub interval: SignedDuration,
    /// The operator's app at Salesforce, where there is one.
    pub salesforce: Option<AppSettings>,
    /// The Salesforce field that our own id of a created record goes into, where an organisation has it as an external id.
    pub external_id_field: Option<String>,
    /// The Salesforce field that the legal basis of a created person goes into, where an organisation has it.
    pub basis_field: Option<String>,
    /// Days for which sealed pages as the CRM sent them are kept, as the bucket has it.
    pub page_retention_days: u32,
    /// Days for which logs are kept, as their groups have it.
    pub log_retention_days: u32,
    /// Who else processes.
    pub subprocessors: Vec<Subprocessor>,
    /// The AWS region that everything is in.
    pub region: String,
    /// What the operator says of itself.
    pub processor: Accountable,
    /// What goes to third countries.
    pub transfers: Stated<Vec<Transfer>>,
    /// How people, not programs, protect the data.
    pub organisational_measures: Stated<Vec<String>>,
}

impl Api {
    /// The names of its settings.
    pub const NAMES: &'static [&'static str] = &[
        "BUCKET_PAGES",
        "CRM_LOOPBACK",
        "EVENT_BUS",
        "KMS_KEY",
        "KMS_RECEIPT_KEY",
        "LOG_LEVEL",
        "LOG_RETENTION_DAYS",
        "OAUTH_REDIRECT_URL",
        "OPERATOR",
        "OPERATOR_DATA_PROTECTION_OFFICER",
        "OPERATOR_REPRESENTATIVE",
        "ORGANISATIONAL_MEASURES",
        "PAGE_RETENTION_DAYS",
        "REGION",
        "REMOVAL_DELETES_PER_SECOND",
        "REMOVAL_SETTLE_SECONDS",
        "SALESFORCE_BASIS_FIELD",
        "SALESFORCE_CLIENT_ID",
        "SALESFORCE_CLIENT_SECRET",
        "SALESFORCE_EXTERNAL_ID_FIELD",
        "SALESFORCE_LOGIN_URLS",
        "SALESFORCE_PREVIOUS_CLIENT_ID",
        "SALESFORCE_PREVIOUS_CLIENT_SECRET",
        "STAGE",
        "SUBPROCESSORS",
        "SYNC_BULK_THRESHOLD",
        "SYNC_INTERVAL_MINUTES",
        "TABLE_COMPANIES",
        "TABLE_COPIES",
        "TABLE_KEYS",
        "TABLE_LEDGER",
        "THIRD_COUNTRY_TRANSFERS",
    ];

    /// Reads them.
    ///
    /// # Errors
    /// Permanent, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            stage: text(get, "STAGE")?,
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            receipt_key: text(get, "KMS_RECEIPT_KEY")?,
            deletes_per_second: deletes_per_second(get)?,
            settle: settle(get)?,
            companies: text(get, "TABLE_COMPANIES")?,
            bus: text(get, "EVENT_BUS")?,
            crm: CrmSettings::read(get)?,
            interval: SignedDuration::from_mins(number(get, "SYNC_INTERVAL_MINUTES", 0, 10_080)?),
            salesforce: AppSettings::salesforce(get)?,
            external_id_field: field(get, "SALESFORCE_EXTERNAL_ID_FIELD")?,
            basis_field: field(get, "SALESFORCE_BASIS_FIELD")?,
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

/// The name of a field; `none`: there is none.
fn field(get: &Getter<'_>, name: &'static str) -> Outcome<Option<String>> {
    Ok(Some(text(get, name)?).filter(|field| field != "none"))
}
