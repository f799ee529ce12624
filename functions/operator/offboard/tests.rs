#![allow(clippy::unwrap_used)]

use domain::{
    audit::AuditEntry,
    ports::{Audit, Offboardings},
    seal::CallerKey,
};
use infra::memory::MemoryStore;
use jiff::SignedDuration;

use super::*;
use crate::test_world::{self, Bus, at};

const TENANT: &str = "acme-1";
const ARN: &str = "arn:aws:sts::000000000000:assumed-role/ender/anna";

/// Only who confirms is asked for.
fn asker(tenant: &TenantId) -> Outcome<Asker> {
    let key = CallerKey::of_secret("0123456789abcdef0123456789abcdef");
    let key = key.ok_or_else(|| Fault::of(Code::SettingMissing))?;
    Ok(Asker::of_operator(key.hash(tenant, ARN)))
}

async fn told(ports: &Ports, bus: &Bus, second: i64, confirm: Option<&str>) -> Outcome<Value> {
    let clock = move || at(second);
    let given = OffboardContext {
        ports,
        asker: &|tenant| Box::pin(async move { asker(&tenant) }),
        send: &|orders| bus.send(orders),
        clock: &clock,
        limits: &EndLimits {
            settle: SignedDuration::from_secs(310),
            ..EndLimits::default()
        },
    };
    offboard(&given, TENANT, confirm).await
}

#[tokio::test]
async fn a_tenant_is_shown_and_ends_only_if_it_is_named_twice() {
    let (store, bus) = (MemoryStore::new(), Bus::default());
    let ports = test_world::ports(&store);
    let tenant = TenantId::parse(TENANT).unwrap();
    ports.keys.tenant(&tenant).await.unwrap();
    let entry = AuditEntry::of_request(at(0), Asker::operator(), "test", None, "r-1");
    store.note_request(&tenant, &entry).await.unwrap();

    let shown = told(&ports, &bus, 0, None).await.unwrap();
    assert_eq!(
        (&shown["ended"], &shown["rows"]["audit_entries"]),
        (&json!(false), &json!(1))
    );
    let refused = told(&ports, &bus, 0, Some("acme-2")).await.unwrap_err();
    assert_eq!(*refused.code(), Code::TenantNotConfirmed);
    assert!(store.offboarding(&tenant).await.unwrap().is_none());

    let waits = told(&ports, &bus, 0, Some(TENANT)).await.unwrap();
    assert_eq!(
        (&waits["ended"], &waits["receipt"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(waits["goes_on_at"], json!(at(310)));
    let shown = told(&ports, &bus, 309, None).await.unwrap();
    assert_eq!(
        (&shown["ended"], &shown["rows"]["audit_entries"]),
        (&json!(true), &json!(1))
    );

    let gone = told(&ports, &bus, 310, Some(TENANT)).await.unwrap();
    let document = gone["receipt"]["document"].as_str().unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    assert_eq!(document["deleted"]["audit_entries"], 1);
    assert_eq!(document["tenant"], TENANT);
    let by = document["asked"]["by"].as_str().unwrap();
    assert_eq!(by, asker(&tenant).unwrap().as_str());
    assert!(
        ports
            .keys
            .tenant_versions(&tenant)
            .await
            .unwrap()
            .is_empty()
    );
    let again = told(&ports, &bus, 999, Some(TENANT)).await.unwrap();
    assert_eq!(again, gone, "the receipt is printed again");
}
