//! The weak facts about HubSpot, each way round: whatever turns out to be true, what is read and created is the same.

use domain::ports::{Draft, Revoked, Written};
use simulator::hubspot::{Behaviour, control::Properties};

use super::{
    creating::{create, deal, draft, made},
    *,
};

const HOUR: i64 = 3_600_000;

async fn behaving(set: impl Fn(&mut Behaviour)) -> Account {
    let mut behaviour = Behaviour::default();
    set(&mut behaviour);
    Account::with(Config {
        behaviour,
        ..Config::default()
    })
    .await
}

fn properties(value: &Value) -> &Properties {
    value.as_object().unwrap()
}

/// Makes one record of each object, all at the first one, a company. Returns their ids.
fn fill(account: &Account) -> Vec<(Object, String)> {
    let control = account.control();
    let company = json!({ "name": "Werk", "domain": "werk.example" });
    let company = control
        .create("companies", properties(&company), &[])
        .unwrap();
    let mut all = vec![(Object::Account, company.clone())];
    for (object, path, values, is_primary) in [
        (
            Object::Contact,
            "contacts",
            json!({ "lastname": "Muster", "email": "erika@werk.example" }),
            true,
        ),
        (
            Object::Lead,
            "leads",
            json!({ "hs_lead_name": "Halls" }),
            true,
        ),
        (
            Object::Task,
            "tasks",
            json!({ "hs_task_subject": "Call", "hs_timestamp": "2026-12-01T09:00:00Z" }),
            false,
        ),
        (
            Object::Opportunity,
            "deals",
            json!({ "dealname": "Halls", "dealstage": "appointmentscheduled", "pipeline": "default" }),
            true,
        ),
    ] {
        let at = [("companies", &*company, is_primary)];
        let made = control.create(path, properties(&values), &at).unwrap();
        all.push((object, made));
    }
    account.advance(SignedDuration::from_secs(1));
    all
}

/// Returns all records as texts, in each of the ways in which they are read. The ways agree.
async fn read(account: &Account, all: &[(Object, String)]) -> Vec<String> {
    let crm = account.crm();
    let mut texts = Vec::new();
    for (object, made) in all {
        let first = items(&*crm, *object, &since(account, None)).await;
        let later = items(&*crm, *object, &since(account, Some(NOW - HOUR))).await;
        let fetched = crm.fetch(*object, &[id(made)]).await.unwrap();
        let mut ways = [first, later, fetched].map(|items| {
            let record = live(items).remove(made).unwrap();
            let parent = record.attributes.parent.as_ref().map(Parent::key);
            format!("{object} {} {parent:?}", record.fields)
        });
        ways.sort();
        assert_eq!(ways[0], ways[2], "{object}");
        texts.push(ways[0].clone());
    }
    texts
}

#[tokio::test]
async fn empty_properties_and_ids_of_associations_are_read_in_either_spelling() {
    let usual = behaving(|_| ()).await;
    let all = fill(&usual);
    let wanted = read(&usual, &all).await;
    assert!(
        wanted.iter().skip(1).all(|text| text.contains("Some")),
        "{wanted:?}"
    );
    let other: [fn(&mut Behaviour); 3] = [
        |one| one.nulls = false,
        |one| one.numeric_association_ids = false,
        |one| (one.nulls, one.numeric_association_ids) = (false, false),
    ];
    for set in other {
        let account = behaving(set).await;
        assert_eq!(fill(&account), all);
        assert_eq!(read(&account, &all).await, wanted);
        // A creation whose answer is lost is told from others by its associations.
        let crm = account.crm();
        let werk = &all[0].1;
        let sent = deal("sent", &[(Object::Account, werk)]);
        account
            .control()
            .spoil("/crm/objects/deals", 1, Fault::AnswerLost);
        let written = create(&*crm, std::slice::from_ref(&sent)).await;
        assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
        assert_eq!(looked_up(&account, sent).await, 1);
    }
}

/// Returns how many records a lookup finds, once the index has caught up.
async fn looked_up(account: &Account, draft: Draft) -> usize {
    let sought = domain::ports::Sought {
        draft,
        external_id: Some("4f1d-0".to_owned()),
        chosen_id: None,
        since: at(account.control().now() - HOUR),
        until: at(account.control().now() + HOUR),
    };
    let found = account.crm().find(&[sought]).await.unwrap().remove(0);
    found.found.unwrap().len()
}

#[tokio::test]
async fn a_total_that_stops_at_ten_thousand_loses_nothing() {
    let account = behaving(|one| one.total_is_cut = true).await;
    for n in 0..10_200 {
        account.load("companies", json!({ "name": format!("Werk {n}") }));
    }
    account
        .control()
        .restamp("companies", NOW - 2 * HOUR)
        .unwrap();
    let crm = account.crm();
    let count = crm.count(Object::Account).await.unwrap();
    assert!(matches!(count, Count::AsOf(10_000, _)), "{count:?}");
    assert_eq!(count.exact(), None, "such a count proves nothing");
    let window = since(&account, Some(NOW - 3 * HOUR));
    let all = live(items(&*crm, Object::Account, &window).await);
    assert_eq!(all.len(), 10_200);
}

#[tokio::test]
async fn a_restored_record_comes_back_whether_its_stamp_moves_or_not() {
    for moves in [false, true] {
        let account = behaving(|one| one.restore_moves_stamp = moves).await;
        let made = account.load("companies", json!({ "name": "Werk" }));
        account.advance(SignedDuration::from_hours(1));
        account.control().archive("companies", &made).unwrap();
        let crm = account.crm();
        assert!(ids(&*crm, Object::Account).await.is_empty());
        account.advance(SignedDuration::from_hours(1));
        let restored = account.control().now();
        account.control().restore("companies", &made).unwrap();
        account.advance(SignedDuration::from_secs(1));
        let window = since(&account, Some(restored));
        let changed = live(items(&*crm, Object::Account, &window).await);
        assert_eq!(changed.contains_key(&made), moves);
        assert!(ids(&*crm, Object::Account).await.contains(&made));
        let fetched = crm.fetch(Object::Account, &[id(&made)]).await.unwrap();
        assert_eq!(live(fetched).len(), 1);
    }
}

#[tokio::test]
async fn where_tasks_have_no_unique_property_a_lost_task_is_found_by_its_content() {
    for allowed in [true, false] {
        let mut config = Config::default();
        config.behaviour.unique_on_tasks_and_leads = allowed;
        config.scopes.push("crm.schemas.tasks.write".to_owned());
        let account = Account::with(config).await;
        // The operator sets the property up in the account.
        let property = json!({
            "name": "abgleich_id", "label": "Abgleich", "groupName": "taskinformation",
            "type": "string", "fieldType": "text", "hasUniqueValue": true,
        });
        let answer = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(format!(
                "{}/crm/properties/2026-03/tasks",
                account.simulator.url()
            ))
            .bearer_auth(account.control().session())
            .header("content-type", "application/json")
            .body(property.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().is_success(), allowed, "{answer:?}");
        let mut options = options();
        options.external_id_property = Some("abgleich_id".to_owned());
        let crm = account.crm_with(options);
        let fields = json!({ "hs_task_subject": "Call", "hs_timestamp": "2026-12-01T09:00:00Z" });
        let task = draft(Object::Task, fields, &[]);
        let checked = super::creating::check(&*crm, &task).await;
        assert_eq!(checked.has_external_id, allowed);
        account
            .control()
            .spoil("/crm/objects/tasks", 1, Fault::AnswerLost);
        let written = create(&*crm, std::slice::from_ref(&task)).await;
        assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
        assert_eq!(looked_up(&account, task).await, 1, "{allowed}");
    }
}

#[tokio::test]
async fn whichever_company_becomes_the_primary_one_it_is_the_parent() {
    for is_first in [false, true] {
        let account = behaving(|one| one.first_company_is_primary = is_first).await;
        let companies: Vec<String> = (0..3)
            .map(|n| account.load("companies", json!({ "name": format!("Werk {n}") })))
            .collect();
        let crm = account.crm();
        let sent = deal("Halls", &[(Object::Account, &companies[2])]);
        let deal = made(&create(&*crm, &[sent]).await[0]).to_string();
        let values = json!({ "lastname": "Muster" });
        let contact = account
            .control()
            .create("contacts", properties(&values), &[])
            .unwrap();
        for company in [&companies[1], &companies[0]] {
            for from in [("deals", &*deal), ("contacts", &*contact)] {
                account
                    .control()
                    .associate(from, ("companies", company), false)
                    .unwrap();
            }
        }
        account.advance(SignedDuration::from_secs(1));
        let first = live(items(&*crm, Object::Opportunity, &since(&account, None)).await);
        let fetched = crm.fetch(Object::Opportunity, &[id(&deal)]).await.unwrap();
        for all in [first, live(fetched)] {
            let parent = all[&deal].attributes.parent.clone();
            assert_eq!(parent, Some(Parent::of(Object::Account, id(&companies[2]))));
        }
        let all = live(items(&*crm, Object::Contact, &since(&account, None)).await);
        let parent = all[&contact].attributes.parent.clone();
        let wanted = is_first.then(|| Parent::of(Object::Account, id(&companies[1])));
        assert_eq!(parent, wanted, "a contact names its primary company only");
    }
}

#[tokio::test]
async fn tokens_that_outlive_an_uninstallation_are_within_what_the_receipt_says() {
    for ends in [true, false] {
        let account = Account::with(Config {
            uninstall_ends_tokens: ends,
            ..Config::default()
        })
        .await;
        let crm = account.crm();
        crm.clock().await.unwrap();
        let before = account.grant.get();
        assert_eq!(crm.revoke().await.unwrap(), Revoked::DeadWithinMinutes(30));
        // The last access token, without a grant that could renew it.
        let old = Account {
            grant: Arc::new(Unstored::new(before)),
            ..account
        };
        assert_eq!(old.crm().clock().await.is_ok(), !ends);
        old.control().expire_access_tokens();
        let fault = old.crm().clock().await.unwrap_err();
        assert_eq!(fault.kind(), Kind::Revoked);
    }
}
