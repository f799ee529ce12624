//! What is created counts in the tenant's allowance, and no request is refused for ever.

use std::collections::BTreeMap;

use domain::{
    allowance::{Allowance, Limit},
    create::{CreateOutcome, Request},
    fault::{Code, Fault},
    ports::Allowances,
    record::Object::Account,
};
use infra::memory::Pages::Ordered;
use serde_json::json;

use super::{companies::previews, one, wanted};
use crate::world::World;

async fn allowed<const N: usize>(numbers: [(Limit, u32); N]) -> World {
    let mut world = World::new(Ordered, 5).await;
    world.settings.allowance = Some(Allowance(BTreeMap::from(numbers)));
    world
}

fn accounts(n: usize) -> Request {
    let items = (0..n).map(|n| wanted(Account, &json!({"Name": format!("Werk {n} GmbH")})));
    Request {
        items: items.collect(),
        allow_duplicate: true,
    }
}

async fn left(world: &World) -> u32 {
    let stored = world.store.allowance(&world.scope.tenant).await.unwrap();
    stored.rates[&Limit::CreationsPerHour].left
}

fn too_many(fault: &Fault) -> Option<String> {
    assert_eq!(*fault.code(), Code::CreateSize, "{fault}");
    fault.detail().map(str::to_owned)
}

#[tokio::test]
async fn a_key_whose_request_came_to_nothing_does_not_make_the_next_request_free() {
    let world = allowed([(Limit::CreationsPerHour, 10)]).await;
    let unfit = one(Account, json!({"Unknown": "x"}));
    for _ in 0..3 {
        let outcome = world.outcome("key-1", &unfit).await;
        assert!(
            matches!(outcome, CreateOutcome::Unfit { .. }),
            "{outcome:?}"
        );
        assert_eq!(left(&world).await, 9, "a repeated request counts once");
    }
    let answer = world.create("key-1", &accounts(9)).await.unwrap();
    let is_made = |outcome: &CreateOutcome| matches!(outcome, CreateOutcome::Created { .. });
    assert!(answer.items.iter().all(is_made), "{answer:?}");
    assert_eq!(left(&world).await, 0);
    let fault = world.create("key-2", &unfit).await.unwrap_err();
    assert_eq!(*fault.code(), Code::AllowanceUsedUp);
}

#[tokio::test]
async fn a_request_that_fits_in_no_hour_is_told_so_at_once() {
    let numbers = [Limit::BatchRecords, Limit::PreviewRecords].map(|limit| (limit, 200));
    let world = allowed([numbers[0], numbers[1], (Limit::CreationsPerHour, 3)]).await;
    let told = Some("1 to 3 records".to_owned());
    let fault = world.create("key-1", &accounts(4)).await.unwrap_err();
    assert_eq!(too_many(&fault), told);
    let fault = previews(&world, &accounts(4)).await.unwrap_err();
    assert_eq!(too_many(&fault), told);
    world.create("key-1", &accounts(3)).await.unwrap();
    // Nothing at all is a matter of the allowance, not of the size.
    let world = allowed([(Limit::CreationsPerHour, 0)]).await;
    let fault = world.create("key-1", &accounts(1)).await.unwrap_err();
    assert_eq!(*fault.code(), Code::AllowanceUsedUp);
}
