//! Change tracking.

use serde_json::{Value, json};

use super::{Crm, NOW, code, column, map, sorted};

const TRACK: &str = "odata.track-changes,odata.maxpagesize=3";

async fn first(crm: &Crm) -> Value {
    let (_, last) = crm.all("/accounts?$select=name", TRACK).await;
    last["@odata.deltaLink"].clone()
}

fn split(rows: &[Value]) -> (Vec<String>, Vec<String>) {
    let gone = |row: &&Value| row["reason"] == "deleted";
    let deleted: Vec<Value> = rows.iter().filter(gone).cloned().collect();
    let changed: Vec<Value> = rows.iter().filter(|row| !gone(row)).cloned().collect();
    (column(&changed, "name"), column(&deleted, "id"))
}

#[tokio::test]
async fn the_first_reading_has_all_rows_and_ends_with_a_link_to_the_changes() {
    let crm = Crm::start().await;
    let ids = crm.accounts(7);
    let (rows, last) = crm.all("/accounts?$select=name", TRACK).await;
    assert_eq!(sorted(column(&rows, "accountid")), sorted(ids.clone()));
    let delta = last["@odata.deltaLink"].as_str().unwrap();
    assert!(
        delta.contains("accounts?$select=name&$deltatoken=5300")
            && delta.contains("%2F21%2F2026%20"),
        "{delta}"
    );
    let page = crm.follow(&last["@odata.deltaLink"], TRACK).await;
    assert_eq!(page["value"], json!([]));
    assert!(
        page["@odata.context"]
            .as_str()
            .unwrap()
            .ends_with("#accounts(name)/$delta")
    );
    assert!(page["@odata.deltaLink"].is_string());
}

#[tokio::test]
async fn changes_come_by_version_and_deleted_rows_after_them() {
    let crm = Crm::start().await;
    let ids = crm.accounts(6);
    let link = first(&crm).await;
    let edit = |at: usize, name: &str| {
        crm.control()
            .edit("account", &ids[at], &map(json!({ "name": name })))
            .unwrap()
    };
    for (at, name) in [(4, "a"), (0, "b"), (4, "c"), (1, "d"), (2, "e")] {
        edit(at, name);
    }
    crm.control().delete("account", &ids[5]).unwrap();
    crm.control().delete("account", &ids[1]).unwrap();
    let passing = crm.accounts(1).remove(0);
    crm.control().delete("account", &passing).unwrap();
    let path = link
        .as_str()
        .unwrap()
        .split("/v9.2")
        .nth(1)
        .unwrap()
        .to_owned();
    let (rows, last) = crm.all(&path, "odata.maxpagesize=2").await;
    let (changed, deleted) = split(&rows);
    assert_eq!(changed, ["b", "c", "e"], "each once, as it is now");
    assert_eq!(
        deleted,
        [ids[5].clone(), ids[1].clone(), passing],
        "one came and went in between"
    );
    let context = rows.last().unwrap()["@odata.context"].as_str().unwrap();
    assert!(context.ends_with("#accounts/$deletedEntity"));
    let count = crm
        .request(
            "GET",
            &path
                .replace("/accounts?", "/accounts/$count?")
                .replace("$select=name&", ""),
        )
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(count.trim_start_matches('\u{feff}'), "6");
    let (rest, _) = crm
        .all(
            last["@odata.deltaLink"]
                .as_str()
                .unwrap()
                .split("/v9.2")
                .nth(1)
                .unwrap(),
            "",
        )
        .await;
    assert!(rest.is_empty());
}

#[tokio::test]
async fn what_changes_between_pages_comes_with_the_next_link() {
    let crm = Crm::start().await;
    let ids = crm.accounts(6);
    let (_, page) = crm.prefer("/accounts?$select=name", TRACK).await;
    let seen = column(page["value"].as_array().unwrap(), "accountid");
    crm.control()
        .edit("account", &seen[0], &map(json!({ "name": "changed" })))
        .unwrap();
    let last = crm.follow(&page["@odata.nextLink"], TRACK).await;
    let (rows, _) = crm
        .all(
            last["@odata.deltaLink"]
                .as_str()
                .unwrap()
                .split("/v9.2")
                .nth(1)
                .unwrap(),
            "",
        )
        .await;
    assert_eq!(column(&rows, "accountid"), [seen[0].clone()]);
    assert_eq!(ids.len(), 6);
}

#[tokio::test]
async fn a_late_commit_is_not_lost_and_a_silent_change_is_told() {
    let crm = Crm::start().await;
    let ids = crm.accounts(3);
    let late = crm.accounts(1).remove(0);
    crm.control().hold("account", &late, None).unwrap();
    crm.control()
        .edit("account", &ids[0], &map(json!({ "name": "early" })))
        .unwrap();
    let link = first(&crm).await;
    crm.control().release();
    crm.control()
        .edit_silently("account", &ids[1], &map(json!({ "name": "silent" })))
        .unwrap();
    let page = crm.follow(&link, "").await;
    let rows = page["value"].as_array().unwrap();
    let told = column(rows, "accountid");
    assert!(told.contains(&late) && told.contains(&ids[1]), "{told:?}");
    let (_, row) = crm
        .get(&format!("/accounts({})?$select=modifiedon", ids[1]))
        .await;
    assert_eq!(row["modifiedon"], "2026-09-21T14:13:20Z");
}

#[tokio::test]
async fn tokens_die_of_age_and_of_changed_metadata() {
    let crm = Crm::start().await;
    crm.accounts(1);
    let expired = async |link: &Value| {
        let path = link.as_str().unwrap().split("/v9.2").nth(1).unwrap();
        let (status, body) = crm.get(path).await;
        assert_eq!(
            (status.as_u16(), code(&body)),
            (400, "0x80044352"),
            "{body}"
        );
    };
    let link = first(&crm).await;
    crm.control().set_clock(Some(NOW + 7 * 86_400_000));
    assert_eq!(crm.follow(&link, "").await["value"], json!([]));
    crm.control().set_clock(Some(NOW + 7 * 86_400_000 + 1_000));
    expired(&link).await;
    let (_, organizations) = crm
        .get("/organizations?$select=expirechangetrackingindays")
        .await;
    assert_eq!(organizations["value"][0]["expirechangetrackingindays"], 7);
    let link = first(&crm).await;
    crm.control().add_column("account", "new_x", &[]).unwrap();
    expired(&link).await;
}

#[tokio::test]
async fn tracking_needs_the_table_the_role_and_a_plain_query() {
    let crm = Crm::start().await;
    crm.accounts(1);
    for option in [
        "$filter=name eq 'a'",
        "$orderby=name",
        "$top=1",
        "$expand=primarycontactid",
    ] {
        let (status, body) = crm
            .prefer(&format!("/accounts?$select=name&{option}"), TRACK)
            .await;
        assert_eq!((status.as_u16(), code(&body)), (400, "0x80060888"));
    }
    crm.control().set_depth("account", "Read", "Local").unwrap();
    let (status, body) = crm.prefer("/accounts?$select=name", TRACK).await;
    assert_eq!((status.as_u16(), code(&body)), (403, "0x80040220"));
    assert_eq!(
        crm.get("/accounts").await.0,
        200,
        "rows are read without tracking"
    );
    crm.control().set_tracked("contact", false).unwrap();
    assert_eq!(crm.prefer("/contacts?$select=lastname", TRACK).await.0, 400);
    let (_, table) = crm
        .get("/EntityDefinitions(LogicalName='contact')?$select=ChangeTrackingEnabled")
        .await;
    assert_eq!(table["ChangeTrackingEnabled"], false);
}
