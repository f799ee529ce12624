//! What the operator sets. Read once at the start through one getter; whatever is missing or malformed ends the start
//! with a line that names it.
//!
//! Every name stands in template.yaml, and the house tests compare both lists with [`ALL`].

mod stated;

use domain::{
    facts::{Accountable, Stated, Subprocessor, Transfer},
    fault::{Fault, Outcome},
};
use jiff::SignedDuration;
use tracing::Level;

/// Looks a setting up: the environment in the doors, a map in tests.
pub type Getter<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What each deployed function reads.
pub const ALL: &[(&str, &[&str])] = &[
    ("dispatch", Dispatch::NAMES),
    ("sync", Sync::NAMES),
    ("remove", Remove::NAMES),
    ("companies", Companies::NAMES),
    ("api", Api::NAMES),
];

/// The getter of a running function.
#[allow(
    clippy::disallowed_methods,
    reason = "this is the one place that the fence points to"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where the Ledger, the Copies and the pages are.
#[derive(Clone, Debug)]
pub struct Places {
    /// Table Ledger.
    pub ledger: String,
    /// Table Copies.
    pub copies: String,
    /// Bucket Pages.
    pub pages: String,
}

/// Where the keys are, and what wraps them.
#[derive(Clone, Debug)]
pub struct KeyPlaces {
    /// Table Keys.
    pub table: String,
    /// The KMS key.
    pub kms_key: String,
}

/// How a CRM is spoken to.
#[derive(Clone, Debug)]
pub struct CrmSettings {
    /// Above so many records of an object the CRM's bulk interface is asked.
    pub bulk_threshold: u64,
    /// Whether a CRM on this very machine, without TLS, may be connected: a simulator. Never so in production.
    pub loopback: bool,
}

/// What dispatch reads.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// Table Ledger.
    pub ledger: String,
    /// The event bus.
    pub bus: String,
    /// What lies between the starts of two runs of an integration, at least.
    pub interval: SignedDuration,
}

/// What sync reads.
#[derive(Clone, Debug)]
pub struct Sync {
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// Table Companies.
    pub companies: String,
    /// The event bus.
    pub bus: String,
    /// The URL of the queue that orders arrive by.
    pub queue: String,
    /// How CRMs are spoken to.
    pub crm: CrmSettings,
    /// Time kept back before the deadline to finish a page and hand over.
    pub reserve: SignedDuration,
}

/// What remove reads.
#[derive(Clone, Debug)]
pub struct Remove {
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// The asymmetric KMS key that signs receipts.
    pub receipt_key: String,
    /// The event bus.
    pub bus: String,
    /// The URL of the queue that orders arrive by.
    pub queue: String,
    /// How CRMs are spoken to.
    pub crm: CrmSettings,
    /// How long after the keys' end somebody may still be at work, or remember a key, who is not noted anywhere.
    pub settle: SignedDuration,
    /// Things deleted in a second at most.
    pub deletes_per_second: u32,
}

/// What companies reads.
#[derive(Clone, Debug)]
pub struct Companies {
    /// Table Companies.
    pub companies: String,
    /// The bucket for reference data.
    pub reference: String,
}

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

/// What the operator registered at a CRM. No `Debug`: it holds a secret.
#[derive(Clone)]
pub struct AppSettings {
    /// The app's client id.
    pub client_id: String,
    /// Its secret, where it has one.
    pub client_secret: Option<String>,
    /// Where logins may begin, the usual one first.
    pub login_urls: Vec<String>,
    /// Where consents come back to.
    pub redirect_url: String,
}

/// What the operator's command line reads: no function, so in no list.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// Table Companies.
    pub companies: String,
    /// The event bus.
    pub bus: String,
    /// How CRMs are spoken to.
    pub crm: CrmSettings,
}

impl Dispatch {
    /// The names of its settings.
    pub const NAMES: &'static [&'static str] = &[
        "EVENT_BUS",
        "LOG_LEVEL",
        "SYNC_INTERVAL_MINUTES",
        "TABLE_LEDGER",
    ];

    /// Reads them.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            ledger: text(get, "TABLE_LEDGER")?,
            bus: text(get, "EVENT_BUS")?,
            interval: SignedDuration::from_mins(number(get, "SYNC_INTERVAL_MINUTES", 0, 10_080)?),
        })
    }
}

impl Sync {
    /// The names of its settings.
    pub const NAMES: &'static [&'static str] = &[
        "BUCKET_PAGES",
        "CRM_LOOPBACK",
        "EVENT_BUS",
        "KMS_KEY",
        "LOG_LEVEL",
        "QUEUE_SYNC",
        "SYNC_BULK_THRESHOLD",
        "SYNC_RESERVE_SECONDS",
        "TABLE_COMPANIES",
        "TABLE_COPIES",
        "TABLE_KEYS",
        "TABLE_LEDGER",
    ];

    /// Reads them.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            companies: text(get, "TABLE_COMPANIES")?,
            bus: text(get, "EVENT_BUS")?,
            queue: text(get, "QUEUE_SYNC")?,
            crm: CrmSettings::read(get)?,
            // Lambda ends a function after 900 seconds: a larger reserve would leave no time to work in.
            reserve: SignedDuration::from_secs(number(get, "SYNC_RESERVE_SECONDS", 1, 600)?),
        })
    }
}

impl Remove {
    /// The names of its settings.
    pub const NAMES: &'static [&'static str] = &[
        "BUCKET_PAGES",
        "CRM_LOOPBACK",
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
    ];

    /// Reads them.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            receipt_key: text(get, "KMS_RECEIPT_KEY")?,
            bus: text(get, "EVENT_BUS")?,
            queue: text(get, "QUEUE_REMOVE")?,
            crm: CrmSettings::read(get)?,
            settle: settle(get)?,
            deletes_per_second: deletes_per_second(get)?,
        })
    }
}

fn settle(get: &Getter<'_>) -> Outcome<SignedDuration> {
    number(get, "REMOVAL_SETTLE_SECONDS", 0, 3_600).map(SignedDuration::from_secs)
}

fn deletes_per_second(get: &Getter<'_>) -> Outcome<u32> {
    number(get, "REMOVAL_DELETES_PER_SECOND", 1, 100_000)
}

impl Companies {
    /// The names of its settings.
    pub const NAMES: &'static [&'static str] =
        &["BUCKET_REFERENCE", "LOG_LEVEL", "TABLE_COMPANIES"];

    /// Reads them.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            companies: text(get, "TABLE_COMPANIES")?,
            reference: text(get, "BUCKET_REFERENCE")?,
        })
    }
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
    /// Lasting, naming the setting that is missing or malformed.
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

impl AppSettings {
    /// Reads `SALESFORCE_CLIENT_ID`, `SALESFORCE_CLIENT_SECRET`, `SALESFORCE_LOGIN_URLS` and `OAUTH_REDIRECT_URL`. A client
    /// id of `none`: there is no app.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing.
    pub fn salesforce(get: &Getter<'_>) -> Outcome<Option<Self>> {
        let app = Self {
            client_id: text(get, "SALESFORCE_CLIENT_ID")?,
            client_secret: Some(text(get, "SALESFORCE_CLIENT_SECRET")?)
                .filter(|secret| secret != "none"),
            login_urls: text(get, "SALESFORCE_LOGIN_URLS")?
                .split(',')
                .map(|url| url.trim().to_owned())
                .collect(),
            redirect_url: text(get, "OAUTH_REDIRECT_URL")?,
        };
        Ok(Some(app).filter(|app| app.client_id != "none"))
    }
}

impl Operator {
    /// Reads them.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            companies: text(get, "TABLE_COMPANIES")?,
            bus: text(get, "EVENT_BUS")?,
            crm: CrmSettings::read(get)?,
        })
    }
}

impl Places {
    /// Reads `TABLE_LEDGER`, `TABLE_COPIES` and `BUCKET_PAGES`.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            ledger: text(get, "TABLE_LEDGER")?,
            copies: text(get, "TABLE_COPIES")?,
            pages: text(get, "BUCKET_PAGES")?,
        })
    }
}

impl KeyPlaces {
    /// Reads `TABLE_KEYS` and `KMS_KEY`.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            table: text(get, "TABLE_KEYS")?,
            kms_key: text(get, "KMS_KEY")?,
        })
    }
}

impl CrmSettings {
    /// Reads `SYNC_BULK_THRESHOLD` and `CRM_LOOPBACK`.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            bulk_threshold: number(get, "SYNC_BULK_THRESHOLD", 0, u64::MAX)?,
            loopback: yes_or_no(get, "CRM_LOOPBACK")?,
        })
    }
}

/// Reads `LOG_LEVEL`, which every function has.
///
/// # Errors
/// Lasting, when it is missing or no level.
pub fn log_level(get: &Getter<'_>) -> Outcome<Level> {
    text(get, "LOG_LEVEL")?
        .parse()
        .map_err(|_| malformed("LOG_LEVEL", "one of error, warn, info, debug, trace"))
}

/// A text that is there and not empty.
pub(crate) fn text(get: &Getter<'_>, name: &str) -> Outcome<String> {
    get(name)
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Fault::lasting("setting.missing").with_detail(name))
}

/// A whole number between two bounds.
fn number<N>(get: &Getter<'_>, name: &str, least: N, most: N) -> Outcome<N>
where
    N: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    text(get, name)?
        .parse()
        .ok()
        .filter(|value| (&least..=&most).contains(&value))
        .ok_or_else(|| malformed(name, &format!("a whole number from {least} to {most}")))
}

fn yes_or_no(get: &Getter<'_>, name: &str) -> Outcome<bool> {
    match text(get, name)?.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(malformed(name, "yes or no")),
    }
}

/// The value itself is left out: a secret may have slipped into the wrong setting.
fn malformed(name: &str, expected: &str) -> Fault {
    Fault::lasting("setting.malformed").with_detail(format!("{name}: {expected}"))
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
