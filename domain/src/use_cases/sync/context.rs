//! What all steps of a slice share, and what a slice knows of the object it is at.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    decision::Decision,
    fault::{Code, Fault, Outcome},
    grant,
    integration::Integration,
    legal::Suppressions,
    ports::{Checkpoint, Crm, DecisionsOf, Known, Ports, SyncStore},
    progress::{Cursor, HeldBackCounts, Progress, Stage, Summary},
    record::{Object, RecordId},
    seal::{GenerationKeys, Opener, Place, Room, Sealer},
    settings::Settings,
    steps::Sealing,
    sync::Slice,
    tenant::Scope,
};

/// zstd's level for records and pages: for single records 1 takes 0.87 of the time of 3 and seals to the same size
/// (domain/examples/seal_bench.rs, November 2026).
pub const LEVEL: i32 = 1;

/// What all steps of a slice share.
pub(super) struct Context<'a> {
    pub(super) slice: &'a Slice<'a>,
    pub(super) crm: Arc<dyn Crm>,
    pub(super) keys: Arc<GenerationKeys>,
    /// What the tenant's administrator set.
    pub(super) settings: Settings,
    /// Records on a page of the CRM at most, while the run does not get on.
    pub(super) at_most: Option<u32>,
    sealer: Mutex<Sealer>,
    /// What users had decided when the slice began.
    pub(super) decisions: HashMap<(Object, RecordId), Vec<Decision>>,
    /// The suppressions of the tenant's people, as they were looked at last.
    suppressions: Mutex<Arc<Suppressions>>,
    /// When the run was begun: decisions since then may have met a slice that did not know them.
    pub(super) begun: Timestamp,
    /// The last look at the clock, in milliseconds.
    looked: AtomicI64,
}

impl<'a> Context<'a> {
    /// Opens the keys and the grant. Revoked, when there is no key for them any more.
    pub(super) async fn open(slice: &'a Slice<'a>, integration: &Integration) -> Outcome<Self> {
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
            looked: AtomicI64::new(begun.as_millisecond()),
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

    /// The time of the last look at the clock: some seconds ago.
    pub(super) fn last_look(&self) -> Timestamp {
        Timestamp::from_millisecond(self.looked.load(Ordering::Relaxed)).unwrap_or(self.begun)
    }

    /// Whether it is time to hand over.
    pub(super) fn out_of_time(&self) -> bool {
        let left = self.slice.deadline.duration_since(self.now());
        left <= self.slice.settings.reserve
    }

    /// The administrator's mapping of an object's fields as text; equal only for equal mappings.
    pub(super) fn mapping_of(&self, object: Object) -> String {
        self.settings
            .mapping(object)
            .and_then(|mapping| serde_json::to_string(mapping).ok())
            .unwrap_or_default()
    }

    /// Where an object's records are sealed for, and with what.
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

    fn suppressions(&self) -> Arc<Suppressions> {
        let suppressions = self
            .suppressions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&suppressions)
    }

    /// Looks at the suppressions again: one small request where there is no new edition of them.
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

/// What users decided so far, by record.
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

/// Where a slice stands with one object.
pub(super) struct State {
    pub(super) object: Object,
    /// How long a change may stay invisible after its own time stamp.
    pub(super) lag: SignedDuration,
    pub(super) cursor: Cursor,
    pub(super) held: u64,
    pub(super) summary: Summary,
    /// The stage at which this slice found the object.
    pub(super) began: Stage,
    /// Cursor and summary as the Ledger has them.
    stored: (Cursor, Summary),
    /// The connector's count of requests when `summary.requests` was last moved on.
    pub(super) requests_seen: u64,
    /// Whether no slice before this one stored anything of the object in this run.
    pub(super) opens_run: bool,
    /// Whether this slice has not stored a page of this object yet: the first one may have been stored in part by a
    /// slice that was ended.
    pub(super) first_page: bool,
}

impl State {
    /// Where the last slice, or the last run, left the object.
    pub(super) fn load(context: &Context<'_>, object: Object, progress: Option<&Progress>) -> Self {
        let mut state = Self {
            object,
            lag: context.crm.abilities().reading(object).lag,
            cursor: Cursor::start(),
            held: 0,
            summary: Summary::default(),
            began: Stage::Changes,
            stored: (Cursor::start(), Summary::default()),
            requests_seen: context.crm.usage().requests,
            opens_run: progress.is_none_or(|progress| progress.run != context.slice.due.run),
            first_page: true,
        };
        if let Some(progress) = progress {
            state.held = progress.held;
            state.cursor = open_cursor(context, progress).unwrap_or_else(|| Cursor {
                // The copy is there, only how far it goes is not known: read all again, and compare.
                first_reading: false,
                must_sweep: true,
                ..Cursor::start()
            });
            if !state.opens_run {
                state.summary = progress.summary.clone();
            } else {
                state.cursor.stage = Stage::Changes;
                state.cursor.quarantined.clear();
                state.summary.verified_at = progress.summary.verified_at;
                state.summary.held_back = HeldBackCounts {
                    new: 0,
                    ..progress.summary.held_back.clone()
                };
            }
        } else {
            state.cursor.stage = Stage::Changes;
        }
        state.began = state.cursor.stage;
        state.stored = (state.cursor.clone(), state.summary.clone());
        state
    }

    /// Back to what the Ledger has: what was begun since is not stored.
    pub(super) fn rewind(&mut self) {
        (self.cursor, self.summary) = self.stored.clone();
    }

    /// Back to what the Ledger has, and there it says what this try failed with.
    pub(super) async fn note_trouble(&mut self, context: &Context<'_>, code: &Code) -> Outcome<()> {
        self.rewind();
        self.summary.trouble = Some(code.to_string());
        self.checkpoint(context, 0, &[]).await
    }

    /// Stores something ahead of the step it belongs to, and perhaps takes some records out: the cursor stays, and so does
    /// what is counted, but for what `note` changes.
    pub(super) async fn checkpoint_ahead(
        &mut self,
        context: &Context<'_>,
        gone: &[(RecordId, Known)],
        note: impl Fn(&mut Summary),
    ) -> Outcome<()> {
        let ahead = (self.cursor.clone(), self.summary.clone());
        self.rewind();
        note(&mut self.summary);
        self.checkpoint(context, 0, gone).await?;
        let requests = (self.summary.requests, self.summary.quota);
        (self.cursor, self.summary) = ahead;
        (self.summary.requests, self.summary.quota) = requests;
        note(&mut self.summary);
        Ok(())
    }

    /// Notes something ahead of the step that is being done, which stays undone in the Ledger until its own checkpoint.
    pub(super) async fn checkpoint_note(
        &mut self,
        context: &Context<'_>,
        note: impl Fn(&mut Cursor, &mut Summary),
    ) -> Outcome<()> {
        let (mut cursor, mut summary) = (self.cursor.clone(), self.summary.clone());
        note(&mut cursor, &mut summary);
        self.rewind();
        note(&mut self.cursor, &mut self.summary);
        self.checkpoint(context, 0, &[]).await?;
        (summary.requests, summary.quota) = (self.summary.requests, self.summary.quota);
        (self.cursor, self.summary) = (cursor, summary);
        Ok(())
    }

    /// Moves the object on: `added` records are new, `gone` ones leave with this step.
    pub(super) async fn checkpoint(
        &mut self,
        context: &Context<'_>,
        added: i64,
        gone: &[(RecordId, Known)],
    ) -> Outcome<()> {
        let usage = context.crm.usage();
        self.summary.requests += usage.requests.saturating_sub(self.requests_seen);
        self.requests_seen = usage.requests;
        self.summary.quota = usage.quota.or(self.summary.quota);
        self.summary.withheld = self.cursor.withheld.len() as u64;
        self.held = self
            .held
            .saturating_add_signed(added)
            .saturating_sub(gone.len() as u64);
        let text =
            serde_json::to_vec(&self.cursor).map_err(|_| Fault::of(Code::CursorUnwritable))?;
        let place = cursor_place(context.scope(), self.object);
        let cursor = context.sealing(|sealer| sealer.seal(&place, &text))?;
        let progress = Progress {
            object: self.object,
            run: context.slice.due.run.clone(),
            cursor,
            held: self.held,
            summary: self.summary.clone(),
        };
        let step = Checkpoint {
            progress: &progress,
            added,
            gone,
        };
        context
            .ports()
            .store
            .checkpoint(context.scope(), &context.slice.holder, step)
            .await?;
        self.stored = (self.cursor.clone(), self.summary.clone());
        Ok(())
    }
}

fn cursor_place(scope: &Scope, object: Object) -> Place<'_> {
    Place::new(scope, Room::LedgerCursor, object.name())
}

fn open_cursor(context: &Context<'_>, progress: &Progress) -> Option<Cursor> {
    let place = cursor_place(context.scope(), progress.object);
    let text = Opener::new(&context.keys.sealing)
        .and_then(|mut opener| opener.open(&place, &progress.cursor))
        .ok()?;
    serde_json::from_slice(&text).ok()
}

/// `lag` before `time`, or the beginning of time.
pub(super) fn earlier(time: Timestamp, lag: SignedDuration) -> Timestamp {
    time.checked_sub(lag).unwrap_or(Timestamp::MIN)
}
