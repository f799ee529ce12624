//! Attribution: a lookup sees a record while another request is just being told that it made the record.

use std::{collections::BTreeSet, future::Future, task::Poll};

use domain::{
    create::{Answer, CreateOutcome, Request},
    fault::{Code, Fault},
    record::{Object::Account, RecordId},
};
use infra::memory::{Faults, Gate, Mode, Pages::Ordered};
use serde_json::json;

use super::{batches::sends_at, wanted};
use crate::world::{HOUR, MINUTE, World};

/// Three interchangeable branches.
fn branches() -> Request {
    let branch = || wanted(Account, &json!({"Name": "Kette GmbH"}));
    Request {
        items: vec![branch(), branch(), branch()],
        allow_duplicate: true,
    }
}

fn ids(answer: &Answer) -> BTreeSet<RecordId> {
    let id = |outcome: &CreateOutcome| match outcome {
        CreateOutcome::Created { id, .. } => Some(id.clone()),
        _ => None,
    };
    answer.items.iter().filter_map(id).collect()
}

/// Releases calls until the caller waits at the wanted one. `None` if the caller finishes first.
async fn to<F: Future + Unpin>(
    caller: &mut F,
    gate: &Gate,
    stop: impl Fn(usize, &str) -> bool,
) -> Option<F::Output> {
    let mut n = 0;
    loop {
        if let Poll::Ready(output) = futures::poll!(&mut *caller) {
            return Some(output);
        }
        if let Some((number, name)) = gate.waiting().first().copied() {
            if stop(n, name) {
                return None;
            }
            gate.let_go(number);
            n += 1;
        }
    }
}

/// A request under `key-1` that was sent without effect, which nobody knows.
async fn lost() -> World {
    let world = World::new(Ordered, 5).await;
    let killed = Faults::at(sends_at(&branches()).await, Mode::KilledBefore);
    world.creates("key-1", &branches(), "a", &killed).await;
    assert_eq!(world.n_in_crm(Account), 0);
    world.pass(MINUTE);
    world
}

#[tokio::test]
async fn the_crms_answer_decides_the_attribution_wherever_another_request_looks_meanwhile() {
    let (mut n_at_once, mut n_later, mut n) = (0, 0, 0);
    loop {
        let world = lost().await;
        let request = branches();
        let (gate, looking) = (Gate::new(), Gate::new());
        let faults = Faults::behind(&gate);
        let mut maker = Box::pin(world.creates("key-2", &request, "b", &faults));
        let stopped = to(&mut maker, &gate, |_, name| name == "note_made").await;
        assert!(stopped.is_none());
        assert_eq!(world.n_in_crm(Account), 3);
        // The other request proceeds to its n-th call, and then the maker goes on.
        let faults = Faults::behind(&looking);
        let mut looker = Box::pin(world.creates("key-1", &request, "c", &faults));
        let told = to(&mut looker, &looking, |at, _| at == n).await;
        let was_told = told.is_some();
        let made = ids(&to(&mut maker, &gate, |_, _| false)
            .await
            .unwrap()
            .unwrap()
            .unwrap());
        assert_eq!(made.len(), 3);
        let told = match told {
            Some(told) => told,
            None => to(&mut looker, &looking, |_, _| false).await.unwrap(),
        };
        n_at_once += usize::from(ids(&told.unwrap().unwrap()).is_empty());
        drop((maker, looker));
        let mut last = Vec::new();
        for key in ["key-1", "key-2", "key-1", "key-2"] {
            world.pass(HOUR);
            last.push(ids(&world.create(key, &request).await.unwrap()));
        }
        assert_eq!(last[3], made, "{n}");
        assert!(last[2].is_disjoint(&made), "{n}: {last:?}");
        n_later += last[2].len();
        assert_eq!(world.n_in_crm(Account), 3 + last[2].len(), "{n}");
        if was_told {
            break;
        }
        n += 1;
    }
    assert!(n > 12, "{n} calls only");
    assert!(n_at_once > 3 && n_later > 9, "{n_at_once}, {n_later}");
}

#[tokio::test]
async fn an_attribution_that_could_not_be_stored_is_stored_by_the_next_call() {
    let world = lost().await;
    let refusing = Faults::refusing("note_made", 2, Fault::of(Code::TestFailed));
    let answer = world.creates("key-2", &branches(), "b", &refusing).await;
    let made = ids(&answer.unwrap().unwrap());
    assert_eq!(made.len(), 3);
    // A request that looks in the meantime cannot know better.
    world.create("key-1", &branches()).await.unwrap();
    let again = world.create("key-2", &branches()).await.unwrap();
    assert_eq!(ids(&again), made);
    assert_eq!(again.orders.len(), 3);
    let looked = world.create("key-1", &branches()).await.unwrap();
    assert_eq!(looked.items, [const { CreateOutcome::Unknown }; 3]);
    assert_eq!(world.n_in_crm(Account), 3);
}
