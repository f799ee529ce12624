//! The copy is exported completely, in parts, whatever breaks, and not at all once the integration is being removed.

use std::{collections::BTreeMap, io::Read};

use domain::{
    allowance::Allowance,
    export_copy::{self, Ended, ExportLimits, Slice, ask, export, look},
    exports::{Export, LOST, Phase},
    fault::{AwsCode, Code, Fault, Outcome},
    integration::Which,
    legal::{Objection, Person, suppressions},
    order::{ExportDue, Order},
    ports::{Exports, Ports, SuppressionKind},
    record::Object::{self, Account, Contact, Lead},
    removal::{Asked, Asker},
    remove_integration,
    review_relations::{self, Say},
    subject_requests,
    vanished::Answer,
    view::View,
};
use flate2::read::MultiGzDecoder;
use infra::memory::{Faults, Mode, Pages::Ordered};
use jiff::SignedDuration;
use matching::CompanyId;
use serde_json::Value;

use crate::{
    holding::answer,
    world::{HOUR, MINUTE, Shared, World, fill, id},
};

const SLICE: SignedDuration = SignedDuration::from_mins(15);

pub(crate) fn which(world: &World) -> Which {
    Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    }
}

fn asked(world: &World) -> Asked {
    Asked {
        by: Asker::stored("user-7").unwrap(),
        at: world.now(),
    }
}

/// Limits for a copy of four records that make a part for each page.
pub(crate) fn small() -> ExportLimits {
    ExportLimits {
        page: 4,
        part: 1,
        ..ExportLimits::default()
    }
}

/// A copy of records with relations, a large record, and a user's decision.
pub(crate) async fn copied(shared: &Shared) -> World {
    let world = World::of(shared.clone(), Ordered, 3).await;
    fill(&world.crm, Account, 6);
    fill(&world.crm, Contact, 5);
    fill(&world.crm, Lead, 1);
    world.pass(HOUR);
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let company = CompanyId::parse("2").unwrap();
    let by = ("user-1", world.now());
    review_relations::decide(&view, (Account, &id(5)), &company, Say::Approve, by)
        .await
        .unwrap();
    world
}

async fn asks(world: &World, random: u32) -> Outcome<(Export, Vec<Order>)> {
    let (store, allowance) = (&world.store, Allowance::default());
    ask(store, &which(world), asked(world), random, &allowance).await
}

pub(crate) async fn ordered(world: &World) -> ExportDue {
    let (export, orders) = asks(world, 7).await.unwrap();
    let due = ExportDue {
        scope: world.scope.clone(),
        export: export.id,
    };
    assert_eq!(orders, [Order::ExportDue(due.clone())]);
    due
}

/// The ports of an export, out of all ports.
pub(crate) fn of_export(all: &Ports) -> export_copy::Ports<'_> {
    export_copy::Ports {
        store: &*all.store,
        keys: &*all.keys,
    }
}

/// One slice. `None` if its process was killed.
pub(crate) async fn slice(
    world: &World,
    due: &ExportDue,
    faults: &Faults,
    settings: &ExportLimits,
    holder: &str,
) -> Option<Outcome<Ended>> {
    let ports = faults.wrap(&world.ports);
    let slice = Slice {
        ports: of_export(&ports),
        due,
        holder: holder.to_owned(),
        deadline: world.now().checked_add(SLICE).unwrap(),
        clock: &|| {
            world.wait(SignedDuration::from_millis(world.tick));
            world.now()
        },
        settings,
    };
    Box::pin(faults.until_killed(export(slice))).await
}

/// Runs slices until the export is over, the first one with `faults`. Returns the export and the number of slices.
async fn finish(world: &World, due: &ExportDue, mut faults: Faults) -> (Export, usize) {
    for n in 1..60 {
        match slice(world, due, &faults, &small(), &format!("slice-{n}")).await {
            None | Some(Err(_)) | Some(Ok(Ended::Busy)) => world.wait(SLICE + MINUTE),
            Some(Ok(Ended::HandedOver { .. })) => {}
            Some(Ok(Ended::Finished(_) | Ended::Stale)) => return (stored(world).await, n),
        }
        faults = Faults::none();
    }
    panic!("the export does not end");
}

async fn stored(world: &World) -> Export {
    let mut all = world.store.exports(&world.scope).await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0).export
}

fn lines(world: &World, due: &ExportDue) -> Vec<Value> {
    let file = world.store.exported(&world.scope, &due.export).unwrap();
    let mut text = String::new();
    MultiGzDecoder::new(file.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn of_kind<'l>(lines: &'l [Value], kind: &str) -> Vec<&'l Value> {
    lines.iter().filter(|line| line["kind"] == kind).collect()
}

/// The lines in an order that does not depend on the export.
fn sorted(lines: &[Value]) -> Vec<String> {
    let mut sorted: Vec<String> = lines.iter().map(Value::to_string).collect();
    sorted.sort();
    sorted
}

async fn assert_is_copy(world: &World, due: &ExportDue) {
    let lines = lines(world, due);
    for object in Object::ALL {
        let told: BTreeMap<String, String> = of_kind(&lines, "record")
            .into_iter()
            .filter(|line| line["object"] == object.name())
            .map(|line| {
                (
                    line["id"].as_str().unwrap().to_owned(),
                    line["fields"].to_string(),
                )
            })
            .collect();
        let copied = world.copied(object).await.into_iter();
        let copied: BTreeMap<String, String> = copied
            .map(|(id, fields)| (id.to_string(), fields))
            .collect();
        assert_eq!(told, copied, "{object}");
    }
    let export = stored(world).await;
    let n = |kind| of_kind(&lines, kind).len() as u64;
    assert_eq!(
        (export.records, export.relations),
        (n("record"), n("relation"))
    );
    let end = lines.last().unwrap();
    assert_eq!(end["kind"], "end");
    assert_eq!(end["records"], export.records);
    assert_eq!(end["relations"], export.relations);
}

#[tokio::test]
async fn a_file_has_every_record_once_with_its_relations_and_their_numbers() {
    let world = copied(&Shared::new().await).await;
    let due = ordered(&world).await;
    let (export, slices) = finish(&world, &due, Faults::none()).await;
    assert_eq!((slices, export.phase, export.records), (1, Phase::Done, 12));
    assert!(export.parts.len() > 2, "{:?}", export.parts);
    assert_is_copy(&world, &due).await;
    let lines = lines(&world, &due);
    let head = &lines[0];
    assert_eq!(
        (&head["kind"], &head["tenant"]),
        (&"export".into(), &"acme".into())
    );
    assert_eq!(head["organisation"], "00D000000000001AAA");
    let relations = of_kind(&lines, "relation");
    let status = |record: &str, company: &str| {
        let mut found = relations.iter();
        let found = found.find(|line| line["record"] == record && line["company"] == company);
        found.map(|line| line["status"].as_str().unwrap())
    };
    assert_eq!(status("id-0001", "1"), Some("automatic"));
    assert_eq!(
        status("id-0005", "2"),
        Some("approved"),
        "a user's word counts"
    );
    let file = world.store.exported(&world.scope, &due.export).unwrap();
    assert_eq!(export.bytes, file.len() as u64);
}

#[tokio::test]
async fn people_who_objected_are_exported_with_a_flag_and_erased_people_are_not() {
    let world = copied(&Shared::new().await).await;
    let named = |name: &str| Person {
        emails: vec![format!("{name}@werk.example")],
        ..Person::default()
    };
    for (n, name) in [(6, "erika"), (7, "max")] {
        let email = format!("{name}@werk.example");
        world
            .crm
            .put(Contact, &id(n), &[("Name", name), ("Email", &email)]);
    }
    world.next_run().await;
    let (objects, erased) = (named("max"), named("erika"));
    let noted = |person| Objection {
        person,
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    let tenant = &world.scope.tenant;
    let keys = world.ports.keys.tenant(tenant).await.unwrap();
    suppressions::add(
        &world.store,
        &keys,
        tenant,
        SuppressionKind::Objection,
        noted(&objects),
    )
    .await
    .unwrap();
    // Suppressed but not deleted from the copy yet, as after an erasure that met a slice.
    suppressions::add(
        &world.store,
        &keys,
        tenant,
        SuppressionKind::Erasure,
        noted(&erased),
    )
    .await
    .unwrap();
    let due = ordered(&world).await;
    let (export, _) = finish(&world, &due, Faults::none()).await;
    assert_eq!((export.records, export.withheld), (13, 1));
    let lines = lines(&world, &due);
    let objected: Vec<_> = lines
        .iter()
        .filter(|line| line["objected"] == true)
        .collect();
    assert_eq!(objected.len(), 1);
    assert_eq!(objected[0]["id"], "id-0007");
    assert!(!lines.iter().any(|line| line.to_string().contains("erika")));
    assert_eq!(lines.last().unwrap()["withheld"], 1);
    let found = subject_requests::find(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        &erased,
        None,
    )
    .await
    .unwrap();
    assert_eq!(found.records.len(), 1, "the copy still had the record");
}

#[tokio::test]
async fn a_slice_without_time_hands_over_and_the_next_continues_after_the_last_part() {
    let mut world = copied(&Shared::new().await).await;
    // Each reading of the clock takes so long that a slice writes only a few parts.
    world.tick = 100_000;
    let due = ordered(&world).await;
    let (export, slices) = finish(&world, &due, Faults::none()).await;
    assert!(
        slices > 1 && export.phase == Phase::Done,
        "{slices} {export:?}"
    );
    assert_is_copy(&world, &due).await;
}

#[tokio::test]
async fn an_export_reads_only_the_key_of_its_generation() {
    let world = copied(&Shared::new().await).await;
    let due = ordered(&world).await;
    // A background function has no permission to list an integration's keys.
    let refused = Fault::aws("keys_query", AwsCode::said("AccessDeniedException"));
    let refusing = Faults::refusing("wrapped", 9, refused);
    let (export, _) = finish(&world, &due, refusing).await;
    assert_eq!((export.phase, export.failure), (Phase::Done, None));
}

#[tokio::test]
async fn an_export_that_completes_no_part_is_given_up_and_leaves_no_upload() {
    let mut world = copied(&Shared::new().await).await;
    world.tick = 800_000;
    let due = ordered(&world).await;
    let (export, slices) = finish(&world, &due, Faults::none()).await;
    assert_eq!(export.phase, Phase::Failed);
    assert_eq!(export.failure.as_deref(), Some("export.no_progress"));
    assert_eq!(slices, 6);
    assert!(
        !world
            .store
            .raw()
            .iter()
            .any(|(place, _)| place.starts_with("upload "))
    );
    world.tick = 0;
    let again = ordered(&world).await;
    assert_ne!(again.export, due.export, "who asks again has another one");
}

#[tokio::test]
async fn a_broken_export_ends_as_an_undisturbed_one() {
    let shared = Shared::new().await;
    let world = copied(&shared).await;
    let calm = Faults::none();
    let due = ordered(&world).await;
    let (undisturbed, _) = finish(&world, &due, calm.clone()).await;
    let whole = sorted(&lines(&world, &due));
    assert!(calm.n_calls() > 20, "{}", calm.n_calls());
    for mode in Mode::ALL {
        for n in 1..=calm.n_calls() {
            let world = copied(&shared).await;
            let due = ordered(&world).await;
            let faults = Faults::at(n, mode);
            let (export, _) = finish(&world, &due, faults.clone()).await;
            let broke = faults.broke().expect("every call is reached");
            let what = format!("{mode:?} at call {n}, {broke}");
            assert_eq!(export.phase, Phase::Done, "{what}");
            let counts = |export: &Export| (export.records, export.relations, export.withheld);
            assert_eq!(counts(&export), counts(&undisturbed), "{what}");
            assert_eq!(sorted(&lines(&world, &due)), whole, "{what}");
            assert_is_copy(&world, &due).await;
        }
    }
}

#[tokio::test]
async fn a_repeated_request_is_harmless_and_a_status_request_repeats_a_lost_order() {
    let world = copied(&Shared::new().await).await;
    let due = ordered(&world).await;
    let again = asks(&world, 8).await;
    let (export, orders) = again.unwrap();
    assert_eq!((export.id, orders.len()), (due.export.clone(), 0));
    let seen = async || {
        let seen = look(&world.store, &which(&world), &due.export, world.now()).await;
        seen.unwrap().unwrap().2
    };
    assert_eq!(seen().await, []);
    world.wait(LOST);
    assert_eq!(seen().await, [Order::ExportDue(due.clone())]);
    finish(&world, &due, Faults::none()).await;
    world.wait(LOST);
    assert_eq!(seen().await, []);
    let again = slice(&world, &due, &Faults::none(), &small(), "late").await;
    assert!(matches!(again, Some(Ok(Ended::Stale))), "{again:?}");
}

#[tokio::test]
async fn two_orders_at_once_lead_to_one_working_slice() {
    let world = copied(&Shared::new().await).await;
    let due = ordered(&world).await;
    let (calm, settings) = (Faults::none(), small());
    let (first, second) = tokio::join!(
        slice(&world, &due, &calm, &settings, "first"),
        slice(&world, &due, &calm, &settings, "second"),
    );
    let is_busy = |ended: &Option<Outcome<Ended>>| matches!(ended, Some(Ok(Ended::Busy)));
    assert!(is_busy(&first) != is_busy(&second), "{first:?} {second:?}");
    assert_is_copy(&world, &due).await;
}

#[tokio::test]
async fn an_integration_that_is_being_removed_is_not_exported() {
    let world = copied(&Shared::new().await).await;
    let due = ordered(&world).await;
    remove_integration::begin(&world.store, &which(&world), &asked(&world))
        .await
        .unwrap();
    let late = slice(&world, &due, &Faults::none(), &small(), "late").await;
    assert!(matches!(late, Some(Ok(Ended::Stale))), "{late:?}");
    for code in [
        asks(&world, 8).await.map(drop),
        look(&world.store, &which(&world), &due.export, world.now())
            .await
            .map(drop),
    ] {
        assert_eq!(*code.unwrap_err().code(), Code::IntegrationRemoving);
    }
    assert!(world.store.exported(&world.scope, &due.export).is_none());
}

#[tokio::test]
async fn a_record_whose_deletion_is_held_back_is_exported_with_a_flag() {
    for (decided, told) in [(None, "waiting"), (Some(Answer::Leave), "left")] {
        let mut world = copied(&Shared::new().await).await;
        world.settings.max_vanishing_percent = 0;
        world.settings.always_may_vanish = 0;
        world.crm.delete(Contact, &id(1));
        let held = world.next_run().await;
        if let Some(decided) = decided {
            answer(&world, &held, decided).await.unwrap();
            world.next_run().await;
        }
        let due = ordered(&world).await;
        finish(&world, &due, Faults::none()).await;
        let lines = lines(&world, &due);
        let suppressed: Vec<_> = of_kind(&lines, "record")
            .into_iter()
            .filter(|line| !line["deleted_in_crm"].is_null())
            .collect();
        assert_eq!(suppressed.len(), 1);
        assert_eq!(
            (&suppressed[0]["id"], &suppressed[0]["deleted_in_crm"]),
            (&"id-0001".into(), &told.into())
        );
    }
}
