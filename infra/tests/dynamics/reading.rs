//! Tracked changes, windows of time, counts, and links that lead elsewhere.

use domain::{
    fault::CrmCode,
    ports::Count,
    progress::Position,
    record::{
        Item,
        Object::{Account, Contact, Lead, Opportunity},
        Parent,
    },
};
use jiff::SignedDuration;
use serde_json::json;
use simulator::dynamics::Fault;

use super::{World, read};

#[tokio::test]
async fn a_table_that_is_not_tracked_is_read_by_time_and_asks_for_the_comparison_of_ids() {
    let world = World::start().await;
    world.control().set_tracked("accounts", false).unwrap();
    let made = world.accounts(12);
    world.advance(SignedDuration::from_secs(1));
    let crm = world.connect();
    let first = read(&*crm, Account, None, None).await.unwrap();
    assert_eq!((first.live.len(), first.pages), (12, 3));
    assert!(first.resume.is_none() && !first.is_short);

    let after = Some(Position {
        at: crm.clock().await.unwrap(),
        id: None,
    });
    world
        .control()
        .delete("accounts", made[0].as_str())
        .unwrap();
    let columns = serde_json::from_value(json!({ "name": "renamed" })).unwrap();
    world
        .control()
        .edit("accounts", made[1].as_str(), &columns)
        .unwrap();
    world.advance(SignedDuration::from_secs(1));
    let second = read(&*crm, Account, after, None).await.unwrap();
    assert_eq!(second.live, [made[1].clone()]);
    assert!(
        second.gone.is_empty() && second.is_short,
        "a deletion leaves no trace here"
    );
}

#[tokio::test]
async fn whoever_may_not_read_the_whole_organisation_reads_by_time() {
    let world = World::start().await;
    world.accounts(3);
    world.advance(SignedDuration::from_secs(1));
    let tracked = read(&*world.connect(), Account, None, None).await.unwrap();
    assert!(tracked.resume.is_some());
    world
        .control()
        .set_depth("accounts", "Read", "Local")
        .unwrap();
    let crm = world.connect();
    let lost = read(&*crm, Account, None, tracked.resume.as_ref()).await;
    assert!(lost.is_none(), "what is tracked is not told any more");
    let all = read(&*crm, Account, None, None).await.unwrap();
    assert_eq!(all.live.len(), 3);
    assert!(all.resume.is_none());
}

#[tokio::test]
async fn an_end_that_is_too_old_is_told_and_so_is_one_of_other_columns() {
    let world = World::start().await;
    world.accounts(3);
    world.advance(SignedDuration::from_secs(1));
    let first = read(&*world.connect(), Account, None, None).await.unwrap();
    world.advance(SignedDuration::from_hours(6 * 24));
    let again = read(&*world.connect(), Account, None, first.resume.as_ref()).await;
    assert!(again.is_some_and(|again| again.live.is_empty()));
    world.advance(SignedDuration::from_hours(2 * 24));
    let late = read(&*world.connect(), Account, None, first.resume.as_ref()).await;
    assert!(late.is_none());

    let first = read(&*world.connect(), Account, None, None).await.unwrap();
    world
        .control()
        .add_column("accounts", "new_vatid", &["String"])
        .unwrap();
    let other = read(&*world.connect(), Account, None, first.resume.as_ref()).await;
    assert!(other.is_none());
}

#[tokio::test]
async fn a_stored_end_that_is_refused_for_good_begins_a_new_reading() {
    let world = World::start().await;
    world.accounts(3);
    world.advance(SignedDuration::from_secs(1));
    let first = read(&*world.connect(), Account, None, None).await.unwrap();
    for status in [400, 404, 410, 412] {
        let crm = world.connect();
        crm.clock().await.unwrap();
        let refused = Fault::Error {
            status,
            code: "0x80040203".to_owned(),
            message: "Invalid argument.".to_owned(),
            retry_after: None,
        };
        world.control().spoil("/api/data/v9.2/accounts", 1, refused);
        let told = read(&*crm, Account, None, first.resume.as_ref()).await;
        assert!(told.is_none(), "{status}");
    }
    let whole = read(&*world.connect(), Account, None, None).await.unwrap();
    assert_eq!(whole.live.len(), 3);
}

#[tokio::test]
async fn a_large_table_is_counted_in_halves_and_exactly() {
    let world = World::start().await;
    world.control().set_aggregate_limit(4);
    for _ in 0..6 {
        world.accounts(3);
        world.advance(SignedDuration::from_hours(1));
    }
    let made = world.accounts(2);
    world
        .control()
        .merge("accounts", made[0].as_str(), made[1].as_str())
        .unwrap();
    world.advance(SignedDuration::from_hours(1));
    let count = world.connect().count(Account).await.unwrap();
    assert_eq!(count, Count::Exact(19));
}

#[tokio::test]
async fn more_records_of_one_second_than_an_aggregate_takes_are_more_than_that() {
    let world = World::start().await;
    world.control().set_aggregate_limit(4);
    world.accounts(5);
    world.advance(SignedDuration::from_hours(1));
    let count = world.connect().count(Account).await.unwrap();
    assert!(matches!(count, Count::MoreThan(_)), "{count:?}");
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    let world = World::start().await;
    world.accounts(1);
    let crm = world.connect();
    crm.describe(Account).await.unwrap();
    let body = json!({
        "value": [],
        "@odata.nextLink": "https://evil.example/api/data/v9.2/accounts?$skiptoken=x",
    });
    let fault = Fault::OddBody {
        status: 200,
        body: body.to_string(),
    };
    world.control().spoil("/api/data/v9.2/accounts", 1, fault);
    let fault = crm.ids(Account, None).await.map(drop).unwrap_err();
    assert_eq!(fault.crm_code(), Some(&CrmCode::NextPageRefused));
}

#[tokio::test]
async fn a_qualified_lead_stays_and_belongs_to_what_it_became() {
    let world = World::start().await;
    let lead = json!({
        "subject": "Anfrage", "firstname": "Erika", "lastname": "Muster",
        "companyname": "Werk GmbH", "emailaddress1": "erika@werk.example",
    });
    let lead = world.make("leads", lead);
    let made = world.control().qualify(lead.as_str(), true).unwrap();
    world.advance(SignedDuration::from_secs(1));
    let crm = world.connect();
    let items = crm.fetch(Lead, std::slice::from_ref(&lead)).await.unwrap();
    let [Item::Live(lead)] = &items[..] else {
        panic!("the lead is not there");
    };
    assert_eq!(lead.display.open, Some(false));
    assert!(lead.people.is_person());
    let deals = read(&*crm, Opportunity, None, None).await.unwrap();
    assert_eq!(deals.live[0].as_str(), made["opportunity"]);
}

#[tokio::test]
async fn a_contact_of_a_contact_has_a_parent_of_that_table() {
    let world = World::start().await;
    let boss = world.make("contacts", json!({ "lastname": "Chefin" }));
    let bind = format!("/contacts({boss})");
    let contact = world.make(
        "contacts",
        json!({ "lastname": "Muster", "parentcustomerid_contact@odata.bind": bind }),
    );
    let crm = world.connect();
    let items = crm.fetch(Contact, &[contact]).await.unwrap();
    let [Item::Live(contact)] = &items[..] else {
        panic!("the contact is not there");
    };
    let wanted = Some(Parent::of(Contact, boss));
    assert_eq!(contact.attributes.parent, wanted);
}

#[tokio::test]
async fn an_environment_without_sales_has_no_leads_and_no_opportunities() {
    let world = World::start().await;
    world.control().set_sales(false);
    let crm = world.connect();
    for object in [Lead, Opportunity] {
        assert_eq!(crm.describe(object).await.unwrap(), None, "{object}");
        assert_eq!(crm.rights(object).await.unwrap(), None, "{object}");
    }
    assert!(crm.describe(Contact).await.unwrap().is_some());
}
