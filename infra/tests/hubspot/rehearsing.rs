//! What is known of a record before it is created: whether another one has a value that is unique.

use domain::{
    fault::Fault as Said,
    ports::{Crm, Draft, Duplicates, NewRecord, Written},
    record::Object,
};
use serde_json::json;
use simulator::hubspot::Fault;

use super::{
    Account,
    creating::{anna, cleared, company, deal, draft},
    id,
};

async fn rehearsed(crm: &dyn Crm, drafts: &[Draft]) -> Vec<Written> {
    let mut records: Vec<NewRecord> = Vec::new();
    for draft in drafts {
        records.push(cleared(crm, draft).await);
    }
    let told = crm.rehearse(&records, Duplicates::Refuse).await;
    told.unwrap()
}

fn duplicate(of: &[&str]) -> Written {
    Written::Duplicate {
        of: of.iter().map(|text| id(text)).collect(),
        may_save: false,
    }
}

fn code(written: &Written) -> String {
    let code = |fault: &Said| fault.code().to_string();
    match written {
        Written::Unknown(fault) => code(fault),
        other => panic!("{other:?}"),
    }
}

fn with_email(email: &str) -> Draft {
    draft(
        Object::Contact,
        json!({"email": email, "lastname": "Muster"}),
        &[],
    )
}

#[tokio::test]
async fn a_contact_whose_address_another_one_has_is_a_duplicate_of_that_one() {
    let account = Account::start().await;
    account.control().set_index_lag(3_600_000);
    let crm = account.crm();
    let there = account.load("contacts", json!({"email": "Anna@Werk.example"}));
    let further = json!({"email": "ben@werk.example", "hs_additional_emails": "b@home.example;cara@home.example"});
    let further = account.load("contacts", further);
    let by_phone = json!({"lastname": "Muster", "mobilephone": "+49 170 7654321"});
    let by_phone = draft(Object::Contact, by_phone, &[]);
    let told = rehearsed(
        &*crm,
        &[
            anna(),
            with_email(" CARA@home.example "),
            with_email("dora@werk.example"),
            with_email("Dora@werk.example"),
            by_phone,
        ],
    )
    .await;
    assert_eq!(told[0], duplicate(&[&there]));
    assert_eq!(told[1], duplicate(&[&further]), "by a further address");
    assert_eq!(told[2], Written::Rehearsed);
    assert_eq!(told[3], duplicate(&[]), "one before it has the address");
    assert_eq!(code(&told[4]), "hubspot.nothing_unique");
    assert_eq!(account.control().counts()["contacts"].live, 2);
    let n = |path| account.control().count_requests(path);
    assert_eq!(n("/crm/objects/contacts/batch/read"), 1);
    assert_eq!(n("/crm/objects/contacts/search"), 0);
}

#[tokio::test]
async fn other_objects_have_an_answer_where_the_account_has_a_unique_property() {
    let account = Account::start().await;
    account
        .control()
        .add_property("companies", "customer_no", &["unique"])
        .unwrap();
    let crm = account.crm();
    let there = account.load("companies", json!({"name": "Werk", "customer_no": "K-1"}));
    let with_number = |number: &str| {
        let fields = json!({"name": "Hof", "customer_no": number});
        draft(Object::Account, fields, &[])
    };
    let drafts = [
        with_number("K-1"),
        with_number("K-2"),
        company("Werk"),
        deal("deal", &[]),
    ];
    let told = rehearsed(&*crm, &drafts).await;
    assert_eq!(told[0], duplicate(&[&there]));
    assert_eq!(told[1], Written::Rehearsed);
    // HubSpot takes two companies of one name for two.
    assert_eq!(code(&told[2]), "hubspot.nothing_unique");
    assert_eq!(code(&told[3]), "hubspot.nothing_unique");
}

#[tokio::test]
async fn what_hubspot_does_not_look_up_is_unknown_with_its_reason() {
    let account = Account::start().await;
    let crm = account.crm();
    let refused = Fault::Error {
        status: 403,
        code: "MISSING_SCOPES".to_owned(),
        message: "This app hasn't been granted all required scopes".to_owned(),
        retry_after: None,
    };
    account
        .control()
        .spoil("/crm/objects/contacts/batch/read", 1, refused);
    assert_eq!(
        code(&rehearsed(&*crm, &[anna()]).await[0]),
        "hubspot.missing_scopes"
    );
    assert_eq!(rehearsed(&*crm, &[anna()]).await[0], Written::Rehearsed);
}
