//! Rows: selection, annotations, filters, order, pages.

use serde_json::{Value, json};
use simulator::dynamics::Fault;

use super::{Crm, NOW, code, column, map, sorted};

#[tokio::test]
async fn a_row_has_what_is_selected_its_id_and_its_version() {
    let crm = Crm::start().await;
    let id = crm.load(
        "accounts",
        json!({ "name": "Werk", "numberofemployees": 5, "revenue": 5_000_000 }),
    );
    let (_, row) = crm
        .get(&format!(
            "/accounts({id})?$select=name,revenue,telephone1,createdon,versionnumber"
        ))
        .await;
    let version = row["versionnumber"].as_u64().unwrap();
    let context = format!(
        "{}/api/data/v9.2/$metadata#accounts(name,revenue,telephone1,createdon,versionnumber)/$entity",
        crm.url
    );
    assert_eq!(
        row,
        json!({ "@odata.context": context, "@odata.etag": format!("W/\"{version}\""), "accountid": id, "name": "Werk", "revenue": 5_000_000.0, "telephone1": null, "createdon": "2026-09-21T14:13:20Z", "versionnumber": version })
    );
    let text = crm
        .request("GET", &format!("/accounts({id})?$select=revenue"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(text.contains("\"revenue\":5000000.0000"), "{text}");
    let (_, whole) = crm.get(&format!("/accounts({id})")).await;
    assert_eq!(
        (
            &whole["statecode"],
            &whole["statuscode"],
            &whole["donotemail"]
        ),
        (&json!(0), &json!(1), &json!(false))
    );
    assert!(whole["_ownerid_value"].is_string() && whole.get("ownerid").is_none());
    for (path, code_of) in [
        (
            "/accounts(c0ffee00-1234-4567-89ab-0123456789ab)",
            "0x80040217",
        ),
        ("/accounts(1)", "0x80060888"),
        ("/accounts?$select=nope", "0x80060888"),
        ("/accounts?$skip=1", "0x80060888"),
        ("/accounts?$search=a", "0x80060888"),
    ] {
        let (status, body) = crm.get(path).await;
        assert!(status.is_client_error());
        assert_eq!(code(&body), code_of, "{path}");
    }
}

#[tokio::test]
async fn annotations_come_as_they_are_asked_for() {
    let crm = Crm::start().await;
    let account = crm.load("account", json!({ "name": "Werk" }));
    let id = crm.load("contact", json!({ "firstname": "Zoë", "lastname": "Öz", "parentcustomerid": format!("account/{account}") }));
    let path = format!("/contacts({id})?$select=fullname,_parentcustomerid_value,statecode");
    let (_, bare) = crm.get(&path).await;
    assert_eq!(
        (&bare["fullname"], &bare["_parentcustomerid_value"]),
        (&json!("Zoë Öz"), &json!(account))
    );
    assert_eq!(bare.as_object().unwrap().len(), 6, "{bare}");
    let (_, typed) = crm
        .prefer(
            &path,
            "odata.include-annotations=\"Microsoft.Dynamics.CRM.lookuplogicalname\"",
        )
        .await;
    assert_eq!(
        typed["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"],
        "account"
    );
    assert!(
        typed
            .get("statecode@OData.Community.Display.V1.FormattedValue")
            .is_none()
    );
    let (_, all) = crm.prefer(&path, "odata.include-annotations=\"*\"").await;
    assert_eq!(
        all["statecode@OData.Community.Display.V1.FormattedValue"],
        "Active"
    );
    assert_eq!(
        all["_parentcustomerid_value@OData.Community.Display.V1.FormattedValue"],
        "Werk"
    );
    assert_eq!(
        all["_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"],
        "parentcustomerid_account"
    );
}

#[tokio::test]
async fn lookups_are_followed_on_request() {
    let crm = Crm::start().await;
    let account = crm.load("account", json!({ "name": "Werk" }));
    let id = crm.load("opportunity", json!({ "name": "Deal", "estimatedvalue": 7.5, "parentaccountid": format!("account/{account}") }));
    let (_, row) = crm.get(&format!("/opportunities({id})?$select=estimatedvalue,estimatedvalue_base&$expand=transactioncurrencyid($select=isocurrencycode),parentaccountid($select=name),parentcontactid")).await;
    assert_eq!(row["transactioncurrencyid"]["isocurrencycode"], "EUR");
    assert_eq!(
        (&row["parentaccountid"]["name"], &row["parentcontactid"]),
        (&json!("Werk"), &Value::Null)
    );
    assert_eq!(row["estimatedvalue_base"], 7.5);
    let (status, _) = crm.get(&format!("/opportunities({id})?$expand=nope")).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_secured_column_comes_as_null_and_is_not_written() {
    let crm = Crm::start().await;
    crm.control()
        .add_column("contact", "new_iban", &["secured"])
        .unwrap();
    let id = crm.load("contact", json!({ "lastname": "A", "new_iban": "DE00" }));
    let (status, row) = crm.get(&format!("/contacts({id})?$select=new_iban")).await;
    assert_eq!((status.as_u16(), &row["new_iban"]), (200, &Value::Null));
    let (status, _) = crm
        .send(
            "PATCH",
            &format!("/contacts({id})"),
            &json!({ "new_iban": "DE11" }),
        )
        .await;
    assert_eq!(status, 403);
    assert_eq!(
        crm.control().get("contact", &id).unwrap()["new_iban"],
        "DE00"
    );
}

#[tokio::test]
async fn pages_follow_each_other_by_links() {
    let crm = Crm::start().await;
    let ids = crm.accounts(7);
    let (rows, last) = crm
        .all(
            "/accounts?$select=name&$orderby=modifiedon asc,accountid asc",
            "odata.maxpagesize=3",
        )
        .await;
    assert_eq!(sorted(column(&rows, "accountid")), sorted(ids.clone()));
    assert!(last.get("@odata.nextLink").is_none());
    let (_, page) = crm
        .prefer("/accounts?$select=name", "odata.maxpagesize=3")
        .await;
    let link = page["@odata.nextLink"].as_str().unwrap();
    assert!(
        link.contains("$skiptoken=%3Ccookie%20pagenumber%3D%222%22"),
        "{link}"
    );
    // Who leaves the header out gets everything that is left.
    assert_eq!(
        crm.follow(&page["@odata.nextLink"], "").await["value"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    let (_, top) = crm.prefer("/accounts?$top=2", "odata.maxpagesize=1").await;
    assert_eq!(top["value"].as_array().unwrap().len(), 2);
    assert!(
        top.get("@odata.nextLink").is_none(),
        "$top switches pages off"
    );
}

#[tokio::test]
async fn the_order_of_ids_is_not_that_of_their_texts() {
    let crm = Crm::start().await;
    crm.accounts(300);
    let (rows, _) = crm
        .all("/accounts?$select=accountid&$orderby=accountid", "")
        .await;
    let ids = column(&rows, "accountid");
    assert_ne!(sorted(ids.clone()), ids);
    assert_eq!(crm.control().ids("account").unwrap(), ids);
    // A comparison of ids goes by the same order.
    let after = &ids[9];
    let (rest, _) = crm
        .all(
            &format!("/accounts?$select=accountid&$filter=accountid gt {after}&$orderby=accountid"),
            "",
        )
        .await;
    assert_eq!(column(&rest, "accountid"), ids[10..]);
}

#[tokio::test]
async fn a_window_of_times_is_read_without_loss() {
    let crm = Crm::start().await;
    for n in 0..40_i64 {
        crm.control().set_clock(Some(NOW + n * 250));
        crm.control()
            .create("account", &map(json!({ "name": n.to_string() })))
            .unwrap();
    }
    // Rows know whole seconds.
    let path = "/accounts?$select=name,modifiedon&$filter=modifiedon ge 2026-09-21T14:13:22Z and modifiedon lt 2026-09-21T14:13:25Z&$orderby=modifiedon asc,accountid asc";
    let (rows, _) = crm.all(path, "odata.maxpagesize=5").await;
    let names: Vec<String> = (8..20).map(|n: i64| n.to_string()).collect();
    assert_eq!(sorted(column(&rows, "name")), sorted(names));
    let times = column(&rows, "modifiedon");
    assert_eq!(times, sorted(times.clone()));
    assert_eq!(times[0], "2026-09-21T14:13:22Z");
    let ids = column(&rows, "accountid");
    let list = ids
        .iter()
        .map(|id| format!("'{id}'"))
        .collect::<Vec<_>>()
        .join(",");
    let (found, _) = crm.all(&format!("/accounts?$select=name&$filter=Microsoft.Dynamics.CRM.In(PropertyName='accountid',PropertyValues=[{list}])"), "odata.maxpagesize=5").await;
    assert_eq!(sorted(column(&found, "accountid")), sorted(ids));
}

#[tokio::test]
async fn a_row_of_a_transaction_that_has_not_ended_is_seen_later_with_its_earlier_time() {
    let crm = Crm::start().await;
    let late = crm.accounts(1).remove(0);
    crm.control().hold("account", &late, None).unwrap();
    crm.control().set_clock(Some(NOW + 60_000));
    crm.accounts(1);
    let (rows, _) = crm.all("/accounts?$select=modifiedon", "").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(crm.get(&format!("/accounts({late})")).await.0, 404);
    assert_eq!(crm.control().release(), 1);
    let (rows, _) = crm
        .all("/accounts?$select=modifiedon&$orderby=modifiedon", "")
        .await;
    assert_eq!(rows[0]["accountid"], late);
}

#[tokio::test]
async fn pages_are_spoilt_on_demand() {
    let crm = Crm::start().await;
    crm.accounts(4);
    let path = "/accounts?$select=name&$orderby=name";
    let names = async || {
        let (status, page) = crm.get(path).await;
        assert_eq!(status, 200);
        column(page["value"].as_array().unwrap(), "name")
            .concat()
            .replace("Werk ", "")
    };
    for (fault, wanted) in [
        (Fault::RepeatRecord, "01230"),
        (Fault::OutOfOrder, "1032"),
        (Fault::LeaveOut, "012"),
    ] {
        crm.control().spoil("/accounts", 1, fault);
        assert_eq!(names().await, wanted);
    }
    assert_eq!(names().await, "0123");
    for fault in [
        Fault::NonUtf8,
        Fault::Truncate { keep: 20 },
        Fault::Cut {
            after: 20,
            chunked: true,
        },
    ] {
        crm.control().spoil("/accounts", 1, fault);
        let broken = match crm.request("GET", path).send().await {
            Ok(answer) => answer.json::<Value>().await.is_err(),
            Err(_) => true,
        };
        assert!(broken);
    }
}

#[tokio::test]
async fn rows_by_version_go_on_after_a_known_one() {
    let crm = Crm::start().await;
    let ids = crm.accounts(6);
    let path = "/accounts?$select=versionnumber&$orderby=versionnumber";
    let (rows, _) = crm.all(path, "odata.maxpagesize=4").await;
    assert_eq!(column(&rows, "accountid"), ids);
    let known = rows[2]["versionnumber"].as_u64().unwrap();
    let after = format!("{path}&$filter=versionnumber gt {known}");
    let (rest, _) = crm.all(&after, "odata.maxpagesize=2").await;
    assert_eq!(column(&rest, "accountid"), ids[3..]);
}

#[tokio::test]
async fn fetchxml_pages_by_cookie_and_has_no_links() {
    let crm = Crm::start().await;
    crm.accounts(5);
    let fetch = |more: &str| {
        format!(
            "/accounts?fetchXml={}",
            encoded(&format!(
                "<fetch count=\"2\" {more}><entity name=\"account\"><attribute name=\"name\" /><filter><condition attribute=\"name\" operator=\"like\" value=\"Werk%\" /></filter></entity></fetch>"
            ))
        )
    };
    let (_, page) = crm.get(&fetch("")).await;
    assert_eq!(page["value"].as_array().unwrap().len(), 2);
    assert!(
        page.get("@odata.nextLink").is_none()
            && page
                .get("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie")
                .is_none()
    );
    let (_, page) = crm
        .prefer(&fetch(""), "odata.include-annotations=\"*\"")
        .await;
    assert_eq!(page["@Microsoft.Dynamics.CRM.morerecords"], true);
    assert!(
        page["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]
            .as_str()
            .unwrap()
            .starts_with("<cookie pagenumber=\"2\" pagingcookie=\"%253ccookie")
            || page["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]
                .as_str()
                .unwrap()
                .starts_with("<cookie pagenumber=\"2\" pagingcookie=\"%253Ccookie")
    );
    let (_, third) = crm
        .prefer(&fetch("page=\"3\""), "odata.include-annotations=\"*\"")
        .await;
    assert_eq!(
        (
            third["value"].as_array().unwrap().len(),
            &third["@Microsoft.Dynamics.CRM.morerecords"]
        ),
        (1, &json!(false))
    );
    for bad in [
        "<fetch><entity name=\"contact\"/></fetch>",
        "<fetch>",
        "<fetch><entity name=\"account\"><attribute name=\"nope\"/></entity></fetch>",
    ] {
        assert_eq!(
            crm.get(&format!("/accounts?fetchXml={}", encoded(bad)))
                .await
                .0,
            400
        );
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
