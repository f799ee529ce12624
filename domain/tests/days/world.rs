//! The stores, the integrations in them, and the time.

use std::{
    sync::{Arc, Mutex, atomic::AtomicBool},
    time::Duration,
};

use domain::{
    allowance::{Allowance, Limit},
    integration::{Credentials, Grant, Integration, Provider, Status},
    ports::{Around, ConnectCrm, Integrations, Keys, Ports, SyncStore},
    record::{Object, RecordId},
    settings::Calendar,
    sync::SyncLimits,
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use infra::memory::{MemoryCompanies, MemoryCrm, MemoryKeys, MemoryStore, Pages};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{
    meter::{Changes, Distant, Meter, Reading, Slow},
    plan::Plan,
    tally::Tally,
};

/// The tenant with first readings.
const GREEDY: &str = "greedy";

/// The stores, the integrations in them, and the time.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) meter: Meter,
    pub(crate) tally: Mutex<Tally>,
    pub(crate) calendar: Calendar,
    pub(crate) limits: SyncLimits,
    pub(crate) reading: Arc<Reading>,
    keys: Arc<MemoryKeys>,
    crm: MemoryCrm,
    /// The CRMs of the first readings, by the number of the integration.
    firsts: Vec<MemoryCrm>,
    began: Instant,
}

impl World {
    pub(crate) async fn of(plan: Plan) -> Self {
        let store = Arc::new(MemoryStore::new());
        let keys = Arc::new(MemoryKeys::new());
        let calendar = Calendar {
            interval: SignedDuration::from_hours(20),
            spread: plan.spread,
        };
        for n in 0..plan.integrations {
            // Where runs are spread, each has its hour already.
            let due = plan
                .spread
                .map_or(at(0), |_| calendar.next_run(None, &scope(n), at(-1)));
            let made = integration(&keys, &scope(n), due).await;
            assert!(store.connect(&made, None).await.unwrap());
        }
        let mut firsts = Vec::new();
        let (mut n_firsts, mut allowance) = (0, Allowance::default());
        if let Some(first) = &plan.first {
            n_firsts = first.integrations;
            allowance.0.insert(Limit::Slices, first.most_slices);
            for n in 0..n_firsts {
                let due = at(0).checked_add(SignedDuration::from_hours(25)).unwrap();
                let made = integration(&keys, &greedy(n), due).await;
                assert!(store.connect(&made, None).await.unwrap());
                let crm = MemoryCrm::new(at(-1), Pages::Ordered, 1);
                for page in 0..first.pages {
                    let id = RecordId::parse(&format!("id-{page:06}")).unwrap();
                    crm.put(Object::Account, &id, &[("Name", "Werk GmbH")]);
                }
                firsts.push(crm);
            }
        }
        Self {
            store,
            keys,
            meter: Meter::default(),
            tally: Mutex::new(Tally::of(plan.integrations, n_firsts, plan.days)),
            calendar,
            limits: SyncLimits {
                allowance: Some(allowance),
                compare_ids_up_to: 0,
                ..SyncLimits::default()
            },
            reading: Arc::default(),
            crm: MemoryCrm::new(at(0), Pages::Ordered, 100),
            firsts,
            began: Instant::now(),
            plan,
        }
    }

    /// Returns the time since the beginning.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(
            at(0).as_millisecond() + i64::try_from(self.elapsed().as_millis()).unwrap(),
        )
        .unwrap()
    }

    /// Returns the Ledger as dispatch reaches it.
    pub(crate) fn ledger(&self) -> Around<MemoryStore, Distant> {
        Around {
            inner: Arc::clone(&self.store),
            hook: Distant(self.meter.clone()),
        }
    }

    /// Returns the ports of a slice for an integration.
    pub(crate) fn ports(&self, which: Who) -> Ports<dyn SyncStore> {
        let (crm, changes, fails) = match which {
            Who::Small(n) => {
                let time = Duration::from_secs_f64(self.plan.seconds(n));
                let once = Changes::Once(time, AtomicBool::new(false));
                (self.crm.clone(), once, self.plan.fails(n))
            }
            Who::Greedy(n) => {
                let seconds = self.plan.first.as_ref().map_or(0.0, |of| of.seconds_a_page);
                let each = Changes::Each(Duration::from_secs_f64(seconds));
                (self.firsts[n as usize].clone(), each, false)
            }
        };
        crm.advance(self.now().duration_since(crm.now()));
        let (connect, reading) = (crm.connect(), Arc::clone(&self.reading));
        let hook = Mutex::new(Some(Slow {
            changes,
            fails,
            reading,
        }));
        let crm: Arc<ConnectCrm> = Arc::new(move |access| {
            let hook = hook.lock().unwrap().take().expect("one connector a slice");
            Ok(Arc::new(Around {
                inner: connect(access)?,
                hook,
            }))
        });
        Ports {
            store: Arc::new(Around {
                inner: Arc::clone(&self.store),
                hook: self.meter.clone(),
            }),
            keys: Arc::clone(&self.keys) as _,
            companies: Arc::new(MemoryCompanies::new()),
            crm,
        }
    }
}

/// An integration of the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// One of many tenants' integrations.
    Small(u32),
    /// One of the integrations of the tenant with first readings.
    Greedy(u32),
}

impl Who {
    pub(crate) fn of(scope: &Scope) -> Self {
        let number = |text: &str| text.rsplit('-').next().unwrap().parse().unwrap();
        match scope.tenant.as_str() {
            GREEDY => Self::Greedy(number(scope.integration.as_str())),
            tenant => Self::Small(number(tenant)),
        }
    }
}

/// Half of the names are shorter, so that both parts of the list have as many.
fn scope(n: u32) -> Scope {
    let tenant = if n.is_multiple_of(2) {
        format!("t-{n:07}")
    } else {
        format!("te-{n:07}")
    };
    named(&tenant, "crm-1".to_owned())
}

fn greedy(n: u32) -> Scope {
    named(GREEDY, format!("crm-{n}"))
}

fn named(tenant: &str, integration: String) -> Scope {
    Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        integration: IntegrationId::parse(&integration).unwrap(),
        generation: Generation(1),
    }
}

/// The beginning is a midnight in UTC.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_035_200 + seconds).unwrap()
}

async fn integration(keys: &MemoryKeys, scope: &Scope, due: Timestamp) -> Integration {
    let keys = keys.create(scope).await.unwrap();
    let credentials = Credentials {
        login_url: "https://login.example".to_owned(),
        instance_url: None,
        client_id: "client".to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: "token".to_owned(),
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
        due,
        open_run: None,
        standstill: None,
        untold: Vec::new(),
        lease: None,
        settings: None,
    }
}
