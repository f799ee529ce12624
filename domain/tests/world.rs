//! A tenant, its CRM, and the ports between them.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use domain::{
    dispatch::whole,
    fault::{Code, Outcome},
    import::{self, Import, Limits, import},
    integration::{Credentials, Grant, Integration, Provider, Status},
    order::{Order, Rule, SyncDue},
    ports::{Comparing, Copies, Integrations, Keys, Outbox, Ports, Runs, Version},
    progress::{RunReport, Summary, Verdict},
    record::{Object, RecordId},
    seal::{Opener, Place, Room, Sealed},
    settings::Calendar,
    sync::{Ended, Slice, SyncLimits, sync},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use infra::memory::{Faults, MemoryCompanies, MemoryCrm, MemoryKeys, MemoryStore, Pages};
use jiff::{SignedDuration, Timestamp};

pub(crate) const MINUTE: SignedDuration = SignedDuration::from_mins(1);
pub(crate) const HOUR: SignedDuration = SignedDuration::from_hours(1);
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);
/// A calendar with a run each day.
pub(crate) const DAILY: Calendar = Calendar::every(DAY);
/// The time limit of a slice.
pub(crate) const SLICE: SignedDuration = SignedDuration::from_mins(15);

pub(crate) const COMPANIES: &str = "id,name,zip,city,domain\n1,Werk 1 GmbH,10115,Berlin,werk1.example\n2,Werk 2 GmbH,20095,Hamburg,werk2.example\n";

/// Returns a code in an event that no tenant may see.
fn inner_code(event: &serde_json::Value) -> Option<String> {
    use serde_json::Value::{Array, Object, String};
    match event {
        String(text) => {
            let code = text
                .strip_prefix("FAILED(")
                .and_then(|rest| rest.strip_suffix(')'));
            let code = Code::parse(code.unwrap_or(text));
            let is_ours = !matches!(code, Code::Unknown(_)) && code.public() == "internal";
            is_ours.then(|| text.clone())
        }
        Array(parts) => parts.iter().find_map(inner_code),
        Object(parts) => parts.values().find_map(inner_code),
        _ => None,
    }
}

type Hook = Box<dyn FnOnce() + Send>;

/// A tenant, its CRM, and the ports between them.
pub(crate) struct World {
    pub(crate) store: MemoryStore,
    pub(crate) keys: MemoryKeys,
    pub(crate) crm: MemoryCrm,
    pub(crate) scope: Scope,
    pub(crate) ports: Ports,
    pub(crate) companies: MemoryCompanies,
    pub(crate) settings: SyncLimits,
    /// The duration of each reading of the clock, in milliseconds.
    pub(crate) tick: i64,
    now: Arc<AtomicI64>,
    n_holders: AtomicU64,
    n_looks: AtomicU64,
    hook: Mutex<Option<(u64, Hook)>>,
}

/// The state that worlds share, so that their digests can be compared.
#[derive(Clone)]
pub(crate) struct Shared {
    keys: MemoryKeys,
    companies: MemoryCompanies,
}

impl Shared {
    pub(crate) async fn new() -> Self {
        Self::with_keys(MemoryKeys::new()).await
    }

    /// Returns the same keys with a company database in its initial state.
    pub(crate) async fn with_keys_of(other: &Self) -> Self {
        Self::with_keys(other.keys.clone()).await
    }

    async fn with_keys(keys: MemoryKeys) -> Self {
        let companies = MemoryCompanies::new();
        import(Import {
            companies: &companies,
            open: &|| Ok(Box::new(Cursor::new(COMPANIES)) as Box<dyn Read + Send>),
            version: &Version("v1".to_owned()),
            deadline: at(900),
            clock: &|| at(0),
            limits: Limits::default(),
        })
        .await
        .unwrap();
        Self { keys, companies }
    }
}

/// Publishes another version of the company database.
pub(crate) async fn import_companies(world: &World, version: &str, text: &'static str) {
    let report = import(Import {
        companies: &world.companies,
        open: &|| Ok(Box::new(Cursor::new(text)) as Box<dyn Read + Send>),
        version: &Version(version.to_owned()),
        deadline: at(900),
        clock: &|| at(0),
        limits: Limits::default(),
    })
    .await
    .unwrap();
    // A much smaller edition would be held back.
    assert_eq!(report.result, import::Verdict::Published);
}

impl World {
    pub(crate) async fn new(pages: Pages, page_size: usize) -> Self {
        Self::of(Shared::new().await, pages, page_size).await
    }

    pub(crate) async fn of(shared: Shared, pages: Pages, page_size: usize) -> Self {
        Self::of_provider(shared, Provider::Salesforce, pages, page_size).await
    }

    pub(crate) async fn of_provider(
        shared: Shared,
        provider: Provider,
        pages: Pages,
        page_size: usize,
    ) -> Self {
        let Shared { keys, companies } = shared;
        let store = MemoryStore::with_page_size(4);
        let crm = MemoryCrm::new(at(0), pages, page_size);
        let scope = scope(1);
        let integration = Integration {
            provider,
            ..integration(&keys, &scope).await
        };
        assert!(store.connect(&integration, None).await.unwrap());
        let ports: Ports = Ports {
            store: Arc::new(store.clone()),
            keys: Arc::new(keys.clone()),
            companies: Arc::new(companies.clone()),
            crm: crm.connect(),
        };
        Self {
            store,
            keys,
            crm,
            scope,
            ports,
            companies,
            // Tests compare ids only if they are about that, because a reconciliation would repair what the others look for.
            settings: SyncLimits {
                compare_ids_up_to: 0,
                ..SyncLimits::default()
            },
            tick: 0,
            now: Arc::new(AtomicI64::new(at(0).as_millisecond())),
            n_holders: AtomicU64::new(0),
            n_looks: AtomicU64::new(0),
            hook: Mutex::new(None),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.load(Ordering::SeqCst)).unwrap()
    }

    /// Advances our clock, but not the CRM's.
    pub(crate) fn wait(&self, time: SignedDuration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.now.fetch_add(millis, Ordering::SeqCst);
    }

    /// Our clock, for code that advances it.
    pub(crate) fn hand(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.now)
    }

    /// Advances both clocks.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.wait(time);
        self.crm.advance(time);
    }

    /// Runs `what` at the `n`-th reading of the clock from now.
    pub(crate) fn at_look(&self, n: u64, what: impl FnOnce() + Send + 'static) {
        let at = self.n_looks.load(Ordering::SeqCst) + n;
        *self.hook.lock().unwrap() = Some((at, Box::new(what)));
    }

    /// Returns dispatch's daily order.
    pub(crate) async fn begin(&self) -> SyncDue {
        let done = whole(&self.store, Rule::Daily, self.now(), &DAILY, &|| 7);
        let mut orders = done.await.unwrap().orders;
        assert_eq!(orders.len(), 1, "{orders:?}");
        due(orders.remove(0))
    }

    /// One slice, whose events reach the bus. `None` if its process was killed.
    pub(crate) async fn slice(&self, due: &SyncDue, faults: &Faults) -> Option<Outcome<Ended>> {
        let ended = self.untold_slice(due, faults).await;
        if let Some(Ok(Ended::Finished { orders, .. })) = &ended {
            let events = orders.iter().map(|order| order.detail().unwrap());
            for event in events {
                assert_eq!(inner_code(&event), None, "an event tells a code of ours");
            }
            self.store.note_told(&due.scope, orders).await.unwrap();
        }
        ended
    }

    /// One slice whose process is killed before its events reach the bus. `None` if it was killed before its end.
    pub(crate) async fn untold_slice(
        &self,
        due: &SyncDue,
        faults: &Faults,
    ) -> Option<Outcome<Ended>> {
        let n = self.n_holders.fetch_add(1, Ordering::SeqCst);
        let ports = faults.wrap(&self.ports);
        let clock = || {
            let look = self.n_looks.fetch_add(1, Ordering::SeqCst) + 1;
            let mut hook = self.hook.lock().unwrap();
            if let Some((_, what)) = hook.take_if(|(at, _)| *at <= look) {
                what();
            }
            drop(hook);
            self.wait(SignedDuration::from_millis(self.tick));
            self.now()
        };
        let slice = Slice {
            ports: &ports.for_sync(),
            due,
            holder: format!("slice-{n}"),
            deadline: self.now().checked_add(SLICE).unwrap(),
            clock: &clock,
            settings: &self.settings,
        };
        Box::pin(faults.until_killed(sync(slice))).await
    }

    /// An undisturbed slice.
    pub(crate) async fn calm_slice(&self, due: &SyncDue) -> Outcome<Ended> {
        self.slice(due, &Faults::none()).await.unwrap()
    }

    /// Runs slices until the run is finished, the first one with `faults`. Returns their number.
    pub(crate) async fn finish(&self, mut order: SyncDue, mut faults: Faults) -> usize {
        for n in 1..200 {
            match self.slice(&order, &faults).await {
                None | Some(Err(_)) | Some(Ok(Ended::Busy)) => self.wait(SLICE + MINUTE),
                Some(Ok(Ended::Paused { .. } | Ended::Crowded { .. })) => self.wait(HOUR),
                Some(Ok(Ended::HandedOver { mut orders, .. })) => order = due(orders.remove(0)),
                Some(Ok(Ended::Finished { .. } | Ended::Stale)) => return n,
            }
            faults = Faults::none();
        }
        panic!("the run does not end");
    }

    /// A whole run in one slice.
    pub(crate) async fn run(&self) -> RunReport {
        let due = self.begin().await;
        match self.calm_slice(&due).await.unwrap() {
            Ended::Finished { report, .. } => report,
            other => panic!("{other:?}"),
        }
    }

    /// A run a day later.
    pub(crate) async fn next_run(&self) -> RunReport {
        self.pass(DAY);
        self.run().await
    }

    /// The ids and texts in the copy.
    pub(crate) async fn copied(&self, object: Object) -> BTreeMap<RecordId, String> {
        let keys = self.keys.open(&self.scope).await.unwrap().unwrap();
        let mut copied = BTreeMap::new();
        let mut token = None;
        loop {
            let listed = self
                .store
                .held(&self.scope, object, token.as_ref())
                .await
                .unwrap();
            for held in listed.held {
                let sealed = self.store.record(&self.scope, object, &held.id).await;
                let place = Place::within(
                    &self.scope,
                    Room::CopyRecord,
                    object.name(),
                    held.id.as_str(),
                );
                let body = Opener::new(&keys.sealing)
                    .unwrap()
                    .open(&place, &sealed.unwrap().unwrap())
                    .unwrap();
                let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
                copied.insert(held.id, body["fields"].to_string());
            }
            token = listed.next;
            if token.is_none() {
                return copied;
            }
        }
    }

    /// The texts of an object's stored pages, each opened at the place of its number.
    pub(crate) async fn page_texts(&self, object: Object) -> Vec<String> {
        let keys = self.keys.open(&self.scope).await.unwrap().unwrap();
        let mut opener = Opener::new(&keys.sealing).unwrap();
        let mut texts = Vec::new();
        for (name, bytes) in self.store.raw() {
            let (before, number) = name.rsplit_once('/').unwrap_or_default();
            if before.starts_with("page ") && before.ends_with(object.name()) {
                let place = Place::within(&self.scope, Room::Page, object.name(), number);
                let text = opener.open(&place, &Sealed::from_stored(bytes));
                texts.push(String::from_utf8(text.expect(&name)).unwrap());
            }
        }
        texts
    }

    /// Asserts that the copy equals the CRM in every object, and that the Ledger's counts agree.
    pub(crate) async fn assert_is_copy(&self) {
        for object in Object::ALL {
            let theirs: BTreeMap<RecordId, String> = self
                .crm
                .records(object)
                .into_iter()
                .map(|(id, (text, _))| (id, text))
                .collect();
            assert_eq!(self.copied(object).await, theirs, "{object:?}");
            assert_eq!(self.held(object).await, theirs.len() as u64, "{object:?}");
        }
    }

    pub(crate) async fn held(&self, object: Object) -> u64 {
        let progress = self.store.progress(&self.scope).await.unwrap();
        let progress = progress.iter().find(|progress| progress.object == object);
        progress.map_or(0, |progress| progress.held)
    }

    /// The comparable part of a history: contents and the Ledger, without the numbers of pages.
    pub(crate) async fn contents(&self) -> Vec<String> {
        let snapshot = self.store.snapshot();
        let without_pages = |line: &String| {
            let (before, rest) = line.split_once(" born ").unwrap();
            let (_, after) = rest.split_once(" large ").unwrap();
            format!("{before} {after}")
        };
        let mut lines: Vec<String> = Vec::new();
        let records = snapshot.records.iter();
        lines.extend(records.map(|(place, line)| format!("{place} {}", without_pages(line))));
        for rows in [
            &snapshot.relations,
            &snapshot.quarantine,
            &snapshot.bodies,
            &snapshot.integrations,
        ] {
            lines.extend(rows.iter().map(|(place, line)| format!("{place} {line}")));
        }
        for progress in self.store.progress(&self.scope).await.unwrap() {
            let (object, held) = (progress.object, progress.held);
            let verdict = progress.summary.verdict;
            lines.push(format!("{object:?} held {held} {verdict:?}"));
        }
        lines
    }

    /// The counts of the last run.
    pub(crate) async fn counts(&self) -> Vec<String> {
        let progress = self.store.progress(&self.scope).await.unwrap();
        progress
            .iter()
            .map(|progress| {
                let Summary {
                    seen,
                    written,
                    unchanged,
                    deleted,
                    quarantined,
                    automatic,
                    ..
                } = progress.summary;
                format!(
                    "{:?} {seen} {written} {unchanged} {deleted} {quarantined} {automatic}",
                    progress.object
                )
            })
            .collect()
    }
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

pub(crate) fn scope(generation: u32) -> Scope {
    Scope {
        tenant: TenantId::parse("acme").unwrap(),
        integration: IntegrationId::parse("crm-1").unwrap(),
        generation: Generation(generation),
    }
}

pub(crate) async fn integration(keys: &MemoryKeys, scope: &Scope) -> Integration {
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
        due: at(0),
        open_run: None,
        standstill: None,
        untold: Vec::new(),
        lease: None,
        settings: None,
    }
}

pub(crate) fn due(order: Order) -> SyncDue {
    match order {
        Order::SyncDue(due) => due,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn id(n: usize) -> RecordId {
    RecordId::parse(&format!("id-{n:04}")).unwrap()
}

/// Puts `n` records of an object into the CRM, from number 0 on, all with one time stamp.
pub(crate) fn fill(crm: &MemoryCrm, object: Object, n: usize) {
    for i in 0..n {
        write(crm, object, i, "new");
    }
}

pub(crate) fn write(crm: &MemoryCrm, object: Object, n: usize, phase: &str) {
    let name = format!("Werk {n} GmbH");
    let website = format!("https://werk{n}.example");
    let fields = [
        ("Name", name.as_str()),
        ("Phase", phase),
        ("Website", website.as_str()),
    ];
    crm.put(object, &id(n), &fields);
}

pub(crate) fn of(report: &RunReport, object: Object) -> &Summary {
    let found = report.objects.iter().find(|(of, _)| *of == object);
    &found.unwrap().1
}

pub(crate) fn verdict(report: &RunReport, object: Object) -> Verdict {
    of(report, object).verdict.clone().unwrap()
}
