//! CRMs that keep a record's account beside it, judge nothing beforehand, have words of their own for bases, and an index that lags.

use domain::{
    create::{CreateOutcome, Noted, Request},
    ports::{BasisPlace, Checked, KeptBases, Link, Rehearsing},
    record::{
        Object::{self, Account, Contact, Opportunity},
        RecordId,
    },
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use serde_json::json;

use super::{
    anna,
    broken::told,
    companies::{company, previewed},
    one, werk,
};
use crate::world::{HOUR, World, id};

async fn world() -> World {
    let world = World::new(Ordered, 5).await;
    world.crm.link_accounts();
    world.crm.rehearse(Rehearsing::Never);
    world.crm.lag_index(HOUR);
    world.crm.keep_bases(BasisPlace::InRecord);
    world.assess("anna@werk1.example").await;
    world
}

/// A request to create a record of an object for the first company.
fn of(object: Object, fields: serde_json::Value) -> Request {
    let mut request = one(object, fields);
    request.items[0].company = Some(company("1"));
    request
}

async fn made(world: &World, key: &str, request: &Request) -> RecordId {
    match world.outcome(key, request).await {
        CreateOutcome::Created { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

fn link(object: Object, id: &RecordId) -> Link {
    let id = id.clone();
    Link { object, id }
}

#[tokio::test]
async fn a_companys_record_is_linked_to_the_companys_account() {
    let world = world().await;
    let deal = of(Opportunity, json!({"Name": "Deal"}));
    let CreateOutcome::Unfit { missing, .. } = world.outcome("key-0", &deal).await else {
        panic!("it has no account");
    };
    assert_eq!(missing, [Checked::LINKS]);
    // Whoever says which account it is needs none of the company.
    world.crm.put(Account, &id(9), &[("Name", "Holding")]);
    let mut to_another = deal.clone();
    to_another.items[0].draft.links = vec![link(Account, &id(9))];
    let other = made(&world, "key-1", &to_another).await;
    assert_eq!(
        world.crm.links(Opportunity, &other),
        [link(Account, &id(9))]
    );

    let account = made(&world, "key-2", &of(Account, json!({}))).await;
    let preview = previewed(&world, &deal).await;
    assert_eq!(preview.links, [link(Account, &account)]);
    assert!(preview.missing_fields.is_empty());
    let id = made(&world, "key-3", &deal).await;
    assert_eq!(world.crm.links(Opportunity, &id), [link(Account, &account)]);
    let (text, _) = &world.crm.records(Opportunity)[&id];
    assert!(!text.contains("Parent"), "{text}");
    let contact = json!({"Name": "Anna Muster", "Email": "anna@werk1.example"});
    let contact = made(&world, "key-4", &of(Contact, contact)).await;
    assert_eq!(
        world.crm.links(Contact, &contact),
        [link(Account, &account)]
    );
}

#[tokio::test]
async fn a_person_needs_no_account_of_the_company() {
    let world = world().await;
    let contact = json!({"Name": "Anna Muster", "Email": "anna@werk1.example"});
    let contact = made(&world, "key-1", &of(Contact, contact)).await;
    assert_eq!(world.crm.links(Contact, &contact), []);
}

#[tokio::test]
async fn a_basis_is_written_where_the_crm_has_a_word_for_it() {
    let kept =
        |names: &[&str]| KeptBases::These(names.iter().map(|name| (*name).to_owned()).collect());
    for (bases, expected) in [
        (KeptBases::All, Noted::Written),
        (kept(&["consent", "contract"]), Noted::Written),
        (kept(&["consent"]), Noted::NoPlace),
        (KeptBases::Nothing, Noted::NoPlace),
    ] {
        let world = world().await;
        world.crm.keep_in_record(bases.clone());
        let CreateOutcome::Created { basis, .. } = world.outcome("key-1", &anna()).await else {
            panic!("she is cleared");
        };
        assert_eq!(basis, Some(expected), "{bases:?}");
    }
}

#[tokio::test]
async fn whatever_call_breaks_one_record_exists_once_the_index_has_caught_up() {
    for (request, object) in [(werk(), Account), (anna(), Contact)] {
        for external in [false, true] {
            for mode in Mode::ALL {
                for n in 1.. {
                    let world = world().await;
                    world.crm.keep_external_ids(external);
                    let faults = Faults::at(n, mode);
                    let told = told(&world, &request, object, &faults).await;
                    let Some(broke) = faults.broke() else {
                        assert!(n > 10, "{n} calls only");
                        break;
                    };
                    let last = told.last().unwrap().as_ref().unwrap().as_ref().unwrap();
                    let is_made = matches!(last.items[0], CreateOutcome::Created { .. });
                    assert!(is_made, "{broke} {mode:?}: {told:?}");
                    assert_eq!(world.n_in_crm(object), 1, "{broke} {mode:?}");
                }
            }
        }
    }
}
