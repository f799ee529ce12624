//! Runs after everything was written that the ports can write. Each stored key has a shape on the one list of places,
//! in the store that the list names, so a removal knows of it.

use infra::aws::places::{Home, Shape};

use super::{
    backends::World,
    exports,
    samples::{run, scope, sealed},
    store::ACCOUNT,
};

pub(super) async fn every_key_that_was_written_is_on_the_list(world: &World) {
    let clients = world.clients.as_ref().unwrap();
    // The clauses of a removal swept all pages, so one is written again.
    let scope = scope("places");
    let (run, page) = (run(), sealed(&scope, b"page"));
    let put = world.store.put_page(&scope, ACCOUNT, &run, 1, page);
    put.await.unwrap();
    exports::some_is_left(world).await;
    let mut seen = Vec::new();
    for (table, home) in [
        ("ledger", Home::Ledger),
        ("copies", Home::Copies),
        ("keys", Home::Keys),
        ("tenantkeys", Home::TenantKeys),
    ] {
        let mut rows = clients
            .dynamodb
            .scan()
            .table_name(table)
            .into_paginator()
            .items()
            .send();
        while let Some(row) = rows.next().await {
            let row = row.unwrap();
            let part = |name: &str| row[name].as_s().unwrap().clone();
            seen.push((home, part("pk"), part("sk")));
        }
    }
    let mut objects = clients
        .s3
        .list_objects_v2()
        .bucket("pages")
        .into_paginator()
        .send();
    while let Some(page) = objects.next().await {
        for object in page.unwrap().contents() {
            seen.push((Home::Pages, object.key().unwrap().to_owned(), String::new()));
        }
    }
    let mut shapes = Vec::new();
    for (home, key, sort) in &seen {
        let shape = Shape::of(*home, key, sort);
        let shape =
            shape.unwrap_or_else(|| panic!("not on the list of places: {home:?} {key} {sort}"));
        assert_eq!(shape.home(), *home, "{key} {sort}");
        shapes.push(shape);
    }
    // A shape that is never written proves nothing, so each must have been seen by now. States are the exception: each
    // was deleted again.
    let written_nowhere: Vec<&Shape> = Shape::ALL
        .iter()
        .filter(|shape| !shapes.contains(shape))
        .filter(|shape| !matches!(shape, Shape::State))
        .collect();
    assert!(written_nowhere.is_empty(), "{written_nowhere:?}");
}
