//! Numbers: `$count` stops, aggregates refuse, totals are old.

use serde_json::json;
use simulator::dynamics::Config;

use super::{Crm, NOW, code};

#[tokio::test]
async fn counts_stop_at_a_limit_and_say_so_on_request() {
    let crm = Crm::with(Config {
        count_limit: 5,
        ..Config::default()
    })
    .await;
    crm.accounts(7);
    let text = crm
        .request("GET", "/accounts/$count")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(text.trim_start_matches('\u{feff}'), "5");
    let text = crm
        .request("GET", "/accounts/$count?$filter=name eq 'Werk 1'")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(text.trim_start_matches('\u{feff}'), "1");
    let (_, page) = crm
        .prefer(
            "/accounts?$count=true&$top=1",
            "odata.include-annotations=\"Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded\"",
        )
        .await;
    assert_eq!(
        (
            &page["@odata.count"],
            &page["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"]
        ),
        (&json!(5), &json!(true))
    );
}

#[tokio::test]
async fn aggregates_count_exactly_until_their_limit() {
    let crm = Crm::start().await;
    crm.accounts(7);
    let (_, body) = crm.get("/accounts?$apply=aggregate($count as n)").await;
    assert_eq!(body["value"], json!([{ "n": 7 }]));
    let (_, body) = crm.get("/accounts?$apply=filter(contains(name,'Werk') and name ne 'Werk 1')/aggregate($count as n,modifiedon with max as m)").await;
    assert_eq!(
        body["value"],
        json!([{ "n": 6, "m": "2026-09-21T14:13:20Z" }])
    );
    let fetch = "<fetch aggregate='true'><entity name='account'><attribute name='accountid' alias='n' aggregate='count'/></entity></fetch>";
    let (_, body) = crm.get(&format!("/accounts?fetchXml={fetch}")).await;
    assert_eq!(body["value"], json!([{ "n": 7 }]));
    crm.control().set_aggregate_limit(6);
    for path in [
        "/accounts?$apply=aggregate($count as n)".to_owned(),
        format!("/accounts?fetchXml={fetch}"),
    ] {
        let (status, body) = crm.get(&path).await;
        assert_eq!((status.as_u16(), code(&body)), (400, "0x8004e023"));
    }
    let (status, _) = crm
        .get("/accounts?$apply=filter(name eq 'Werk 1')/aggregate($count as n)")
        .await;
    assert_eq!(status, 200, "less rows fit");
    assert_eq!(crm.get("/accounts?$apply=groupby((name))").await.0, 400);
}

#[tokio::test]
async fn total_counts_are_a_day_old_and_count_what_the_user_does_not_see() {
    let crm = Crm::start().await;
    crm.accounts(2);
    let total = async || {
        let (status, body) = crm
            .get("/RetrieveTotalRecordCount(EntityNames=@p1)?@p1=[\"account\",\"contact\"]")
            .await;
        assert_eq!(status, 200, "{body}");
        body["EntityRecordCountCollection"].clone()
    };
    let first = json!({ "Count": 2, "IsReadOnly": false, "Keys": ["account", "contact"], "Values": [2, 0] });
    assert_eq!(total().await, first);
    crm.accounts(3);
    crm.control().set_depth("account", "Read", "None").unwrap();
    assert_eq!(total().await, first);
    crm.control().set_clock(Some(NOW + 86_400_000));
    assert_eq!(total().await["Values"], json!([5, 0]));
}
