use serde_json::json;

use super::{Config, Crm, code, fields};

#[tokio::test]
async fn pages_follow_one_another_until_done() {
    let crm = Crm::start().await;
    let ids = crm.accounts(4_500);
    let (_, first) = crm.soql("SELECT Id FROM Account ORDER BY Id").await;
    assert_eq!(first["totalSize"], 4_500);
    assert_eq!(first["done"], false);
    assert_eq!(first["records"].as_array().unwrap().len(), 2_000);
    assert!(first["nextRecordsUrl"].as_str().unwrap().ends_with("-2000"));
    assert_eq!(crm.ids("SELECT Id FROM Account ORDER BY Id").await, ids);
}

#[tokio::test]
async fn an_open_query_does_not_see_later_edits() {
    let crm = Crm::start().await;
    let ids = crm.accounts(2_100);
    let (_, first) = crm.soql("SELECT Id, Name FROM Account ORDER BY Id").await;
    crm.control()
        .edit(
            "Account",
            &ids[2_050],
            &fields(json!({ "Name": "changed" })),
        )
        .unwrap();
    crm.control().hard_delete("Account", &ids[2_060]).unwrap();
    let (_, second) = crm.get(first["nextRecordsUrl"].as_str().unwrap()).await;
    assert_eq!(second["records"].as_array().unwrap().len(), 100);
    assert_eq!(second["records"][50]["Name"], "Account 2050");
    assert_eq!(second["done"], true);
}

#[tokio::test]
async fn a_keyset_over_equal_stamps_meets_every_record_once() {
    let crm = Crm::start().await;
    crm.accounts(3_000);
    let stamp = simulator::salesforce::time::parse("2026-03-01T00:00:00Z").unwrap();
    assert_eq!(crm.control().restamp("Account", stamp).unwrap(), 3_000);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = crm.soql(&format!("SELECT Id, SystemModstamp FROM Account {after} ORDER BY SystemModstamp, Id LIMIT 700")).await.1;
        let Some(last) = page["records"].as_array().unwrap().last().cloned() else {
            break;
        };
        seen.extend(
            page["records"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["Id"].as_str().unwrap().to_owned()),
        );
        let (stamp, id) = (
            last["SystemModstamp"]
                .as_str()
                .unwrap()
                .replace("+0000", "Z"),
            last["Id"].as_str().unwrap(),
        );
        after =
            format!("WHERE (SystemModstamp = {stamp} AND Id > '{id}') OR SystemModstamp > {stamp}");
    }
    assert_eq!(seen, crm.control().ids("Account", false).unwrap());
}

#[tokio::test]
async fn the_batch_size_is_heeded_within_its_bounds() {
    let crm = Crm::start().await;
    crm.accounts(600);
    for (asked, given) in [
        ("batchSize=250", 250),
        ("batchSize=1", 200),
        ("batchSize=99999", 600),
    ] {
        let request = crm
            .request("GET", "/query?q=SELECT+Id+FROM+Account")
            .header("Sforce-Query-Options", asked);
        let (_, page) = super::answer(request.send().await.unwrap()).await;
        assert_eq!(page["records"].as_array().unwrap().len(), given, "{asked}");
    }
}

#[tokio::test]
async fn a_locator_that_is_unknown_or_too_old_is_invalid() {
    let crm = Crm::with(Config {
        query_locators: 1,
        ..Config::default()
    })
    .await;
    crm.accounts(2_001);
    let (_, first) = crm.soql("SELECT Id FROM Account").await;
    crm.soql("SELECT Id, Name FROM Account").await;
    let next = first["nextRecordsUrl"].as_str().unwrap();
    for path in [next, "/query/01g000000000000AAA-2000", "/query/nonsense"] {
        let (status, error) = crm.get(path).await;
        assert_eq!(
            (status.as_u16(), code(&error)),
            (400, "INVALID_QUERY_LOCATOR"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn query_all_has_the_recycle_bin_and_query_has_not() {
    let crm = Crm::start().await;
    let ids = crm.accounts(3);
    crm.control()
        .soft_delete("Account", &ids[0], false)
        .unwrap();
    crm.control().hard_delete("Account", &ids[1]).unwrap();
    assert_eq!(crm.ids("SELECT Id FROM Account").await, [ids[2].clone()]);
    let (_, all) = crm
        .get("/queryAll?q=SELECT+Id,IsDeleted+FROM+Account+ORDER+BY+Id")
        .await;
    assert_eq!(all["totalSize"], 2);
    assert_eq!(all["records"][0]["IsDeleted"], true);
}

#[tokio::test]
async fn a_hidden_field_is_neither_described_nor_answered() {
    let crm = Crm::start().await;
    crm.control()
        .load("Account", &fields(json!({ "Name": "a", "Phone": "1" })))
        .unwrap();
    crm.control().hide_field("Account", "Phone", true).unwrap();
    let (_, described) = crm.get("/sobjects/Account/describe").await;
    assert!(
        described["fields"]
            .as_array()
            .unwrap()
            .iter()
            .all(|field| field["name"] != "Phone")
    );
    let (status, error) = crm.soql("SELECT Phone FROM Account").await;
    assert_eq!((status.as_u16(), code(&error)), (400, "INVALID_FIELD"));
    assert!(
        error[0]["message"]
            .as_str()
            .unwrap()
            .contains("No such column 'Phone' on entity 'Account'")
    );
    crm.control().hide_field("Account", "Phone", false).unwrap();
    assert_eq!(
        crm.soql("SELECT Phone FROM Account").await.1["records"][0]["Phone"],
        "1"
    );
}

#[tokio::test]
async fn a_held_record_appears_late_with_its_old_stamp() {
    let crm = Crm::start().await;
    let ids = crm.accounts(3);
    let stamp = crm.control().get("Account", &ids[1]).unwrap()["SystemModstamp"].clone();
    crm.control().hold("Account", &ids[1], None).unwrap();
    assert_eq!(
        crm.soql("SELECT COUNT() FROM Account").await.1["totalSize"],
        2
    );
    assert_eq!(crm.control().release(), 1);
    let (_, page) = crm
        .soql("SELECT Id, SystemModstamp FROM Account ORDER BY Id")
        .await;
    assert_eq!(page["records"][1]["SystemModstamp"], stamp);
    let later = crm.control().now() + 60_000;
    crm.control().hold("Account", &ids[2], Some(later)).unwrap();
    assert_eq!(
        crm.soql("SELECT COUNT() FROM Account").await.1["totalSize"],
        2
    );
    crm.control().set_clock(Some(later));
    assert_eq!(
        crm.soql("SELECT COUNT() FROM Account").await.1["totalSize"],
        3
    );
}

#[tokio::test]
async fn a_uri_above_the_limit_is_refused() {
    let crm = Crm::start().await;
    let (status, _) = crm
        .soql(&format!(
            "SELECT Id FROM Account WHERE Name = '{}'",
            "x".repeat(16_500)
        ))
        .await;
    assert_eq!(status, 414);
    let request = crm
        .request("GET", "/limits")
        .header("x-filler", "x".repeat(16_400));
    assert_eq!(request.send().await.unwrap().status(), 431);
}

#[tokio::test]
async fn an_answer_is_compressed_when_asked() {
    let crm = Crm::start().await;
    crm.accounts(500);
    let plain = crm
        .request("GET", "/query?q=SELECT+Id+FROM+Account")
        .header("accept-encoding", "identity")
        .send()
        .await
        .unwrap();
    let length = plain.content_length().unwrap();
    // The client of these tests asks for gzip by itself and decompresses the answer.
    assert_eq!(crm.ids("SELECT Id FROM Account").await.len(), 500);
    let raw = reqwest::Client::builder().no_gzip().build().unwrap();
    let request = raw.get(format!(
        "{}/services/data/v60.0/query?q=SELECT+Id+FROM+Account",
        crm.simulator.url()
    ));
    let packed = request
        .bearer_auth(&crm.token)
        .header("accept-encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    assert!((packed.bytes().await.unwrap().len() as u64) < length / 4);
}
