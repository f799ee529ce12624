//! A process is killed at each request to HubSpot in turn, once before the request took effect and once after it. Whoever goes on
//! comes to the same end. The rules' own tests do this at each call of the ports. Here it is each request that the connector sends.

mod creation;
mod removal;
mod run;

use std::{
    cell::Cell,
    io::{Cursor, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{
    import::{Import, Limits as ImportLimits, import},
    integration::{Integration, Status, Which},
    ports::{Integrations, Keys, Ports, Version},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use infra::memory::{MemoryCompanies, MemoryKeys, MemoryStore};
use tokio::runtime::{Builder, Runtime};

use super::*;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The time limit of a slice.
const SLICE: SignedDuration = SignedDuration::from_mins(15);

thread_local! {
    /// Our clock. Each test has a thread, in which all its processes run.
    static CLOCK: Cell<i64> = const { Cell::new(NOW) };
}

fn now() -> Timestamp {
    at(CLOCK.get())
}

/// Advances our clock, but not HubSpot's.
fn wait(time: SignedDuration) {
    CLOCK.set(CLOCK.get() + i64::try_from(time.as_millis()).unwrap());
}

/// How the request ends at which the process is killed: it never took effect, or it did and was not answered.
fn endings() -> [Fault; 2] {
    let delay_ms = 3_600_000;
    [Fault::Slow { delay_ms }, Fault::Silence]
}

/// An account, and the tenant's side of it in memory.
struct House {
    account: Account,
    store: MemoryStore,
    keys: MemoryKeys,
    ports: Ports,
    scope: Scope,
    n_holders: AtomicU64,
    /// Where the simulator lives. Each process has a runtime of its own, which ends with it.
    _runtime: Runtime,
}

impl House {
    /// A connected house with page sizes that need several requests.
    fn new(mut options: Options) -> Self {
        options.client.now = now;
        CLOCK.set(NOW);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let (account, store, keys, companies, scope) = runtime.block_on(async {
            let account = Account::start().await;
            let (keys, scope) = (MemoryKeys::new(), scope());
            let store = MemoryStore::with_page_size(4);
            let companies = MemoryCompanies::new();
            import(Import {
                companies: &companies,
                open: &|| Ok(Box::new(Cursor::new(COMPANIES)) as Box<dyn Read + Send>),
                version: &Version("v1".to_owned()),
                deadline: at(NOW + 900_000),
                clock: &|| at(NOW),
                limits: ImportLimits::default(),
            })
            .await
            .unwrap();
            let made = keys.create(&scope).await.unwrap();
            let integration = Integration {
                scope: scope.clone(),
                provider: Provider::HubSpot,
                organisation: Config::default().hub_id.to_string(),
                status: Status::Connected,
                credentials: account.grant.get().seal(&made, &scope).unwrap(),
                due: at(NOW),
                open_run: None,
                standstill: None,
                untold: Vec::new(),
                lease: None,
                settings: None,
            };
            assert!(store.connect(&integration, None).await.unwrap());
            (account, store, keys, companies, scope)
        });
        let ports: Ports = Ports {
            store: Arc::new(store.clone()),
            keys: Arc::new(keys.clone()),
            companies: Arc::new(companies),
            crm: Arc::new(move |access| HubSpot::connect(access, options.clone())),
        };
        Self {
            account,
            store,
            keys,
            ports,
            scope,
            n_holders: AtomicU64::new(0),
            _runtime: runtime,
        }
    }

    /// Advances our clock and HubSpot's.
    fn pass(&self, time: SignedDuration) {
        wait(time);
        self.account.advance(time);
    }

    fn holder(&self) -> String {
        format!("process-{}", self.n_holders.fetch_add(1, Ordering::SeqCst))
    }

    fn which(&self) -> Which {
        Which {
            tenant: self.scope.tenant.clone(),
            integration: self.scope.integration.clone(),
        }
    }

    /// Spoils the `n`-th request from now on, whatever it is.
    fn spoil(&self, n: u32, fault: Fault) {
        self.account.control().spoil_nth("/", n, 1, fault);
    }

    /// Whether the request at which the process has to be killed was sent, and took effect if it is one that does. Other faults kill nobody.
    fn is_struck(&self, silent_before: u64) -> bool {
        let faults = self.account.control().faults();
        let mut struck = faults.iter().filter(|rule| rule.struck > 0);
        struck.any(|rule| match rule.fault {
            Fault::Slow { .. } => true,
            Fault::Silence => self.n_silent() > silent_before,
            _ => false,
        })
    }

    /// The number of requests that took effect and got no answer.
    fn n_silent(&self) -> u64 {
        let log = self.account.control().requests();
        log.iter()
            .filter(|entry| entry.status == 0)
            .map(|entry| entry.count)
            .sum()
    }

    /// Runs a process until it ends, or until it is killed at the spoilt request. `None` if it was killed.
    fn process<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let silent_before = self.n_silent();
        let killed = async {
            while !self.is_struck(silent_before) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let ended = runtime.block_on(async {
            tokio::select! {
                ended = work => Some(ended),
                () = killed => None,
            }
        });
        // Tasks that the process had begun end with it.
        drop(runtime);
        self.account.control().clear_faults();
        ended
    }

    /// The number of requests so far.
    fn n_requests(&self) -> u32 {
        u32::try_from(self.account.control().count_requests("/")).unwrap()
    }
}

const COMPANIES: &str = "id,name,zip,city,domain\n1,Werk 1 GmbH,10115,Berlin,werk1.example\n2,Werk 2 GmbH,20095,Hamburg,werk2.example\n";

fn scope() -> Scope {
    Scope {
        tenant: TenantId::parse("acme").unwrap(),
        integration: IntegrationId::parse("hubspot").unwrap(),
        generation: Generation(1),
    }
}

/// Small pages, so that each object needs several requests.
fn small_pages() -> Options {
    Options {
        list_page: 3,
        search_page: 3,
        ..options()
    }
}
