//! The context of a slice, which all of its steps share.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::Timestamp;

use crate::{
    decision::Decision,
    fault::Outcome,
    grant,
    integration::{Integration, Provider},
    legal::Suppressions,
    ports::{Crm, DecisionsOf, Ports, SyncStore},
    progress::{Exhausted, cursor::Departed},
    record::{Object, RecordId},
    seal::{GenerationKeys, HashKind, KeyedHash, Opener, Sealer},
    settings::Settings,
    steps::Sealing,
    sync::{Slice, allotted::Allotted},
    tenant::Scope,
};

/// zstd's level for records and pages. For single records level 1 takes 0.87 of the time of level 3, and the sealed size is the same
/// (domain/examples/seal_bench.rs, November 2026).
pub const LEVEL: i32 = 1;

/// The context of a slice, which all of its steps share.
pub(super) struct Context<'a> {
    pub(super) slice: &'a Slice<'a>,
    pub(super) crm: Arc<dyn Crm>,
    pub(super) keys: Arc<GenerationKeys>,
    /// The administrator's settings.
    pub(super) settings: Settings,
    /// The most records on a page of the CRM, while the run makes no progress.
    pub(super) at_most: Option<u32>,
    sealer: Mutex<Sealer>,
    /// Users' decisions when the slice began.
    pub(super) decisions: HashMap<(Object, RecordId), Vec<Decision>>,
    /// The tenant's suppressions, as they were read last.
    suppressions: Mutex<Arc<Suppressions>>,
    /// The time at which the run began. A slice of this run may have written without knowing decisions that are later.
    pub(super) begun: Timestamp,
    /// Whose ids these are.
    provider: Provider,
    /// The records of each object that left the copy and had children there, as the Ledger has them.
    departed: Mutex<BTreeMap<Object, Departed>>,
    /// What the slice may use of the CRM's budget. `None` until it is known.
    pub(super) allotted: Option<Allotted>,
    /// The time that the clock last returned, in milliseconds.
    looked: AtomicI64,
}

impl<'a> Context<'a> {
    /// Opens the keys and the grant. `now` is the beginning of the slice.
    ///
    /// # Errors
    /// Revoked if the keys are lost.
    pub(super) async fn open(
        slice: &'a Slice<'a>,
        integration: &Integration,
        now: Timestamp,
    ) -> Outcome<Self> {
        let ports = slice.ports;
        let (store, connect) = (ports.store.clone(), &*ports.crm);
        let (crm, keys) =
            grant::open(store, &*ports.keys, connect, integration, &slice.holder).await?;
        let scope = &integration.scope;
        let settings = Settings::open(&keys, scope, integration.settings.as_ref())?;
        let sealer = Mutex::new(Sealer::new(&keys.sealing, LEVEL)?);
        let open = integration.open_run.as_ref();
        let begun = open.map_or(Timestamp::MIN, |open| open.begun);
        Ok(Self {
            decisions: decisions(slice, &keys).await?,
            suppressions: Mutex::new(Arc::new(suppressions(slice).await?)),
            slice,
            crm,
            keys,
            settings,
            at_most: None,
            sealer,
            begun,
            provider: integration.provider,
            departed: Mutex::default(),
            allotted: None,
            looked: AtomicI64::new(now.as_millisecond()),
        })
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.slice.due.scope
    }

    pub(super) fn ports(&self) -> &Ports<dyn SyncStore> {
        self.slice.ports
    }

    pub(super) fn now(&self) -> Timestamp {
        let now = (self.slice.clock)();
        self.looked.store(now.as_millisecond(), Ordering::Relaxed);
        now
    }

    /// Returns the time that the clock last returned, some seconds ago.
    pub(super) fn last_look(&self) -> Timestamp {
        Timestamp::from_millisecond(self.looked.load(Ordering::Relaxed)).unwrap_or(self.begun)
    }

    /// Returns why the slice may send no more requests for now. `None` if it may.
    pub(super) fn exhausted(&self) -> Option<Exhausted> {
        let allotted = self.allotted.as_ref()?;
        allotted.forbids_a_step(&*self.crm, self.last_look())
    }

    /// Returns whether the slice has to stop before a step that sends requests.
    pub(super) fn must_stop(&self) -> bool {
        self.out_of_time() || self.exhausted().is_some()
    }

    /// Returns whether a whole slice was too short, if a step does not fit into one that began with it: its time is over, or it had
    /// half of the share.
    pub(super) fn had_a_whole_slice(&self) -> bool {
        let resumes = self.allotted.as_ref().is_some_and(|own| own.resumes);
        resumes || self.exhausted().is_none()
    }

    /// Returns whether the slice has to hand over.
    pub(super) fn out_of_time(&self) -> bool {
        let left = self.slice.deadline.duration_since(self.now());
        left <= self.slice.settings.reserve
    }

    /// Returns the administrator's mapping of an object's fields as text. Only equal mappings have equal texts.
    pub(super) fn mapping_of(&self, object: Object) -> String {
        self.settings
            .mapping(object)
            .and_then(|mapping| serde_json::to_string(mapping).ok())
            .unwrap_or_default()
    }

    /// Returns the place and the keys for sealing an object's records.
    pub(super) fn sealing_for<'s>(&'s self, object: Object, sealer: &'s mut Sealer) -> Sealing<'s> {
        Sealing {
            scope: self.scope(),
            object,
            keys: &self.keys,
            decisions: &self.decisions,
            copied: self.last_look(),
            sealer,
        }
    }

    /// The hash under which the index by parent has what belongs to this record.
    pub(super) fn below(&self, object: Object, id: &RecordId) -> KeyedHash {
        let parent = self.provider.parent(object, id.clone());
        self.keys.index.hash(HashKind::Parent, &parent.key())
    }

    /// The lists of all objects.
    pub(super) fn departed(&self) -> BTreeMap<Object, Departed> {
        let departed = self.departed.lock().unwrap_or_else(PoisonError::into_inner);
        departed.clone()
    }

    /// Keeps an object's list as it is stored.
    pub(super) fn keep_departed(&self, object: Object, list: &Departed) {
        let mut departed = self.departed.lock().unwrap_or_else(PoisonError::into_inner);
        departed.insert(object, list.clone());
    }

    fn suppressions(&self) -> Arc<Suppressions> {
        let suppressions = self
            .suppressions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&suppressions)
    }

    /// Reads the suppressions again. This is one small request if there is no new edition.
    pub(super) async fn current_suppressions(&self) -> Outcome<Arc<Suppressions>> {
        let ports = self.ports();
        let (store, tenant) = (ports.store.as_ref(), &self.scope().tenant);
        let edition = store.suppressions_edition(tenant).await?;
        let seen = self.suppressions();
        if seen.edition() == edition {
            return Ok(seen);
        }
        let now = Suppressions::at(store, ports.keys.as_ref(), tenant, edition).await?;
        let now = Arc::new(now);
        let mut suppressions = self
            .suppressions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        suppressions.clone_from(&now);
        Ok(now)
    }

    /// Seals with this slice's own buffers.
    pub(super) fn sealing<T>(&self, work: impl FnOnce(&mut Sealer) -> T) -> T {
        let mut sealer = self.sealer.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut sealer)
    }
}

async fn suppressions(slice: &Slice<'_>) -> Outcome<Suppressions> {
    let ports = slice.ports;
    Suppressions::load(
        ports.store.as_ref(),
        ports.keys.as_ref(),
        &slice.due.scope.tenant,
    )
    .await
}

/// Returns users' decisions so far, by record.
async fn decisions(
    slice: &Slice<'_>,
    keys: &GenerationKeys,
) -> Outcome<HashMap<(Object, RecordId), Vec<Decision>>> {
    let scope = &slice.due.scope;
    let store = &slice.ports.store;
    let mut opener = Opener::new(&keys.sealing)?;
    let mut by_record: HashMap<_, Vec<Decision>> = HashMap::new();
    for stored in store.decisions(scope, DecisionsOf::Everything).await? {
        let decision = Decision::open(&mut opener, scope, &stored)?;
        let record = (stored.object, stored.id);
        by_record.entry(record).or_default().push(decision);
    }
    Ok(by_record)
}
