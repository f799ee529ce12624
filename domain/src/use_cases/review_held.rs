//! Shows held-back deletions, and stores an administrator's decision about them. The next run carries it out.

use jiff::Timestamp;

use crate::{
    fault::{Code, Fault, Kind, Outcome},
    integration::{Integration, Status, Which},
    order::{DeletionsDecided, HeldObject, Order},
    ports::{AnswerStore, Integrations, MAX_HELD_BACK, Vanishing},
    record::{Object, RecordId},
    removal::Asked,
    tenant::{RunId, Scope},
    vanished::{Answer, Decided, Vanished},
};

/// The number of ids in an object's sample.
pub const SAMPLE: usize = 20;

/// The held-back deletions, and the latest decision about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The scope of the copy.
    pub scope: Scope,
    /// The last run that held anything back, which a decision has to name. `None` if nothing is held back.
    pub run: Option<RunId>,
    /// The time at which the first run began whose deletions are still held back.
    pub since: Option<Timestamp>,
    /// The objects that have held-back deletions.
    pub objects: Vec<Held>,
    /// The latest decision, whether it has been carried out or not.
    pub decided: Option<Decided>,
}

/// The held-back deletions of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The object.
    pub object: Object,
    /// Deletions that wait for a decision.
    pub waiting: u64,
    /// Deletions whose records an earlier decision keeps in the copy.
    pub left: u64,
    /// The ids of some of the records, waiting ones first. No record is opened for it.
    pub sample: Vec<RecordId>,
}

impl Question {
    fn waiting(&self) -> u64 {
        self.objects.iter().map(|held| held.waiting).sum()
    }
}

/// Returns the held-back deletions.
///
/// # Errors
/// Permanent if there is no such integration, or if it is removed or being removed.
pub async fn look(store: &dyn AnswerStore, which: &Which) -> Outcome<Question> {
    let integration = open(store, which).await?;
    ask(store, integration.scope).await
}

/// Stores a decision about the deletions that `run` and earlier runs held back. If no deletion waits any more, [`Answer::Confirm`]
/// covers the records that an earlier decision left. Repeating a decision changes nothing. Returns the deletions it covers, and the
/// orders for the bus. After sending them, the caller calls [`Outbox::note_told`](crate::ports::Outbox::note_told).
///
/// # Errors
/// Permanent if nothing is held back, if `run` is unknown, has not ended or is not the last one that held anything back, or if
/// there is no such integration. Revoked if the integration needs to be reconnected.
/// such integration, or it is not connected.
pub async fn decide(
    store: &dyn AnswerStore,
    which: &Which,
    run: &RunId,
    answer: Answer,
    asked: Asked,
) -> Outcome<(Question, Vec<Order>)> {
    let integration = open(store, which).await?;
    if integration.status != Status::Connected {
        return Err(Fault::of(Code::IntegrationNeedsReconnect));
    }
    let is_open = integration.open_run.is_some_and(|open| open.id == *run);
    let untold = integration.untold;
    let mut question = ask(store, integration.scope).await?;
    let scope = &question.scope;
    if !is_open && store.run(scope, run).await?.is_none() {
        return Err(Fault::of(Code::RunUnknown));
    }
    match &question.run {
        None => return Err(Fault::of(Code::HeldNothing)),
        Some(last) if last != run => {
            return Err(Fault::of(Code::HeldOtherRun).with_detail(last.as_str()));
        }
        // The open run may hold back more than the administrator has seen.
        Some(_) if is_open => return Err(Fault::of(Code::HeldRunOpen)),
        Some(_) => {}
    }
    let decided = Decided {
        run: run.clone(),
        answer,
        left_too: answer == Answer::Confirm && question.waiting() == 0,
        asked,
    };
    if question
        .decided
        .as_ref()
        .is_some_and(|there| is_same(there, &decided))
    {
        let is_of_it =
            |order: &Order| matches!(order, Order::DeletionsDecided(told) if told.run == *run);
        return Ok((question, untold.into_iter().filter(is_of_it).collect()));
    }
    let is_about = |held: &Held| match decided.left_too {
        true => held.left,
        false => held.waiting,
    };
    let counts: Vec<(Object, u64)> = question
        .objects
        .iter()
        .map(|held| (held.object, is_about(held)))
        .collect();
    let told = Order::DeletionsDecided(DeletionsDecided {
        scope: scope.clone(),
        run: run.clone(),
        decision: answer,
        objects: question.objects.iter().map(counted).collect(),
    });
    let noted = store
        .decide_deletions(scope, &decided, &counts, &told)
        .await;
    match noted {
        Ok(()) => {}
        // A removal has begun in the meantime.
        Err(fault) if fault.kind() == Kind::Fenced => {
            return Err(Fault::of(Code::IntegrationRemoving));
        }
        Err(fault) => return Err(fault),
    }
    question.decided = Some(decided);
    Ok((question, vec![told]))
}

/// Returns whether a decision repeats the stored one, whoever made it.
fn is_same(there: &Decided, new: &Decided) -> bool {
    (&there.run, there.answer, there.left_too) == (&new.run, new.answer, new.left_too)
}

fn counted(held: &Held) -> HeldObject {
    HeldObject {
        object: held.object,
        waiting: held.waiting,
        left: held.left,
        new: 0,
    }
}

/// Returns the integration if its copy may be shown.
async fn open(store: &dyn Integrations, which: &Which) -> Outcome<Integration> {
    Integration::with_copy(store.integration(which).await?)
}

/// Counts the held-back deletions by reading them, because a run that failed may not have counted them.
async fn ask(store: &dyn AnswerStore, scope: Scope) -> Outcome<Question> {
    let (mut run, mut since, mut objects) = (None, None, Vec::new());
    for progress in store.progress(&scope).await? {
        let counts = progress.summary.held_back;
        if counts.run.is_none() {
            continue;
        }
        let held = held(store, &scope, progress.object).await?;
        if held.waiting + held.left == 0 {
            continue;
        }
        run = run.max(counts.run);
        since = match (since, counts.since) {
            (Some(a), Some(b)) => Some(std::cmp::min(a, b)),
            (a, b) => a.or(b),
        };
        objects.push(held);
    }
    let decided = store.deletions_decided(&scope).await?;
    Ok(Question {
        scope,
        run,
        since,
        objects,
        decided,
    })
}

async fn held(store: &dyn Vanishing, scope: &Scope, object: Object) -> Outcome<Held> {
    let (mut waiting, mut left, mut after) = (Vec::new(), Vec::new(), None);
    let (mut n_waiting, mut n_left) = (0, 0);
    loop {
        let (some, next) = store
            .held_back(scope, object, after.as_ref(), MAX_HELD_BACK)
            .await?;
        for held in some {
            let (ids, n) = match held.vanished {
                Vanished::Waiting => (&mut waiting, &mut n_waiting),
                Vanished::Left => (&mut left, &mut n_left),
            };
            *n += 1;
            if ids.len() < SAMPLE {
                ids.push(held.id);
            }
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    waiting.extend(left);
    waiting.truncate(SAMPLE);
    Ok(Held {
        object,
        waiting: n_waiting,
        left: n_left,
        sample: waiting,
    })
}
