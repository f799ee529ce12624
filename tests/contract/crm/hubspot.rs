//! The HubSpot connector over its simulator.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    grant::Unstored,
    integration::{Credentials, Grant, Provider},
    ports::{Crm, CrmAccess, Draft},
    record::{Object, RecordId},
};
use infra::crm::{
    client::{ClientSettings, Retry},
    hubspot::{
        HubSpot, Options,
        pace::{Limit, Limits},
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::hubspot::{Config, Control, Fault, FaultRule, Match, Simulator, fault};

use super::{memory::drafted, stage::Stage};

const PAGE: u32 = 5;

struct Account {
    simulator: Simulator,
    grant: Arc<Unstored>,
    /// Whether the result of a merge has a new id.
    merges_anew: bool,
}

pub(crate) async fn account(merges_anew: bool) -> Box<dyn Stage> {
    let simulator = Simulator::start(Config::default()).await.unwrap();
    simulator.control().set_clock(Some(1_790_000_000_000));
    let grant = Arc::new(Unstored::new(Credentials {
        login_url: simulator.url().to_owned(),
        instance_url: None,
        client_id: "client".to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: Config::default().refresh_token,
            client_secret: Some("secret".to_owned()),
        },
        access_token: None,
        expires: None,
        scope: None,
    }));
    Box::new(Account {
        simulator,
        grant,
        merges_anew,
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
    let fast = Limit {
        requests: 10_000,
        within: Duration::from_secs(1),
    };
    Options {
        search_page: PAGE,
        list_page: PAGE,
        limits: Limits {
            all: fast,
            searches: fast,
            left_to_others: 0,
        },
        ..Options::of(client)
    }
}

impl Account {
    fn control(&self) -> &Control {
        self.simulator.control()
    }

    fn spoil(&self, path: &str, times: u32, fault: Fault) {
        self.control().spoil(path, times, fault);
    }

    /// Spoils every request to the API, and none for tokens.
    fn spoil_api(&self, times: u32, name: &str) {
        let fault = fault::named(name).unwrap();
        for path in ["/crm", "/account-info"] {
            self.spoil(path, times, fault.clone());
        }
    }
}

fn of(object: Object) -> &'static str {
    match object {
        Object::Account => "companies",
        Object::Contact => "contacts",
        Object::Lead => "leads",
        Object::Task => "tasks",
        Object::Opportunity => "deals",
    }
}

/// Returns the fields that a user would fill in.
fn fields(object: Object, name: &str) -> Value {
    match object {
        Object::Account => json!({ "name": name }),
        Object::Contact => json!({ "lastname": name }),
        Object::Lead => json!({ "hs_lead_name": name }),
        Object::Task => json!({ "hs_task_subject": name, "hs_timestamp": "2026-12-01T09:00:00Z" }),
        Object::Opportunity => {
            json!({ "dealname": name, "dealstage": "appointmentscheduled", "pipeline": "default" })
        }
    }
}

fn properties(value: Value) -> simulator::hubspot::control::Properties {
    serde_json::from_value(value).unwrap()
}

impl Stage for Account {
    fn connect(&self) -> Arc<dyn Crm> {
        let access = CrmAccess {
            provider: Provider::HubSpot,
            credentials: self.grant.get(),
            renewal: Arc::clone(&self.grant) as _,
            fields: BTreeMap::new(),
        };
        HubSpot::connect(access, options()).unwrap()
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
            .create(of(object), &properties(fields(object, name)), &[]);
        RecordId::parse(&made.unwrap()).unwrap()
    }

    fn rename(&self, object: Object, id: &RecordId, name: &str) {
        let fields = properties(fields(object, name));
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
        self.control().archive(of(object), id.as_str()).unwrap();
    }

    fn delete_for_good(&self, object: Object, id: &RecordId) {
        self.control().purge(of(object), id.as_str()).unwrap();
    }

    fn restore(&self, object: Object, id: &RecordId) {
        self.control().restore(of(object), id.as_str()).unwrap();
    }

    fn merge(&self, object: Object, loser: &RecordId, survivor: &RecordId) -> RecordId {
        let (survivor, loser) = (survivor.as_str(), loser.as_str());
        let merged = self
            .control()
            .merge(of(object), survivor, loser, self.merges_anew);
        let merged = merged.unwrap();
        assert_eq!(merged != survivor, self.merges_anew);
        RecordId::parse(&merged).unwrap()
    }

    fn associate(&self, object: Object, id: &RecordId, parents: &[RecordId]) {
        let (control, child) = (self.control(), (of(object), id.as_str()));
        for company in control.associated(child, "companies").unwrap() {
            control.dissociate(child, ("companies", &company)).unwrap();
        }
        for (n, company) in parents.iter().enumerate() {
            control
                .associate(child, ("companies", company.as_str()), n == 0)
                .unwrap();
        }
    }

    fn hide(&self, object: Object, id: &RecordId) {
        self.control().hold(of(object), id.as_str(), None).unwrap();
    }

    /// Tokens are positions. HubSpot stores nothing for them.
    fn lose_tokens(&self) -> bool {
        false
    }

    fn purge_deletions(&self) {
        for object in Object::ALL {
            let all = self.control().ids(of(object), true).unwrap();
            let live = self.control().ids(of(object), false).unwrap();
            for id in all.iter().filter(|id| !live.contains(id)) {
                self.control().purge(of(object), id).unwrap();
            }
        }
    }

    fn end_access_tokens(&self) {
        self.control().expire_access_tokens();
    }

    fn throttle(&self, n: u32) {
        let fault = Fault::Error {
            status: 429,
            code: "RATE_LIMITS".to_owned(),
            message: "You have reached your limit.".to_owned(),
            retry_after: None,
        };
        for path in ["/crm", "/account-info"] {
            self.spoil(path, n, fault.clone());
        }
    }

    fn trouble(&self, n: u32) {
        self.spoil_api(n, "unavailable_503");
    }

    fn use_up_quota(&self) {
        self.spoil_api(0, "limit_daily");
    }

    fn take_grant_back(&self) {
        self.control().revoke_grant(false);
    }

    fn take_away(&self, object: Object) {
        assert_eq!(object, Object::Lead, "only leads may be missing");
        self.control().set_sales_hub(false);
    }

    fn lose_next_answer(&self) {
        for path in ["/crm/objects/companies", "/crm/objects/deals"] {
            let matches = Match {
                path: Some(path.to_owned()),
                method: Some("POST".to_owned()),
                ..Match::default()
            };
            self.control().add_faults([FaultRule {
                matches,
                times: 1,
                fault: Fault::AnswerLost,
                seen: 0,
                struck: 0,
            }]);
        }
    }

    fn refuse_duplicates(&self) {
        self.control()
            .add_property("companies", "name", &["unique"])
            .unwrap();
    }

    fn draft(&self, object: Object, name: &str) -> Draft {
        drafted(object, fields(object, name))
    }

    fn n_records(&self, object: Object) -> usize {
        self.control().counts()[of(object)].live
    }
}
