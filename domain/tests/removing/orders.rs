//! Explores every order in which the calls of two concurrent processes can take effect.
//!
//! Each process runs behind a [`Gate`], which lets one call take effect at a time. A test goes through every order in which the
//! waiting calls can be released. Calls that touch nothing the other process touches (the CRM, the company index, the removal's own
//! row) are released at once, because their order makes no difference. The clock stands still except for the removal's own wait.
//! When it passes the other process's deadline, that process is ended wherever it is, as AWS would end it.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use infra::memory::Gate;

use super::*;

pub(super) type Work<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Which of the waiting calls is released at each choice.
#[derive(Default)]
pub(super) struct Choices {
    made: Vec<(usize, usize)>,
    n: usize,
}

impl Choices {
    fn next(&mut self, of: usize) -> usize {
        if self.n == self.made.len() {
            self.made.push((0, of));
        }
        let (choice, there) = self.made[self.n];
        assert_eq!(there, of, "a history is told twice alike");
        self.n += 1;
        choice
    }

    /// Moves to the next history. Returns false after the last one.
    pub(super) fn again(&mut self) -> bool {
        self.n = 0;
        while let Some((choice, of)) = self.made.pop() {
            if choice + 1 < of {
                self.made.push((choice + 1, of));
                return true;
            }
        }
        false
    }
}

/// Two processes on one integration, each behind its own gate.
pub(super) struct Race<'a> {
    /// The writer, which AWS ends at `deadline`.
    pub(super) theirs: Work<'a>,
    /// The writer's gate, and its calls whose order matters.
    pub(super) gate: &'a Gate,
    pub(super) bound: &'a [&'static str],
    pub(super) deadline: jiff::Timestamp,
    /// The removal.
    pub(super) ours: Work<'a>,
    pub(super) of_removal: &'a Gate,
    pub(super) bound_of_removal: &'a [&'static str],
    /// The time for which the removal has waited.
    pub(super) passed: &'a Mutex<Option<SignedDuration>>,
}

/// Runs one history until both are over, and returns the number of released calls.
pub(super) fn race(race: Race<'_>, world: &World, choices: &mut Choices) -> usize {
    let (mut theirs, mut ours) = (Some(race.theirs), Some(race.ours));
    let mut n_calls = 0;
    poll(&mut theirs);
    poll(&mut ours);
    while ours.is_some() {
        let (of_theirs, of_ours) = (race.gate.waiting(), waiting(race.of_removal));
        let free = |calls: &[(u64, &'static str)], bound: &[&str]| {
            calls
                .iter()
                .find(|(_, name)| !bound.contains(name))
                .copied()
        };
        // A pause does not count while another call of the same slice waits beside it.
        let next = if let Some(call) = free(&of_theirs, race.bound) {
            (true, call)
        } else if let Some(call) = free(&of_ours, race.bound_of_removal) {
            (false, call)
        } else {
            let choice = choices.next(of_theirs.len() + of_ours.len());
            match of_theirs.get(choice) {
                Some(call) => (true, *call),
                None => (false, of_ours[choice - of_theirs.len()]),
            }
        };
        n_calls += 1;
        assert!(n_calls < 2_000, "it does not end: {:?}", next.1);
        match next {
            (true, (number, _)) => {
                race.gate.let_go(number);
                poll(&mut theirs);
            }
            (false, (number, _)) => {
                race.of_removal.let_go(number);
                poll(&mut ours);
            }
        }
        if race.passed.lock().unwrap().take().is_some() && world.now() >= race.deadline {
            // AWS ends the writer.
            theirs = None;
        }
    }
    // A writer that is still active now may go on for as long as it likes. It must have nothing more to write.
    while theirs.is_some() {
        let Some((number, _)) = race.gate.waiting().first().copied() else {
            break;
        };
        n_calls += 1;
        race.gate.let_go(number);
        poll(&mut theirs);
    }
    n_calls
}

/// The removal of a world, from its beginning to its receipt, with its calls behind a gate. It waits only for the holder of a
/// lease, in one pause, and no longer than the lease is held.
pub(super) async fn removal(
    world: &World,
    of_removal: &Gate,
    passed: &Arc<Mutex<Option<SignedDuration>>>,
    deadline: jiff::Timestamp,
) {
    let ports = Faults::behind(of_removal).wrap(&world.ports);
    let (asked, which) = (asked(world), which(&world.scope));
    let settings = RemovalLimits {
        settle: SignedDuration::ZERO,
        skew: SignedDuration::ZERO,
        look_again: HOUR,
        ..settings()
    };
    begin(ports.store.as_ref(), &which, &asked).await.unwrap();
    let (hand, pauses, passed) = (world.hand(), of_removal.clone(), Arc::clone(passed));
    let slice = Slice {
        store: &*ports.store,
        keys: &*ports.keys,
        crm: &*ports.crm,
        scope: &world.scope,
        holder: "removal".to_owned(),
        deadline: deadline.checked_add(HOUR).unwrap(),
        clock: &|| world.now(),
        sleep: &move |time: SignedDuration| {
            let (hand, pauses, passed) = (hand.clone(), pauses.clone(), Arc::clone(&passed));
            async move {
                pauses.pass("pause").await;
                hand.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
                *passed.lock().unwrap() = Some(time);
            }
            .boxed()
        },
        settings: &settings,
    };
    let ended = remove(slice).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
}

/// A pause beside another call of the removal is a timeout, and not its wait.
fn waiting(gate: &Gate) -> Vec<(u64, &'static str)> {
    let all = gate.waiting();
    let calls: Vec<_> = all
        .iter()
        .filter(|(_, name)| *name != "pause")
        .copied()
        .collect();
    if calls.is_empty() { all } else { calls }
}

fn poll(work: &mut Option<Work<'_>>) {
    let is_over = work.as_mut().is_some_and(|work| {
        let mut context = Context::from_waker(Waker::noop());
        matches!(work.as_mut().poll(&mut context), Poll::Ready(()))
    });
    if is_over {
        *work = None;
    }
}
