//! The Salesforce connector over its simulator.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    grant::Unstored,
    integration::{Credentials, Grant, Provider},
    ports::{Crm, CrmAccess, Draft},
    record::{Object, RecordId},
};
use infra::crm::{
    client::{ClientSettings, Retry},
    salesforce::{Options, Salesforce, settings::Poll},
};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use simulator::salesforce::{Config, Control, DuplicateRule, Fault, Simulator, fault};

use super::{memory::drafted, stage::Stage};

/// The smallest page that Salesforce makes over REST.
const REST_PAGE: u32 = 200;
const BULK_PAGE: u32 = 5;

struct Org {
    simulator: Simulator,
    grant: Arc<Unstored>,
    options: Options,
    page: usize,
}

pub(crate) async fn by_rest() -> Box<dyn Stage> {
    let options = Options {
        rest_page: REST_PAGE,
        // Only one stage has external ids. On the other one a lost answer is looked up by the fields that were sent.
        external_id_field: Some("External_Id__c".to_owned()),
        ..options()
    };
    start(options, REST_PAGE).await
}

pub(crate) async fn in_bulk() -> Box<dyn Stage> {
    let options = Options {
        bulk_threshold: 1,
        bulk_page: BULK_PAGE,
        ..options()
    };
    start(options, BULK_PAGE).await
}

async fn start(options: Options, page: u32) -> Box<dyn Stage> {
    let simulator = Simulator::start(Config::default()).await.unwrap();
    simulator.control().set_clock(Some(1_790_000_000_000));
    let grant = Arc::new(Unstored::new(Credentials {
        login_url: simulator.url().to_owned(),
        instance_url: None,
        client_id: "client".to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: Config::default().refresh_token,
            client_secret: None,
        },
        access_token: None,
        expires: None,
        scope: None,
    }));
    let page = usize::try_from(page).unwrap();
    Box::new(Org {
        simulator,
        grant,
        options,
        page,
    })
}

/// Returns options with short waits.
fn options() -> Options {
    Options {
        client: ClientSettings {
            allow_loopback: true,
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

impl Org {
    fn control(&self) -> &Control {
        self.simulator.control()
    }

    fn spoil(&self, path: &str, times: u32, fault: Fault) {
        self.control().spoil(path, times, fault);
    }
}

/// Returns the fields that a user would fill in.
fn fields(object: Object, name: &str) -> Value {
    match object {
        Object::Account => json!({ "Name": name }),
        Object::Contact => json!({ "LastName": name }),
        Object::Lead => json!({ "LastName": name, "Company": "Werk GmbH" }),
        Object::Task => json!({ "Subject": name }),
        Object::Opportunity => {
            json!({ "Name": name, "StageName": "New", "CloseDate": "2026-12-01" })
        }
    }
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

impl Stage for Org {
    fn connect(&self) -> Arc<dyn Crm> {
        let access = CrmAccess {
            provider: Provider::Salesforce,
            credentials: self.grant.get(),
            renewal: Arc::clone(&self.grant) as _,
            fields: BTreeMap::new(),
        };
        Salesforce::connect(access, self.options.clone()).unwrap()
    }

    fn page(&self) -> usize {
        self.page
    }

    fn advance(&self, by: SignedDuration) {
        let now = self.control().now() + i64::try_from(by.as_millis()).unwrap();
        self.control().set_clock(Some(now));
    }

    fn make(&self, object: Object, name: &str) -> RecordId {
        let made = self
            .control()
            .create(object.name(), &map(fields(object, name)));
        RecordId::parse(&made.unwrap()).unwrap()
    }

    fn rename(&self, object: Object, id: &RecordId, name: &str) {
        let fields = map(fields(object, name));
        self.control()
            .edit(object.name(), id.as_str(), &fields)
            .unwrap();
    }

    fn make_late(&self, object: Object, name: &str, late: SignedDuration) -> RecordId {
        let id = self.make(object, name);
        let until = self.control().now() + i64::try_from(late.as_millis()).unwrap();
        self.control()
            .hold(object.name(), id.as_str(), Some(until))
            .unwrap();
        id
    }

    fn delete(&self, object: Object, id: &RecordId) {
        self.control()
            .soft_delete(object.name(), id.as_str(), false)
            .unwrap();
    }

    fn delete_for_good(&self, object: Object, id: &RecordId) {
        self.control()
            .hard_delete(object.name(), id.as_str())
            .unwrap();
    }

    fn restore(&self, object: Object, id: &RecordId) {
        self.control().undelete(object.name(), id.as_str()).unwrap();
    }

    fn merge(&self, object: Object, loser: &RecordId, survivor: &RecordId) -> RecordId {
        let (winner, loser) = (survivor.as_str(), loser.as_str());
        self.control().merge(object.name(), winner, loser).unwrap();
        survivor.clone()
    }

    fn lose_tokens(&self) -> bool {
        self.control().drop_locators();
        self.control().drop_jobs();
        true
    }

    fn purge_deletions(&self) {
        let now = self.control().now();
        self.control().purge_deletion_log(now + 1);
    }

    fn end_access_tokens(&self) {
        self.control().expire_access_tokens();
    }

    fn throttle(&self, n: u32) {
        let fault = fault::named("limit_429").unwrap();
        self.spoil("/services/data", n, fault);
    }

    fn trouble(&self, n: u32) {
        let fault = fault::named("unavailable_503").unwrap();
        self.spoil("/services/data", n, fault);
    }

    fn use_up_quota(&self) {
        self.control().set_usage(1_000, Some(1_000));
    }

    fn take_grant_back(&self) {
        self.control().revoke_grant();
    }

    fn take_away(&self, object: Object) {
        let fault = Fault::Error {
            status: 404,
            code: "NOT_FOUND".to_owned(),
            message: "The requested resource does not exist".to_owned(),
            retry_after: None,
        };
        self.spoil(&format!("/sobjects/{object}"), 0, fault);
    }

    fn lose_next_answer(&self) {
        self.spoil("/composite/sobjects", 1, Fault::AnswerLost);
    }

    fn refuse_duplicates(&self) {
        let rule = DuplicateRule {
            object: Object::Account.name().to_owned(),
            fields: vec!["Name".to_owned()],
            block: false,
        };
        self.control().set_duplicate_rules(vec![rule]);
    }

    fn draft(&self, object: Object, name: &str) -> Draft {
        drafted(object, fields(object, name))
    }

    fn n_records(&self, object: Object) -> usize {
        self.control().counts()[object.name()].live
    }
}
