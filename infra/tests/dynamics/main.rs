//! The Dynamics connector over its simulator: what the port's contract does not ask of every CRM.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that meets the unexpected should stop"
)]

mod creating;
mod grants;
mod reading;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    fault::Outcome,
    grant::Unstored,
    integration::{Credentials, Grant, Provider},
    ports::{Answer, Changes, Crm, CrmAccess, Page},
    progress::{PageToken, Position, Window},
    record::{Item, Object, RecordId},
};
use infra::crm::{
    client::{ClientSettings, Retry},
    dynamics::{Dynamics, Options},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::dynamics::{Config, Control, Simulator};

/// An environment, and the grant with which it is read.
pub(crate) struct World {
    pub(crate) simulator: Simulator,
    grant: Arc<Unstored>,
    options: Options,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default(), by_refresh_token).await
    }

    pub(crate) async fn with(config: Config, grant: fn(&Config) -> Grant) -> Self {
        let grant = grant(&config);
        let simulator = Simulator::start(config).await.unwrap();
        simulator.control().set_clock(Some(1_790_000_000_000));
        let grant = Arc::new(Unstored::new(Credentials {
            login_url: simulator.url().to_owned(),
            instance_url: Some(simulator.url().to_owned()),
            client_id: "client".to_owned(),
            grant,
            access_token: None,
            expires: None,
            scope: None,
        }));
        let client = ClientSettings {
            allow_loopback: true,
            retry: Retry {
                tries: 3,
                first: Duration::from_millis(1),
                longest: Duration::from_millis(4),
                longest_asked: Duration::from_secs(2),
                total: Duration::from_secs(10),
            },
            ..ClientSettings::default()
        };
        let options = Options {
            page: 5,
            id_page: 5,
            ..Options::of(client)
        };
        Self {
            simulator,
            grant,
            options,
        }
    }

    pub(crate) fn control(&self) -> &Control {
        self.simulator.control()
    }

    pub(crate) fn connect(&self) -> Arc<dyn Crm> {
        self.try_connect().unwrap()
    }

    pub(crate) fn try_connect(&self) -> Outcome<Arc<dyn Crm>> {
        let access = CrmAccess {
            provider: Provider::Dynamics,
            credentials: self.grant.get(),
            renewal: Arc::clone(&self.grant) as _,
            fields: BTreeMap::new(),
        };
        Dynamics::connect(access, self.options.clone())
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        let now = self.control().now() + i64::try_from(by.as_millis()).unwrap();
        self.control().set_clock(Some(now));
    }

    /// Makes a row, as a user would.
    pub(crate) fn make(&self, set: &str, columns: Value) -> RecordId {
        let columns = serde_json::from_value(columns).unwrap();
        let id = self.control().create(set, &columns).unwrap();
        RecordId::parse(&id).unwrap()
    }

    pub(crate) fn accounts(&self, n: usize) -> Vec<RecordId> {
        let made = (0..n).map(|n| self.make("accounts", json!({ "name": format!("Werk {n}") })));
        made.collect()
    }
}

pub(crate) fn by_refresh_token(config: &Config) -> Grant {
    Grant::RefreshToken {
        refresh_token: config.refresh_token.clone(),
        client_secret: Some("secret".to_owned()),
    }
}

pub(crate) fn by_itself(config: &Config) -> Grant {
    Grant::ClientCredentials {
        directory: Some(config.tenant_id.clone()),
    }
}

/// Everything that a window brought.
pub(crate) struct Read {
    pub(crate) live: Vec<RecordId>,
    pub(crate) gone: Vec<(RecordId, Option<RecordId>)>,
    pub(crate) resume: Option<PageToken>,
    pub(crate) is_short: bool,
    pub(crate) pages: usize,
}

/// Reads a window to its end. `None` if its end was forgotten.
pub(crate) async fn read(
    crm: &dyn Crm,
    object: Object,
    after: Option<Position>,
    resume: Option<&PageToken>,
) -> Option<Read> {
    let window = Window {
        after,
        until: crm.clock().await.unwrap(),
    };
    let mut read = Read {
        live: Vec::new(),
        gone: Vec::new(),
        resume: None,
        is_short: false,
        pages: 0,
    };
    let mut token: Option<PageToken> = None;
    loop {
        let ask = Changes {
            object,
            window: &window,
            resume,
            token: token.as_ref(),
            at_most: None,
        };
        let page: Page = match crm.changes(ask).await.unwrap() {
            Answer::Page(page) => page,
            Answer::ResumeLost => return None,
            Answer::TokenLost => panic!("no token is lost here"),
        };
        read.pages += 1;
        for item in page.items {
            match item {
                Item::Live(record) => read.live.push(record.id),
                Item::Gone { id, survivor } => read.gone.push((id, survivor)),
                Item::Bad { reason, .. } => panic!("{reason}"),
            }
        }
        (read.resume, read.is_short, token) = (page.resume, page.is_short, page.next);
        if token.is_none() {
            return Some(read);
        }
    }
}
