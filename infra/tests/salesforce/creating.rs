//! Creates records: once, under the organisation's own rules, and found again when the answer was lost.

use domain::{
    fault::CrmCode,
    legal::{Assessment, Basis, Clearance, Named, Person, Register, assessment::Purpose, clear},
    ports::{Draft, Duplicates, FieldProblem, Fields, NewRecord, Sought, Writing, Written},
    record::{Object, RecordId},
    tenant::TenantId,
};
use infra::{
    crm::salesforce::Options,
    memory::{MemoryKeys, MemoryStore},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulator::salesforce::{DuplicateRule, Fault as Spoil};

use super::{Org, error, map, options};

const COLLECTIONS: &str = "/composite/sobjects";

pub(super) fn draft(object: Object, fields: Value) -> Draft {
    Draft {
        object,
        fields: Fields::from(map(fields)),
        links: Vec::new(),
    }
}

pub(super) fn account(name: &str) -> Draft {
    draft(Object::Account, json!({ "Name": name }))
}

fn contact() -> Draft {
    draft(
        Object::Contact,
        json!({"FirstName": "Anna", "LastName": "Muster", "Email": "anna@werk.example", "MobilePhone": "+49 170 1234567"}),
    )
}

/// Clears a record that names no person.
pub(super) async fn plain(crm: &(dyn Writing + Sync), draft: &Draft) -> NewRecord {
    let checked = crm.check(std::slice::from_ref(draft)).await.unwrap();
    NewRecord::cleared(draft, &checked[0], &[], Vec::new()).unwrap()
}

pub(super) async fn clearance(person: &Person) -> Clearance {
    let (store, keys) = (MemoryStore::new(), MemoryKeys::new());
    let tenant = TenantId::parse("acme").unwrap();
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let register = Register::open(&store, &keys, &tenant).await.unwrap();
    let purpose = Purpose::parse("outreach").unwrap();
    let assessment = Assessment {
        person: person.clone(),
        purpose: purpose.clone(),
        basis: Basis::Contract {
            reference: "order 17".to_owned(),
            necessity: "delivery".to_owned(),
            ended: false,
        },
        source: "the order".to_owned(),
        reviewer: "sales".to_owned(),
        assessed: "2026-09-01".parse().unwrap(),
        review: "2027-09-01".parse().unwrap(),
        template: None,
    };
    register.file(&assessment, now).await.unwrap();
    let people = &[Named::from(person.clone())];
    let cleared = clear(&store, &register, &tenant, people, &purpose, now).await;
    cleared.unwrap().remove(0).unwrap()
}

#[tokio::test]
async fn a_number_is_sent_with_the_digits_that_it_was_given_with() {
    let org = Org::start().await;
    let crm = org.crm();
    for digits in [
        "12345678901234567.89",
        "1.50",
        "-0.0",
        "1E+3",
        "123456789012345678",
    ] {
        let fields = format!(r#"{{"Name": "Werk", "AnnualRevenue": {digits}}}"#);
        let draft = Draft {
            object: Object::Account,
            fields: serde_json::from_str(&fields).unwrap(),
            links: Vec::new(),
        };
        let record = plain(&*crm, &draft).await;
        let made = crm.create(&[record], Duplicates::Refuse).await.unwrap();
        assert!(matches!(made[..], [Written::Created(_)]), "{made:?}");
        let sent = org.control().sent();
        assert!(
            sent.contains(&format!(r#""AnnualRevenue":{digits}"#)),
            "{sent}"
        );
    }
    let long = "1".repeat(65);
    for bad in ["1e400", long.as_str(), r#""NaN""#, r#""inf""#, "[1]"] {
        let fields = format!(r#"{{"Name": "Werk", "AnnualRevenue": {bad}}}"#);
        let draft = Draft {
            object: Object::Account,
            fields: serde_json::from_str(&fields).unwrap(),
            links: Vec::new(),
        };
        let checked = crm.check(&[draft]).await.unwrap();
        let refused = [("AnnualRevenue".to_owned(), FieldProblem::WrongType)];
        assert_eq!(checked[0].refused, refused, "{bad}");
    }
}

fn with_fields() -> Options {
    Options {
        external_id_field: Some("External_Id__c".to_owned()),
        basis_field: Some("LinkedIn__c".to_owned()),
        ..options()
    }
}

fn rule(block: bool) -> DuplicateRule {
    DuplicateRule {
        object: "Account".to_owned(),
        fields: vec!["Name".to_owned()],
        block,
    }
}

fn n_accounts(org: &Org) -> usize {
    org.control().ids("Account", false).unwrap().len()
}

#[tokio::test]
async fn a_person_is_read_out_of_a_draft_and_reaches_salesforce_with_basis_and_our_id() {
    let org = Org::start().await;
    let crm = org.crm_with(with_fields());
    let checked = crm.check(&[contact()]).await.unwrap().remove(0);
    let person = checked.person.clone().unwrap();
    assert_eq!(person.emails, ["anna@werk.example"]);
    assert_eq!(person.phones, ["+49 170 1234567"]);
    assert_eq!(person.name.as_deref(), Some("Anna Muster"));
    assert!(NewRecord::cleared(&contact(), &checked, &[], Vec::new()).is_err());
    let people = [person.clone()];
    assert!(NewRecord::cleared(&contact(), &checked, &people, Vec::new()).is_err());

    let clearances = vec![clearance(&person).await];
    let record = NewRecord::cleared(&contact(), &checked, &people, clearances).unwrap();
    let record = record.with_external_id(Some("our-id-1".to_owned()));
    let written = crm.create(&[record], Duplicates::Refuse).await.unwrap();
    let Written::Created(id) = &written[0] else {
        panic!("{written:?}");
    };
    let fields = org.control().get("Contact", id.as_str()).unwrap();
    assert_eq!(fields["External_Id__c"], "our-id-1");
    assert_eq!(
        fields["LinkedIn__c"],
        "contract; outreach; assessment 1; until 2027-09-01"
    );
}

#[tokio::test]
async fn what_salesforce_would_not_take_is_named() {
    let org = Org::start().await;
    let fields = json!({"Nme": "x", "CreatedDate": "2026-01-01", "NumberOfEmployees": "many", "BillingCity": "x".repeat(41)});
    let checked = org
        .crm()
        .check(&[draft(Object::Account, fields)])
        .await
        .unwrap();
    assert_eq!(checked[0].missing, ["Name"]);
    let mut refused = checked[0].refused.clone();
    refused.sort_by(|a, b| a.0.cmp(&b.0));
    let named: Vec<_> = refused
        .iter()
        .map(|(name, why)| (name.as_str(), *why))
        .collect();
    assert_eq!(
        named,
        [
            ("BillingCity", FieldProblem::TooLong),
            ("CreatedDate", FieldProblem::NotCreateable),
            ("Nme", FieldProblem::Unknown),
            ("NumberOfEmployees", FieldProblem::WrongType),
        ]
    );
}

#[tokio::test]
async fn a_task_names_the_person_that_it_points_at() {
    let org = Org::start().await;
    let ben = org.load("Contact", json!({"LastName": "Ben"}));
    let task = draft(Object::Task, json!({"Subject": "call", "WhoId": ben}));
    let checked = org.crm().check(&[task]).await.unwrap().remove(0);
    assert_eq!(
        checked.people,
        [(Object::Contact, RecordId::parse(&ben).unwrap())]
    );
    assert!(checked.names_somebody());
    // An id of 18 characters is the same id in lower case, and also if its check characters do not fit.
    for id in ["00q5g0000000001eaa", "00q5g0000000001aaa"] {
        let task = json!({"Subject": "call", "WhoId": id});
        let task = draft(Object::Task, task);
        let checked = org.crm().check(&[task]).await.unwrap().remove(0);
        assert!(checked.names_somebody(), "{id}");
    }
}

#[tokio::test]
async fn salesforces_own_rules_are_asked_and_overridden_where_they_let_us() {
    let org = Org::start().await;
    let crm = org.crm();
    let there = org.load("Account", json!({"Name": "Werk GmbH"}));
    let record = plain(&*crm, &account("werk gmbh")).await;
    for (block, may_save) in [(false, true), (true, false)] {
        org.control().set_duplicate_rules(vec![rule(block)]);
        let of = vec![RecordId::parse(&there).unwrap()];
        let expected = vec![Written::Duplicate { of, may_save }];
        let records = [record.clone()];
        assert_eq!(
            crm.rehearse(&records, Duplicates::Refuse).await.unwrap(),
            expected
        );
        assert_eq!(
            crm.create(&records, Duplicates::Refuse).await.unwrap(),
            expected
        );
        assert_eq!(n_accounts(&org), 1);
    }
    org.control().set_duplicate_rules(vec![rule(false)]);
    let saved = crm.create(&[record], Duplicates::Save).await.unwrap();
    assert!(matches!(saved[0], Written::Created(_)), "{saved:?}");
    assert_eq!(n_accounts(&org), 2);
}

#[tokio::test]
async fn a_rehearsal_keeps_nothing_and_judges_everything() {
    let org = Org::start().await;
    let crm = org.crm();
    let mut records = Vec::new();
    for n in 0..205 {
        records.push(plain(&*crm, &account(&format!("Firma {n}"))).await);
    }
    let missing = draft(Object::Opportunity, json!({"Name": "sale"}));
    records.push(plain(&*crm, &missing).await);
    let judged = crm.rehearse(&records, Duplicates::Refuse).await.unwrap();
    assert!(judged[..205].iter().all(|one| *one == Written::Rehearsed));
    let Written::Refused { fields, .. } = &judged[205] else {
        panic!("{:?}", judged[205]);
    };
    assert!(fields.contains(&"StageName".to_owned()), "{fields:?}");
    assert_eq!(n_accounts(&org), 0);
    assert!(org.control().ids("Contact", false).unwrap().is_empty());
}

#[tokio::test]
async fn a_batch_of_several_objects_is_one_request_and_answered_in_the_order_given() {
    let org = Org::start().await;
    let crm = org.crm();
    let mut records = Vec::new();
    for n in 0..30 {
        let one = match n % 3 {
            0 => account(&format!("Firma {n}")),
            1 => draft(Object::Task, json!({"Subject": format!("call {n}")})),
            _ => draft(Object::Opportunity, json!({"Name": "no stage"})),
        };
        records.push(plain(&*crm, &one).await);
    }
    let before = org.answers(COLLECTIONS, 200);
    let written = crm.create(&records, Duplicates::Refuse).await.unwrap();
    assert_eq!(org.answers(COLLECTIONS, 200) - before, 1);
    for (n, written) in written.iter().enumerate() {
        match (n % 3, written) {
            (0, Written::Created(id)) => {
                let name = &org.control().get("Account", id.as_str()).unwrap()["Name"];
                assert_eq!(*name, json!(format!("Firma {n}")));
            }
            (1, Written::Created(id)) => assert!(id.as_str().starts_with("00T")),
            (2, Written::Refused { fault, .. }) => {
                assert_eq!(fault.crm_code(), Some(&CrmCode::RequiredFieldMissing));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_request_is_sent_again_only_when_salesforce_says_that_it_did_nothing() {
    let sends = |spoil: Spoil| async move {
        let org = Org::start().await;
        let crm = org.crm();
        let record = plain(&*crm, &account("Werk GmbH")).await;
        org.spoil(COLLECTIONS, 1, spoil);
        let written = crm.create(&[record], Duplicates::Refuse).await;
        (written, n_accounts(&org))
    };
    // The token had expired. The connector renews it and sends the records again.
    let (written, n) = sends(error(401, "INVALID_SESSION_ID")).await;
    assert!(matches!(written.unwrap()[0], Written::Created(_)));
    assert_eq!(n, 1);
    for spoil in [
        error(403, "REQUEST_LIMIT_EXCEEDED"),
        error(503, "SERVER_UNAVAILABLE"),
    ] {
        let (written, n) = sends(spoil).await;
        assert!(matches!(written.unwrap()[0], Written::NotSent(_)));
        assert_eq!(n, 0);
    }
    // The result is unknown. The records may have been created, and in most of these cases they were.
    for (spoil, done) in [
        (Spoil::AnswerLost, 1),
        (Spoil::Reset, 0),
        (Spoil::Truncate { keep: 9 }, 1),
        (Spoil::NonUtf8, 1),
        (error(500, "UNKNOWN_EXCEPTION"), 0),
    ] {
        let (written, n) = sends(spoil.clone()).await;
        assert!(written.unwrap_err().is_transient(), "{spoil:?}");
        assert_eq!(n, done, "{spoil:?}");
    }
}

async fn found(org: &Org, options: Options, sought: &Draft, external: Option<&str>) -> usize {
    let now = Timestamp::from_millisecond(org.control().now()).unwrap();
    let crm = org.crm_with(options);
    let sought = [Sought {
        draft: sought.clone(),
        external_id: external.map(str::to_owned),
        chosen_id: None,
        since: now.checked_sub(SignedDuration::from_mins(5)).unwrap(),
        until: now.checked_add(SignedDuration::from_mins(15)).unwrap(),
    }];
    let found = crm.find(&sought).await.unwrap().remove(0);
    assert!(found.lag.is_zero(), "queries read the records themselves");
    found.found.unwrap().len()
}

#[tokio::test]
async fn a_record_whose_answer_was_lost_is_found_by_our_id_or_by_what_was_sent() {
    let org = Org::start().await;
    let crm = org.crm_with(with_fields());
    let sent = draft(
        Object::Account,
        json!({"Name": " O'Brien \\ GmbH ", "Phone": "030 1"}),
    );
    assert_eq!(found(&org, with_fields(), &sent, Some("our-1")).await, 0);
    assert_eq!(found(&org, options(), &sent, Some("our-1")).await, 0);
    let record = plain(&*crm, &sent)
        .await
        .with_external_id(Some("our-1".to_owned()));
    org.spoil(COLLECTIONS, 1, Spoil::AnswerLost);
    assert!(crm.create(&[record], Duplicates::Refuse).await.is_err());
    assert_eq!(found(&org, with_fields(), &sent, Some("our-1")).await, 1);
    assert_eq!(found(&org, with_fields(), &sent, Some("our-2")).await, 0);
    assert_eq!(found(&org, options(), &sent, None).await, 1);
    let other = draft(
        Object::Account,
        json!({"Name": "O'Brien \\ GmbH", "Phone": "030 2"}),
    );
    assert_eq!(found(&org, options(), &other, None).await, 0);
}

#[tokio::test]
async fn records_that_are_alike_are_looked_for_once_and_all_of_them_are_found() {
    let org = Org::start().await;
    let crm = org.crm();
    let record = plain(&*crm, &account("Kette")).await;
    let n = 12;
    let written = crm.create(&vec![record; n], Duplicates::Refuse).await;
    assert_eq!(written.unwrap().len(), n);
    let now = Timestamp::from_millisecond(org.control().now()).unwrap();
    let sought = |name| Sought {
        draft: account(name),
        external_id: None,
        chosen_id: None,
        since: now.checked_sub(SignedDuration::from_mins(5)).unwrap(),
        until: now.checked_add(SignedDuration::from_mins(15)).unwrap(),
    };
    let queries = || org.answers("/query", 200);
    let before = queries();
    let all = [sought("Kette"), sought("Kette"), sought("Einzeln")];
    let found = crm.find(&all).await.unwrap();
    let found = found.iter().flat_map(|one| &one.found);
    let lengths: Vec<usize> = found.map(Vec::len).collect();
    assert_eq!(lengths, [n, n, 0]);
    assert_eq!(queries() - before, 2);
}

#[tokio::test]
async fn a_record_that_nothing_tells_from_others_is_not_taken_for_whatever_else_was_made() {
    let org = Org::start().await;
    let crm = org.crm_with(options());
    let other = plain(&*crm, &account("Kette")).await;
    let written = crm.create(&[other], Duplicates::Refuse).await.unwrap();
    assert!(matches!(written[..], [Written::Created(_)]), "{written:?}");
    let now = Timestamp::from_millisecond(org.control().now()).unwrap();
    let sought = |fields| Sought {
        draft: draft(Object::Account, fields),
        external_id: None,
        chosen_id: None,
        since: now.checked_sub(SignedDuration::from_mins(5)).unwrap(),
        until: now.checked_add(SignedDuration::from_mins(15)).unwrap(),
    };
    let nameless = sought(json!({"Name": " ", "NumberOfEmployees": 5}));
    let found = crm.find(&[nameless, sought(json!({"Name": "kein"}))]).await;
    let found = found.unwrap().into_iter().map(|one| one.found);
    assert_eq!(found.collect::<Vec<_>>(), [None, Some(Vec::new())]);
}
