//! Two tenants. Bad input always concerns the first one, and the second must never be affected.

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

use abgleich::{
    clock, ids,
    sync::{Fate, WorkContext, message},
};
use domain::{
    dispatch::whole,
    integration::{Credentials, Grant, Integration, Provider, Status},
    order::{Order, Rule},
    ports::{Comparing, Integrations, Keys, Ports, Runs},
    progress::Summary,
    record::Object,
    settings::Calendar,
    sync::SyncLimits,
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use futures::FutureExt;
use infra::{
    crm::{
        client::{ClientSettings, Retry},
        salesforce::{Options, Salesforce, settings::Poll},
    },
    memory::{MemoryCompanies, MemoryKeys, MemoryStore},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulator::salesforce::{Config, Control, Fault, FaultRule, Match, Simulator};
use tracing_subscriber::fmt::MakeWriter;

/// The number of Accounts and of Contacts of each tenant.
pub(super) const N: usize = 5;
/// More than the time between two runs.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// A person's name that must appear nowhere.
pub(super) const SECRET: &str = "Mustermann";

/// The log of this thread.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Two tenants with a simulated organisation each.
pub(super) struct World {
    simulators: Vec<Simulator>,
    store: MemoryStore,
    ports: Ports,
    n_days: AtomicI32,
    /// The orders of the last run.
    orders: Mutex<Vec<Order>>,
    log: Log,
    _logging: tracing::subscriber::DefaultGuard,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(u64::MAX).await
    }

    /// Makes a world. An object with at least `bulk_threshold` records is read in bulk.
    pub(super) async fn with(bulk_threshold: u64) -> Self {
        let log = Log::default();
        let logging = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        let (store, keys) = (MemoryStore::new(), MemoryKeys::new());
        let mut simulators = Vec::new();
        for tenant in ["acme", "globex"] {
            let simulator = Simulator::start(Config::default()).await.unwrap();
            for n in 0..N {
                for object in ["Account", "Contact"] {
                    put(
                        simulator.control(),
                        object,
                        &[("Description", json!(long(n)))],
                    );
                }
            }
            // The CRM's clock stands still except for the time that `run` lets pass.
            let crm = simulator.control();
            crm.set_clock(Some(crm.now()));
            let scope = scope(tenant);
            let integration = integration(&keys, &scope, simulator.url()).await;
            assert!(store.connect(&integration, None).await.unwrap());
            simulators.push(simulator);
        }
        let ports: Ports = Ports {
            store: Arc::new(store.clone()),
            keys: Arc::new(keys),
            companies: Arc::new(MemoryCompanies::new()),
            crm: Arc::new(move |access| Salesforce::connect(access, options(bulk_threshold))),
        };
        Self {
            simulators,
            store,
            ports,
            n_days: AtomicI32::new(0),
            orders: Mutex::default(),
            log,
            _logging: tracing::subscriber::set_default(logging),
        }
    }

    /// Returns the first tenant's CRM.
    pub(super) fn crm(&self) -> &Control {
        self.simulators[0].control()
    }

    /// Spoils some of the first tenant's answers about an object, beginning with the `nth`. With 0 times it spoils all of them.
    pub(super) fn spoil(&self, path: &str, object: &str, nth: u32, times: u32, fault: Fault) {
        let matches = Match {
            path: Some(path.to_owned()),
            object: Some(object.to_owned()),
            nth: Some(nth),
            ..Match::default()
        };
        self.crm().add_faults([FaultRule {
            matches,
            times,
            fault,
            seen: 0,
            struck: 0,
        }]);
    }

    /// Returns how many answers were spoilt so far.
    pub(super) fn n_spoilt(&self) -> u32 {
        self.crm().faults().iter().map(|rule| rule.struck).sum()
    }

    /// Does the day's runs of both tenants, each in one slice. Returns what became of their messages. Asserts that the
    /// second tenant's copy is complete.
    pub(super) async fn run(&self) -> Vec<Fate> {
        self.run_at(clock::now()).await
    }

    /// Does the next day's runs.
    pub(super) async fn run_again(&self) -> Vec<Fate> {
        let n = self.n_days.fetch_add(1, Ordering::Relaxed) + 1;
        self.run_at(clock::now() + DAY * n).await
    }

    async fn run_at(&self, now: Timestamp) -> Vec<Fate> {
        // A run reads up to the second in which it begins, and excludes that second.
        for simulator in &self.simulators {
            let crm = simulator.control();
            crm.set_clock(Some(crm.now() + 60_000));
        }
        let due = whole(
            &self.store,
            Rule::Daily,
            now,
            &Calendar::every(DAY / 2),
            &ids::random,
        )
        .await;
        let orders = due.unwrap().orders;
        assert_eq!(orders.len(), 2);
        self.orders.lock().unwrap().clone_from(&orders);
        let mut fates = Vec::new();
        for order in orders {
            fates.push(self.message(&delivered(&order).to_string()).await);
        }
        let other = self.summaries("globex").await;
        for object in Object::ALL {
            assert_eq!(
                verdict(&other[&object]),
                "VERIFIED",
                "{object} of the other tenant"
            );
        }
        assert!(!self.log().contains(SECRET), "{}", self.log());
        fates
    }

    /// Redelivers the first tenant's message.
    pub(super) async fn shown_again(&self) -> Fate {
        let is_first =
            |order: &&Order| matches!(order, Order::SyncDue(due) if due.scope == scope("acme"));
        let orders = self.orders.lock().unwrap().clone();
        let order = orders.iter().find(is_first).unwrap();
        self.message(&delivered(order).to_string()).await
    }

    /// Delivers one message of the queue.
    pub(super) async fn message(&self, body: &str) -> Fate {
        let settings = SyncLimits::default();
        let deadline = clock::now() + SignedDuration::from_mins(15);
        let given = WorkContext {
            ports: &self.ports,
            send: &|_| async { Ok(()) }.boxed(),
            settings: &settings,
            clock: &clock::now,
            holder: &ids::holder,
            deadline,
        };
        message(&given, body).await
    }

    /// Returns the summaries of a tenant's last run.
    pub(super) async fn summaries(&self, tenant: &str) -> BTreeMap<Object, Summary> {
        let progress = self.store.progress(&scope(tenant)).await.unwrap();
        let summaries = progress.into_iter();
        summaries
            .map(|progress| (progress.object, progress.summary))
            .collect()
    }

    /// Returns the verdicts of the first tenant's objects, except those that are VERIFIED.
    pub(super) async fn others_than_verified(&self) -> Vec<(Object, String)> {
        let summaries = self.summaries("acme").await.into_iter();
        summaries
            .map(|(object, summary)| (object, verdict(&summary)))
            .filter(|(_, verdict)| verdict != "VERIFIED")
            .collect()
    }

    /// Returns the ids of the first tenant's copy.
    pub(super) async fn held(&self, object: Object) -> Vec<String> {
        let listed = self.store.held(&scope("acme"), object, None).await.unwrap();
        assert!(listed.next.is_none());
        let mut ids: Vec<_> = listed
            .held
            .into_iter()
            .map(|held| held.id.to_string())
            .collect();
        ids.sort();
        ids
    }

    /// Returns the quarantined records: the place of each, and the reason.
    pub(super) fn quarantine(&self) -> Vec<String> {
        let quarantine = self.store.snapshot().quarantine.into_iter();
        quarantine
            .map(|(place, line)| format!("{place} {line}"))
            .collect()
    }

    pub(super) fn log(&self) -> String {
        String::from_utf8_lossy(&self.log.0.lock().unwrap()).into_owned()
    }
}

pub(super) fn verdict(summary: &Summary) -> String {
    let verdict = summary.verdict.as_ref();
    verdict.map_or("none".to_owned(), ToString::to_string)
}

/// Puts a record into a CRM. Returns its id.
pub(super) fn put(crm: &Control, object: &str, more: &[(&str, Value)]) -> String {
    let name = if object == "Account" {
        "Name"
    } else {
        "LastName"
    };
    let mut fields = vec![(name.to_owned(), json!(SECRET))];
    fields.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    crm.load(object, &fields.into_iter().collect()).unwrap()
}

/// Returns a text that fills most of a page, so that damage in the middle of the page hits it.
fn long(n: usize) -> String {
    format!("{n} ").repeat(100) + &"Lorem".repeat(400)
}

/// Returns an event as a rule of EventBridge delivers it to a queue.
pub(super) fn delivered(order: &Order) -> Value {
    json!({"detail-type": order.detail_type(), "source": "abgleich", "detail": order.detail().unwrap()})
}

pub(super) fn scope(tenant: &str) -> Scope {
    Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        integration: IntegrationId::parse("crm").unwrap(),
        generation: Generation(1),
    }
}

async fn integration(keys: &MemoryKeys, scope: &Scope, url: &str) -> Integration {
    let keys = keys.create(scope).await.unwrap();
    let credentials = Credentials {
        login_url: url.to_owned(),
        instance_url: None,
        client_id: "client".to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: Config::default().refresh_token,
            client_secret: None,
        },
        access_token: None,
        expires: None,
        scope: None,
    };
    Integration {
        scope: scope.clone(),
        provider: Provider::Salesforce,
        organisation: "00D000000000001AAA".to_owned(),
        status: Status::Connected,
        credentials: credentials.seal(&keys, scope).unwrap(),
        due: clock::now(),
        open_run: None,
        standstill: None,
        untold: Vec::new(),
        lease: None,
        settings: None,
    }
}

/// Returns options with short waits.
fn options(bulk_threshold: u64) -> Options {
    Options {
        bulk_threshold,
        client: ClientSettings {
            allow_loopback: true,
            now: clock::now,
            retry: Retry {
                tries: 3,
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
