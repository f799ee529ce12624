//! A removal between the steps of a sync, in every order.
//!
//! Both slices run behind one [`Gate`], which lets one call take effect at a time; the test goes through every order in
//! which the calls that wait can be let go. Calls that touch nothing the other one touches (the CRM, the company index, the
//! removal's own row) are let go at once: their order makes no difference. The clock stands still but for the removal's own
//! wait; when it passes the deadline of the sync's slice, that slice is ended wherever it is, as AWS would.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use domain::sync::{Ended as Synced, sync};
use infra::memory::{Faults, Gate, Pages::Ordered};

use super::*;
use crate::world::due;

/// Calls of a removal whose order with a sync's calls matters: there are records of one object only. `pause` is its wait for
/// whoever may still be writing.
const OF_REMOVAL: [&str; 10] = [
    "begin_removal",
    "destroy",
    "integration",
    "pause",
    "leftovers of accounts",
    "discard accounts",
    "leftovers of pages",
    "discard pages",
    "leftovers of ledger",
    "discard ledger",
];
/// Calls of a sync whose order with a removal's calls matters: those that write, and those that read.
const WRITES: [&str; 6] = [
    "put",
    "put_page",
    "quarantine",
    "checkpoint",
    "finish",
    "release_lease",
];
const READS: [&str; 4] = ["take_lease", "open", "progress", "known"];

type Work<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// What the sync is at when the removal comes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Story {
    /// It reads everything for the first time.
    First,
    /// It reads what changed, and takes out what is gone.
    Delta,
    /// Its time is short: it hands over, and the next slice goes on.
    Slices,
}

impl Story {
    /// A first run is explored with its reads too. The longer stories are with their writes only: what a slice has read
    /// decides what it writes, and no removal undoes what is in its memory.
    fn of_sync(self) -> Vec<&'static str> {
        match self {
            Self::First => [WRITES.as_slice(), &READS].concat(),
            Self::Delta | Self::Slices => WRITES.to_vec(),
        }
    }
}

/// Which of the calls that wait is let go, each time that there is a choice.
#[derive(Default)]
struct Choices {
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

    /// The next history; false: that was the last.
    fn again(&mut self) -> bool {
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

async fn told(story: Story, shared: &Shared) -> World {
    let mut world = World::of(shared.clone(), Ordered, 2).await;
    fill(&world.crm, Account, 1);
    if story == Story::Delta {
        fill(&world.crm, Account, 2);
    }
    world.pass(HOUR);
    if story == Story::Delta {
        world.run().await;
        write(&world.crm, Account, 0, "changed");
        world.crm.delete(Account, &id(1));
        world.pass(HOUR * 24);
    }
    if story == Story::Slices {
        fill(&world.crm, Account, 3);
        world.pass(HOUR);
        // Each look at the clock costs so much that a slice comes no further than a page.
        world.tick = 200_000;
    }
    world
}

/// One history: the number of calls that were let go.
async fn tell(story: Story, shared: &Shared, choices: &mut Choices) -> usize {
    let world = told(story, shared).await;
    let order = world.begin().await;
    let (gate, of_removal) = (Gate::new(), Gate::new());
    let deadline = world.now().checked_add(SLICE).unwrap();
    let sync_ports = Faults::behind(&gate).wrap(&world.ports);
    let removal_ports = Faults::behind(&of_removal).wrap(&world.ports);
    let (asked, which) = (asked(&world), which(&world.scope));
    // Nobody is waited for but the holder of the lease, in one pause, and for it no longer than it keeps the lease.
    let settings = Settings {
        settle: SignedDuration::ZERO,
        skew: SignedDuration::ZERO,
        look_again: HOUR,
        ..settings()
    };
    // The sync's own clock: with it only its own slices get late.
    let spent = Mutex::new(SignedDuration::ZERO);
    let syncing = async {
        let mut order = order;
        for n in 0..2 {
            let slice = domain::sync::Slice {
                ports: &sync_ports,
                due: &order,
                holder: format!("sync-{n}"),
                deadline,
                clock: &|| {
                    let mut spent = spent.lock().unwrap();
                    *spent += SignedDuration::from_millis(world.tick);
                    world.now().checked_add(*spent).unwrap()
                },
                settings: &world.settings,
            };
            match sync(slice).await {
                Ok(Synced::HandedOver { mut orders }) => order = due(orders.remove(0)),
                _ => return,
            }
            *spent.lock().unwrap() = SignedDuration::ZERO;
        }
    };
    let passed = Arc::new(Mutex::new(None));
    let removing = async {
        begin(removal_ports.store.as_ref(), &which, &asked)
            .await
            .unwrap();
        let (hand, pauses, passed) = (world.hand(), of_removal.clone(), Arc::clone(&passed));
        let slice = Slice {
            ports: &removal_ports,
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
    };
    let mut syncing: Option<Work<'_>> = Some(Box::pin(syncing));
    let mut removing: Option<Work<'_>> = Some(Box::pin(removing));
    let mut n_calls = 0;
    poll(&mut syncing);
    poll(&mut removing);
    while removing.is_some() {
        let (theirs, ours) = (gate.waiting(), waiting(&of_removal));
        let free = |calls: &[(u64, &'static str)], bound: &[&str]| {
            calls
                .iter()
                .find(|(_, name)| !bound.contains(name))
                .copied()
        };
        // A pause is none while something else of the same slice waits beside it.
        let free_of_ours = free(&ours, &OF_REMOVAL);
        let next = if let Some(call) = free(&theirs, &story.of_sync()) {
            (true, call)
        } else if let Some(call) = free_of_ours {
            (false, call)
        } else {
            let choice = choices.next(theirs.len() + ours.len());
            match theirs.get(choice) {
                Some(call) => (true, *call),
                None => (false, ours[choice - theirs.len()]),
            }
        };
        n_calls += 1;
        assert!(n_calls < 2_000, "{story:?} does not end: {:?}", next.1);
        match next {
            (true, (number, _)) => {
                gate.let_go(number);
                poll(&mut syncing);
            }
            (false, (number, _)) => {
                of_removal.let_go(number);
                poll(&mut removing);
            }
        }
        if passed.lock().unwrap().take().is_some() && world.now() >= deadline {
            // AWS ends it.
            syncing = None;
        }
    }
    drop((syncing, removing));
    assert_gone(&world).await;
    n_calls
}

/// A removal's pauses beside a call of its own are its patience, not its wait.
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

async fn explore(story: Story) {
    let shared = Shared::new().await;
    let mut choices = Choices::default();
    let (mut n_histories, mut n_calls) = (0_u64, 0);
    loop {
        n_calls += tell(story, &shared, &mut choices).await;
        n_histories += 1;
        if !choices.again() {
            break;
        }
    }
    // 16,223, 14,733 and 19,839 in November 2026: a change that leaves few of them has closed the gate.
    assert!(
        n_histories > 500,
        "{story:?}: {n_histories} histories, {n_calls} calls"
    );
}

#[tokio::test]
async fn a_first_run_leaves_nothing_behind_whenever_the_removal_comes() {
    explore(Story::First).await;
}

#[tokio::test]
async fn a_delta_run_leaves_nothing_behind_whenever_the_removal_comes() {
    explore(Story::Delta).await;
}

#[tokio::test]
async fn a_run_of_several_slices_leaves_nothing_behind_whenever_the_removal_comes() {
    explore(Story::Slices).await;
}
