//! Records that belong to others: a link counts as much as a field that points at the same record.

use domain::{
    create::{CreateOutcome, Request, UnfittingLink, Wanted},
    fault::Code,
    legal::Missing,
    ports::{Link, LinkProblem},
    record::{
        Object::{self, Account, Contact, Opportunity, Task},
        RecordId,
    },
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use serde_json::json;

use super::{batches::sends_at, companies::previewed, one, wanted};
use crate::world::{HOUR, World, id};

fn link(object: Object, id: &RecordId) -> Link {
    let id = id.clone();
    Link { object, id }
}

fn linked(object: Object, name: &str, links: &[Link]) -> Wanted {
    let mut wanted = wanted(object, &json!({ "Name": name }));
    wanted.draft.links = links.to_vec();
    wanted
}

fn request(items: Vec<Wanted>) -> Request {
    Request {
        items,
        allow_duplicate: false,
    }
}

/// Ben, and a company.
async fn world() -> World {
    let world = World::new(Ordered, 5).await;
    let ben = [("Name", "Ben"), ("Email", "ben@werk1.example")];
    world.crm.put(Contact, &id(7), &ben);
    world.crm.put(Account, &id(1), &[("Name", "Werk 1 GmbH")]);
    world.crm.put(Account, &id(2), &[("Name", "Werk 2 GmbH")]);
    world
}

#[tokio::test]
async fn a_linked_person_needs_a_clearance_as_one_does_whom_a_field_names() {
    let world = world().await;
    let call = |who: &RecordId| request(vec![linked(Task, "call", &[link(Contact, who)])]);
    let missing = vec![Missing::Basis];
    let refused = CreateOutcome::NotCleared { missing };
    assert_eq!(world.outcome("key-1", &call(&id(7))).await, refused);
    let preview = previewed(&world, &call(&id(7))).await;
    assert_eq!(preview.not_cleared, [Missing::Basis]);
    assert_eq!(preview.links, [link(Contact, &id(7))]);
    assert_eq!(world.crm.calls("create") + world.crm.calls("rehearse"), 0);

    world.assess("ben@werk1.example").await;
    let outcome = world.outcome("key-1", &call(&id(7))).await;
    assert!(matches!(outcome, CreateOutcome::Created { .. }));
    // Who is not there cannot be cleared.
    let unknown = world.outcome("key-2", &call(&id(8))).await;
    assert!(matches!(unknown, CreateOutcome::NotCleared { .. }));
}

#[tokio::test]
async fn a_linked_account_that_is_a_person_needs_a_clearance_and_a_company_needs_none() {
    let world = world().await;
    let nina = [
        ("Name", "Nina"),
        ("Person", "yes"),
        ("Email", "nina@example.org"),
    ];
    world.crm.put(Account, &id(3), &nina);
    let deal = |of: &RecordId| request(vec![linked(Opportunity, "deal", &[link(Account, of)])]);
    let refused = world.outcome("key-1", &deal(&id(3))).await;
    assert!(
        matches!(refused, CreateOutcome::NotCleared { .. }),
        "{refused:?}"
    );
    let made = world.outcome("key-2", &deal(&id(1))).await;
    assert!(matches!(made, CreateOutcome::Created { .. }), "{made:?}");
}

#[tokio::test]
async fn the_order_of_links_is_no_other_request_and_another_link_is() {
    let world = world().await;
    let both = [link(Account, &id(1)), link(Account, &id(2))];
    let turned = [both[1].clone(), both[0].clone()];
    let call = |links: &[Link]| request(vec![linked(Task, "call", links)]);
    let made = world.outcome("key-1", &call(&both)).await;
    assert!(matches!(made, CreateOutcome::Created { .. }), "{made:?}");
    assert_eq!(world.outcome("key-1", &call(&turned)).await, made);
    let other = world.create("key-1", &call(&both[..1])).await.unwrap_err();
    assert_eq!(*other.code(), Code::CreateKeyReused);
    let none = one(Task, json!({ "Name": "call" }));
    let other = world.create("key-1", &none).await.unwrap_err();
    assert_eq!(*other.code(), Code::CreateKeyReused);
}

#[tokio::test]
async fn a_link_that_the_crm_does_not_take_is_named_before_anything_is_sent() {
    let world = world().await;
    let (first, second) = (link(Account, &id(1)), link(Account, &id(2)));
    let mut contradicted = linked(Opportunity, "deal", std::slice::from_ref(&first));
    let fields = json!({"Name": "deal", "Parent": id(2).as_str()});
    contradicted.draft.fields = wanted(Opportunity, &fields).draft.fields;
    let items = vec![
        linked(Account, "Werk 3 GmbH", std::slice::from_ref(&first)),
        linked(Opportunity, "deal", &[first, second]),
        contradicted,
    ];
    let answer = world.create("key-1", &request(items)).await.unwrap();
    let problems: Vec<_> = answer
        .items
        .iter()
        .map(|outcome| match outcome {
            CreateOutcome::Unfit { links, .. } => links.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let of = |link, problem| vec![UnfittingLink { link, problem }];
    let expected = [
        of(0, LinkProblem::NotPossible),
        of(1, LinkProblem::Taken),
        of(0, LinkProblem::Contradicted),
    ];
    assert_eq!(problems, expected);
    assert_eq!(world.crm.calls("create"), 0);
}

#[tokio::test]
async fn after_a_lost_answer_records_that_differ_in_their_links_alone_are_told_apart() {
    let deals = |accounts: [usize; 2]| {
        let deal = |n: usize| linked(Opportunity, "deal", &[link(Account, &id(n))]);
        request(accounts.into_iter().map(deal).collect())
    };
    let sent = sends_at(&deals([1, 2])).await;
    let world = world().await;
    let killed = Faults::at(sent, Mode::KilledAfter);
    let ended = world.creates("key-1", &deals([1, 2]), "a", &killed).await;
    assert!(ended.is_none());
    world.pass(HOUR);
    let answer = world.create("key-1", &deals([1, 2])).await.unwrap();
    assert_eq!(world.n_in_crm(Opportunity), 2);
    world.next_run().await;
    for (outcome, account) in answer.items.iter().zip([1, 2]) {
        let CreateOutcome::Created { id: made, .. } = outcome else {
            panic!("{answer:?}");
        };
        assert_eq!(
            world.crm.links(Opportunity, made),
            [link(Account, &id(account))]
        );
    }
}
