//! The end of a tenant, asked for by the operator.

use std::sync::{Arc, Mutex};

use domain::{
    audit::AuditFilter,
    end_tenant::{self, End, EndLimits},
    fault::{Code, Fault},
    order::{OffboardingDue, Order},
    removal::{Asked, Asker},
    seal::CallerKey,
    tenant::TenantId,
};
use futures::FutureExt;
use infra::memory::{Faults, Mode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tracing::Level;

use super::{
    removal::connected,
    world::{ALL_SCOPES, Answer, CALLER_SECRET, House, OPERATOR, TENANT, by, by_operator, event},
};
use crate::telemetry::tests::with_log;

const PATH: &str = "/operator/tenants/acme-1/offboarding";

fn tenant() -> TenantId {
    TenantId::parse(TENANT).unwrap()
}

/// Returns who ordered the end, as everything names it.
fn operator() -> String {
    let key = CallerKey::of_secret(CALLER_SECRET).unwrap();
    format!("operator:{}", key.hash(&tenant(), OPERATOR))
}

async fn post(house: &House, path: &str, body: Value) -> Answer {
    let mut asked = event("POST", path);
    asked["body"] = body.to_string().into();
    house.ask(by_operator(asked)).await
}

async fn confirmed(house: &House) -> Answer {
    post(house, PATH, json!({"confirm": TENANT})).await
}

async fn shown(house: &House) -> Answer {
    house.ask(by_operator(event("GET", PATH))).await
}

/// Returns the names of the kinds of rows that outlive integrations, with their numbers.
async fn n_rows(house: &House) -> usize {
    let rows = house.ports.store.owned_rows(&tenant(), None, 1_000).await;
    rows.unwrap().len()
}

/// Lets the bus fail as often as `broken` says. Returns what it was sent.
fn listening(house: &mut House, broken: usize) -> Arc<Mutex<Vec<Order>>> {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let (told, left) = (Arc::clone(&sent), Mutex::new(broken));
    house.world.send = Box::new(move |orders| {
        let mut left = left.lock().unwrap();
        let fails = *left > 0;
        *left = left.saturating_sub(1);
        if !fails {
            told.lock().unwrap().extend(orders);
        }
        let answer = if fails {
            Err(Fault::of(Code::TestFailed))
        } else {
            Ok(())
        };
        async move { answer }.boxed()
    });
    sent
}

#[tokio::test]
async fn the_operator_ends_a_tenant_that_it_names_twice_and_sees_the_receipt() {
    let (mut house, _) = connected(TENANT).await;
    let sent = listening(&mut house, 0);
    assert_eq!(shown(&house).await.status, 404);
    let before = n_rows(&house).await;
    for (path, body, status, kind) in [
        (
            PATH,
            json!({"confirm": "acme-2"}),
            422,
            "tenant-not-confirmed",
        ),
        (PATH, json!({}), 422, "invalid"),
        (
            &*format!("{PATH}?dryRun=true"),
            json!({"confirm": TENANT}),
            400,
            "bad-request",
        ),
        (PATH, json!({"confirm": TENANT, "more": 1}), 422, "invalid"),
        (
            "/operator/tenants/globex-1/offboarding",
            json!({"confirm": "globex-1"}),
            404,
            "not-found",
        ),
        (
            "/operator/tenants/Acme/offboarding",
            json!({"confirm": "Acme"}),
            404,
            "not-found",
        ),
    ] {
        let answer = post(&house, path, body).await;
        let found = answer.body["type"].as_str().unwrap();
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(found.ends_with(kind), "{answer:?}");
    }
    assert_eq!(n_rows(&house).await, before, "nothing was changed");
    assert!(sent.lock().unwrap().is_empty());
    let unknown = TenantId::parse("globex-1").unwrap();
    let rows = house
        .ports
        .store
        .owned_rows(&unknown, None, 9)
        .await
        .unwrap();
    assert!(rows.is_empty(), "{rows:?}");

    let begun = confirmed(&house).await;
    assert_eq!(
        (begun.status, begun.headers["location"].as_str()),
        (202, PATH)
    );
    assert_eq!(begun.body["tenant"], TENANT);
    assert_eq!(begun.body["askedBy"], operator());
    assert_eq!(begun.body["removing"], json!(["crm-1"]));
    assert_eq!(begun.body["receipt"], Value::Null);
    assert_eq!(n_rows(&house).await, before + 1, "an entry of the audit");
    let token = house
        .ask(by(ALL_SCOPES, event("GET", "/v1/integrations")))
        .await;
    assert_eq!(token.status, 403, "{token:?}");

    // Another request changes nothing, and orders what may have been lost.
    assert_eq!(confirmed(&house).await.status, 202);
    assert_eq!(n_rows(&house).await, before + 1);
    let order = Order::OffboardingDue(OffboardingDue { tenant: tenant() });
    assert_eq!(*sent.lock().unwrap(), [order.clone(), order]);
    assert_eq!(shown(&house).await.body, begun.body);
}

#[tokio::test]
async fn the_receipt_comes_with_the_key_that_verifies_it() {
    let house = House::new();
    let keys = &house.ports.keys;
    keys.tenant(&tenant()).await.unwrap();
    let entry = domain::audit::AuditEntry::of_request(
        (house.world.clock)(),
        Asker::operator(),
        "test",
        None,
        "r-1",
    );
    let store = &*house.ports.store;
    store.note_request(&tenant(), &entry).await.unwrap();
    assert_eq!(confirmed(&house).await.status, 202);
    let clock = || (house.world.clock)();
    let (tenant, limits) = (
        tenant(),
        EndLimits {
            settle: SignedDuration::ZERO,
            ..EndLimits::default()
        },
    );
    let ended = end_tenant::end(End {
        store,
        keys: &**keys,
        tenant: &tenant,
        asked: Asked {
            by: Asker::operator(),
            at: clock(),
        },
        clock: &clock,
        deadline: Timestamp::MAX,
        limits: &limits,
    });
    assert!(matches!(ended.await, Ok(end_tenant::Ended::Gone(_))));
    let answer = shown(&house).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let receipt = &answer.body["receipt"];
    assert!(
        receipt["document"]
            .as_str()
            .unwrap()
            .contains("\"tenant_receipt\"")
    );
    assert_eq!(receipt["keyId"], receipt["publicKey"]["keyId"]);
    let again = confirmed(&house).await;
    assert_eq!((again.status, &again.body), (202, &answer.body));
    assert_eq!(n_rows(&house).await, 0, "a request leaves nothing of it");
}

#[tokio::test]
async fn who_ordered_the_end_is_in_the_row_the_audit_and_the_log_by_one_hash_and_never_by_name() {
    let (house, _) = connected(TENANT).await;
    let (begun, lines) = with_log(Level::INFO, confirmed(&house)).await;
    assert_eq!(begun.status, 202);
    let store = &house.ports.store;
    let state = store.offboarding(&tenant()).await.unwrap().unwrap();
    assert_eq!(state.asked.by.as_str(), operator());
    let wanted = AuditFilter::default();
    let (entries, _) = store.audit(&tenant(), &wanted, None, 9).await.unwrap();
    let entry = entries.iter().find(|entry| entry.what == "endTenant");
    assert_eq!(entry.unwrap().by.as_str(), operator());
    let line = lines.last().unwrap();
    assert_eq!(line["operation"], "endTenant");
    assert_eq!(
        format!("operator:{}", line["user"].as_str().unwrap()),
        operator()
    );
    let everything = format!("{lines:?}{state:?}{}", begun.text);
    assert!(
        !everything.contains("erika") && !everything.contains("arn:"),
        "{everything}"
    );
}

#[tokio::test]
async fn an_order_that_the_bus_does_not_take_is_said_and_given_by_the_next_request() {
    let (mut house, _) = connected(TENANT).await;
    let sent = listening(&mut house, 1);
    assert!(confirmed(&house).await.status >= 500);
    assert!(sent.lock().unwrap().is_empty());
    assert_eq!(confirmed(&house).await.status, 202);
    assert_eq!(sent.lock().unwrap().len(), 1);
}

/// Breaks each call of a request in turn. A tenant never ends without an entry, and the next request goes on.
#[tokio::test]
async fn no_tenant_ends_without_an_entry_whichever_call_fails() {
    for mode in [Mode::FailsBefore, Mode::LosesReply] {
        let mut n = 0;
        loop {
            n += 1;
            let (mut house, _) = connected(TENANT).await;
            let before = n_rows(&house).await;
            let sound = house.ports.clone();
            let faults = Faults::at(n, mode);
            house.with_ports(|ports| *ports = faults.wrap(&sound));
            let answer = confirmed(&house).await;
            house.with_ports(|ports| *ports = sound);
            let has_ended = house
                .ports
                .store
                .offboarding(&tenant())
                .await
                .unwrap()
                .is_some();
            let has_entry = n_rows(&house).await > before;
            assert!(has_entry || !has_ended, "{mode:?} at {n}");
            assert!(has_ended || answer.status >= 500, "{mode:?} at {n}");
            assert_eq!(confirmed(&house).await.status, 202, "{mode:?} at {n}");
            if faults.broke().is_none() {
                break;
            }
        }
        assert!(n > 5, "{n}");
    }
}
