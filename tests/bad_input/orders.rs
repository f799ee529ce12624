//! Bad events and orders.
use domain::fault::Code;

use abgleich::sync::{Batch, Fate, ShowAgain};
use domain::order::{Order, SyncDue};
use serde_json::json;

use super::world::{SECRET, World, delivered, scope};

fn order(tenant: &str) -> serde_json::Value {
    delivered(&Order::SyncDue(SyncDue {
        scope: scope(tenant),
        run: domain::tenant::RunId::parse("018bcfe56800-00000007").unwrap(),
        slice: 0,
    }))
}

#[tokio::test]
async fn a_malformed_event_is_refused_by_the_name_of_its_field() {
    let world = World::new().await;
    for (pointer, value) in [
        ("/detail-type", json!("SyncDone")),
        ("/detail/scope/tenant", json!(SECRET)),
        ("/detail/scope/integration", json!({"a": SECRET})),
        ("/detail/scope/generation", json!(-1)),
        ("/detail/run", json!(null)),
        ("/detail/slice", json!("0")),
    ] {
        let mut event = order("acme");
        *event.pointer_mut(pointer).unwrap() = value;
        // The queue redelivers the message several times and then moves it to the dead-letter queue, where an operator looks.
        assert_eq!(world.message(&event.to_string()).await, Fate::Returned);
        let named = format!("field=\"{}\"", pointer[1..].replace('/', "."));
        assert!(world.log().contains(&named), "{named}: {}", world.log());
    }
    assert_eq!(world.message("no JSON").await, Fate::Returned);
    assert!(world.log().contains("event.malformed"));
    // An event that is no batch of messages is refused as a whole.
    for event in [json!({}), json!([]), json!({"Records": [{"body": "x"}]})] {
        let refused = Batch::read(event).map(drop).unwrap_err();
        assert_eq!(*refused.code(), Code::EventMalformed);
        assert!(refused.field().unwrap().starts_with("Records"));
    }
    assert_eq!(world.run().await, [Fate::Consumed; 2]);
    assert_eq!(world.others_than_verified().await, []);
}

#[tokio::test]
async fn a_malformed_message_of_a_batch_takes_no_other_along() {
    let world = World::new().await;
    let batch = json!({"Records": [
        {"messageId": "bad", "body": "no JSON"},
        {"messageId": "good", "body": order("acme").to_string()},
    ]});
    let answer = Batch::read(batch).unwrap();
    let leave: &ShowAgain<'_> = &|_, _| Box::pin(std::future::ready(Ok(())));
    let work = async |body: &str| world.message(body).await;
    let answer = answer.each(leave, || 0, work).await;
    assert_eq!(
        serde_json::to_value(answer).unwrap(),
        json!({"batchItemFailures": [{"itemIdentifier": "bad"}]})
    );
}

#[tokio::test]
async fn an_order_for_an_unknown_tenant_is_said_and_done_with() {
    let world = World::new().await;
    let body = order("nobody").to_string();
    assert_eq!(world.message(&body).await, Fate::Consumed);
    assert!(world.log().contains("integration.unknown"));
    assert!(world.log().contains("tenant=nobody"), "{}", world.log());
    assert_eq!(world.run().await, [Fate::Consumed; 2]);
    assert_eq!(world.others_than_verified().await, []);
}
