//! Tests of the HubSpot connector against the simulator, over HTTP.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that meets the unexpected should stop"
)]

mod bases;
mod beside;
mod creating;
mod facts;
mod grants;
mod killed;
mod leaving;
mod lost;
mod parents;
mod reading;
mod rehearsing;
mod requests;
mod silent;
mod wide;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    fault::{CrmCode, Kind},
    grant::Unstored,
    integration::{Credentials, Grant, Provider},
    ports::{Answer, Changes, Count, Crm, CrmAccess, Deleted},
    progress::{PageToken, Position, Window},
    record::{Item, Object, Parent, Record, RecordId},
};
use infra::crm::{
    client::{Client, ClientSettings, Retry},
    hubspot::{
        HubSpot, Options,
        pace::{Limit, Limits},
    },
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulator::hubspot::{Config, Control, Fault, Simulator, fault};

/// The simulator's clock at the start, in milliseconds.
const NOW: i64 = 1_790_000_000_000;

/// A simulator, and what a tenant's integration would store for it.
struct Account {
    simulator: Simulator,
    grant: Arc<Unstored>,
}

impl Account {
    async fn start() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let refresh_token = config.refresh_token.clone();
        let simulator = Simulator::start(config).await.unwrap();
        simulator.control().set_clock(Some(NOW));
        let grant = Grant::RefreshToken {
            refresh_token,
            client_secret: None,
        };
        let grant = Arc::new(Unstored::new(credentials(simulator.url(), grant)));
        Self { simulator, grant }
    }

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    fn crm(&self) -> Arc<dyn Crm> {
        self.crm_with(options())
    }

    fn crm_with(&self, options: Options) -> Arc<dyn Crm> {
        let access = CrmAccess {
            provider: Provider::HubSpot,
            credentials: self.grant.get(),
            renewal: Arc::clone(&self.grant) as _,
            fields: BTreeMap::new(),
        };
        HubSpot::connect(access, options).unwrap()
    }

    fn load(&self, object: &str, properties: Value) -> String {
        let properties = properties.as_object().unwrap();
        self.control().load(object, properties).unwrap()
    }

    fn edit(&self, object: &str, id: &str, properties: Value) {
        let properties = properties.as_object().unwrap();
        self.control().edit(object, id, properties).unwrap();
    }

    fn advance(&self, by: SignedDuration) {
        let now = self.control().now() + i64::try_from(by.as_millis()).unwrap();
        self.control().set_clock(Some(now));
    }

    fn spoil(&self, path: &str, times: u32, name: &str) {
        let fault = fault::named(name).unwrap();
        self.control().spoil(path, times, fault);
    }
}

fn credentials(url: &str, grant: Grant) -> Credentials {
    Credentials {
        login_url: url.to_owned(),
        instance_url: None,
        client_id: "client".to_owned(),
        grant,
        access_token: None,
        expires: None,
        scope: None,
    }
}

/// Returns options with short waits that allow the simulator's host.
fn options() -> Options {
    let client = ClientSettings {
        allow_loopback: true,
        clients: vec![Client {
            id: "client".to_owned(),
            secret: Some("secret".to_owned()),
        }],
        retry: Retry {
            tries: 4,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            longest_asked: Duration::from_secs(2),
            total: Duration::from_secs(10),
        },
        ..ClientSettings::default()
    };
    let fast = Limit {
        requests: 10_000,
        within: Duration::from_secs(1),
    };
    Options {
        limits: Limits {
            all: fast,
            searches: fast,
            left_to_others: 0,
        },
        ..Options::of(client)
    }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap()
}

/// Returns a window from a time to the simulator's present time.
fn since(account: &Account, from: Option<i64>) -> Window {
    Window {
        after: from.map(|from| Position {
            at: at(from),
            id: None,
        }),
        until: at(account.control().now()),
    }
}

/// Returns all items of a window, page by page, as the rules read them.
async fn items(crm: &dyn Crm, object: Object, window: &Window) -> Vec<Item> {
    let (mut all, mut window) = (Vec::new(), window.clone());
    let mut token: Option<PageToken> = None;
    loop {
        let ask = Changes {
            object,
            window: &window,
            resume: None,
            token: token.as_ref(),
            at_most: None,
        };
        let Answer::Page(page) = crm.changes(ask).await.unwrap() else {
            panic!("a token is lost");
        };
        all.extend(page.items);
        if page.reached.is_some() {
            assert!(page.reached >= window.after, "it went back");
            window.after = page.reached;
        }
        token = page.next;
        if token.is_none() {
            return all;
        }
    }
}

/// Returns live records by id, and panics at any bad item.
fn live(items: Vec<Item>) -> BTreeMap<String, Record> {
    let all = items.into_iter().filter_map(|item| match item {
        Item::Live(record) => Some((record.id.to_string(), record)),
        Item::Gone { .. } => None,
        Item::Bad { id, reason } => panic!("{id:?} is bad: {reason}"),
    });
    all.collect()
}

/// Returns the records that are gone, with their survivors.
fn gone(items: &[Item]) -> BTreeMap<String, Option<String>> {
    let all = items.iter().filter_map(|item| match item {
        Item::Gone { id, survivor } => {
            let survivor = survivor.as_ref().map(ToString::to_string);
            Some((id.to_string(), survivor))
        }
        _ => None,
    });
    all.collect()
}

async fn ids(crm: &dyn Crm, object: Object) -> Vec<String> {
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let page = crm.ids(object, token.as_ref()).await.unwrap();
        all.extend(page.ids.into_iter().map(|(id, _)| id.to_string()));
        token = page.next;
        if token.is_none() {
            return all;
        }
    }
}

fn stamp(millis: i64) -> String {
    at(millis).to_string()
}

fn id(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}
