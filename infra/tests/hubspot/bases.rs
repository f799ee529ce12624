//! The legal basis in a new contact, and what a company fills in a new record.

use domain::{
    ports::{BasisPlace, Source},
    record::Object,
};
use matching::Column;
use serde_json::json;

use super::{
    Account,
    creating::{anna, check, create, draft, made},
};

#[tokio::test]
async fn a_contact_is_made_with_the_basis_that_cleared_the_person() {
    let account = Account::start().await;
    let crm = account.crm();
    assert_eq!(crm.abilities().creating.basis, BasisPlace::InRecord);
    let checked = check(&*crm, &anna()).await;
    for basis in ["contract", "legitimate_interest", "consent"] {
        assert!(checked.kept_bases.has(basis), "{basis}");
    }
    let other = draft(
        Object::Contact,
        json!({"email": "ben@werk.example", "hs_legal_basis": "Not applicable"}),
        &[],
    );
    let written = create(&*crm, &[anna(), other]).await;
    let basis = |n: usize| {
        let there = account
            .control()
            .get("contacts", made(&written[n]).as_str());
        there.unwrap()["hs_legal_basis"].clone()
    };
    assert_eq!(basis(0), "Performance of a contract");
    assert_eq!(basis(1), "Not applicable;Performance of a contract");
}

#[tokio::test]
async fn without_a_property_for_bases_none_is_written_and_none_is_promised() {
    let account = Account::start().await;
    let gone = &["archived"];
    account
        .control()
        .add_property("contacts", "hs_legal_basis", gone)
        .unwrap();
    let crm = account.crm();
    let checked = check(&*crm, &anna()).await;
    assert!(!checked.kept_bases.has("contract"));
    let written = create(&*crm, &[anna()]).await;
    let there = account
        .control()
        .get("contacts", made(&written[0]).as_str());
    assert!(!there.unwrap().contains_key("hs_legal_basis"));
}

#[tokio::test]
async fn a_company_fills_what_the_account_lets_us_set() {
    let account = Account::start().await;
    account
        .control()
        .add_property("companies", "city", &["read_only"])
        .unwrap();
    let usual = account.crm().usual(Object::Account).await.unwrap();
    let names: Vec<&str> = usual.iter().map(|one| one.field.as_str()).collect();
    let expected = ["name", "domain", "phone", "address", "zip", "country"];
    assert_eq!(names, expected);
    assert_eq!(usual[0].source, Source::Column(Column::Name));
}
