//! A put is interrupted between any two of its writes, or the copy has lost something or has too much. The next run ends in the
//! same state as an undisturbed one.

use std::io::{Cursor, Read};

use domain::{
    import::{Import, Limits, import},
    integration::Which,
    ports::{Comparing, Keys, Runs, Version},
    progress::Verdict,
    record::Object::{Account, Contact},
    seal::{HashKind, KeyedHash},
    show_copy::{self, InCrm, View},
};
use infra::memory::{
    Faults, MemoryCrm, Mode,
    Pages::{self, Ordered, Unordered},
};
use jiff::SignedDuration;
use matching::{CompanyId, RelationStatus};

use crate::world::{COMPANIES, DAY, HOUR, Shared, World, at, fill, id, of, verdict};

/// What the run does whose put is interrupted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Story {
    First,
    /// Records change or lose their companies.
    Delta,
    /// Records grow too large for an item, or shrink again.
    Large,
    /// The comparison fetches records that no window included.
    Sweep,
    /// A new company file relates other records.
    Rematch,
}

/// What happens between the interrupted slice and the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Twist {
    Nothing,
    SmallerPages,
    LargerPages,
    TokenLost,
}

const OTHER_COMPANIES: &str = "id,name,zip,city,domain\n1,Werk 1 GmbH,10115,Berlin,werk1.example\n3,Werk 3 GmbH,20095,Hamburg,werk3.example\n5,Werk 5 GmbH,20095,Hamburg,werk5.example\n";

async fn publish(world: &World, version: &str, text: &'static str) {
    import(Import {
        companies: &world.companies,
        open: &|| Ok(Box::new(Cursor::new(text)) as Box<dyn Read + Send>),
        version: &Version(version.to_owned()),
        deadline: at(900),
        clock: &|| at(0),
        limits: Limits::default(),
    })
    .await
    .unwrap();
}

/// Half a megabyte of incompressible text.
fn noise(seed: u64) -> String {
    let next = |x: &u64| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    std::iter::successors(Some(seed), next)
        .take(60_000)
        .map(|x| format!("{:09x}", x >> 28))
        .collect()
}

fn put(crm: &MemoryCrm, n: usize, werk: usize, text: &str) {
    let (name, website) = (format!("Werk {werk} GmbH"), format!("werk{werk}.example"));
    let fields = [
        ("Name", name.as_str()),
        ("Website", website.as_str()),
        ("Phase", text),
    ];
    crm.put(Account, &id(n), &fields);
}

async fn told(story: Story, shared: &Shared, pages: Pages) -> World {
    let world = World::of(shared.clone(), pages, 4).await;
    let crm = &world.crm;
    fill(crm, Account, 7);
    fill(crm, Contact, 3);
    if story == Story::Large {
        put(crm, 6, 1, &noise(1));
    }
    world.pass(HOUR);
    if story == Story::First {
        return world;
    }
    world.run().await;
    world.pass(DAY - HOUR);
    match story {
        Story::First => {}
        Story::Delta => {
            put(crm, 1, 2, "new");
            put(crm, 2, 9, "new");
            put(crm, 3, 1, "new");
        }
        Story::Large => {
            put(crm, 4, 2, &noise(2));
            put(crm, 6, 2, "small again");
        }
        Story::Sweep => {
            for n in 10..15 {
                let name = format!("Werk {} GmbH", 1 + n % 2);
                let website = format!("werk{}.example", 1 + n % 2);
                let fields = [("Name", name.as_str()), ("Website", website.as_str())];
                crm.put_late(Account, &id(n), &fields, HOUR * 20);
            }
            world.pass(HOUR);
            world.run().await;
            world.pass(HOUR * 20);
        }
        Story::Rematch => publish(&world, "v2", OTHER_COMPANIES).await,
    }
    world.pass(HOUR * 4);
    world
}

/// The contents, and the repairs. An interrupted put must not need any repairs.
async fn end(story: Story, world: &World) -> Vec<String> {
    let mut end = world.contents().await;
    if matches!(story, Story::Delta | Story::Large | Story::Rematch) {
        for progress in world.store.progress(&world.scope).await.unwrap() {
            let n = progress.summary.repaired;
            end.push(format!("{:?} repaired {n}", progress.object));
        }
    }
    end
}

async fn cut_each_write(story: Story, pages: Pages, twist: Twist) {
    let shared = Shared::new().await;
    let world = told(story, &shared, pages).await;
    world.finish(world.begin().await, Faults::none()).await;
    let undisturbed = end(story, &world).await;
    let mut n_cuts = 0;
    for n in 0.. {
        // Each world begins with the first company file, because earlier worlds have published others.
        let shared = Shared::with_keys_of(&shared).await;
        let world = told(story, &shared, pages).await;
        let order = world.begin().await;
        world.store.cut_after(n);
        let faults = if n % 2 == 0 {
            Faults::killed_when_cut()
        } else {
            Faults::none()
        };
        let ended = world.slice(&order, &faults).await;
        if !world.store.was_cut() {
            break;
        }
        n_cuts += 1;
        assert!(matches!(ended, None | Some(Err(_))), "{ended:?}");
        match twist {
            Twist::Nothing => {}
            Twist::SmallerPages => world.crm.set_page_size(3),
            Twist::LargerPages => world.crm.set_page_size(100),
            Twist::TokenLost => world.crm.lose_tokens(1),
        }
        world.wait(SignedDuration::from_mins(16));
        world.finish(order, Faults::none()).await;
        let end = end(story, &world).await;
        let differs: Vec<_> = end
            .iter()
            .filter(|line| !undisturbed.contains(line))
            .chain(undisturbed.iter().filter(|line| !end.contains(line)))
            .collect();
        assert!(
            differs.is_empty() && end.len() == undisturbed.len(),
            "{story:?} {pages:?} {twist:?} cut after {n} writes: {differs:#?}"
        );
    }
    assert!(n_cuts > 5, "{n_cuts}");
}

#[tokio::test]
async fn a_put_interrupted_between_any_two_writes_ends_in_the_undisturbed_state() {
    for story in [Story::First, Story::Delta] {
        for pages in [Ordered, Unordered] {
            for twist in [
                Twist::Nothing,
                Twist::SmallerPages,
                Twist::LargerPages,
                Twist::TokenLost,
            ] {
                cut_each_write(story, pages, twist).await;
            }
        }
    }
}

#[tokio::test]
async fn an_interrupted_put_of_large_bodies_ends_in_the_undisturbed_state() {
    cut_each_write(Story::Large, Ordered, Twist::Nothing).await;
    cut_each_write(Story::Large, Ordered, Twist::SmallerPages).await;
}

#[tokio::test]
async fn a_rematch_interrupted_between_any_two_writes_ends_in_the_undisturbed_state() {
    cut_each_write(Story::Rematch, Ordered, Twist::Nothing).await;
}

#[tokio::test]
async fn a_comparison_interrupted_between_any_two_writes_ends_in_the_undisturbed_state() {
    cut_each_write(Story::Sweep, Ordered, Twist::Nothing).await;
    cut_each_write(Story::Sweep, Ordered, Twist::SmallerPages).await;
}

/// Seven accounts, the first two of them related to companies, and the copy's state of them.
async fn copied() -> (World, Vec<String>) {
    let world = World::new(Ordered, 4).await;
    fill(&world.crm, Account, 7);
    world.pass(HOUR);
    world.run().await;
    let contents = relations(&world);
    assert_eq!(contents.len(), 2, "{contents:?}");
    (world, contents)
}

fn relations(world: &World) -> Vec<String> {
    let relations = world.store.snapshot().relations.into_iter();
    relations
        .map(|(place, line)| format!("{place} {line}"))
        .collect()
}

async fn hash(world: &World, company: &str) -> KeyedHash {
    let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
    keys.index.hash(HashKind::Company, company)
}

/// Deletes the relation of account 1, replaces that of account 2 by an outdated one, and adds relations to a missing record and to
/// a record that does not name them.
async fn damage(world: &World) {
    let company = hash(world, "1").await;
    let store = &world.store;
    let lost = [(id(1), company)];
    store
        .drop_orphans(&world.scope, Account, &lost)
        .await
        .unwrap();
    for (n, company, status) in [
        (2, "2", RelationStatus::Suggested),
        (5, "1", RelationStatus::Automatic),
        (40, "1", RelationStatus::Automatic),
    ] {
        let company = hash(world, company).await;
        store.leave_relation((&world.scope, Account, &id(n)), company, (status, 700));
    }
    assert_eq!(relations(world).len(), 3);
}

#[tokio::test]
async fn the_comparison_of_ids_repairs_relations_that_differ_from_their_records() {
    let (mut world, undisturbed) = copied().await;
    damage(&world).await;
    // A run that only counts does not compare relations, and its summary says when they were last compared.
    let compared = of(&world.next_run().await, Account).ids_compared;
    assert!(compared < Some(world.now()));
    assert_ne!(relations(&world), undisturbed);
    world.settings.compare_ids_up_to = 10;
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert_eq!(of(&report, Account).ids_compared, Some(world.now()));
    assert_eq!(of(&report, Account).repaired, 3);
    assert_eq!(relations(&world), undisturbed);
    assert_eq!(of(&world.next_run().await, Account).repaired, 0);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn publishing_the_same_company_file_again_repairs_relations_without_asking_the_crm_for_ids() {
    let (world, undisturbed) = copied().await;
    damage(&world).await;
    let n_lists = world.crm.calls("ids");
    publish(&world, "v1-again", COMPANIES).await;
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert_eq!(of(&report, Account).repaired, 3);
    assert_eq!(relations(&world), undisturbed);
    assert_eq!(world.crm.calls("ids"), n_lists);
}

#[tokio::test]
async fn a_repair_that_runs_out_of_time_or_breaks_continues_where_it_was() {
    for n in 1..60 {
        for mode in Mode::ALL {
            let (mut world, undisturbed) = copied().await;
            damage(&world).await;
            world.settings.compare_ids_up_to = 10;
            world.tick = if n % 3 == 0 { 150_000 } else { 0 };
            world.pass(DAY);
            world.finish(world.begin().await, Faults::at(n, mode)).await;
            assert_eq!(relations(&world), undisturbed, "{n} {mode:?}");
            world.assert_is_copy().await;
        }
    }
}

#[tokio::test]
async fn a_relation_that_its_record_does_not_name_puts_no_company_in_the_crm() {
    let (world, _) = copied().await;
    let in_crm = async |world: &World| {
        let which = Which {
            tenant: world.scope.tenant.clone(),
            integration: world.scope.integration.clone(),
        };
        let view = View::open(&*world.ports.store, &*world.ports.keys, &which)
            .await
            .unwrap();
        let company = CompanyId::parse("77").unwrap();
        let (told, _) = show_copy::status(&view, &[company]).await.unwrap();
        told[0].in_crm
    };
    let company = hash(&world, "77").await;
    for n in [1, 40] {
        let place = (&world.scope, Account, &id(n));
        let row = (RelationStatus::Automatic, 990);
        world.store.leave_relation(place, company, row);
    }
    assert_eq!(in_crm(&world).await, InCrm::No);
}
