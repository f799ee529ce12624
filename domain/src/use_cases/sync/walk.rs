//! Takes a slice through the objects.
//!
//! The failure of one object does not stop the others. An object with a permanent failure gets its verdict at once. An object with a
//! transient failure is left to a later slice, and the other objects come first then. If two objects in a row fail transiently, the
//! trouble is not one object's. Then the slice ends, and the next slice begins with the objects that were not tried.

use jiff::Timestamp;

use crate::{
    fault::{Code, Fault, Kind, Outcome},
    integration::Integration,
    progress::{Progress, Summary, Verdict},
    record::Object,
    standstill::{Standstill, Waiting},
    sync::{
        GivenUp, Slice, children, context::Context, flow::Flow, object, share, standstill,
        state::State, unchosen,
    },
};

/// The number of transient failures in a row that end the slice.
const IN_A_ROW: u32 = 2;

/// The delay until a failed order is tried again. A shorter quiet is over by then.
const LONG_QUIET: std::time::Duration = std::time::Duration::from_secs(300);

/// The progress of a slice, even if it failed.
#[derive(Default)]
pub(super) struct Walked {
    /// The objects' progress, in the order of [`Object::ALL`].
    pub(super) summaries: Vec<(Object, Summary)>,
    /// The run's standstill at the beginning of the slice. `None` if the slice failed before it was known.
    pub(super) standstill: Option<Standstill>,
    /// Whether the run has made no progress for too long. False once this slice makes progress.
    pub(super) is_late: bool,
    /// Why the run waits, if the slice ended because the share of the CRM's budget is used up.
    pub(super) waits: Option<Waiting>,
    /// The objects that were given up because they made no progress for too long.
    pub(super) gave_up: Vec<GivenUp>,
}

impl Walked {
    fn give_up(&mut self, object: Object, fault: &Fault) {
        let code = fault.code().clone();
        self.gave_up.push(GivenUp { object, code });
    }
}

/// Returns whether the CRM asks for a quiet that is longer than the delay of a failed order.
pub(super) fn asks_for_quiet(fault: &Fault) -> Option<std::time::Duration> {
    fault.retry_after().filter(|wait| *wait >= LONG_QUIET)
}

/// Goes through the objects. `now` is the beginning of the slice.
///
/// # Errors
/// Transient if objects without a verdict need another slice soon. All other faults end the run.
pub(super) async fn walk(
    slice: &Slice<'_>,
    integration: &Integration,
    now: Timestamp,
    walked: &mut Walked,
) -> Outcome<Flow> {
    let mut context = Context::open(slice, integration, now).await?;
    let progress = slice.ports.store.progress(context.scope()).await?;
    walked.waits = share::wait_before(&mut context, integration, &progress, now).await?;
    if walked.waits.is_some() {
        return Ok(Flow::OutOfTime);
    }
    let standstill = standstill::note(&context, integration, now, &progress).await?;
    context.at_most = standstill.at_most;
    let settings = slice.settings;
    walked.is_late = standstill.is_over(now, settings.patience, settings.most_idle_slices);
    walked.standstill = Some(standstill);
    for earlier in &progress {
        let is_chosen = context.settings.objects.contains(&earlier.object);
        if !is_chosen
            && unchosen::clear(&context, earlier.object, earlier).await? == Flow::OutOfTime
        {
            return Ok(Flow::OutOfTime);
        }
    }
    let walk = Walk {
        context: &context,
        progress: &progress,
    };
    let flow = walk.objects(walked).await;
    let place = |object| Object::ALL.iter().position(|found| *found == object);
    walked.summaries.sort_by_key(|(object, _)| place(*object));
    if matches!(flow, Ok(Flow::OutOfTime)) {
        walked.waits = share::wait_after(&context, walked.standstill.as_ref()).await?;
    }
    flow
}

struct Walk<'a> {
    context: &'a Context<'a>,
    progress: &'a [Progress],
}

impl Walk<'_> {
    /// Returns the chosen objects as the Ledger has them. Those that failed transiently in this run come last.
    fn states(&self) -> Vec<State> {
        let chosen = &self.context.settings.objects;
        let mut states: Vec<State> = Object::ALL
            .into_iter()
            .filter(|object| chosen.contains(object))
            .map(|object| self.state(object))
            .collect();
        states.sort_by_key(|state| state.summary.trouble.is_some());
        states
    }

    /// Returns an object as the Ledger has it now. A failed attempt may know an older state, because the answer to its last checkpoint
    /// may have been lost after the Ledger had stored it.
    async fn reloaded(&self, object: Object) -> Outcome<State> {
        let (store, scope) = (&self.context.ports().store, self.context.scope());
        let progress = store.progress(scope).await?;
        let now = progress.iter().find(|found| found.object == object);
        Ok(State::load(self.context, object, now))
    }

    fn state(&self, object: Object) -> State {
        let earlier = self.progress.iter().find(|found| found.object == object);
        State::load(self.context, object, earlier)
    }

    /// Lets children follow parents that left after the children's turn.
    async fn catch_up(&self, walked: &mut Walked) -> Outcome<Flow> {
        let chosen = &self.context.settings.objects;
        let mut behind = children::behind(self.context);
        behind.retain(|object| chosen.contains(object));
        for object in behind {
            let mut state = self.reloaded(object).await?;
            if matches!(
                state.summary.verdict,
                None | Some(Verdict::Failed(_) | Verdict::Absent)
            ) {
                continue;
            }
            match children::catch_up(self.context, &mut state).await {
                Ok(Flow::OutOfTime) => return Ok(Flow::OutOfTime),
                Ok(Flow::Done) => {}
                // The run has all its verdicts: what is left is the next run's.
                Err(fault) if fault.kind() == Kind::Permanent || walked.is_late => continue,
                Err(fault) => return Err(fault),
            }
            walked.summaries.retain(|(of, _)| *of != object);
            walked.summaries.push((object, state.summary));
        }
        Ok(Flow::Done)
    }

    async fn objects(&self, walked: &mut Walked) -> Outcome<Flow> {
        let context = self.context;
        // The slice returns this fault after all objects had their turn.
        let mut failed: Option<Fault> = None;
        let mut in_a_row = 0;
        let mut given_up = false;
        for object in self.states().into_iter().map(|state| state.object) {
            // The object is loaded at its turn, because its requests are counted from then on.
            let mut state = self.state(object);
            if state.summary.verdict.is_some() {
                walked.summaries.push((object, state.summary));
                continue;
            }
            let trouble = state.summary.trouble.take();
            let ended = match &trouble {
                // The object had its last attempt in the previous slice.
                Some(code) if given_up => {
                    Err(Fault::of(Code::parse(code)).with_kind(Kind::Transient))
                }
                None if walked.is_late => Err(Fault::of(Code::SyncNoProgress)),
                _ => object::walk(context, &mut state).await,
            };
            match ended {
                Ok(Flow::OutOfTime) => return Ok(Flow::OutOfTime),
                Ok(Flow::Done) => (in_a_row, walked.is_late) = (0, false),
                Err(fault) if fault.kind() == Kind::Permanent => {
                    if *fault.code() == Code::SyncNoProgress {
                        walked.give_up(object, &fault);
                    }
                    object::give_up(context, &mut state, &fault).await?;
                    (in_a_row, walked.is_late) = (0, false);
                }
                Err(fault) if fault.is_transient() => {
                    let seen = state.requests_seen;
                    state = match self.reloaded(object).await {
                        Ok(state) => state,
                        // The trouble is not only the CRM's.
                        Err(_) => return Err(fault),
                    };
                    // The requests of the failed attempt count, too.
                    state.requests_seen = seen;
                    if state.summary.verdict.is_some() {
                        // The object has its verdict. Only the answer to its last step was lost.
                        walked.summaries.push((object, state.summary));
                        continue;
                    }
                    if given_up || (walked.is_late && trouble.is_some()) {
                        given_up = true;
                        walked.give_up(object, &fault);
                        object::give_up(context, &mut state, &fault).await?;
                    } else {
                        match state.note_trouble(context, fault.code()).await {
                            Err(fenced) if fenced.kind() == Kind::Fenced => return Err(fenced),
                            Err(_) => return Err(fault),
                            Ok(()) => in_a_row += 1,
                        }
                        // If no request is left today, there is none for the other objects either.
                        if in_a_row >= IN_A_ROW || asks_for_quiet(&fault).is_some() {
                            walked.summaries.push((object, state.summary));
                            return Err(fault);
                        }
                        failed.get_or_insert(fault);
                    }
                }
                Err(fault) => {
                    walked.summaries.push((object, state.summary));
                    return Err(fault);
                }
            }
            walked.summaries.push((object, state.summary));
        }
        if given_up {
            walked.is_late = false;
        }
        match failed {
            Some(fault) => Err(fault),
            None => self.catch_up(walked).await,
        }
    }
}
