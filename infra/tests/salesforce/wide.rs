use super::*;

/// Returns 800 custom fields with long names, some of them empty.
fn wide(n: usize) -> Value {
    let mut fields = map(json!({"Name": format!("Wide {n}")}));
    for f in 0..800 {
        let value = if (f + n).is_multiple_of(5) {
            Value::Null
        } else {
            json!(format!("value {f} of {n}"))
        };
        fields.insert(format!("A_Rather_Long_Custom_Field_{f:04}__c"), value);
    }
    // The first record fills every field, so that all fields exist from then on.
    if n == 0 {
        fields
            .values_mut()
            .filter(|value| value.is_null())
            .for_each(|value| *value = json!("first"));
    }
    Value::Object(fields)
}

#[tokio::test]
async fn eight_hundred_fields_come_whole_by_rest_and_in_bulk() {
    let org = Org::start().await;
    for n in 0..450 {
        org.load("Account", wide(n));
    }
    let narrow_pages = Options {
        rest_page: 200,
        ..options()
    };
    let by_rest = live(&items(&*org.crm_with(narrow_pages), Object::Account, &whole()).await);
    assert_eq!(by_rest.len(), 450);
    assert!(by_rest.values().all(
        |fields| fields.contains("A_Rather_Long_Custom_Field_0798__c")
            || fields.contains("A_Rather_Long_Custom_Field_0799__c")
    ));
    let in_bulk = live(&items(&*org.crm_with(in_bulk()), Object::Account, &whole()).await);
    assert!(by_rest == in_bulk);
    assert_eq!(
        org.answers("/queryAll", 414) + org.answers("/queryAll", 431),
        0
    );
}

#[tokio::test]
async fn wide_records_are_fetched_whole_by_their_ids() {
    let org = Org::start().await;
    let ids: Vec<_> = (0..200)
        .map(|n| id(&org.load("Account", wide(n))))
        .collect();
    let crm = org.crm();
    let all = live(&items(&*crm, Object::Account, &whole()).await);
    assert!(live(&crm.fetch(Object::Account, &ids).await.unwrap()) == all);
    assert_eq!(all.len(), 200);
}

#[tokio::test]
async fn a_wide_record_that_changes_between_two_queries_is_never_half_old_and_half_new() {
    let org = Org::start().await;
    let ids: Vec<_> = (0..20).map(|n| org.load("Account", wide(n))).collect();
    // The second of a page's queries is slow, and meanwhile the record changes.
    org.spoil_nth("/queryAll", 3, 1, Spoil::Slow { delay_ms: 1_000 });
    let (control, changed) = (org.control().clone(), ids[7].clone());
    let change = tokio::spawn(async move {
        while control.faults()[0].struck == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let new = json!({"A_Rather_Long_Custom_Field_0001__c": "new", "A_Rather_Long_Custom_Field_0799__c": "new"});
        control.edit("Account", &changed, &map(new)).unwrap();
    });
    let all = live(&items(&*org.crm(), Object::Account, &whole()).await);
    change.await.unwrap();
    let fields: Map<String, Value> = serde_json::from_str(&all[&ids[7]]).unwrap();
    // All values are new: the connector dropped the old half and fetched the record on its own.
    assert_eq!(fields["A_Rather_Long_Custom_Field_0001__c"], "new");
    assert_eq!(fields["A_Rather_Long_Custom_Field_0799__c"], "new");
    assert_eq!(all.len(), 20);
}
