//! Several records for companies under one key. Whatever breaks while one of them is looked up or stored, each created record still
//! gets its relation, its event and its place in the copy.

use std::collections::BTreeSet;

use domain::{
    create::{self, Answer, CreateContext, CreateOutcome, Request, Wanted},
    fault::Outcome,
    grant,
    order::Order,
    record::{Object::Account, RecordId},
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use matching::RelationStatus::Approved;
use serde_json::json;

use super::{
    CALL,
    companies::{company, relations, which},
    wanted,
};
use crate::world::{HOUR, World};

/// Branches that matching relates to none of the companies.
fn branches(n: usize) -> Request {
    let branch = |n: usize| Wanted {
        company: Some(company(if n.is_multiple_of(2) { "2" } else { "1" })),
        ..wanted(
            Account,
            &json!({"Name": format!("Niederlassung {n}"), "Website": null}),
        )
    };
    Request {
        items: (0..n).map(branch).collect(),
        allow_duplicate: true,
    }
}

/// The number of the call that sends, counted from 1.
pub(super) async fn sends_at(request: &Request) -> u64 {
    for n in 1.. {
        let world = World::new(Ordered, 5).await;
        let faults = Faults::at(n, Mode::KilledAfter);
        world.creates("key-1", request, "a", &faults).await;
        match faults.broke() {
            Some("create_records") => return n,
            Some(_) => {}
            None => break,
        }
    }
    panic!("nothing was sent");
}

/// A caller is killed after its request took effect, and the next caller breaks at its n-th call.
async fn broken_at(
    (sent, n): (u64, u64),
    mode: Mode,
    made: Option<usize>,
    request: &Request,
) -> bool {
    let world = World::new(Ordered, 5).await;
    world.run().await;
    if let Some(made) = made {
        world.crm.make_only(made);
    }
    let killed = Faults::at(sent, Mode::KilledAfter);
    world.creates("key-1", request, "holder-0", &killed).await;
    let faults = Faults::at(n, mode);
    let (mut events, mut last) = (BTreeSet::new(), None);
    for n in 1..5 {
        world.pass(HOUR);
        let none = Faults::none();
        let faults = if n == 1 { &faults } else { &none };
        let holder = format!("holder-{n}");
        let answer = world.creates("key-1", request, &holder, faults).await;
        if let Some(Ok(answer)) = answer {
            events.extend(told_of(&answer));
            last = Some(answer);
        }
    }
    let Some(broke) = faults.broke() else {
        return false;
    };
    let case = format!("{broke} {mode:?} {made:?}");
    world.next_run().await;
    for (n, outcome) in last.unwrap().items.iter().enumerate() {
        let CreateOutcome::Created { id, .. } = outcome else {
            panic!("{case}: {outcome:?}");
        };
        let of = if n.is_multiple_of(2) { "2" } else { "1" };
        let first = relations(&world, Account, id).await;
        assert_eq!(first, [(of.to_owned(), Approved)], "{n}, {case}");
        assert!(events.contains(id), "{n}, {case}: no event");
    }
    assert_eq!(world.n_in_crm(Account), request.items.len(), "{case}");
    true
}

fn told_of(answer: &Answer) -> Vec<RecordId> {
    let id = |order: &Order| match order {
        Order::RecordCreated(created) => Some(created.record.clone()),
        _ => None,
    };
    answer.orders.iter().filter_map(id).collect()
}

#[tokio::test]
async fn whatever_breaks_during_a_batchs_lookup_each_record_exists_once_with_its_company_and_event()
{
    // 13 records are more than one transaction takes.
    for (size, made) in [(2, None), (2, Some(0)), (2, Some(1)), (13, None)] {
        let request = branches(size);
        let sent = sends_at(&request).await;
        for mode in Mode::ALL {
            let mut n = 1;
            while broken_at((sent, n), mode, made, &request).await {
                n += 1;
            }
            assert!(n > 12, "{n} calls only");
        }
    }
}

impl World {
    /// One request to the API.
    async fn asks(&self, key: &str, holder: &str, faults: &Faults) -> Outcome<Option<Answer>> {
        let ports = faults.wrap(&self.ports);
        let clock = || self.now();
        let integration = ports.store.integration(&which(self)).await?.unwrap();
        let (crm, keys) = grant::open(
            ports.store.clone(),
            &*ports.keys,
            &*ports.crm,
            &integration,
            holder,
        )
        .await?;
        let context = CreateContext {
            store: &*ports.store,
            keyring: &*ports.keys,
            companies: &*ports.companies,
            integration: &integration,
            crm,
            keys,
            by: "user-1".to_owned(),
            holder: holder.to_owned(),
            deadline: self.now().checked_add(CALL).unwrap(),
            clock: &clock,
            allowance: None,
        };
        create::outcome(&context, key).await
    }
}

#[tokio::test]
async fn a_caller_that_cannot_be_answered_leaves_the_request_to_the_next_caller() {
    let request = branches(2);
    let sent = sends_at(&request).await;
    let mut met = BTreeSet::new();
    for n in 1..40 {
        let world = World::new(Ordered, 5).await;
        let killed = Faults::at(sent, Mode::KilledAfter);
        world.creates("key-1", &request, "a", &killed).await;
        world.pass(HOUR);
        let faults = Faults::at(n, Mode::FailsBefore);
        let asked = world.asks("key-1", "b", &faults).await;
        let Some(broke @ ("find" | "makers" | "claim_made")) = faults.broke() else {
            continue;
        };
        // A record that was found but whose maker cannot be read is unknown.
        assert!(asked.is_err() || broke == "makers", "{broke}");
        met.insert(broke);
        let answer = world.create("key-1", &request).await.unwrap();
        let is_made = |outcome: &CreateOutcome| matches!(outcome, CreateOutcome::Created { .. });
        assert!(answer.items.iter().all(is_made), "{broke}: {answer:?}");
    }
    assert_eq!(met.len(), 3, "{met:?}");
}

/// Returns the outcomes of three branches at once and an hour later. The CRM's answer about the second branch was lost.
async fn with_a_lost_answer_about_the_second(made: bool) -> (World, [Vec<CreateOutcome>; 2]) {
    let world = World::new(Ordered, 5).await;
    world.run().await;
    world.crm.lose_answer_about(1, made);
    let none = Faults::none();
    let mut told = Vec::new();
    for holder in ["a", "b"] {
        let answer = world.creates("key-1", &branches(3), holder, &none).await;
        told.push(answer.unwrap().unwrap().items);
        world.pass(HOUR);
    }
    (world, told.try_into().unwrap())
}

#[tokio::test]
async fn a_lost_answer_about_one_record_does_not_affect_the_others() {
    let is_made = |outcome: &CreateOutcome| matches!(outcome, CreateOutcome::Created { .. });
    let (world, [first, _]) = with_a_lost_answer_about_the_second(true).await;
    // The record is found at once.
    assert!(first.iter().all(is_made), "{first:?}");
    assert_eq!(world.n_in_crm(Account), 3);

    let (world, [first, later]) = with_a_lost_answer_about_the_second(false).await;
    assert!(is_made(&first[0]) && is_made(&first[2]), "{first:?}");
    assert_eq!(first[1], CreateOutcome::Unknown);
    // An hour later it is certain that the record was not made, and it is sent again.
    assert!(later.iter().all(is_made), "{later:?}");
    assert_eq!(world.n_in_crm(Account), 3);
}
