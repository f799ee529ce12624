//! Where a slice stands with the object it is at, and how that gets into the Ledger.

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

/// Where a slice stands with one object.
pub(super) struct State {
    pub(super) object: Object,
    /// How long a change may stay invisible after its own time stamp.
    pub(super) lag: SignedDuration,
    /// Whether parents are associations.
    pub(super) are_associated: bool,
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
        let (cursor, mut summary) = ahead;
        summary.note_usage_of(&self.summary);
        (self.cursor, self.summary) = (cursor, summary);
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
        summary.note_usage_of(&self.summary);
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

/// `lag` before `time`, or the beginning of time.
pub(super) fn earlier(time: Timestamp, lag: SignedDuration) -> Timestamp {
    time.checked_sub(lag).unwrap_or(Timestamp::MIN)
}
