//! The port `Keys`.

use std::sync::Arc;

use domain::{
    fault::Kind,
    seal::{GenerationKeys, HashKind, KeyedHash, TenantKeys},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};

use super::{backends::World, samples::scope};

/// Returns a fingerprint: keys are equal if their hashes are.
fn print(keys: &Arc<GenerationKeys>) -> KeyedHash {
    keys.index.hash(HashKind::Email, "x")
}

pub(super) async fn keys_are_made_once_and_open_again(world: &World) {
    let scope = scope("keys-once");
    assert!(world.keys.open(&scope).await.unwrap().is_none());
    let made = world.keys.create(&scope).await.unwrap();
    let again = (world.fresh_keys)().create(&scope).await.unwrap();
    let opened = (world.fresh_keys)().open(&scope).await.unwrap().unwrap();
    assert_eq!(print(&made), print(&again));
    assert_eq!(print(&made), print(&opened));
}

pub(super) async fn keys_that_were_destroyed_do_not_open(world: &World) {
    let scope = scope("keys-destroyed");
    world.keys.create(&scope).await.unwrap();
    assert_eq!(world.keys.destroy(&scope).await.unwrap(), 1);
    assert_eq!(world.keys.destroy(&scope).await.unwrap(), 0);
    assert!(world.keys.open(&scope).await.unwrap().is_none());
    assert!((world.fresh_keys)().open(&scope).await.unwrap().is_none());
}

pub(super) async fn two_generations_have_different_keys(world: &World) {
    let first = scope("keys-two");
    let mut second = first.clone();
    second.generation = Generation(2);
    let one = world.keys.create(&first).await.unwrap();
    let two = world.keys.create(&second).await.unwrap();
    assert_ne!(print(&one), print(&two));
    world.keys.destroy(&first).await.unwrap();
    assert!(world.keys.open(&second).await.unwrap().is_some());
}

/// A connection that is cut off leaves keys, and no row of an integration.
pub(super) async fn keys_that_no_integration_has_are_found_and_destroyed_and_nobody_elses(
    world: &World,
) {
    let [mine, twin] = ["keys-left", "keys-left2"].map(scope);
    let second = Scope {
        integration: IntegrationId::parse("crm-2").unwrap(),
        generation: Generation(3),
        ..mine.clone()
    };
    for scope in [&mine, &second, &twin] {
        world.keys.create(scope).await.unwrap();
    }
    let fresh = (world.fresh_keys)();
    let left = async |tenant| {
        let mut names = fresh.all_versions(tenant).await.unwrap();
        names.sort();
        names
    };
    assert_eq!(left(&mine.tenant).await, ["crm-1 g1#v1", "crm-2 g3#v1"]);
    for _ in 0..2 {
        fresh.destroy_all(&mine.tenant).await.unwrap();
        assert!(left(&mine.tenant).await.is_empty());
    }
    assert!((world.fresh_keys)().open(&second).await.unwrap().is_none());
    assert_eq!(left(&twin.tenant).await, ["crm-1 g1#v1"]);
    assert!(fresh.open(&twin).await.unwrap().is_some());
}

fn print_tenant(keys: &Arc<TenantKeys>) -> KeyedHash {
    keys.index.hash(HashKind::Email, "x")
}

pub(super) async fn a_tenants_keys_are_made_on_first_use_and_are_nobody_elses(world: &World) {
    let [mine, theirs] = ["tenant-keys-a", "tenant-keys-b"].map(|id| TenantId::parse(id).unwrap());
    assert!(world.keys.tenant_if_made(&mine).await.unwrap().is_none());
    let made = world.keys.tenant(&mine).await.unwrap();
    let fresh = (world.fresh_keys)();
    let again = fresh.tenant(&mine).await.unwrap();
    let opened = (world.fresh_keys)().tenant_if_made(&mine).await.unwrap();
    assert_eq!(print_tenant(&made), print_tenant(&again));
    assert_eq!(print_tenant(&made), print_tenant(&opened.unwrap()));
    let others = world.keys.tenant(&theirs).await.unwrap();
    assert_ne!(print_tenant(&made), print_tenant(&others));
}

pub(super) async fn callers_who_need_a_tenants_keys_first_get_the_same(world: &World) {
    let tenant = TenantId::parse("tenant-keys-race").unwrap();
    let callers: Vec<_> = (0..6).map(|_| (world.fresh_keys)()).collect();
    let asked = callers.iter().map(|keys| keys.tenant(&tenant));
    let prints: Vec<_> = futures::future::join_all(asked)
        .await
        .into_iter()
        .map(|keys| print_tenant(&keys.unwrap()))
        .collect();
    assert!(prints.iter().all(|one| *one == prints[0]), "{prints:?}");
}

pub(super) async fn a_removal_of_a_generation_leaves_its_tenants_keys(world: &World) {
    let scope = scope("tenant-keys-stay");
    world.keys.create(&scope).await.unwrap();
    let before = world.keys.tenant(&scope.tenant).await.unwrap();
    assert_eq!(world.keys.destroy(&scope).await.unwrap(), 1);
    let after = (world.fresh_keys)().tenant_if_made(&scope.tenant).await;
    assert_eq!(
        print_tenant(&before),
        print_tenant(&after.unwrap().unwrap())
    );
}

pub(super) async fn keys_that_were_fetched_before_their_generation_was_known_open(world: &World) {
    let first = scope("keys-fetched");
    let which = super::samples::which(&first);
    let nothing = world.keys.wrapped(&which).await.unwrap();
    assert!(
        world
            .keys
            .open_wrapped(&first, &nothing)
            .await
            .unwrap()
            .is_none()
    );
    let made = world.keys.create(&first).await.unwrap();
    let mut second = first.clone();
    second.generation = Generation(2);
    let other = world.keys.create(&second).await.unwrap();
    for keys in [(world.fresh_keys)(), Arc::clone(&world.keys)] {
        let wrapped = keys.wrapped(&which).await.unwrap();
        for (scope, made) in [(&first, &made), (&second, &other)] {
            let opened = keys.open_wrapped(scope, &wrapped).await.unwrap().unwrap();
            assert_eq!(print(&opened), print(made));
        }
    }
    world.keys.destroy(&first).await.unwrap();
    let fresh = (world.fresh_keys)();
    let wrapped = fresh.wrapped(&which).await.unwrap();
    assert!(
        fresh
            .open_wrapped(&first, &wrapped)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        fresh
            .open_wrapped(&second, &wrapped)
            .await
            .unwrap()
            .is_some()
    );
}

/// MiniStack's KMS does not authenticate what it wrapped, so this clause runs on moto.
pub(super) async fn a_wrapped_key_that_was_changed_or_moved_does_not_open(world: &World) {
    let clients = world.clients.as_ref().unwrap();
    let (mine, theirs) = (scope("keys-mine"), scope("keys-theirs"));
    world.keys.create(&mine).await.unwrap();
    let row = |tenant: &str| {
        clients
            .dynamodb
            .get_item()
            .table_name("keys")
            .key(
                "pk",
                aws_sdk_dynamodb::types::AttributeValue::S(format!("T#{tenant}#crm-1")),
            )
            .key(
                "sk",
                aws_sdk_dynamodb::types::AttributeValue::S("g1#v1".to_owned()),
            )
    };
    let item = row("keys-mine").send().await.unwrap().item.unwrap();

    let mut moved = item.clone();
    let pk = aws_sdk_dynamodb::types::AttributeValue::S("T#keys-theirs#crm-1".to_owned());
    moved.insert("pk".to_owned(), pk);
    let put = |item| {
        clients
            .dynamodb
            .put_item()
            .table_name("keys")
            .set_item(Some(item))
    };
    put(moved).send().await.unwrap();
    let refused = (world.fresh_keys)().open(&theirs).await.err().unwrap();
    assert_eq!(refused.kind(), Kind::Permanent, "{refused}");

    let mut changed = item;
    let mut bytes = changed["wrapped"].as_b().unwrap().as_ref().to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    changed.insert(
        "wrapped".to_owned(),
        aws_sdk_dynamodb::types::AttributeValue::B(bytes.into()),
    );
    put(changed).send().await.unwrap();
    let refused = (world.fresh_keys)().open(&mine).await.err().unwrap();
    assert_eq!(refused.kind(), Kind::Permanent, "{refused}");
}
