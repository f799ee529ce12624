//! Creating and changing: own ids, conditions, links, checks, duplicates, keys.

use serde_json::{Value, json};
use simulator::dynamics::Behaviour;

use super::{Crm, OWN, answer, code};

#[tokio::test]
async fn a_new_row_is_named_by_its_address_or_shown() {
    let crm = Crm::start().await;
    let made = crm
        .request("POST", "/accounts")
        .json(&json!({ "name": "Werk" }))
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 204);
    let address = made.headers()["odata-entityid"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(address.starts_with(&format!("{}/api/data/v9.2/accounts(", crm.url)));
    let shown = crm
        .request("POST", "/accounts?$select=name,statuscode")
        .header("prefer", "return=representation")
        .json(&json!({ "name": "Zwei", "accountid": OWN }))
        .send()
        .await
        .unwrap();
    assert_eq!(
        shown.headers()["preference-applied"],
        "return=representation"
    );
    let (status, row) = answer(shown).await;
    assert_eq!(
        (status.as_u16(), &row["accountid"], &row["statuscode"]),
        (201, &json!(OWN), &json!(1))
    );
    assert!(row["@odata.etag"].as_str().unwrap().starts_with("W/\""));
    assert_eq!(
        crm.control().sent(),
        json!({ "accountid": OWN, "name": "Zwei" }).to_string()
    );
}

#[tokio::test]
async fn an_own_id_makes_one_row_however_often_it_is_sent() {
    let crm = Crm::start().await;
    let path = format!("/accounts({OWN})");
    let only_new = ("if-none-match", "*");
    assert_eq!(
        crm.patch(&path, only_new, &json!({ "name": "A" })).await.0,
        204
    );
    let (status, body) = crm.patch(&path, only_new, &json!({ "name": "B" })).await;
    assert_eq!((status.as_u16(), code(&body)), (412, "0x80040237"));
    let (status, body) = crm
        .send(
            "POST",
            "/accounts",
            &json!({ "name": "B", "accountid": OWN }),
        )
        .await;
    assert_eq!((status.as_u16(), code(&body)), (412, "0x80040237"));
    crm.control().set_behaviour(Behaviour {
        conflict_has_code: false,
        ..Behaviour::default()
    });
    assert_eq!(
        code(&crm.patch(&path, only_new, &json!({ "name": "B" })).await.1),
        ""
    );
    let (_, row) = crm.get(&format!("{path}?$select=name")).await;
    assert_eq!(row["name"], "A");
    // Without a condition a change of what is not there creates it.
    let other = path.replace("c0ffee00", "c0ffee01");
    let (status, body) = crm
        .patch(&other, ("if-match", "*"), &json!({ "name": "C" }))
        .await;
    assert_eq!((status.as_u16(), code(&body)), (404, "0x80040217"));
    assert_eq!(
        crm.send("PATCH", &other, &json!({ "name": "C" })).await.0,
        204
    );
    assert_eq!(crm.get(&other).await.1["name"], "C");
}

#[tokio::test]
async fn versions_guard_changes_and_spare_reading() {
    let crm = Crm::start().await;
    let id = crm.accounts(1).remove(0);
    let path = format!("/accounts({id})");
    let tag = crm.get(&path).await.1["@odata.etag"]
        .as_str()
        .unwrap()
        .to_owned();
    let same = crm
        .request("GET", &path)
        .header("if-none-match", &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(same.status(), 304);
    assert_eq!(
        crm.patch(&path, ("if-match", &tag), &json!({ "name": "B" }))
            .await
            .0,
        204
    );
    let (status, body) = crm
        .patch(&path, ("if-match", &tag), &json!({ "name": "C" }))
        .await;
    assert_eq!((status.as_u16(), code(&body)), (412, "0x80060882"));
    assert_eq!(
        crm.send(
            "PUT",
            &format!("{path}/telephone1"),
            &json!({ "value": "1" })
        )
        .await
        .0,
        204
    );
    assert_eq!(crm.get(&path).await.1["telephone1"], "1");
    assert_eq!(
        crm.request("DELETE", &format!("{path}/telephone1"))
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
    assert_eq!(crm.get(&path).await.1["telephone1"], Value::Null);
}

#[tokio::test]
async fn rows_are_linked_by_navigation_names() {
    let crm = Crm::start().await;
    let account = crm.accounts(1).remove(0);
    let contact = json!({ "lastname": "A", "parentcustomerid_account@odata.bind": format!("/accounts({account})"), "ownerid@odata.bind": "/systemusers(5a1e0000-0000-4000-8000-00000000beef)", "contactid": OWN });
    assert_eq!(crm.send("POST", "/contacts", &contact).await.0, 204);
    let (_, row) = crm.get(&format!("/contacts({OWN})")).await;
    assert_eq!(
        (&row["_parentcustomerid_value"], &row["_ownerid_value"]),
        (
            &json!(account),
            &json!("5a1e0000-0000-4000-8000-00000000beef")
        )
    );
    let absolute = json!({ "subject": "Call", "regardingobjectid_contact_task@odata.bind": format!("{}/api/data/v9.2/contacts({OWN})", crm.url) });
    let shown = crm
        .request("POST", "/tasks")
        .header("prefer", "return=representation")
        .json(&absolute)
        .send()
        .await
        .unwrap();
    let task = answer(shown).await.1;
    assert_eq!(
        (&task["_regardingobjectid_value"], &task["activitytypecode"]),
        (&json!(OWN), &json!("task"))
    );
    for (body, status) in [
        (
            json!({ "lastname": "A", "parentcustomerid_account@odata.bind": format!("/contacts({OWN})") }),
            400,
        ),
        (
            json!({ "lastname": "A", "parentcustomerid@odata.bind": format!("/accounts({account})") }),
            400,
        ),
        (
            json!({ "lastname": "A", "parentcustomerid_account@odata.bind": format!("/accounts({OWN})") }),
            404,
        ),
        (json!({ "lastname": "A", "parentcustomerid": account }), 400),
        (
            json!({ "lastname": "A", "_parentcustomerid_value": account }),
            400,
        ),
    ] {
        assert_eq!(
            crm.send("POST", "/contacts", &body).await.0,
            status,
            "{body}"
        );
    }
    assert_eq!(
        crm.send(
            "PATCH",
            &format!("/contacts({OWN})"),
            &json!({ "parentcustomerid_account@odata.bind": null })
        )
        .await
        .0,
        204
    );
    assert_eq!(
        crm.get(&format!("/contacts({OWN})")).await.1["_parentcustomerid_value"],
        Value::Null
    );
    let note = json!({ "subject": "Basis", "notetext": "…", "objectid_contact@odata.bind": format!("/contacts({OWN})") });
    assert_eq!(crm.send("POST", "/annotations", &note).await.0, 204);
}

#[tokio::test]
async fn each_value_that_does_not_fit_names_its_column() {
    let crm = Crm::start().await;
    for (set, body, code_of) in [
        ("accounts", json!({ "nope": 1 }), "0x80048d19"),
        ("accounts", json!({ "Name": "A" }), "0x80048d19"),
        ("accounts", json!({ "name": 5 }), "0x80048d19"),
        ("accounts", json!({ "name": "x".repeat(161) }), "0x80044331"),
        ("accounts", json!({ "industrycode": 99 }), "0x8004431a"),
        (
            "accounts",
            json!({ "numberofemployees": "many" }),
            "0x80048d19",
        ),
        (
            "contacts",
            json!({ "birthdate": "yesterday" }),
            "0x80048d19",
        ),
        ("leads", json!({ "statuscode": 3 }), "0x80048408"),
        ("accounts", json!({ "accountid": "1" }), "0x80048d19"),
    ] {
        let (status, refused) = crm.send("POST", &format!("/{set}"), &body).await;
        assert_eq!((status.as_u16(), code(&refused)), (400, code_of), "{body}");
    }
    let odd = crm
        .request("POST", "/accounts")
        .body("{")
        .send()
        .await
        .unwrap();
    assert_eq!(odd.status(), 400);
    // Requirements of forms do not bind here, and what only the system writes is passed over.
    assert_eq!(
        crm.send(
            "POST",
            "/contacts",
            &json!({ "firstname": "A", "modifiedon": "2020-01-01T00:00:00Z", "fullname": "B" })
        )
        .await
        .0,
        204
    );
    let (_, all) = crm.get("/contacts?$select=fullname,modifiedon").await;
    assert_eq!(
        (&all["value"][0]["fullname"], &all["value"][0]["modifiedon"]),
        (&json!("A"), &json!("2026-09-21T14:13:20Z"))
    );
    assert_eq!(
        crm.send(
            "POST",
            "/leads",
            &json!({ "subject": "A", "overriddencreatedon": "2020-01-01T00:00:00Z" })
        )
        .await
        .0,
        204
    );
    assert_eq!(
        crm.get("/leads?$select=createdon").await.1["value"][0]["createdon"],
        "2020-01-01T00:00:00Z"
    );
}

#[tokio::test]
async fn duplicates_are_refused_only_on_request() {
    let crm = Crm::start().await;
    let contact = json!({ "lastname": "A", "emailaddress1": "a@example.com" });
    let detect = async |suppress: &str, body: &Value| {
        let request = crm
            .request("POST", "/contacts")
            .header("mscrm.suppressduplicatedetection", suppress)
            .json(body);
        answer(request.send().await.unwrap()).await
    };
    assert_eq!(detect("false", &contact).await.0, 204);
    let (status, body) = detect(
        "false",
        &json!({ "lastname": "B", "emailaddress1": "A@EXAMPLE.com" }),
    )
    .await;
    assert_eq!((status.as_u16(), code(&body)), (412, "0x80040333"));
    assert_eq!(detect("true", &contact).await.0, 204);
    assert_eq!(
        crm.send("POST", "/contacts", &contact).await.0,
        204,
        "off by default"
    );
    crm.control().set_behaviour(Behaviour {
        duplicate_is_412: false,
        ..Behaviour::default()
    });
    assert_eq!(detect("false", &contact).await.0, 500);
    crm.control().set_duplicate_rules(false);
    assert_eq!(
        detect("false", &contact).await.0,
        204,
        "nobody published rules"
    );
}

#[tokio::test]
async fn an_alternate_key_is_unique_and_names_rows() {
    let crm = Crm::start().await;
    crm.control()
        .add_column("account", "new_key", &["unique"])
        .unwrap();
    assert_eq!(
        crm.send("PATCH", "/accounts(new_key='x')", &json!({ "name": "A" }))
            .await
            .0,
        204
    );
    assert_eq!(
        crm.send("PATCH", "/accounts(new_key='x')", &json!({ "name": "B" }))
            .await
            .0,
        204
    );
    let (_, row) = crm.get("/accounts(new_key='x')?$select=name,new_key").await;
    assert_eq!((&row["name"], &row["new_key"]), (&json!("B"), &json!("x")));
    let (status, body) = crm
        .send("POST", "/accounts", &json!({ "name": "C", "new_key": "X" }))
        .await;
    assert_eq!((status.as_u16(), code(&body)), (412, "0x80060892"));
    for name in ["D", "E"] {
        assert_eq!(
            crm.send("POST", "/accounts", &json!({ "name": name }))
                .await
                .0,
            204,
            "null is not unique"
        );
    }
    assert_eq!(crm.get("/accounts(name='A')").await.0, 400);
    assert_eq!(crm.get("/accounts(new_key='y')").await.0, 404);
}

#[tokio::test]
async fn several_rows_are_created_together_or_not_at_all() {
    let crm = Crm::start().await;
    let one =
        |name: Value| json!({ "@odata.type": "Microsoft.Dynamics.CRM.account", "name": name });
    let (status, body) = crm
        .send(
            "POST",
            "/accounts/Microsoft.Dynamics.CRM.CreateMultiple",
            &json!({ "Targets": [one(json!("A")), one(json!("B"))] }),
        )
        .await;
    assert_eq!(
        (status.as_u16(), body["Ids"].as_array().unwrap().len()),
        (200, 2)
    );
    let (status, _) = crm
        .send(
            "POST",
            "/accounts/Microsoft.Dynamics.CRM.CreateMultiple",
            &json!({ "Targets": [one(json!("C")), one(json!(5))] }),
        )
        .await;
    assert_eq!(status, 400);
    assert_eq!(crm.control().counts()["accounts"].live, 2);
    let changed: Vec<Value> = body["Ids"].as_array().unwrap().iter().map(|id| json!({ "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": id, "name": "Z" })).collect();
    assert_eq!(
        crm.send(
            "POST",
            "/accounts/Microsoft.Dynamics.CRM.UpdateMultiple",
            &json!({ "Targets": changed })
        )
        .await
        .0,
        204
    );
    let (_, all) = crm.get("/accounts?$select=name").await;
    assert_eq!(
        (&all["value"][0]["name"], &all["value"][1]["name"]),
        (&json!("Z"), &json!("Z"))
    );
}
