use serde_json::{Value, json};

use super::{Config, Crm, code, fields};

async fn job(crm: &Crm, query: &str) -> String {
    let (status, job) = crm
        .send(
            "POST",
            "/jobs/query",
            &json!({ "operation": "queryAll", "query": query }),
        )
        .await;
    assert_eq!(
        (status.as_u16(), &job["state"]),
        (200, &json!("UploadComplete")),
        "{job}"
    );
    job["id"].as_str().unwrap().to_owned()
}

async fn complete(crm: &Crm, query: &str) -> String {
    let id = job(crm, query).await;
    let mut states = Vec::new();
    while states.last() != Some(&json!("JobComplete")) {
        states.push(crm.get(&format!("/jobs/query/{id}")).await.1["state"].clone());
    }
    assert_eq!(states, ["InProgress", "InProgress", "JobComplete"]);
    id
}

#[tokio::test]
async fn locators_lead_through_all_results_and_end_in_the_word_null() {
    let crm = Crm::start().await;
    let ids = crm.accounts(2_500);
    let job = complete(&crm, "SELECT Id, Name FROM Account").await;
    let (mut seen, mut locator, mut pages) = (Vec::new(), String::new(), 0);
    while locator != "null" {
        let path = format!("/jobs/query/{job}/results?maxRecords=1000&locator={locator}");
        let answer = crm.request("GET", &path).send().await.unwrap();
        locator = answer.headers()["sforce-locator"]
            .to_str()
            .unwrap()
            .to_owned();
        let count: usize = answer.headers()["sforce-numberofrecords"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        let text = answer.text().await.unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap(), vec!["Id", "Name"]);
        let rows: Vec<_> = reader
            .records()
            .map(|row| row.unwrap()[0].to_owned())
            .collect();
        assert_eq!(rows.len(), count);
        seen.extend(rows);
        pages += 1;
    }
    seen.sort();
    assert_eq!((seen, pages), (ids, 3));
    let (status, _) = crm
        .get(&format!("/jobs/query/{job}/results?locator=bm9uc2Vuc2U"))
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        crm.send("DELETE", &format!("/jobs/query/{job}"), &Value::Null)
            .await
            .0,
        204
    );
    assert_eq!(crm.get(&format!("/jobs/query/{job}/results")).await.0, 404);
}

#[tokio::test]
async fn odd_values_survive_the_csv() {
    let crm = Crm::start().await;
    let odd = [
        "a,b",
        "say \"hi\"",
        "two\nlines",
        "two\r\nlines",
        "\\ ümläut 🦀",
        "\"",
        " padded ",
    ];
    for name in odd {
        crm.control()
            .load(
                "Account",
                &fields(json!({ "Name": name, "AnnualRevenue": 25_000_000 })),
            )
            .unwrap();
    }
    let job = complete(
        &crm,
        "SELECT Name, Phone, AnnualRevenue, IsDeleted, CreatedDate FROM Account ORDER BY Id",
    )
    .await;
    let text = crm
        .request("GET", &format!("/jobs/query/{job}/results"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(
        rows.iter().map(|row| row[0].to_owned()).collect::<Vec<_>>(),
        odd
    );
    assert_eq!(
        (&rows[0][1], &rows[0][2], &rows[0][3]),
        ("", "2.5E7", "false")
    );
    assert!(rows[0][4].ends_with(".000Z"));
}

#[tokio::test]
async fn what_bulk_cannot_do_is_refused_in_the_words_clients_look_for() {
    let crm = Crm::start().await;
    let body = |query: &str| json!({ "operation": "query", "query": query });
    let (status, error) = crm
        .send(
            "POST",
            "/jobs/query",
            &body("SELECT Id, BillingAddress FROM Account"),
        )
        .await;
    assert_eq!(status, 400);
    assert!(
        error[0]["message"]
            .as_str()
            .unwrap()
            .contains("Selecting compound data not supported in Bulk Query")
    );
    let (_, error) = crm
        .send("POST", "/jobs/query", &body("SELECT Id FROM ContentNote"))
        .await;
    assert!(
        error[0]["message"]
            .as_str()
            .unwrap()
            .contains("is not supported by the Bulk API")
    );
    let (_, error) = crm
        .send("POST", "/jobs/query", &body("SELECT Nope FROM Account"))
        .await;
    assert_eq!(code(&error), "INVALID_FIELD");
}

#[tokio::test]
async fn a_job_can_be_aborted_and_has_no_results_then() {
    let crm = Crm::start().await;
    let id = job(&crm, "SELECT Id FROM Account").await;
    assert_eq!(
        code(&crm.get(&format!("/jobs/query/{id}/results")).await.1),
        "INVALIDJOBSTATE"
    );
    let (_, aborted) = crm
        .send(
            "PATCH",
            &format!("/jobs/query/{id}"),
            &json!({ "state": "Aborted" }),
        )
        .await;
    assert_eq!(aborted["state"], "Aborted");
    assert_eq!(
        crm.get(&format!("/jobs/query/{id}")).await.1["state"],
        "Aborted"
    );
    assert_eq!(
        code(&crm.get(&format!("/jobs/query/{id}/results")).await.1),
        "INVALIDJOBSTATE"
    );
}

#[tokio::test]
async fn another_version_than_the_jobs_is_a_conflict() {
    let crm = Crm::start().await;
    let id = job(&crm, "SELECT Id FROM Account").await;
    assert_eq!(
        crm.get(&format!("/services/data/v61.0/jobs/query/{id}"))
            .await
            .0,
        409
    );
}

#[tokio::test]
async fn jobs_count_against_their_own_limit() {
    let crm = Crm::with(Config {
        daily_bulk_jobs: 1,
        ..Config::default()
    })
    .await;
    job(&crm, "SELECT Id FROM Account").await;
    let (_, error) = crm
        .send(
            "POST",
            "/jobs/query",
            &json!({ "operation": "query", "query": "SELECT Id FROM Account" }),
        )
        .await;
    assert_eq!(code(&error), "LIMIT_EXCEEDED");
}
