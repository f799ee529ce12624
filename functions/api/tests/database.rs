//! Companies of the vendor's database beside the records that may be them.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use domain::{
    fault::{Code, Fault},
    ports::{Editions, Publication, Row, RowName, RowValue, Version},
    record::MatchingAttributes,
};
use infra::memory::MemoryCompanies;
use matching::{Company, CompanyId};
use serde_json::{Value, json};

use super::{
    showing::{HERE, get, house_with, post},
    world::House,
};

const PATH: &str = "/v1/companies/search";

/// Makes a house whose operator has published a company with all columns, and one with a name only.
async fn house() -> House {
    let mut house = house_with(|record| {
        record.attributes = MatchingAttributes {
            company: Some("Werk Köln".into()),
            street: Some("Weg 1".into()),
            zip: Some("50667".into()),
            vat_id: Some("DE1".into()),
            ..MatchingAttributes::default()
        };
    })
    .await;
    let id = |id| CompanyId::parse(id).unwrap();
    let whole = Company {
        legal_form: Some("GmbH".to_owned()),
        street: Some("Weg 2".to_owned()),
        zip: Some("50668".to_owned()),
        city: Some("Köln".to_owned()),
        country: Some("DE".to_owned()),
        domain: Some("werk.example".to_owned()),
        phone: Some("+49 221 1".to_owned()),
        vat_id: Some("DE123".to_owned()),
        register_court: Some("Köln".to_owned()),
        register_number: Some("HRB 1".to_owned()),
        lei: Some("5299".to_owned()),
        parent_id: Some(id("c-3")),
        ..Company::new(id("c/1"), "Werk GmbH")
    };
    let companies = MemoryCompanies::default();
    let version = Version("v1".to_owned());
    let begun = companies.begin(&version).await.unwrap();
    let rows = [whole, Company::new(id("c-2"), "Zweite AG")].map(|company| {
        let row = Row::missing(RowName::Company(company.id.clone()));
        let wanted = Some(RowValue::Company(Box::new(company)));
        row.amended(begun.number, &begun.published, wanted).unwrap()
    });
    companies.amend(&begun, &rows).await.unwrap();
    let publication = Publication {
        companies: 2,
        rules: matching::RULES,
        changed: None,
    };
    companies.publish(&begun, publication).await.unwrap();
    house.with_ports(|ports| ports.companies = Arc::new(companies));
    house
}

#[tokio::test]
async fn companies_are_shown_as_the_vendor_wrote_them_in_the_order_of_the_request() {
    let house = house().await;
    let body = json!({"companies": ["c-2", "nobody", "c/1"]});
    let found = post(&house, PATH, body).await;
    let whole = json!({
        "company": "c/1", "name": "Werk GmbH", "legalForm": "GmbH", "street": "Weg 2", "zip": "50668", "city": "Köln",
        "country": "DE", "domain": "werk.example", "phone": "+49 221 1", "vatId": "DE123", "registerCourt": "Köln",
        "registerNumber": "HRB 1", "lei": "5299", "parent": "c-3",
    });
    assert_eq!(found.status, 200, "{}", found.body);
    let companies = found.body["companies"].as_array().unwrap();
    assert_eq!(companies.len(), 2, "{}", found.body);
    assert_eq!(companies[1], whole);
    assert_eq!(companies[0]["name"], "Zweite AG");
    assert_eq!(companies[0]["street"], Value::Null);
}

#[tokio::test]
async fn before_an_edition_is_published_there_is_no_company() {
    let house = House::new();
    let found = post(&house, PATH, json!({"companies": ["c/1"]})).await;
    assert_eq!((found.status, found.body), (200, json!({"companies": []})));
}

/// Makes the house's requests differ: what is spent twice under one id counts once.
async fn house_of_many_requests() -> House {
    static REQUESTS: AtomicU32 = AtomicU32::new(0);
    let mut house = house().await;
    house.world.holder = || REQUESTS.fetch_add(1, Ordering::Relaxed).to_string();
    house
}

#[tokio::test]
async fn each_company_that_is_asked_for_counts_in_the_allowance() {
    let house = house_of_many_requests().await;
    // The house's settings allow 200 entries in a day.
    let three = || json!({"companies": ["c-2", "nobody", "c/1"]});
    for _ in 0..66 {
        assert_eq!(post(&house, PATH, three()).await.status, 200);
    }
    let refused = post(&house, PATH, three()).await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    assert!(refused.headers.contains_key("retry-after"));
    let status = post(&house, &format!("{HERE}/companies/status"), three()).await;
    assert_eq!(status.status, 200, "statuses are counted apart");
}

#[tokio::test]
async fn a_reader_cannot_use_up_the_budget_of_the_crm_by_asking_for_fields() {
    let mut house = house_of_many_requests().await;
    let asked = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&asked);
    house.with_ports(|ports| {
        ports.crm = Arc::new(move |_| {
            seen.fetch_add(1, Ordering::Relaxed);
            Err(Fault::of(Code::TestUnexpected))
        });
    });
    // The house's settings allow 200 questions in an hour.
    for at in 0..210 {
        let path = match at % 2 {
            0 => format!("{HERE}/fields?object=Account"),
            _ => format!("{HERE}/preflight"),
        };
        let told = get(&house, &path).await;
        assert_eq!(told.status == 429, at >= 200, "{at}: {}", told.body);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 200, "the CRM is not asked");
}

#[tokio::test]
async fn a_suggestion_has_what_the_record_says_about_its_company() {
    let house = house().await;
    let listed = get(&house, &format!("{HERE}/relations/suggested")).await;
    let record = &listed.body["suggestions"][0]["record"];
    for (name, value) in [
        ("company", json!("Werk Köln")),
        ("street", json!("Weg 1")),
        ("zip", json!("50667")),
        ("city", Value::Null),
        ("vatId", json!("DE1")),
        ("register", Value::Null),
        ("lei", Value::Null),
        ("country", Value::Null),
    ] {
        assert_eq!(record[name], value, "{name}");
    }
    assert!(record.as_object().unwrap().contains_key("register"));
}
