//! Accounts with very many properties, and sensitive ones.

use super::*;

#[tokio::test]
async fn properties_whose_names_fit_into_no_url_are_read_whole() {
    let account = Account::start().await;
    let names: Vec<String> = (0..400)
        .map(|n| format!("a_property_with_a_long_name_of_its_own_{n:04}"))
        .collect();
    for name in &names {
        account
            .control()
            .add_property("companies", name, &[])
            .unwrap();
    }
    let values: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| (name.clone(), json!(format!("value of {name}"))))
        .collect();
    let made = account.load("companies", Value::Object(values));
    let crm = account.crm();
    account.advance(SignedDuration::from_secs(1));
    let all = live(items(&*crm, Object::Account, &since(&account, None)).await);
    let fields: BTreeMap<String, String> = serde_json::from_str(&all[&made].fields).unwrap();
    for name in &names {
        assert_eq!(fields[name], format!("value of {name}"));
    }
    let shape = crm.in_use(Object::Account).unwrap();
    assert!(names.iter().all(|name| shape.fields.contains(name)));
}

#[tokio::test]
async fn sensitive_properties_are_read_only_where_the_grant_allows_it() {
    const SENSITIVE: &str = "hs_social_number";
    for allowed in [false, true] {
        let mut config = Config::default();
        if allowed {
            config
                .scopes
                .push("crm.objects.contacts.sensitive.read.v2".to_owned());
        }
        let account = Account::with(config).await;
        let made = account.load(
            "contacts",
            json!({ "lastname": "Muster", SENSITIVE: "65 170839 J 003" }),
        );
        account.advance(SignedDuration::from_secs(1));
        let crm = account.crm();
        let all = live(items(&*crm, Object::Contact, &since(&account, None)).await);
        assert_eq!(all[&made].fields.contains("65 170839 J 003"), allowed);
        let shape = crm.describe(Object::Contact).await.unwrap().unwrap();
        assert_eq!(shape.fields.iter().any(|name| name == SENSITIVE), allowed);
    }
}

#[tokio::test]
async fn hidden_and_calculated_properties_are_read_and_cannot_be_set() {
    let account = Account::start().await;
    let crm = account.crm();
    let shape = crm.describe(Object::Contact).await.unwrap().unwrap();
    let rights = crm.rights(Object::Contact).await.unwrap().unwrap();
    for (name, settable) in [
        ("hs_full_name_or_email", false),
        ("num_associated_deals", false),
        ("hs_lastmodifieddate", false),
        ("lastname", true),
        ("email", true),
    ] {
        assert!(shape.fields.iter().any(|field| field == name), "{name}");
        let right = rights.fields.iter().find(|field| field.name == name);
        assert_eq!(right.unwrap().create, settable, "{name}");
    }
}

#[tokio::test]
async fn properties_that_the_rules_leave_out_are_not_read() {
    let account = Account::start().await;
    let made = account.load(
        "companies",
        json!({ "name": "Werk", "description": "halls" }),
    );
    account.advance(SignedDuration::from_secs(1));
    let crm = account.crm();
    let left_out = ["description".to_owned()];
    crm.leave_out(Object::Account, &left_out, false)
        .await
        .unwrap();
    let all = live(items(&*crm, Object::Account, &since(&account, None)).await);
    assert!(!all[&made].fields.contains("halls"));
    assert_eq!(crm.in_use(Object::Account).unwrap().refused, left_out);
    crm.leave_out(Object::Account, &left_out, true)
        .await
        .unwrap();
    let all = live(items(&*crm, Object::Account, &since(&account, None)).await);
    assert!(all[&made].fields.contains("halls"));
}
