//! One record under all spellings of its id: 15 characters, or 18 in any case.

use domain::record::{Parent, RecordId};
use serde_json::{Value, json};

use super::{
    showing::{HERE, get, house_with, post},
    world::House,
};

const ID: &str = "001xx000003DGb2AAG";
/// One id in three spellings: 15 characters, 18 in capitals, 18 in small letters.
const SPELT: [&str; 3] = [
    "001xx000003DGb2",
    "001XX000003DGB2AAG",
    "001xx000003dgb2aag",
];
/// An id with impossible check characters: they say that a digit is a capital.
const MISSPELT: &str = "001xx000003DGb2ABG";

async fn house() -> House {
    house_with(|record| {
        record.id = RecordId::parse(ID).unwrap();
        record.attributes.parent = Some(Parent::named_by_id(RecordId::parse(ID).unwrap()));
        record.display.owner = Some("005xx000001Sv6AAAS".into());
    })
    .await
}

fn ids(body: &Value) -> Vec<&str> {
    let records = body["records"].as_array().unwrap().iter();
    records
        .map(|record| record["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_record_is_found_by_each_spelling_of_its_id() {
    let house = house().await;
    for id in SPELT {
        let shown = get(&house, &format!("{HERE}/records/Account/{id}")).await;
        assert_eq!(
            (shown.status, &shown.body["record"]["id"]),
            (200, &json!(ID)),
            "{id}"
        );
        let children = get(&house, &format!("{HERE}/records?parent={id}")).await;
        assert_eq!(ids(&children.body), [ID], "{id}");
        let said =
            json!({"object": "Account", "record": id, "company": "c/1", "decision": "approved"});
        let decided = post(&house, &format!("{HERE}/relations"), said).await;
        assert_eq!(decided.status, 200, "{id}: {}", decided.body);
    }
    let shown = get(&house, &format!("{HERE}/records/Account/{ID}")).await;
    assert_eq!(
        shown.body["decisions"].as_array().unwrap().len(),
        1,
        "one decision, said three times"
    );
    for owner in ["005xx000001Sv6A", "005XX000001SV6AAAS"] {
        let owned = get(
            &house,
            &format!("{HERE}/records?object=Account&owner={owner}"),
        )
        .await;
        assert_eq!(ids(&owned.body), [ID], "{owner}");
    }
}

#[tokio::test]
async fn an_erasure_is_lifted_by_each_spelling_of_a_records_id() {
    let person = json!({"emails": ["info@werk.example"]});
    for id in SPELT {
        let house = house().await;
        let erasure = json!({"person": person, "everything": true});
        assert_eq!(
            post(&house, "/v1/subjects/erasures", erasure).await.status,
            200
        );
        let place = json!({"integration": "crm-1", "object": "Account", "id": id});
        let lifted = post(
            &house,
            "/v1/subjects/erasures/lift",
            json!({"records": [place]}),
        )
        .await;
        assert_eq!(
            (lifted.status, lifted.body),
            (200, json!({"lifted": 1})),
            "{id}"
        );
    }
}

#[tokio::test]
async fn an_id_that_cannot_be_one_is_refused_by_its_name() {
    let house = house().await;
    let record =
        json!({"object": "Account", "record": MISSPELT, "company": "c/1", "decision": "approved"});
    let place = json!({"integration": "crm-1", "object": "Account", "id": MISSPELT});
    for (answer, member, name) in [
        (
            get(&house, &format!("{HERE}/records/Account/{MISSPELT}")).await,
            "parameter",
            "record",
        ),
        (
            get(&house, &format!("{HERE}/records?parent={MISSPELT}")).await,
            "parameter",
            "parent",
        ),
        (
            get(
                &house,
                &format!("{HERE}/records?object=Account&owner={MISSPELT}"),
            )
            .await,
            "parameter",
            "owner",
        ),
        (
            post(&house, &format!("{HERE}/relations"), record).await,
            "field",
            "/record",
        ),
        (
            post(
                &house,
                "/v1/subjects/erasures/lift",
                json!({"records": [place]}),
            )
            .await,
            "field",
            "/records/0/id",
        ),
    ] {
        assert_eq!(answer.status, 400, "{name}: {}", answer.body);
        assert_eq!(
            answer.body["type"],
            "urn:abgleich:problem:record-id-misspelt"
        );
        assert_eq!(answer.body[member], name, "{}", answer.body);
    }
}
