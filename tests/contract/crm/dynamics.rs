//! The Dynamics connector over its simulator.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{
    grant::Unstored,
    integration::{Credentials, Grant, Provider},
    ports::{Crm, CrmAccess, Draft},
    record::{Object, RecordId},
};
use infra::crm::{
    client::{ClientSettings, Retry},
    dynamics::{Dynamics, Options},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::dynamics::{
    Config, Control, Fault, FaultRule, Line, Match, Simulator, control::Columns, fault,
};

use super::{memory::drafted, stage::Stage};

const PAGE: u32 = 5;

/// The paths of the API, without those of logins.
const API: &str = "/api/data";

struct Environment {
    simulator: Simulator,
    grant: Arc<Unstored>,
    /// Records that were deleted, by their ids. Restoring one gives it back the id that it had.
    deleted: Mutex<BTreeMap<RecordId, Columns>>,
}

pub(crate) async fn environment() -> Box<dyn Stage> {
    let simulator = Simulator::start(Config::default()).await.unwrap();
    simulator.control().set_clock(Some(1_790_000_000_000));
    let grant = Arc::new(Unstored::new(Credentials {
        login_url: simulator.url().to_owned(),
        instance_url: Some(simulator.url().to_owned()),
        client_id: "client".to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: Config::default().refresh_token,
            client_secret: Some("secret".to_owned()),
        },
        access_token: None,
        expires: None,
        scope: None,
    }));
    Box::new(Environment {
        simulator,
        grant,
        deleted: Mutex::default(),
    })
}

/// Returns options with short waits and small pages.
fn options() -> Options {
    let client = ClientSettings {
        allow_loopback: true,
        retry: Retry {
            tries: 4,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            longest_asked: Duration::from_secs(2),
            total: Duration::from_secs(10),
        },
        ..ClientSettings::default()
    };
    Options {
        page: PAGE,
        id_page: PAGE,
        ..Options::of(client)
    }
}

impl Environment {
    fn control(&self) -> &Control {
        self.simulator.control()
    }
}

fn of(object: Object) -> &'static str {
    match object {
        Object::Account => "accounts",
        Object::Contact => "contacts",
        Object::Lead => "leads",
        Object::Task => "tasks",
        Object::Opportunity => "opportunities",
    }
}

/// Returns the columns that a user would fill in.
fn fields(object: Object, name: &str) -> Value {
    match object {
        Object::Account | Object::Opportunity => json!({ "name": name }),
        Object::Contact => json!({ "lastname": name }),
        Object::Lead => json!({ "lastname": name, "subject": "Anfrage" }),
        Object::Task => json!({ "subject": name }),
    }
}

fn columns(value: Value) -> Columns {
    serde_json::from_value(value).unwrap()
}

impl Stage for Environment {
    fn connect(&self) -> Arc<dyn Crm> {
        let access = CrmAccess {
            provider: Provider::Dynamics,
            credentials: self.grant.get(),
            renewal: Arc::clone(&self.grant) as _,
            fields: BTreeMap::new(),
        };
        Dynamics::connect(access, options()).unwrap()
    }

    fn page(&self) -> usize {
        usize::try_from(PAGE).unwrap()
    }

    fn advance(&self, by: SignedDuration) {
        let now = self.control().now() + i64::try_from(by.as_millis()).unwrap();
        self.control().set_clock(Some(now));
    }

    fn make(&self, object: Object, name: &str) -> RecordId {
        let made = self
            .control()
            .create(of(object), &columns(fields(object, name)));
        RecordId::parse(&made.unwrap()).unwrap()
    }

    fn rename(&self, object: Object, id: &RecordId, name: &str) {
        let fields = columns(fields(object, name));
        self.control()
            .edit(of(object), id.as_str(), &fields)
            .unwrap();
    }

    fn make_late(&self, object: Object, name: &str, late: SignedDuration) -> RecordId {
        let id = self.make(object, name);
        let until = self.control().now() + i64::try_from(late.as_millis()).unwrap();
        self.control()
            .hold(of(object), id.as_str(), Some(until))
            .unwrap();
        id
    }

    fn delete(&self, object: Object, id: &RecordId) {
        let name = self.control().get(of(object), id.as_str()).unwrap();
        let kept = name.into_iter();
        let kept = kept.filter(|(column, _)| fields(object, "").get(column).is_some());
        self.deleted
            .lock()
            .unwrap()
            .insert(id.clone(), kept.collect());
        self.control().delete(of(object), id.as_str()).unwrap();
    }

    /// There is no bin.
    fn delete_for_good(&self, object: Object, id: &RecordId) {
        self.delete(object, id);
    }

    fn restore(&self, object: Object, id: &RecordId) {
        let columns = self.deleted.lock().unwrap().remove(id).unwrap();
        let line = Line {
            object: of(object).to_owned(),
            id: Some(id.as_str().to_owned()),
            columns,
        };
        self.control().load_line(&line).unwrap();
    }

    fn merge(&self, object: Object, loser: &RecordId, survivor: &RecordId) -> RecordId {
        let merged = self
            .control()
            .merge(of(object), survivor.as_str(), loser.as_str());
        merged.unwrap();
        survivor.clone()
    }

    /// Links are positions. Dataverse stores nothing for them.
    fn lose_tokens(&self) -> bool {
        false
    }

    fn lose_resumes(&self) {
        self.control().change_metadata();
    }

    fn purge_deletions(&self) {
        panic!("there is no list of deletions");
    }

    fn end_access_tokens(&self) {
        self.control().expire_access_tokens();
    }

    fn throttle(&self, n: u32) {
        let fault = Fault::Error {
            status: 429,
            code: "0x80072322".to_owned(),
            message: "Number of requests exceeded the limit.".to_owned(),
            retry_after: None,
        };
        self.control().spoil(API, n, fault);
    }

    fn trouble(&self, n: u32) {
        let fault = fault::named("unavailable_503").unwrap();
        self.control().spoil(API, n, fault);
    }

    /// There is no quota of a day. A limit that wants a long quiet is the next to it.
    fn use_up_quota(&self) {
        let fault = Fault::Error {
            status: 429,
            code: "0x80072321".to_owned(),
            message: "Combined execution time exceeded the limit.".to_owned(),
            retry_after: Some(300),
        };
        self.control().spoil(API, 0, fault);
    }

    fn take_grant_back(&self) {
        self.control().revoke_grant();
        self.control().expire_access_tokens();
    }

    fn take_away(&self, object: Object) {
        assert_eq!(object, Object::Lead, "only Sales may be missing");
        self.control().set_sales(false);
    }

    fn lose_next_answer(&self) {
        self.control().add_faults([FaultRule {
            matches: Match {
                path: Some(API.to_owned()),
                method: Some("PATCH".to_owned()),
                ..Match::default()
            },
            times: 1,
            fault: Fault::AnswerLost,
            seen: 0,
            struck: 0,
        }]);
    }

    fn refuse_duplicates(&self) {
        self.control().set_duplicate_rules(true);
    }

    fn draft(&self, object: Object, name: &str) -> Draft {
        drafted(object, fields(object, name))
    }

    fn n_records(&self, object: Object) -> usize {
        self.control().counts()[of(object)].live
    }
}
