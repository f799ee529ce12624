//! Deleting, merging, qualifying.

use serde_json::{Value, json};
use simulator::dynamics::Behaviour;

use super::{Crm, code, map};

#[tokio::test]
async fn a_deleted_row_is_gone_and_lookups_to_it_are_empty() {
    let crm = Crm::start().await;
    let account = crm.accounts(1).remove(0);
    let contact = crm.load(
        "contact",
        json!({ "lastname": "A", "parentcustomerid": format!("account/{account}") }),
    );
    let gone = crm
        .request("DELETE", &format!("/accounts({account})"))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 204);
    for method in ["GET", "DELETE"] {
        let (status, body) = super::answer(
            crm.request(method, &format!("/accounts({account})"))
                .send()
                .await
                .unwrap(),
        )
        .await;
        assert_eq!((status.as_u16(), code(&body)), (404, "0x80040217"));
    }
    assert_eq!(
        crm.get(&format!("/contacts({contact})")).await.1["_parentcustomerid_value"],
        Value::Null
    );
    assert_eq!(crm.control().counts()["accounts"].all, 0);
}

#[tokio::test]
async fn the_loser_of_a_merge_stays_inactive_and_names_the_survivor() {
    let crm = Crm::start().await;
    let ids = crm.accounts(2);
    let contact = crm.load(
        "contact",
        json!({ "lastname": "A", "parentcustomerid": format!("account/{}", ids[1]) }),
    );
    let of = |id: &str| json!({ "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": id });
    let body = json!({ "Target": of(&ids[0]), "Subordinate": of(&ids[1]), "UpdateContent": { "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": ids[0], "telephone1": "5" }, "PerformParentingChecks": false });
    crm.control().set_clock(Some(super::NOW + 60_000));
    assert_eq!(crm.send("POST", "/Merge", &body).await.0, 204);
    let (_, loser) = crm
        .get(&format!(
            "/accounts({})?$select=merged,_masterid_value,statecode,statuscode,modifiedon",
            ids[1]
        ))
        .await;
    assert_eq!(
        (&loser["merged"], &loser["_masterid_value"]),
        (&json!(true), &json!(ids[0]))
    );
    assert_eq!(
        (
            &loser["statecode"],
            &loser["statuscode"],
            &loser["modifiedon"]
        ),
        (&json!(1), &json!(2), &json!("2026-09-21T14:14:20Z"))
    );
    let (_, survivor) = crm.get(&format!("/accounts({})", ids[0])).await;
    assert_eq!(
        (&survivor["telephone1"], &survivor["merged"]),
        (&json!("5"), &json!(false))
    );
    assert_eq!(
        crm.get(&format!("/contacts({contact})")).await.1["_parentcustomerid_value"],
        ids[0]
    );
    assert_eq!(
        crm.send("POST", "/Merge", &body).await.0,
        400,
        "it was merged before"
    );
    assert_eq!(
        crm.send("POST", "/Merge", &json!({ "Target": of(&ids[0]) }))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_qualified_lead_stays_and_what_it_became_points_at_it() {
    let crm = Crm::start().await;
    let lead = crm.load("lead", json!({ "subject": "Pumpen", "companyname": "Werk", "firstname": "A", "lastname": "B", "emailaddress1": "a@example.com" }));
    let path = format!("/leads({lead})/Microsoft.Dynamics.CRM.QualifyLead");
    let body = json!({ "CreateAccount": true, "CreateContact": true, "CreateOpportunity": true, "Status": 3 });
    let (status, made) = crm.send("POST", &path, &body).await;
    assert_eq!(status, 200, "{made}");
    let made = made["value"].as_array().unwrap();
    assert_eq!(made[0]["@odata.type"], "#Microsoft.Dynamics.CRM.account");
    let (_, row) = crm.get(&format!("/leads({lead})")).await;
    assert_eq!(
        (&row["statecode"], &row["statuscode"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(
        (
            &row["_parentaccountid_value"],
            &row["_qualifyingopportunityid_value"]
        ),
        (&Value::Null, &made[2]["opportunityid"])
    );
    let (_, contact) = crm
        .get(&format!(
            "/contacts({})",
            made[1]["contactid"].as_str().unwrap()
        ))
        .await;
    assert_eq!(
        (
            &contact["_originatingleadid_value"],
            &contact["_parentcustomerid_value"]
        ),
        (&json!(lead), &made[0]["accountid"])
    );
    let (status, no) = crm.send("POST", &path, &body).await;
    assert_eq!((status.as_u16(), code(&no)), (400, "0x80040203"));
    crm.control().set_behaviour(Behaviour {
        qualified_lead_names_parents: true,
        ..Behaviour::default()
    });
    let other = crm.load(
        "lead",
        json!({ "subject": "Ventile", "companyname": "Werk", "lastname": "B" }),
    );
    let made = crm.control().qualify(&other, false).unwrap();
    assert_eq!(
        crm.get(&format!("/leads({other})")).await.1["_parentaccountid_value"],
        made["account"]
    );
}

#[tokio::test]
async fn inactive_is_not_deleted_and_a_reason_follows_the_state() {
    let crm = Crm::start().await;
    let id = crm.accounts(1).remove(0);
    crm.control()
        .edit("account", &id, &map(json!({ "statecode": 1 })))
        .unwrap();
    let (status, row) = crm
        .get(&format!("/accounts({id})?$select=statecode,statuscode"))
        .await;
    assert_eq!(
        (status.as_u16(), &row["statecode"], &row["statuscode"]),
        (200, &json!(1), &json!(2))
    );
    assert!(
        crm.control()
            .edit("account", &id, &map(json!({ "statuscode": 1 })))
            .is_err()
    );
}

#[tokio::test]
async fn only_lookups_that_still_lead_to_a_deleted_row_are_emptied() {
    let crm = Crm::start().await;
    let ids = crm.accounts(2);
    let link = |at: usize| json!(format!("account/{}", ids[at]));
    let stays = crm.load(
        "contact",
        json!({ "lastname": "A", "parentcustomerid": link(0) }),
    );
    let moved = crm.load(
        "contact",
        json!({ "lastname": "B", "parentcustomerid": link(0) }),
    );
    let bind = json!({ "parentcustomerid_account@odata.bind": format!("/accounts({})", ids[1]) });
    crm.control().edit("contact", &moved, &map(bind)).unwrap();
    // A transaction that fails changes nothing, the lookups included.
    let target = |name: Value| json!({ "@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": stays, "lastname": name, "parentcustomerid_account@odata.bind": format!("/accounts({})", ids[1]) });
    let body = json!({ "Targets": [target(json!("C")), target(json!(5))] });
    let path = "/contacts/Microsoft.Dynamics.CRM.UpdateMultiple";
    assert_eq!(crm.send("POST", path, &body).await.0, 400);
    crm.control().delete("account", &ids[0]).unwrap();
    let parent = async |id: &str| {
        crm.get(&format!("/contacts({id})")).await.1["_parentcustomerid_value"].clone()
    };
    assert_eq!(
        (parent(&stays).await, parent(&moved).await),
        (Value::Null, json!(ids[1]))
    );
    crm.control().delete("account", &ids[1]).unwrap();
    assert_eq!(parent(&moved).await, Value::Null);
}
