//! What whole runs ask of HubSpot, request by request. The rules run here with the real connector and a store in memory.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::{
    dispatch::whole,
    integration::{Integration, Status},
    order::{Order, Rule},
    ports::{Integrations, Keys, Ports},
    progress::{
        RunReport,
        Verdict::{self, Unproven, Verified},
    },
    settings::Calendar,
    sync::{Ended, Slice, SyncLimits, sync},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use infra::memory::{MemoryCompanies, MemoryKeys, MemoryStore};

use super::*;

/// A calendar with a run each day.
const DAILY: Calendar = Calendar::every(DAY);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The ids of objects up to this size are compared in each run.
const SMALL: u64 = 500;

/// An integration with its copy in memory.
struct Integrated {
    account: Account,
    ports: Ports,
    /// Our clock, in milliseconds.
    now: AtomicI64,
}

/// The requests of a run, as `count method template`.
type Asked = Vec<String>;

impl Integrated {
    async fn start() -> Self {
        let account = Account::start().await;
        let (store, keys) = (MemoryStore::new(), MemoryKeys::new());
        let scope = Scope {
            tenant: TenantId::parse("acme").unwrap(),
            integration: IntegrationId::parse("crm-1").unwrap(),
            generation: Generation(1),
        };
        let opened = keys.create(&scope).await.unwrap();
        let integration = Integration {
            provider: Provider::HubSpot,
            organisation: "25700001".to_owned(),
            status: Status::Connected,
            credentials: account.grant.get().seal(&opened, &scope).unwrap(),
            due: at(NOW),
            open_run: None,
            standstill: None,
            untold: Vec::new(),
            lease: None,
            settings: None,
            scope,
        };
        assert!(store.connect(&integration, None).await.unwrap());
        let ports: Ports = Ports {
            store: Arc::new(store),
            keys: Arc::new(keys),
            companies: Arc::new(MemoryCompanies::new()),
            crm: Arc::new(|access| HubSpot::connect(access, options())),
        };
        Self {
            account,
            ports,
            now: AtomicI64::new(NOW),
        }
    }

    fn clock(&self) -> Timestamp {
        at(self.now.load(Ordering::SeqCst))
    }

    /// Advances both clocks.
    fn pass(&self, time: SignedDuration) {
        self.account.advance(time);
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.now.fetch_add(millis, Ordering::SeqCst);
    }

    /// Runs once, a day after the last run. Returns the report, and what HubSpot was asked.
    async fn run(&self) -> (RunReport, Asked) {
        self.pass(DAY);
        self.account.control().reset_requests();
        let store = &*self.ports.store;
        let due = whole(store, Rule::Daily, self.clock(), &DAILY, &|| 7);
        let mut orders = due.await.unwrap().orders;
        let Some(Order::SyncDue(due)) = orders.pop() else {
            panic!("no run is due");
        };
        let settings = SyncLimits {
            compare_ids_up_to: SMALL,
            ..SyncLimits::default()
        };
        let slice = Slice {
            ports: &self.ports.for_sync(),
            due: &due,
            holder: due.run.to_string(),
            deadline: self.clock() + SignedDuration::from_mins(15),
            clock: &|| self.clock(),
            settings: &settings,
        };
        let Ended::Finished { report, .. } = Box::pin(sync(slice)).await.unwrap() else {
            panic!("the run did not end in one slice");
        };
        let entries = self.account.control().requests().into_iter();
        let asked = entries.map(|one| format!("{} {} {}", one.count, one.method, one.template));
        (report, asked.collect())
    }
}

fn verdicts(report: &RunReport) -> Vec<Verdict> {
    let verdicts = report.objects.iter();
    verdicts
        .map(|(_, summary)| summary.verdict.clone().unwrap())
        .collect()
}

/// Returns the number of requests of a later run, without those that compare all ids and all parents.
fn without_comparison(asked: &Asked) -> u64 {
    let compares = |line: &str| {
        let lists_live = line.contains("GET /crm/objects/") && !line.ends_with("?archived=true");
        lists_live || line.contains("/crm/associations/")
    };
    let n = |line: &String| line.split_once(' ').unwrap().0.parse::<u64>().unwrap();
    asked.iter().filter(|line| !compares(line)).map(n).sum()
}

#[tokio::test]
async fn a_run_asks_nothing_that_brings_nothing_new() {
    const COMPANIES: i64 = 2_000;
    let there = Integrated::start().await;
    let mut companies = Vec::new();
    for n in 0..COMPANIES {
        companies.push(there.account.load(
            "companies",
            json!({ "name": format!("Werk {n}"), "hs_lastmodifieddate": stamp(NOW - 3_600_000 + n) }),
        ));
    }
    there
        .account
        .load("contacts", json!({ "lastname": "Muster" }));
    let deal =
        json!({ "dealname": "Halls", "dealstage": "appointmentscheduled", "pipeline": "default" });
    there.account.load("deals", deal);

    // Beside one description of each object: the lists, the recycle bins of the objects that have records, and the count of the large
    // one. The small ones are listed a second time to compare their ids.
    let (report, asked) = there.run().await;
    let all = [Unproven, Verified, Verified, Verified, Verified];
    assert_eq!(verdicts(&report), all);
    let first = [
        "20 GET /crm/objects/companies",
        "1 GET /crm/objects/companies?archived=true",
        "2 GET /crm/objects/contacts",
        "1 GET /crm/objects/contacts?archived=true",
        "2 GET /crm/objects/deals",
        "1 GET /crm/objects/deals?archived=true",
        "2 GET /crm/objects/leads",
        "2 GET /crm/objects/tasks",
        "1 GET /crm/properties/companies",
        "1 GET /crm/properties/contacts",
        "1 GET /crm/properties/deals",
        "1 GET /crm/properties/leads",
        "1 GET /crm/properties/tasks",
        "1 POST /crm/objects/companies/search",
        "1 POST /oauth/token",
    ];
    assert_eq!(asked, first);

    // The companies are searched and counted, and the other objects are searched. The one deal is asked for its parents.
    let (report, asked) = there.run().await;
    assert_eq!(verdicts(&report), all);
    let mut daily = vec![
        "1 GET /crm/objects/companies?archived=true",
        "1 GET /crm/objects/contacts",
        "1 GET /crm/objects/contacts?archived=true",
        "1 GET /crm/objects/deals",
        "1 GET /crm/objects/deals?archived=true",
        "1 GET /crm/objects/leads",
        "1 GET /crm/objects/tasks",
        "1 GET /crm/properties/companies",
        "1 GET /crm/properties/contacts",
        "1 GET /crm/properties/deals",
        "1 GET /crm/properties/leads",
        "1 GET /crm/properties/tasks",
        "1 POST /crm/associations/deals/companies/batch/read",
        "1 POST /crm/associations/deals/contacts/batch/read",
        "2 POST /crm/objects/companies/search",
        "1 POST /crm/objects/contacts/search",
        "1 POST /crm/objects/deals/search",
        "1 POST /crm/objects/leads/search",
        "1 POST /crm/objects/tasks/search",
    ];
    assert_eq!(asked, daily);
    assert_eq!(without_comparison(&asked), 14);

    for id in companies.iter().step_by(100) {
        there
            .account
            .edit("companies", id, json!({ "city": "Neustadt" }));
        there.pass(SignedDuration::from_secs(1));
    }
    let (report, asked) = there.run().await;
    assert_eq!(report.objects[0].1.written, 20);
    daily.insert(14, "1 POST /crm/objects/companies/batch/read");
    assert_eq!(asked, daily);
    assert_eq!(without_comparison(&asked), 15);
}

#[tokio::test]
async fn the_time_is_requested_only_until_a_response_has_told_it() {
    let account = Account::start().await;
    let crm = account.crm();
    assert_eq!(crm.usage().clock, None);
    for n in [1, 1] {
        let now = domain::crm_time::now(&*crm).await.unwrap();
        assert!(now >= at(NOW - 1_000) && now < at(NOW + 30_000), "{now}");
        assert_eq!(account.control().count_requests("/account-info"), n);
    }
    let told = account.crm();
    told.describe(Object::Task).await.unwrap();
    domain::crm_time::now(&*told).await.unwrap();
    assert_eq!(account.control().count_requests("/account-info"), 1);
}
