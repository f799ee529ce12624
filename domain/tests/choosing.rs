//! An administrator's settings.

use std::collections::BTreeMap;

use domain::{
    change_settings::{self, Versioned},
    dispatch::{self, whole},
    fault::{Code, Outcome},
    integration::Which,
    order::{Order, Rule},
    ports::{Allowed, Counting, Integrations, Keys},
    preflight::{NoForecast, foretell, preflight},
    progress::{Basis, Verdict},
    record::Object,
    seal::HashKind,
    settings::{FieldName, Meaning, Settings},
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use matching::{Column, RelationStatus};

use crate::world::{DAILY, DAY, HOUR, MINUTE, World, due, fill, id, of, verdict};

fn which(world: &World) -> Which {
    Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    }
}

async fn set(world: &World, settings: Settings) -> Outcome<Versioned> {
    let tag = change_settings::read(&*world.ports.store, &*world.ports.keys, &which(world))
        .await?
        .tag();
    change_settings::write(
        &*world.ports.store,
        &*world.ports.keys,
        &which(world),
        &tag,
        settings,
        world.now(),
        &DAILY,
    )
    .await
}

/// Chooses the objects to copy.
pub(crate) async fn choose(world: &World, chosen: &[Object]) {
    set(world, objects(chosen)).await.unwrap();
}

fn objects(objects: &[Object]) -> Settings {
    Settings {
        objects: objects.iter().copied().collect(),
        ..Settings::default()
    }
}

fn mapped(name: &str) -> Settings {
    let mapping = BTreeMap::from([(Meaning::VatId, FieldName::parse(name).unwrap())]);
    Settings {
        fields: BTreeMap::from([(Object::Account, mapping)]),
        ..Settings::default()
    }
}

#[tokio::test]
async fn settings_are_changed_only_from_the_version_that_was_read() {
    let world = World::new(Ordered, 3).await;
    let first = change_settings::read(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    assert_eq!(first.settings, Settings::default());
    let second = set(&world, mapped("Vat__c")).await.unwrap();
    assert_ne!(first.tag(), second.tag());
    let write = async |tag: &str| {
        let settings = objects(&Object::ALL);
        change_settings::write(
            &*world.ports.store,
            &*world.ports.keys,
            &which(&world),
            tag,
            settings,
            world.now(),
            &DAILY,
        )
        .await
    };
    let (tag, late) = (first.tag(), second.tag());
    let refused = write(&tag).await.err().unwrap();
    assert_eq!(*refused.code(), Code::SettingsChangedMeanwhile);
    let read = change_settings::read(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    assert_eq!(read.settings, mapped("Vat__c"));
    assert!(write(&late).await.is_ok());
}

#[tokio::test]
async fn an_object_no_longer_chosen_leaves_the_copy_and_returns_when_chosen_again() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 7);
    fill(&world.crm, Object::Contact, 5);
    world.run().await;
    world.assert_is_copy().await;
    // A relation left by an interrupted put belongs to no record, and is deleted, too.
    let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
    let company = keys.index.hash(HashKind::Company, "1");
    let place = (&world.scope, Object::Contact, &id(40));
    let row = (RelationStatus::Automatic, 990);
    world.store.leave_relation(place, company, row);
    set(&world, objects(&[Object::Account])).await.unwrap();
    let report = world.next_run().await;
    assert_eq!(report.objects.len(), 1, "{report:?}");
    assert_eq!(world.held(Object::Contact).await, 0);
    assert!(world.copied(Object::Contact).await.is_empty());
    let relations = world.store.snapshot().relations;
    assert!(relations.keys().all(|place| !place.contains("Contact")));
    assert_eq!(world.held(Object::Account).await, 7);
    world.next_run().await;
    set(&world, objects(&Object::ALL)).await.unwrap();
    let report = world.next_run().await;
    assert_eq!(of(&report, Object::Contact).written, 5);
    assert_eq!(of(&report, Object::Account).written, 0);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_clearing_that_is_interrupted_anywhere_ends_in_the_same_copy() {
    for mode in Mode::ALL {
        for n in 1.. {
            let world = World::new(Ordered, 3).await;
            fill(&world.crm, Object::Contact, 5);
            world.run().await;
            set(&world, objects(&[Object::Account])).await.unwrap();
            world.pass(DAY);
            let faults = Faults::at(n, mode);
            world.finish(world.begin().await, faults.clone()).await;
            assert_eq!(world.held(Object::Contact).await, 0, "{mode:?} at {n}");
            assert!(world.copied(Object::Contact).await.is_empty());
            if faults.broke().is_none() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_new_mapping_of_fields_makes_a_run_match_all_records_of_the_object_once() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 7);
    fill(&world.crm, Object::Lead, 4);
    world.run().await;
    set(&world, mapped("Vat__c")).await.unwrap();
    let report = world.next_run().await;
    assert_eq!(of(&report, Object::Account).written, 7);
    assert_eq!(of(&report, Object::Lead).written, 0);
    assert_eq!(verdict(&report, Object::Account), Verdict::Verified);
    let report = world.next_run().await;
    assert_eq!(of(&report, Object::Account).written, 0);
    set(&world, Settings::default()).await.unwrap();
    assert_eq!(of(&world.next_run().await, Object::Account).written, 7);
}

#[tokio::test]
async fn an_integration_with_a_chosen_hour_is_run_by_the_hourly_rule_at_that_hour() {
    let world = World::new(Ordered, 3).await;
    world.run().await;
    // The clock of these tests begins at 14:13:20 UTC.
    let settings = Settings {
        schedule_hour: Some(17),
        ..Settings::default()
    };
    set(&world, settings).await.unwrap();
    let hourly = || async {
        let done = whole(&world.store, Rule::Hourly, world.now(), &DAILY, &|| 9);
        done.await.unwrap()
    };
    world.pass(2 * HOUR);
    assert_eq!(hourly().await.begun, 0, "not yet");
    world.pass(HOUR);
    let mut begun = hourly().await;
    assert_eq!(begun.begun, 1);
    world
        .finish(due(begun.orders.remove(0)), Faults::none())
        .await;
    let integration = world
        .store
        .integrations(&world.scope.tenant, None)
        .await
        .unwrap()
        .0
        .remove(0);
    let next = integration.due.duration_since(world.now());
    assert!(next > 23 * HOUR && next <= DAY, "{next:?}");
    assert_eq!(integration.due.as_second() % 86_400, 17 * 3_600);
}

#[tokio::test]
async fn a_requested_run_is_the_open_run_or_a_new_one() {
    let world = World::new(Ordered, 3).await;
    let at_once = |random| {
        let which = which(&world);
        let (store, now) = (&world.store, world.now());
        async move {
            dispatch::at_once(store, &which, now, &DAILY, random, None)
                .await
                .unwrap()
        }
    };
    let first = at_once(1).await;
    assert!(first.begun);
    let second = at_once(2).await;
    assert!(!second.begun && second.run == first.run);
    assert_eq!(second.orders, first.orders, "the first order may be lost");
    let Order::SyncDue(order) = first.orders[0].clone() else {
        panic!("{:?}", first.orders);
    };
    world.finish(order, Faults::none()).await;
    world.pass(MINUTE);
    let third = at_once(3).await;
    assert!(third.begun && third.run != first.run);
}

#[tokio::test]
async fn a_preflight_names_what_the_grant_and_the_settings_lack() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 1);
    let field = |name| FieldName::parse(name).unwrap();
    let settings = Settings {
        objects: [Object::Account].into(),
        company_fields: BTreeMap::from([(
            Object::Account,
            [
                (field("VendorId__c"), Some(Column::Id)),
                (field("City"), None),
            ]
            .into(),
        )]),
        ..Settings::default()
    };
    let crm = world.crm.session();
    let found = preflight(&*crm, &settings, &[]).await.unwrap();
    assert!(found.ready && found.scopes.is_none() && found.permissions.is_none());
    assert_eq!(found.objects[0].missing_mapped_fields, ["VendorId__c"]);

    let wide = Allowed {
        missing: Vec::new(),
        excess: vec!["full".to_owned()],
    };
    world.crm.set_scopes(Some(wide.clone()));
    let found = preflight(&*crm, &settings, &[]).await.unwrap();
    assert!(
        found.ready && found.scopes == Some(wide),
        "too much is said, and is no hindrance"
    );

    let narrow = Allowed {
        missing: vec!["api".to_owned()],
        excess: Vec::new(),
    };
    world.crm.set_scopes(Some(narrow));
    assert!(!preflight(&*crm, &settings, &[]).await.unwrap().ready);
    world.crm.set_scopes(None);
    world.crm.forbid(Object::Account, true);
    let found = preflight(&*crm, &settings, &[]).await.unwrap();
    assert!(!found.ready && found.objects[0].present && !found.objects[0].readable);
    world.crm.forbid(Object::Account, false);

    // What the organisation does not have is no hindrance, as in a run, unless it has nothing that was chosen.
    world.crm.take_away(Object::Lead);
    let with_leads = objects(&[Object::Account, Object::Lead]);
    let found = preflight(&*crm, &with_leads, &[]).await.unwrap();
    let [account, lead] = &found.objects[..] else {
        panic!("two objects");
    };
    assert!(found.ready && account.present && account.readable);
    assert!(!lead.present && !lead.readable && lead.missing_rights.is_empty());
    let leads = objects(&[Object::Lead]);
    assert!(!preflight(&*crm, &leads, &[]).await.unwrap().ready);
}

/// Before a first run the CRM's own numbers say what it has to read.
#[tokio::test]
async fn a_preflight_foretells_the_first_run_or_says_why_not() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 5);
    let settings = Settings {
        objects: [Object::Account].into(),
        ..Settings::default()
    };
    let crm = world.crm.session();
    let counted = world.crm.calls("count");
    let found = preflight(&*crm, &settings, &[]).await.unwrap();
    let forecast = found.forecast.unwrap();
    assert_eq!((forecast.requests, forecast.basis), (6, Basis::Records));
    assert_eq!(found.no_forecast, None);
    assert_eq!(world.crm.calls("count"), counted + 1);
    // The answer that begins the run says the same.
    assert_eq!(foretell(&*crm, &settings).await.unwrap(), Ok(forecast));

    world.crm.count_as(Counting::ByIds);
    let found = preflight(&*crm, &settings, &[]).await.unwrap();
    assert_eq!(found.forecast, None);
    assert_eq!(found.no_forecast, Some(NoForecast::NotCounted));
    assert_eq!(
        foretell(&*crm, &settings).await.unwrap(),
        Err(NoForecast::NotCounted)
    );

    // An object that cannot be read takes no request of a run.
    world.crm.forbid(Object::Account, true);
    let found = preflight(&*crm, &settings, &[]).await.unwrap();
    assert_eq!(found.forecast.unwrap().requests, 0);
    let foretold = foretell(&*crm, &settings).await.unwrap();
    assert_eq!(foretold.unwrap().requests, 0);
}
