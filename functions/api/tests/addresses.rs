//! One e-mail address in all its spellings: the domain in its own letters or as DNS has it, in any case, with a dot at its end.

use domain::{
    legal::Person,
    ports::{StoredSuppression, SuppressionKind},
    seal::{HashKind, Place, Room, Sealer},
    tenant::TenantId,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    showing::{HERE, house_with, post},
    world::{House, TENANT},
};

const SPELT: [&str; 4] = [
    "info@müller.example",
    "INFO@MÜLLER.example",
    "info@xn--mller-kva.example",
    "info@XN--MLLER-KVA.example.",
];

/// Makes a house whose account has this address, hashed exactly as it is spelt.
async fn house_of(email: &str) -> House {
    house_with(|record| record.attributes.email = Some(email.into())).await
}

async fn n_found(house: &House, email: &str) -> usize {
    let said = json!({"email": email});
    let found = post(house, &format!("{HERE}/records/search"), said).await;
    assert_eq!(found.status, 200, "{}", found.body);
    assert_eq!(found.body["cursor"], Value::Null);
    found.body["records"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_search_finds_an_address_in_each_spelling() {
    // Records had the first spelling before 2026-11-29, and have the second one now.
    for stored in ["info@müller.example", "info@xn--mller-kva.example"] {
        let house = house_of(stored).await;
        for email in SPELT {
            assert_eq!(n_found(&house, email).await, 1, "{email} where {stored} is");
        }
        assert_eq!(n_found(&house, "info@muller.example").await, 0);
    }
}

#[tokio::test]
async fn a_search_goes_on_from_one_spelling_to_the_next() {
    let house = house_of("info@müller.example").await;
    let (mut cursor, mut n) = (Value::Null, 0);
    for _ in 0..4 {
        let said = json!({"email": SPELT[2], "limit": 1, "cursor": cursor});
        let page = post(&house, &format!("{HERE}/records/search"), said).await;
        n += page.body["records"].as_array().unwrap().len();
        cursor = page.body["cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!((n, cursor), (1, Value::Null));
}

#[tokio::test]
async fn an_objection_holds_in_each_spelling() {
    for said in SPELT {
        let house = house_of("info@müller.example").await;
        let objection = json!({"person": {"emails": [said]}});
        assert_eq!(
            post(&house, "/v1/objections", objection.clone())
                .await
                .status,
            201
        );
        let people: Vec<Value> = SPELT
            .iter()
            .map(|email| json!({"emails": [email]}))
            .collect();
        let checked = post(&house, "/v1/objections/check", json!({"people": people})).await;
        for one in checked.body["people"].as_array().unwrap() {
            assert_eq!(one["objected"], true, "{said}");
        }
        let other = json!({"person": {"emails": [SPELT[0]]}});
        let withdrawn = post(&house, "/v1/objections/withdrawal", other).await;
        assert_eq!(withdrawn.body, json!({"withdrawn": 1}), "{said}");
    }
}

/// Until 2026-11-29 a dot at a domain's end went into the hash.
#[tokio::test]
async fn an_objection_that_was_stored_with_a_dot_at_the_end_holds() {
    let house = house_of("info@werk.example").await;
    let (ports, tenant) = (&house.ports, TenantId::parse(TENANT).unwrap());
    let keys = ports.keys.tenant(&tenant).await.unwrap();
    let place = Place::of_tenant(&tenant, Room::LegalObjection, "OBJECTION#x");
    let mark = StoredSuppression {
        person: keys
            .index
            .hash(HashKind::Objection, "email:info@werk.example."),
        at: Timestamp::UNIX_EPOCH,
        sealed: Sealer::new(&keys.sealing, 1)
            .unwrap()
            .seal(&place, b"{}")
            .unwrap(),
    };
    let suppressions = std::slice::from_ref(&mark);
    ports
        .store
        .suppress(&tenant, SuppressionKind::Objection, suppressions)
        .await
        .unwrap();
    for email in ["info@werk.example", "info@werk.example."] {
        let people = json!({"people": [{"emails": [email]}]});
        let checked = post(&house, "/v1/objections/check", people).await;
        assert_eq!(checked.body["people"][0]["objected"], true, "{email}");
    }
    let person = Person {
        emails: vec!["info@werk.example".to_owned()],
        ..Person::default()
    };
    assert_eq!(
        person.hashes(&keys, HashKind::Objection).len(),
        1,
        "stored once"
    );
}
