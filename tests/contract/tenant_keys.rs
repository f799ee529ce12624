//! Tenants' keys that are missing or wrong. That is a fault, and never a reason to make new keys.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::{Code, Kind, Outcome},
    ports::{StoredSuppression, StoredTemplate, SuppressionKind},
    seal::{HashKind, TenantKeys},
    tenant::TenantId,
};

use super::{
    backends::World,
    samples::{at, scope, sealed},
};

const KEY: &str = "TENANT#v1";
const CHECK: &str = "KEYCHECK";

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn is_lost<T>(outcome: Outcome<T>) -> bool {
    match outcome {
        Ok(_) => false,
        Err(fault) => (fault.kind(), fault.code()) == (Kind::Permanent, &Code::KeysTenantLost),
    }
}

/// Returns whether a process that remembers nothing refuses both to open and to make the keys.
async fn refuses(world: &World, tenant: &TenantId) -> bool {
    let to_read = (world.fresh_keys)().tenant_if_made(tenant).await;
    let to_write = (world.fresh_keys)().tenant(tenant).await;
    is_lost(to_read) && is_lost(to_write)
}

fn key(tenant: &TenantId, sk: &str) -> HashMap<String, AttributeValue> {
    let text = |text: String| AttributeValue::S(text);
    HashMap::from([
        ("pk".to_owned(), text(format!("T#{tenant}"))),
        ("sk".to_owned(), text(sk.to_owned())),
    ])
}

async fn row(
    world: &World,
    table: &str,
    tenant: &TenantId,
    sk: &str,
) -> Option<HashMap<String, AttributeValue>> {
    let dynamodb = &world.clients.as_ref().unwrap().dynamodb;
    let get = dynamodb
        .get_item()
        .table_name(table)
        .set_key(Some(key(tenant, sk)));
    get.consistent_read(true).send().await.unwrap().item
}

async fn delete(world: &World, table: &str, tenant: &TenantId, sk: &str) {
    let dynamodb = &world.clients.as_ref().unwrap().dynamodb;
    let delete = dynamodb.delete_item().table_name(table);
    delete.set_key(Some(key(tenant, sk))).send().await.unwrap();
}

async fn lose(world: &World, tenant: &TenantId) {
    match &world.in_memory {
        Some(keys) => keys.lose_tenant(tenant),
        None => delete(world, "tenantkeys", tenant, KEY).await,
    }
}

pub(super) async fn lost_keys_of_a_tenant_are_a_fault_and_are_not_made_again(world: &World) {
    let tenant = tenant("tenant-keys-lost");
    world.keys.tenant(&tenant).await.unwrap();
    lose(world, &tenant).await;
    assert!(refuses(world, &tenant).await);
    assert!(refuses(world, &tenant).await, "asking made none");
}

pub(super) async fn keys_that_are_not_the_noted_ones_do_not_open(world: &World) {
    let [mine, theirs] = ["tenant-keys-mine", "tenant-keys-theirs"].map(tenant);
    world.keys.tenant(&mine).await.unwrap();
    world.keys.tenant(&theirs).await.unwrap();
    match &world.in_memory {
        Some(keys) => keys.mistake_tenant(&mine, &theirs),
        None => {
            let mut other = row(world, "tenantkeys", &theirs, KEY).await.unwrap();
            other.extend(key(&mine, KEY));
            let dynamodb = &world.clients.as_ref().unwrap().dynamodb;
            let put = dynamodb.put_item().table_name("tenantkeys");
            put.set_item(Some(other)).send().await.unwrap();
        }
    }
    assert!(refuses(world, &mine).await);
}

pub(super) async fn first_keys_and_their_check_value_are_there_together(world: &World) {
    let tenant = tenant("tenant-keys-first");
    let opened = (world.fresh_keys)().tenant_if_made(&tenant).await.unwrap();
    assert!(opened.is_none());
    assert_eq!(row(world, "ledger", &tenant, CHECK).await, None);
    let callers: Vec<_> = (0..4).map(|_| (world.fresh_keys)()).collect();
    let asked = callers.iter().map(|keys| keys.tenant(&tenant));
    for keys in futures::future::join_all(asked).await {
        assert_eq!(
            noted(world, &tenant).await,
            keys.unwrap().check().to_string()
        );
    }
    // A check value without keys is never taken for a first use.
    delete(world, "tenantkeys", &tenant, KEY).await;
    assert!(refuses(world, &tenant).await);
    assert_eq!(row(world, "tenantkeys", &tenant, KEY).await, None);
}

async fn noted(world: &World, tenant: &TenantId) -> String {
    let row = row(world, "ledger", tenant, CHECK).await.unwrap();
    row["check"].as_s().unwrap().clone()
}

pub(super) async fn keys_without_a_check_value_get_one_when_they_are_opened_for_a_write(
    world: &World,
) {
    let tenant = tenant("tenant-keys-unchecked");
    let made = world.keys.tenant(&tenant).await.unwrap();
    delete(world, "ledger", &tenant, CHECK).await;
    let fresh = (world.fresh_keys)();
    let print = |keys: &TenantKeys| keys.index.hash(HashKind::Email, "x");
    // Runs and exports read, and their roles may write nothing of the tenant's own.
    let read = fresh.tenant_if_made(&tenant).await.unwrap().unwrap();
    assert_eq!(print(&read), print(&made));
    assert_eq!(row(world, "ledger", &tenant, CHECK).await, None);
    let written = fresh.tenant(&tenant).await.unwrap();
    assert_eq!(print(&written), print(&made));
    assert_eq!(noted(world, &tenant).await, made.check().to_string());
    lose(world, &tenant).await;
    assert!(refuses(world, &tenant).await);
}

pub(super) async fn rows_of_a_tenant_without_keys_tell_that_they_are_lost(world: &World) {
    let sealed = sealed(&scope("any"), b"x");
    let of = |left: &str| tenant(&format!("tenant-keys-left-{left}"));
    let keys = world
        .keys
        .tenant(&tenant("tenant-keys-others"))
        .await
        .unwrap();
    let mark = StoredSuppression {
        person: keys.index.hash(HashKind::Objection, "x"),
        at: at(1),
        sealed: sealed.clone(),
    };
    let store = &world.store;
    let suppressions = std::slice::from_ref(&mark);
    store
        .suppress(&of("mark"), SuppressionKind::Objection, suppressions)
        .await
        .unwrap();
    store
        .put_controller(&of("controller"), &sealed)
        .await
        .unwrap();
    let template = StoredTemplate {
        name: "sales".to_owned(),
        version: 1,
        at: at(1),
        sealed,
    };
    assert!(
        store
            .put_template(&of("template"), &template)
            .await
            .unwrap()
    );
    super::legal::append(world, &of("assessment"), &["a"]).await;
    for left in ["mark", "controller", "template", "assessment"] {
        assert!(refuses(world, &of(left)).await, "{left}");
    }
}
