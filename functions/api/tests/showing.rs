//! Display, relations, subjects and facts, as a frontend asks for them. The tests of the rules check the results. The
//! tests here check what a caller sees.

use domain::{
    body,
    integration::{Credentials, Grant, Integration, Provider, Status},
    people::People,
    ports::{Lookups, StoredRecord, StoredRelation},
    record::{DisplayFields, MatchingAttributes, Object, OptOut, Record, RecordId},
    seal::{HashKind, Place, Room, Sealer},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use jiff::Timestamp;
use matching::RelationStatus;
use serde_json::{Value, json};

use super::world::{ALL_SCOPES, Answer, House, TENANT, by, event};

pub(super) fn scope() -> Scope {
    Scope {
        tenant: TenantId::parse(TENANT).unwrap(),
        integration: IntegrationId::parse("crm-1").unwrap(),
        generation: Generation(1),
    }
}

/// Makes a house with one integration and one account. The account's relation to company c/1 is suggested.
pub(super) async fn house() -> House {
    house_with(|_| {}).await
}

/// Makes the same house with a changed account.
pub(super) async fn house_with(change: impl FnOnce(&mut Record)) -> House {
    let house = House::new();
    let (scope, ports) = (scope(), &house.ports);
    let keys = ports.keys.create(&scope).await.unwrap();
    let credentials = Credentials {
        login_url: "https://login.example".to_owned(),
        instance_url: None,
        client_id: "client".to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: "token".to_owned(),
            client_secret: None,
        },
        access_token: None,
        expires: None,
        scope: None,
    };
    let integration = Integration {
        credentials: credentials.seal(&keys, &scope).unwrap(),
        scope: scope.clone(),
        provider: Provider::Salesforce,
        organisation: "00D000000000001AAA".to_owned(),
        status: Status::Connected,
        due: Timestamp::UNIX_EPOCH,
        open_run: None,
        standstill: None,
        untold: Vec::new(),
        lease: None,
        settings: None,
    };
    assert!(ports.store.connect(&integration, None).await.unwrap());
    let mut record = Record {
        id: RecordId::parse("001A").unwrap(),
        modified: Timestamp::UNIX_EPOCH,
        fields: r#"{"Id":"001A","Name":"Werk GmbH","Revenue":1234567890123456789.0123,"Mail":"info@werk.example"}"#.into(),
        attributes: MatchingAttributes {
            email: Some("info@werk.example".into()),
            ..MatchingAttributes::default()
        },
        display: DisplayFields {
            label: Some("Werk GmbH".into()),
            owner: Some("005A".into()),
            ..DisplayFields::default()
        },
        people: People::default(),
    };
    change(&mut record);
    let relation = matching::Relation {
        company: matching::CompanyId::parse("c/1").unwrap(),
        score: 500,
        status: RelationStatus::Suggested,
        evidence: Vec::new(),
    };
    let mut text = Vec::new();
    body::write(
        &mut text,
        &record,
        Timestamp::UNIX_EPOCH,
        std::slice::from_ref(&relation),
    )
    .unwrap();
    let place = Place::within(&scope, Room::CopyRecord, "Account", record.id.as_str());
    let (email, parent) = (
        record.attributes.email.as_deref(),
        record.attributes.parent.as_ref(),
    );
    let stored = StoredRecord {
        digest: keys.index.digest(record.fields.as_bytes()),
        sealed: Sealer::new(&keys.sealing, 1)
            .unwrap()
            .seal(&place, &text)
            .unwrap(),
        projection: None,
        lookups: Lookups {
            email: email.map(|email| keys.index.hash(HashKind::Email, email)),
            parent: parent.map(|parent| keys.index.hash(HashKind::Parent, &parent.key())),
            ..Lookups::default()
        },
        relations: vec![StoredRelation {
            company: keys.index.hash(HashKind::Company, "c/1"),
            status: RelationStatus::Suggested,
            score: 500,
            link: None,
        }],
        dropped: Vec::new(),
        was_large: false,
        vanished: None,
        id: record.id,
        modified: record.modified,
        born: 0,
        page: 0,
    };
    ports
        .store
        .put(&scope, Object::Account, vec![stored])
        .await
        .unwrap();
    house
}

pub(super) async fn get(house: &House, path: &str) -> Answer {
    house.ask(by(ALL_SCOPES, event("GET", path))).await
}

pub(super) async fn post(house: &House, path: &str, body: Value) -> Answer {
    let mut event = event("POST", path);
    event["body"] = body.to_string().into();
    house.ask(by(ALL_SCOPES, event)).await
}

pub(super) const HERE: &str = "/v1/integrations/crm-1";

#[tokio::test]
async fn a_suggestion_becomes_a_relation_that_the_status_counts() {
    let house = house().await;
    let status = || async {
        let body = json!({"companies": ["c/1", "c-2"]});
        let answer = post(&house, &format!("{HERE}/companies/status"), body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    };
    let before = status().await;
    assert_eq!(before["companies"][0]["inCrm"], "perhaps");
    assert_eq!(before["companies"][1]["inCrm"], "no");
    let listed = get(&house, &format!("{HERE}/relations/suggested")).await;
    assert_eq!(listed.body["suggestions"][0]["company"], "c/1");
    assert_eq!(
        listed.body["suggestions"][0]["record"]["fields"]["Name"],
        "Werk GmbH"
    );

    let said =
        json!({"object": "Account", "record": "001A", "company": "c/1", "decision": "approved"});
    let decided = post(&house, &format!("{HERE}/relations"), said).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    assert_eq!(decided.body["relations"][0]["status"], "approved");
    let after = status().await;
    assert_eq!(after["companies"][0]["inCrm"], "yes");
    assert_eq!(after["companies"][0]["owner"], "005A");
    assert_eq!(after["freshness"], json!([]), "no run yet");
    let listed = get(&house, &format!("{HERE}/relations/suggested")).await;
    assert_eq!(listed.body["suggestions"], json!([]));
    let shown = get(&house, &format!("{HERE}/records/Account/001A")).await;
    assert_eq!(shown.body["decisions"][0]["by"], "user-1");
    let picture = get(&house, &format!("{HERE}/companies?company=c%2F1")).await;
    assert_eq!(picture.body["records"][0]["id"], "001A");
    assert_eq!(picture.body["records"][0]["children"], json!([]));
}

#[tokio::test]
async fn a_number_is_shown_to_its_last_digit_wherever_its_record_is() {
    let house = house().await;
    let person = json!({"person": {"emails": ["info@werk.example"]}});
    let email = json!({"email": "info@werk.example"});
    for answer in [
        get(&house, &format!("{HERE}/records?object=Account")).await,
        get(&house, &format!("{HERE}/records/Account/001A")).await,
        get(&house, &format!("{HERE}/companies?company=c%2F1")).await,
        get(&house, &format!("{HERE}/relations/suggested")).await,
        post(&house, &format!("{HERE}/records/search"), email).await,
        post(&house, "/v1/subjects/search", person).await,
    ] {
        assert_eq!(answer.status, 200, "{}", answer.body);
        let text = &answer.text;
        assert!(
            text.contains(r#""Revenue":1234567890123456789.0123"#),
            "{text}"
        );
    }
}

#[tokio::test]
async fn records_are_listed_and_searched() {
    let house = house().await;
    let listed = get(&house, &format!("{HERE}/records?object=Account&limit=1")).await;
    assert_eq!(
        listed.body["records"][0]["label"], "Werk GmbH",
        "{}",
        listed.body
    );
    let body = json!({"email": "INFO@werk.example"});
    let found = post(&house, &format!("{HERE}/records/search"), body).await;
    assert_eq!(found.body["records"][0]["id"], "001A", "{}", found.body);
    for (path, status) in [
        ("records", 400),
        ("records?object=Case", 400),
        ("records?object=Account&cursor=AAAA", 422),
        ("records/Account/nobody", 404),
        ("records/Case/001A", 404),
        ("companies", 400),
    ] {
        assert_eq!(
            get(&house, &format!("{HERE}/{path}")).await.status,
            status,
            "{path}"
        );
    }
    for (path, body) in [
        ("records/search", json!({})),
        ("records/search", json!({"email": "a", "domain": "b"})),
        ("companies/status", json!({"companies": []})),
        ("companies/status", json!({"companies": vec!["c"; 101]})),
        (
            "relations",
            json!({"object": "Task", "record": "1", "company": "c", "decision": "approved"}),
        ),
        (
            "relations",
            json!({"object": "Account", "record": "a/b", "company": "c", "decision": "approved"}),
        ),
    ] {
        let answer = post(&house, &format!("{HERE}/{path}"), body).await;
        assert_eq!(answer.status, 422, "{path} {}", answer.body);
    }
    let unknown =
        json!({"object": "Account", "record": "nobody", "company": "c", "decision": "blocked"});
    assert_eq!(
        post(&house, &format!("{HERE}/relations"), unknown)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_person_is_found_and_erased_and_the_answer_says_whose_the_crm_is() {
    let house = house().await;
    let person = json!({"emails": ["info@werk.example"]});
    let found = post(&house, "/v1/subjects/search", json!({"person": person})).await;
    assert_eq!(found.status, 200, "{}", found.body);
    assert_eq!(found.body["cursor"], Value::Null);
    let body = json!({"person": person, "everything": true, "reference": "case 7"});
    let erased = post(&house, "/v1/subjects/erasures", body).await;
    assert_eq!(erased.status, 200, "{}", erased.body);
    assert!(erased.body["note"].as_str().unwrap().contains("controller"));
    let marked = post(&house, "/v1/subjects/search", json!({"person": person})).await;
    assert_eq!(marked.body["records"], json!([]));
    assert_eq!(marked.body["marks"]["erased"], true);
    let lifted = post(
        &house,
        "/v1/subjects/erasures/lift",
        json!({"person": person}),
    )
    .await;
    assert_eq!(lifted.body["lifted"], 1, "{}", lifted.body);
    let nobody = post(&house, "/v1/subjects/search", json!({"person": {}})).await;
    assert_eq!(
        (nobody.status, &nobody.body["field"]),
        (422, &json!("/person"))
    );
}

#[tokio::test]
async fn facts_are_those_of_what_is_deployed_and_connected() {
    let house = house().await;
    let facts = get(&house, "/v1/facts/processing").await;
    assert_eq!(facts.body["controller"]["tenant"], TENANT);
    let not_stated = json!({"status": "not_stated"});
    assert_eq!(facts.body["controller"]["identity"], not_stated);
    let operator = json!({"name": "Werk GmbH", "contact": "Weg 1, 50667 Köln"});
    let processor = &facts.body["processor"];
    assert_eq!(
        processor["identity"],
        json!({"status": "stated", "value": operator})
    );
    assert_eq!(processor["representative"], json!({"status": "none"}));
    assert_eq!(processor["dataProtectionOfficer"], not_stated);
    assert_eq!(facts.body["transfers"]["value"][0]["country"], "USA");
    assert_eq!(facts.body["organisationalMeasures"], not_stated);
    assert_eq!(facts.body["integrations"][0]["provider"], "salesforce");
    assert_eq!(facts.body["subprocessors"][0]["name"], "Cloud Ltd");
    let said = json!({
        "identity": {"status": "stated", "value": {"name": "Kunde AG", "contact": "Platz 2, Bonn"}},
        "representative": {"status": "none"},
    });
    let put = |body: Value| {
        let mut event = event("PUT", "/v1/facts/controller");
        event["body"] = body.to_string().into();
        house.ask(by(ALL_SCOPES, event))
    };
    for (misfit, field) in [
        (json!({"identity": {"status": "none"}}), "/identity"),
        (
            json!({"representative": {"status": "stated", "value": {"name": " ", "contact": "x"}}}),
            "/representative/value/name",
        ),
        (json!({"identity": {"status": "stated"}}), "/identity"),
        (json!({"name": "Kunde AG"}), "/name"),
        (json!({"representative": ["none"]}), "/representative"),
        (
            json!({"identity": {"status": "stated", "value": ["Kunde AG", "Bonn"]}}),
            "/identity",
        ),
        (
            json!({"representative": {"status": "none", "value": null}}),
            "/representative",
        ),
        (
            json!({"representative": {"status": "none", "value": {"name": "a", "contact": "b"}}}),
            "/representative",
        ),
    ] {
        let refused = put(misfit).await;
        assert_eq!(
            (refused.status, &refused.body["field"]),
            (422, &json!(field)),
            "{}",
            refused.body
        );
    }
    assert_eq!(put(said.clone()).await.status, 200);
    let facts = get(&house, "/v1/facts/processing").await;
    assert_eq!(facts.body["controller"]["identity"], said["identity"]);
    assert_eq!(
        facts.body["controller"]["dataProtectionOfficer"],
        not_stated
    );
    let shown = get(&house, "/v1/facts/controller").await;
    assert_eq!(shown.body["representative"], said["representative"]);
    let kept = get(&house, "/v1/facts/retention").await;
    assert!(kept.body.to_string().contains("7 days"));
    let consent = format!("{} minutes", domain::grant::CONSENT_LIMIT.as_mins());
    assert!(kept.body.to_string().contains(&consent));
    assert_eq!(get(&house, "/v1/facts/subprocessors").await.status, 200);
}

#[tokio::test]
async fn opt_outs_are_shown_with_the_record_wherever_it_is() {
    let house = house_with(|record| {
        record.display.opt_out = vec![OptOut::Email, OptOut::Phone];
    })
    .await;
    let expected = json!(["email", "phone"]);
    let shown = get(&house, &format!("{HERE}/records/Account/001A")).await;
    assert_eq!(shown.body["record"]["optOut"], expected);
    let listed = get(&house, &format!("{HERE}/records?object=Account")).await;
    assert_eq!(listed.body["records"][0]["optOut"], expected);
    let picture = get(&house, &format!("{HERE}/companies?company=c%2F1")).await;
    assert_eq!(picture.body["records"][0]["optOut"], expected);
    let body = json!({"companies": ["c/1"]});
    let status = post(&house, &format!("{HERE}/companies/status"), body).await;
    let records = &status.body["companies"][0]["records"];
    assert_eq!(records[0]["optOut"], expected);
}
