//! Shows which deletions are held back, and notes what an administrator says about them. The next run carries it out.

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

/// Ids of an object that are named as a sample.
pub const SAMPLE: usize = 20;

/// What is held back, and what was said about it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose copy it is.
    pub scope: Scope,
    /// The last run that held anything back: the one that an answer names. None: nothing is held back.
    pub run: Option<RunId>,
    /// When the first run began that held back any of it.
    pub since: Option<Timestamp>,
    /// Per object, where anything is held back.
    pub objects: Vec<Held>,
    /// The last answer, whether it has been carried out or not.
    pub decided: Option<Decided>,
}

/// What is held back of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The object.
    pub object: Object,
    /// Deletions that wait for an answer.
    pub waiting: u64,
    /// Deletions whose records an earlier answer left in the copy.
    pub left: u64,
    /// Some of the records, those that wait first: ids, nothing that has to be opened.
    pub sample: Vec<RecordId>,
}

impl Question {
    fn waiting(&self) -> u64 {
        self.objects.iter().map(|held| held.waiting).sum()
    }
}

/// Which deletions are held back.
///
/// # Errors
/// Permanent, when there is no such integration, when it is being removed or was.
pub async fn look(store: &dyn AnswerStore, which: &Which) -> Outcome<Question> {
    let integration = open(store, which).await?;
    ask(store, integration.scope).await
}

/// Notes an answer about what `run` and earlier runs held back. Where nothing waits any more, [`Answer::Confirm`] is about what
/// an earlier answer left. Saying the same again changes nothing. Answers what it is about, and what to put on the bus;
/// whoever did that notes it ([`Outbox::note_told`](crate::ports::Outbox::note_told)).
///
/// # Errors
/// Permanent: nothing is held back, `run` is unknown, has not ended, or is not the last one that held anything back; there is no
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
        // It may hold back more than was seen.
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
        // A removal has begun meanwhile.
        Err(fault) if fault.kind() == Kind::Fenced => {
            return Err(Fault::of(Code::IntegrationRemoving));
        }
        Err(fault) => return Err(fault),
    }
    question.decided = Some(decided);
    Ok((question, vec![told]))
}

/// Whether an answer says what the one before said, whoever gave it.
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

/// The integration, if its copy may be shown.
async fn open(store: &dyn Integrations, which: &Which) -> Outcome<Integration> {
    let found = store.integration(which).await?;
    let found = found.ok_or_else(|| Fault::of(Code::IntegrationUnknown))?;
    match found.status {
        Status::Connected | Status::NeedsReconnect => Ok(found),
        Status::Removing => Err(Fault::of(Code::IntegrationRemoving)),
        Status::Removed => Err(Fault::of(Code::IntegrationRemoved)),
    }
}

/// Counts what is held back: a run that failed may not have.
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
