//! The port `Keys`.

use std::sync::Arc;

use domain::{
    fault::Kind,
    seal::{GenerationKeys, HashKind, KeyedHash},
    tenant::Generation,
};

use super::{backends::World, samples::scope};

/// Two keys are the same when their hashes are.
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

/// MiniStack's KMS does not authenticate what it wrapped, so this is asked of moto.
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
    assert_eq!(refused.kind(), Kind::Lasting, "{refused}");

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
    assert_eq!(refused.kind(), Kind::Lasting, "{refused}");
}
