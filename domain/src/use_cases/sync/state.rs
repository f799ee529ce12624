//! The state of a slice's current object, and its checkpoints in the Ledger.

use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Checkpoint, Known, Parents},
    progress::{Cursor, HeldBackCounts, Progress, Stage, Summary},
    record::{Object, RecordId},
    seal::{Place, Room},
    sync::context::Context,
    tenant::Scope,
};

/// The state of one object in a slice.
pub(super) struct State {
    pub(super) object: Object,
    /// The longest time for which a change may stay invisible after its own time stamp.
    pub(super) lag: SignedDuration,
    /// Whether parents are associations.
    pub(super) are_associated: bool,
    pub(super) cursor: Cursor,
    pub(super) held: u64,
    pub(super) summary: Summary,
    /// The stage at which this slice found the object.
    pub(super) began: Stage,
    /// The cursor and the summary as the Ledger has them.
    stored: (Cursor, Summary),
    /// The connector's count of requests at the last update of `summary.requests`.
    pub(super) requests_seen: u64,
    /// Whether no earlier slice of this run stored anything of the object.
    pub(super) opens_run: bool,
    /// Whether this slice has not stored a page of the object yet. A slice that was ended may have stored the first page in part.
    pub(super) first_page: bool,
}

impl State {
    /// Loads the object's state from the last slice or the last run.
    pub(super) fn load(context: &Context<'_>, object: Object, progress: Option<&Progress>) -> Self {
        let reading = context.crm.abilities().reading(object);
        let mut state = Self {
            object,
            lag: reading.lag,
            are_associated: reading.parents != Parents::InRecord,
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
            state.cursor =
                open_cursor(context, progress).unwrap_or_else(|| Cursor::lost(context.begun));
            if !state.opens_run {
                state.summary = progress.summary.clone();
            } else {
                state.cursor.begin_run();
                state.summary.hourly = progress.summary.hourly.clone();
                state.summary.verified_at = progress.summary.verified_at;
                state.summary.held_back = HeldBackCounts {
                    new: 0,
                    ..progress.summary.held_back.clone()
                };
            }
        } else {
            state.cursor.begin_run();
        }
        context.keep_departed(object, &state.cursor.departed);
        state.began = state.cursor.stage();
        state.stored = (state.cursor.clone(), state.summary.clone());
        state
    }

    /// Goes back to the state in the Ledger. Changes since then are dropped.
    pub(super) fn rewind(&mut self) {
        (self.cursor, self.summary) = self.stored.clone();
    }

    /// Goes back to the state in the Ledger, and stores the failure of this attempt there.
    pub(super) async fn note_trouble(&mut self, context: &Context<'_>, code: &Code) -> Outcome<()> {
        self.rewind();
        self.summary.trouble = Some(code.to_string());
        self.checkpoint(context, 0, &[]).await
    }

    /// Stores the changes of `note` ahead of their step, and may take some records out. The cursor and the other counts stay.
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
        let (cursor, mut summary) = ahead;
        summary.note_usage_of(&self.summary);
        (self.cursor, self.summary) = (cursor, summary);
        note(&mut self.summary);
        Ok(())
    }

    /// Stores the changes of `note` ahead of the current step. In the Ledger that step is done only with its own checkpoint.
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
        summary.note_usage_of(&self.summary);
        (self.cursor, self.summary) = (cursor, summary);
        Ok(())
    }

    /// Stores the step. `added` records are new, and `gone` ones leave.
    pub(super) async fn checkpoint(
        &mut self,
        context: &Context<'_>,
        added: i64,
        gone: &[(RecordId, Known)],
    ) -> Outcome<()> {
        let usage = context.crm.usage();
        let sent = usage.requests.saturating_sub(self.requests_seen);
        self.summary.note_requests(context.last_look(), sent);
        self.requests_seen = usage.requests;
        self.summary.note_budgets(usage.budgets);
        self.summary.withheld = self.cursor.withholding.withheld().len() as u64;
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
        context.keep_departed(self.object, &self.cursor.departed);
        Ok(())
    }
}

fn cursor_place(scope: &Scope, object: Object) -> Place<'_> {
    Place::new(scope, Room::LedgerCursor, object.name())
}

fn open_cursor(context: &Context<'_>, progress: &Progress) -> Option<Cursor> {
    let place = cursor_place(context.scope(), progress.object);
    let text = context.keys.sealing.open(&place, &progress.cursor).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Returns the time `lag` before `time`, or the smallest time.
pub(super) fn earlier(time: Timestamp, lag: SignedDuration) -> Timestamp {
    time.checked_sub(lag).unwrap_or(Timestamp::MIN)
}
