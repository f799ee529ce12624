//! Fields that cannot be read, and fields that describe names but queries may not use.

use domain::ports::Shape;

use super::*;

#[tokio::test]
async fn a_field_that_vanishes_is_left_out_and_the_read_goes_on() {
    for options in [options(), in_bulk()] {
        let org = Org::start().await;
        org.load_accounts(700);
        let crm = org.crm_with(options);
        assert!(
            crm.describe(Object::Account)
                .await
                .unwrap()
                .unwrap()
                .fields
                .contains(&"Website".to_owned())
        );
        org.control()
            .hide_field("Account", "Website", true)
            .unwrap();
        let read = live(&items(&*crm, Object::Account, &whole()).await);
        assert_eq!(read.len(), 700);
        assert!(
            read.values()
                .all(|fields| !fields.contains("Website") && fields.contains("Name"))
        );
        let shape = crm.describe(Object::Account).await.unwrap().unwrap();
        assert!(!shape.fields.contains(&"Website".to_owned()));
        assert!(shape.fields.is_sorted() && !shape.fields.contains(&"BillingAddress".to_owned()));
    }
}

#[tokio::test]
async fn a_field_that_describe_shows_and_queries_refuse_is_left_out_too() {
    let org = Org::start().await;
    org.load_accounts(5);
    let crm = org.crm();
    let message = "SELECT Website FROM Account ^ ERROR at Row:1:Column:8 No such column 'Website' on entity 'Account'.";
    let refusal = Spoil::Error {
        status: 400,
        code: "INVALID_FIELD".to_owned(),
        message: message.to_owned(),
        retry_after: None,
    };
    org.spoil_nth("/queryAll", 2, 1, refusal);
    let read = live(&items(&*crm, Object::Account, &whole()).await);
    assert!(read.len() == 5 && read.values().all(|fields| !fields.contains("Website")));
}

fn in_use(crm: &dyn Crm) -> Arc<Shape> {
    crm.in_use(Object::Account).unwrap()
}

fn has(shape: &Shape, field: &str) -> bool {
    shape.fields.iter().any(|name| name == field)
}

#[tokio::test]
async fn fields_that_describe_shows_and_queries_refuse_are_all_left_out_and_told() {
    for options in [options(), in_bulk()] {
        let org = Org::start().await;
        org.load_accounts(700);
        let crm = org.crm_with(options);
        crm.describe(Object::Account).await.unwrap();
        assert!(has(&in_use(&*crm), "Website") && in_use(&*crm).refused.is_empty());
        for field in ["Website", "Phone", "BillingCity"] {
            org.control().refuse_field("Account", field, true).unwrap();
        }
        let read = live(&items(&*crm, Object::Account, &whole()).await);
        assert_eq!(read.len(), 700);
        assert!(
            read.values()
                .all(|fields| !fields.contains("Website") && fields.contains("Name"))
        );
        let told = in_use(&*crm);
        assert_eq!(told.refused, ["BillingCity", "Phone", "Website"]);
        assert!(!has(&told, "Website") && has(&told, "BillingStreet"));
    }
}

#[tokio::test]
async fn records_fetched_by_their_ids_and_lists_of_ids_are_had_without_refused_fields_too() {
    let org = Org::start().await;
    let account = org.load("Account", json!({"Name": "A", "Website": "a.example"}));
    let crm = org.crm();
    crm.describe(Object::Account).await.unwrap();
    for field in ["Website", "Phone"] {
        org.control().refuse_field("Account", field, true).unwrap();
    }
    let fetched = crm.fetch(Object::Account, &[id(&account)]).await.unwrap();
    assert!(!live(&fetched)[&account].contains("Website"));
    assert_eq!(in_use(&*crm).refused, ["Phone", "Website"]);

    // The time stamp of changes itself is refused. The next best field takes its place.
    org.control()
        .refuse_field("Account", "SystemModstamp", true)
        .unwrap();
    let ids = crm.ids(Object::Account, None).await.unwrap();
    assert_eq!(ids.ids.len(), 1);
    assert_eq!(
        in_use(&*crm).refused,
        ["Phone", "SystemModstamp", "Website"]
    );
}

#[tokio::test]
async fn a_field_refused_in_the_middle_of_a_page_set_is_told_and_the_set_begins_again() {
    for options in [options(), in_bulk()] {
        let org = Org::start().await;
        org.load_accounts(2_500);
        let crm = org.crm_with(options);
        let first = page(&*crm, Object::Account, &whole(), None).await;
        let token = first.next.unwrap();
        // The refusal comes as it does when a job fails, or when a page needs a query of its own.
        let refusal = Spoil::Error {
            status: 400,
            code: "INVALID_FIELD".to_owned(),
            message: "No such column 'Website' on entity 'Account'.".to_owned(),
            retry_after: None,
        };
        org.control()
            .refuse_field("Account", "Website", true)
            .unwrap();
        let path = if token.0.contains("bulk") {
            "/jobs/query"
        } else {
            "/query"
        };
        org.spoil(path, 1, refusal);
        assert!(is_lost(&*crm, Object::Account, &whole(), &token).await);
        assert_eq!(in_use(&*crm).refused, ["Website"]);
        let read = live(&items(&*crm, Object::Account, &whole()).await);
        assert_eq!(read.len(), 2_500);
    }
}

#[tokio::test]
async fn a_later_slice_leaves_refused_fields_out_and_keeps_its_place() {
    for options in [options(), in_bulk()] {
        let org = Org::with(Config {
            rotate_refresh_tokens: false,
            ..Config::default()
        })
        .await;
        org.load_accounts(2_500);
        org.control()
            .refuse_field("Account", "Website", true)
            .unwrap();
        let crm = org.crm_with(options.clone());
        let token = page(&*crm, Object::Account, &whole(), None)
            .await
            .next
            .unwrap();
        let refused = in_use(&*crm).refused.clone();
        let crm = org.crm_with(options.clone());
        let n_requests = crm.usage().requests;
        crm.leave_out(Object::Account, &refused, false)
            .await
            .unwrap();
        assert_eq!(crm.usage().requests, n_requests, "nobody is asked");
        let second = page(&*crm, Object::Account, &whole(), Some(&token)).await;
        assert!(!second.items.is_empty());
        assert_eq!(in_use(&*crm).refused, ["Website"]);
    }
}

#[tokio::test]
async fn a_new_run_asks_which_fields_are_refused_still() {
    let org = Org::start().await;
    org.load_accounts(3);
    let refused: Vec<String> = ["BillingCity", "Phone", "Website"]
        .map(str::to_owned)
        .into();
    org.control()
        .refuse_field("Account", "Phone", true)
        .unwrap();
    let crm = org.crm();
    crm.leave_out(Object::Account, &refused, true)
        .await
        .unwrap();
    let shape = crm.describe(Object::Account).await.unwrap().unwrap();
    assert_eq!(shape.refused, ["Phone"]);
    assert!(has(&shape, "Website") && has(&shape, "BillingCity") && !has(&shape, "Phone"));
    // A field that describe no longer names counts as hidden, not as refused.
    org.control().hide_field("Account", "Phone", true).unwrap();
    let crm = org.crm();
    crm.leave_out(Object::Account, &refused, true)
        .await
        .unwrap();
    let shape = crm.describe(Object::Account).await.unwrap().unwrap();
    assert!(shape.refused.is_empty() && !has(&shape, "Phone"));
}

#[tokio::test]
async fn a_field_that_only_bulk_jobs_are_refused_for_is_read_by_rest() {
    for nth in [1, 2] {
        let org = Org::start().await;
        org.load_accounts(50);
        let crm = org.crm_with(in_bulk());
        let refusal = Spoil::Error {
            status: 400,
            code: "INVALID_FIELD".to_owned(),
            message: "No such column 'Website' on entity 'Account'.".to_owned(),
            retry_after: None,
        };
        // The refusal comes when the job is created, and when its state is polled.
        org.spoil_nth("/jobs/query", nth, 0, refusal);
        let read = live(&items(&*crm, Object::Account, &whole()).await);
        assert_eq!(read.len(), 50);
        assert!(read.values().all(|fields| fields.contains("Website")));
        assert!(in_use(&*crm).refused.is_empty());
    }
}
