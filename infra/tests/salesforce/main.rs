//! The Salesforce connector against the simulator, over HTTP.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that meets the unexpected should stop"
)]

mod bases;
mod bounded;
mod bulk;
mod clients;
mod consents;
mod creating;
mod deletions;
mod endless;
mod fields;
mod hostile;
mod links;
mod moving;
mod powers;
mod reading;
mod tokens;
mod trouble;
mod wide;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{
    fault::{Code, Fault, Kind, Outcome},
    grant::Unstored,
    integration::{Credentials, Grant, Provider},
    ports::{Answer, Changes, Crm, CrmAccess, Page, Renewal},
    progress::{PageToken, Position, Window},
    record::{Item, Object, Parent, RecordId},
};
use infra::crm::{
    client::{ClientSettings, Retry},
    salesforce::{Options, Salesforce, settings::Poll},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use simulator::salesforce::{Config, Control, Fault as Spoil, Simulator};

/// A simulator, and what a tenant's integration would store for it.
struct Org {
    simulator: Simulator,
    kept: Arc<Mutex<Kept>>,
}

/// Collects renewed credentials.
#[derive(Default)]
struct Kept {
    all: Vec<Credentials>,
    /// How many more times storing them fails.
    failures: usize,
    /// How many API requests the simulator had seen each time credentials were to be stored.
    api_requests: Vec<u64>,
    /// Whether somebody holds the lease for renewing.
    renewed: bool,
}

/// The row that holds a connector's grant.
struct Row {
    kept: Arc<Mutex<Kept>>,
    control: Control,
    first: Credentials,
}

#[async_trait::async_trait]
impl Renewal for Row {
    async fn begin(&self, _: Timestamp) -> Outcome<Option<Credentials>> {
        let mut kept = self.kept.lock().unwrap();
        if kept.renewed {
            return Ok(None);
        }
        kept.renewed = true;
        Ok(Some(
            kept.all
                .last()
                .cloned()
                .unwrap_or_else(|| self.first.clone()),
        ))
    }

    async fn keep(&self, credentials: Credentials) -> Outcome<()> {
        let mut kept = self.kept.lock().unwrap();
        let requests = self.control.count_requests("/services/data");
        kept.api_requests.push(requests);
        if kept.failures > 0 {
            kept.failures -= 1;
            return Err(Fault::of(Code::TestFailed).with_kind(Kind::Fenced));
        }
        kept.all.push(credentials);
        kept.renewed = false;
        Ok(())
    }

    async fn abandon(&self) {
        self.kept.lock().unwrap().renewed = false;
    }
}

impl Org {
    async fn start() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        Self {
            simulator: Simulator::start(config).await.unwrap(),
            kept: Arc::default(),
        }
    }

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    /// Returns credentials that never gave an access token.
    fn credentials(&self) -> Credentials {
        Credentials {
            login_url: self.simulator.url().to_owned(),
            instance_url: None,
            client_id: "client".to_owned(),
            grant: Grant::RefreshToken {
                refresh_token: Config::default().refresh_token,
                client_secret: None,
            },
            access_token: None,
            expires: None,
            scope: None,
        }
    }

    fn crm(&self) -> Arc<dyn Crm> {
        self.crm_with(options())
    }

    /// Makes a connector as the next slice would: with the credentials that were stored last.
    fn crm_with(&self, options: Options) -> Arc<dyn Crm> {
        let kept = self.kept.lock().unwrap().all.last().cloned();
        self.crm_of(kept.unwrap_or_else(|| self.credentials()), options)
    }

    fn crm_of(&self, credentials: Credentials, options: Options) -> Arc<dyn Crm> {
        let access = CrmAccess {
            provider: Provider::Salesforce,
            renewal: Arc::new(Row {
                kept: Arc::clone(&self.kept),
                control: self.control().clone(),
                first: credentials.clone(),
            }),
            credentials,
            fields: BTreeMap::new(),
        };
        Salesforce::connect(access, options).unwrap()
    }

    fn load(&self, object: &str, fields: Value) -> String {
        self.control().load(object, &map(fields)).unwrap()
    }

    /// Loads Accounts with all sorts of values, several to a time stamp.
    fn load_accounts(&self, count: usize) {
        for n in 0..count {
            let stamp =
                Timestamp::from_second(1_780_000_000 + i64::try_from(n / 7).unwrap()).unwrap();
            self.load(
                "Account",
                json!({
                    "Name": format!("Müller \"{n}\", Söhne\r\nGmbH \\ Co. 株式会社 \u{7}"),
                    "BillingStreet": format!("Straße {n}\nHinterhaus"), "BillingCity": if n % 3 == 0 { "" } else { "Köln" },
                    "AnnualRevenue": f64::from(u32::try_from(n).unwrap()) * 123_456.25, "NumberOfEmployees": n,
                    "Website": format!("https://m{n}.example"), "Description": "x, \"y\" 'z'\t".repeat(n % 5),
                    "SystemModstamp": stamp.to_string(),
                }),
            );
        }
    }

    fn spoil(&self, path: &str, times: u32, fault: Spoil) {
        self.spoil_nth(path, 1, times, fault);
    }

    fn spoil_nth(&self, path: &str, nth: u32, times: u32, fault: Spoil) {
        self.control().spoil_nth(path, nth, times, fault);
    }

    /// Counts the answers of one status to one kind of request.
    fn answers(&self, template: &str, status: u16) -> u64 {
        let all = self.control().requests();
        all.iter()
            .filter(|entry| entry.template.ends_with(template) && entry.status == status)
            .map(|entry| entry.count)
            .sum()
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => panic!("not an object"),
    }
}

fn error(status: u16, code: &str) -> Spoil {
    Spoil::Error {
        status,
        code: code.to_owned(),
        message: "Erika Mustermann".to_owned(),
        retry_after: None,
    }
}

/// Returns options with short waits that allow the simulator's host.
fn options() -> Options {
    Options {
        client: ClientSettings {
            allow_loopback: true,
            read_timeout: Duration::from_secs(2),
            request_timeout: Duration::from_secs(20),
            retry: Retry {
                tries: 4,
                first: Duration::from_millis(1),
                longest: Duration::from_millis(4),
                longest_asked: Duration::from_secs(2),
                total: Duration::from_secs(10),
            },
            ..ClientSettings::default()
        },
        poll: Poll {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(5),
            total: Duration::from_secs(5),
        },
        ..Options::default()
    }
}

fn in_bulk() -> Options {
    Options {
        bulk_threshold: 1,
        bulk_page: 300,
        ..options()
    }
}

/// Returns a window over everything, up to a time in the future.
fn whole() -> Window {
    Window {
        after: None,
        until: Timestamp::from_second(1_900_000_000).unwrap(),
    }
}

fn after(position: Position) -> Window {
    Window {
        after: Some(position),
        ..whole()
    }
}

async fn page(crm: &dyn Crm, object: Object, window: &Window, token: Option<&PageToken>) -> Page {
    match crm
        .changes(Changes {
            object,
            window,
            resume: None,
            token,
            at_most: None,
        })
        .await
        .unwrap()
    {
        Answer::Page(page) => page,
        Answer::TokenLost | Answer::ResumeLost => panic!("the token is lost"),
    }
}

async fn is_lost(crm: &dyn Crm, object: Object, window: &Window, token: &PageToken) -> bool {
    matches!(
        crm.changes(Changes {
            object,
            window,
            resume: None,
            token: Some(token),
            at_most: None,
        })
        .await
        .unwrap(),
        Answer::TokenLost
    )
}

/// Reads all pages of a window.
async fn pages(crm: &dyn Crm, object: Object, window: &Window) -> Vec<Page> {
    let mut all = vec![page(crm, object, window, None).await];
    while let Some(token) = all.last().unwrap().next.clone() {
        all.push(page(crm, object, window, Some(&token)).await);
    }
    all
}

async fn items(crm: &dyn Crm, object: Object, window: &Window) -> Vec<Item> {
    pages(crm, object, window)
        .await
        .into_iter()
        .flat_map(|page| page.items)
        .collect()
}

/// Returns live records' fields by id, and panics at any other item.
fn live(items: &[Item]) -> BTreeMap<String, String> {
    let all = items.iter().map(|item| match item {
        Item::Live(record) => (record.id.to_string(), record.fields.to_string()),
        Item::Gone { id, .. } => panic!("{id} is gone"),
        Item::Bad { id, reason } => panic!("{id:?} is bad: {reason}"),
    });
    all.collect()
}

fn id(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}
