//! The port `Legal`.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    legal::{
        chain::{ChainHash, Entry},
        suppressions,
    },
    ports::{StoredSuppression, StoredTemplate, Suppressed, SuppressionKind},
    seal::{HashKind, KeyedHash},
    tenant::TenantId,
};
use infra::aws::clients::Clients;

use super::{
    backends::World,
    samples::{at, keys, scope, sealed},
};

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn person(name: &str) -> KeyedHash {
    keys().index.hash(HashKind::Person, name)
}

fn entry(tenant: &TenantId, previous: Option<&Entry>, people: &[&str]) -> Entry {
    let previous = previous.map(|entry| (entry.number, entry.hash));
    let people = people.iter().map(|name| person(name)).collect();
    let body = sealed(&scope(tenant.as_str()), b"an assessment");
    Entry::after(tenant, previous, at(7), people, body)
}

pub(super) async fn append(world: &World, tenant: &TenantId, people: &[&str]) -> Entry {
    let last = world.store.last_assessment(tenant).await.unwrap();
    let entry = entry(tenant, last.as_ref(), people);
    assert!(world.store.append_assessment(tenant, &entry).await.unwrap());
    entry
}

pub(super) async fn assessments_are_appended_once_and_found_by_person(world: &World) {
    let tenant = tenant("legal-append");
    assert_eq!(world.store.last_assessment(&tenant).await.unwrap(), None);
    let first = append(world, &tenant, &["a", "a-phone"]).await;
    let second = append(world, &tenant, &["b"]).await;
    let third = append(world, &tenant, &["a"]).await;
    assert_eq!((first.number, third.number), (1, 3));
    assert_eq!(first.previous, ChainHash::START);
    assert_eq!(third.previous, second.hash);
    let last = world.store.last_assessment(&tenant).await.unwrap();
    assert_eq!(last, Some(third.clone()));
    for (people, numbers) in [
        (vec!["a"], vec![1, 3]),
        (vec!["a-phone", "b"], vec![1, 2]),
        (vec!["c"], vec![]),
        (vec![], vec![]),
    ] {
        let people: Vec<_> = people.into_iter().map(person).collect();
        let found = world.store.assessments_of(&tenant, &people).await.unwrap();
        assert_eq!(found, numbers);
    }
    let found = world.store.assessments_at(&tenant, &[3, 1, 9, 1]).await;
    assert_eq!(found.unwrap(), [first, third]);
}

pub(super) async fn of_two_who_append_one_number_one_is_told_no(world: &World) {
    let tenant = tenant("legal-race");
    let (one, two) = (
        entry(&tenant, None, &["one"]),
        entry(&tenant, None, &["two"]),
    );
    let (first, second) = futures::join!(
        world.store.append_assessment(&tenant, &one),
        world.store.append_assessment(&tenant, &two),
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first, second);
    let (kept, lost) = if first { (&one, "two") } else { (&two, "one") };
    let last = world.store.last_assessment(&tenant).await.unwrap();
    assert_eq!(last.as_ref(), Some(kept));
    let found = world.store.assessments_of(&tenant, &[person(lost)]).await;
    assert!(found.unwrap().is_empty(), "nothing of the other is left");
}

pub(super) async fn assessments_are_read_on_in_order(world: &World) {
    let tenant = tenant("legal-list");
    for _ in 0..12 {
        append(world, &tenant, &["a"]).await;
    }
    let (mut after, mut numbers) = (0, Vec::new());
    loop {
        let page = world.store.assessments(&tenant, after, 5).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.number;
        numbers.extend(page.iter().map(|entry| entry.number));
    }
    assert_eq!(numbers, (1..=12).collect::<Vec<u64>>());
}

pub(super) async fn an_append_that_is_asked_for_twice_is_told_yes(world: &World) {
    let tenant = tenant("legal-twice");
    let entry = append(world, &tenant, &["a"]).await;
    assert!(
        world
            .store
            .append_assessment(&tenant, &entry)
            .await
            .unwrap()
    );
    let found = world.store.assessments(&tenant, 0, 10).await.unwrap();
    assert_eq!(found, [entry]);
}

pub(super) async fn templates_have_versions(world: &World) {
    let tenant = tenant("legal-templates");
    let template = |version, body: &[u8]| StoredTemplate {
        name: "outreach".to_owned(),
        version,
        at: at(1),
        sealed: sealed(&scope("legal-templates"), body),
    };
    let (first, second) = (template(1, b"1"), template(2, b"2"));
    for one in [&second, &first] {
        assert!(world.store.put_template(&tenant, one).await.unwrap());
        assert!(
            world.store.put_template(&tenant, one).await.unwrap(),
            "again"
        );
    }
    let other = template(1, b"other");
    assert!(!world.store.put_template(&tenant, &other).await.unwrap());
    let all = world.store.templates(&tenant).await.unwrap();
    assert_eq!(all, [first, second]);
}

fn mark(name: &str) -> StoredSuppression {
    StoredSuppression {
        person: person(name),
        at: at(1),
        sealed: sealed(&scope("legal-marks"), b"a note"),
    }
}

const OBJECTED: Suppressed = Suppressed {
    objected: true,
    erased: false,
};
const ERASED: Suppressed = Suppressed {
    objected: false,
    erased: true,
};

pub(super) async fn marks_stand_until_they_are_lifted(world: &World) {
    let tenant = tenant("legal-marks");
    let store = &world.store;
    let suppressions = [mark("a"), mark("b"), mark("a")];
    store
        .suppress(&tenant, SuppressionKind::Objection, &suppressions)
        .await
        .unwrap();
    store
        .suppress(&tenant, SuppressionKind::Erasure, &[mark("c")])
        .await
        .unwrap();
    let mut all = all_suppressed(world, &tenant).await;
    all.sort_unstable_by_key(|(person, _)| *person);
    let mut expected = [
        (person("a"), OBJECTED),
        (person("b"), OBJECTED),
        (person("c"), ERASED),
    ];
    expected.sort_unstable_by_key(|(person, _)| *person);
    assert_eq!(all, expected);

    let people = [person("a"), person("c"), person("x")];
    let lift = |kind| store.lift(&tenant, kind, &people, at(9));
    assert_eq!(lift(SuppressionKind::Objection).await.unwrap(), 1);
    assert_eq!(lift(SuppressionKind::Objection).await.unwrap(), 0, "again");
    let suppressed = store.suppressed(&tenant, &people).await.unwrap();
    assert_eq!(
        suppressed,
        [Suppressed::default(), ERASED, Suppressed::default()]
    );
    assert_eq!(lift(SuppressionKind::Erasure).await.unwrap(), 1);
    assert_eq!(
        all_suppressed(world, &tenant).await,
        [(person("b"), OBJECTED)]
    );
    store
        .suppress(&tenant, SuppressionKind::Objection, &[mark("a")])
        .await
        .unwrap();
    let suppressed = store.suppressed(&tenant, &[person("a")]).await.unwrap();
    assert_eq!(suppressed, [OBJECTED], "marked again after it was lifted");
}

/// Reads all suppressions in force, as a process does that remembers none or an earlier edition.
async fn all_suppressed(world: &World, tenant: &TenantId) -> Vec<(KeyedHash, Suppressed)> {
    let edition = world.store.suppressions_edition(tenant).await.unwrap();
    let all = world.store.all_suppressed(tenant, edition).await.unwrap();
    all.iter()
        .map(|(hash, suppressed)| (*hash, *suppressed))
        .collect()
}

pub(super) async fn every_change_of_marks_makes_another_edition(world: &World) {
    let (tenant, store) = (tenant("legal-edition"), &world.store);
    let edition = || async { store.suppressions_edition(&tenant).await.unwrap() };
    assert_eq!(edition().await, 0, "nobody was ever marked");
    let many: Vec<_> = (0..230).map(|n| mark(&format!("person {n}"))).collect();
    store
        .suppress(&tenant, SuppressionKind::Erasure, &many)
        .await
        .unwrap();
    let first = edition().await;
    assert!(first > 0);
    assert_eq!(all_suppressed(world, &tenant).await.len(), 230);
    store
        .suppress(&tenant, SuppressionKind::Objection, &[mark("a")])
        .await
        .unwrap();
    let second = edition().await;
    assert!(second > first);
    assert_eq!(all_suppressed(world, &tenant).await.len(), 231);
    let lift = |name| {
        let people = [person(name)];
        let tenant = &tenant;
        async move {
            store
                .lift(tenant, SuppressionKind::Objection, &people, at(9))
                .await
        }
    };
    assert_eq!(lift("nobody").await.unwrap(), 0);
    assert_eq!(edition().await, second, "nothing was changed");
    assert_eq!(lift("a").await.unwrap(), 1);
    assert!(edition().await > second);
    assert_eq!(all_suppressed(world, &tenant).await.len(), 230);
}

pub(super) async fn a_page_of_people_is_checked_in_the_order_asked(world: &World) {
    let tenant = tenant("legal-page");
    let names: Vec<String> = (0..130).map(|n| format!("person {n}")).collect();
    let suppressions: Vec<_> = names.iter().step_by(3).map(|name| mark(name)).collect();
    world
        .store
        .suppress(&tenant, SuppressionKind::Objection, &suppressions)
        .await
        .unwrap();
    let people: Vec<_> = names.iter().rev().map(|name| person(name)).collect();
    let suppressed = world.store.suppressed(&tenant, &people).await.unwrap();
    let expected: Vec<_> = (0..130).rev().map(|n| n % 3 == 0).collect();
    assert_eq!(
        suppressed
            .iter()
            .map(|one| one.objected)
            .collect::<Vec<_>>(),
        expected
    );
    assert_eq!(all_suppressed(world, &tenant).await.len(), 44);
}

pub(super) async fn one_tenants_register_is_not_anothers(world: &World) {
    let (mine, theirs) = (tenant("legal-mine"), tenant("legal-mine-2"));
    append(world, &theirs, &["a"]).await;
    world
        .store
        .suppress(&theirs, SuppressionKind::Objection, &[mark("a")])
        .await
        .unwrap();
    let store = &world.store;
    assert_eq!(store.last_assessment(&mine).await.unwrap(), None);
    assert!(store.assessments(&mine, 0, 9).await.unwrap().is_empty());
    assert!(
        store
            .assessments_of(&mine, &[person("a")])
            .await
            .unwrap()
            .is_empty()
    );
    assert!(all_suppressed(world, &mine).await.is_empty());
    assert_eq!(
        store.suppressed(&mine, &[person("a")]).await.unwrap(),
        [Suppressed::default()]
    );
}

pub(super) async fn every_change_of_marks_is_in_the_chain_and_what_is_taken_out_is_missed(
    world: &World,
) {
    let (store, tenant) = (&world.store, tenant("legal-changes"));
    let verify = async |kept| suppressions::verify(&**store, &tenant, kept).await.unwrap();
    assert_eq!(store.head_of_changes(&tenant).await.unwrap(), None);
    assert_eq!(verify(None).await.chain.entries, 0);
    let (objection, erasure) = (SuppressionKind::Objection, SuppressionKind::Erasure);
    let suppress = async |kind, names: &[&str]| {
        let marks: Vec<_> = names.iter().map(|name| mark(name)).collect();
        store.suppress(&tenant, kind, &marks).await.unwrap();
    };
    suppress(objection, &["a", "b"]).await;
    suppress(erasure, &["c"]).await;
    let kept = store.head_of_changes(&tenant).await.unwrap();
    let people = [person("a"), person("z")];
    let lifted = store.lift(&tenant, objection, &people, at(2));
    assert_eq!(lifted.await.unwrap(), 1);
    // Callers at once take one number after the other.
    let names = ["d", "e", "f", "g"];
    let at_once = names
        .iter()
        .map(|name| suppress(objection, std::slice::from_ref(name)));
    futures::future::join_all(at_once).await;
    let whole = verify(kept).await;
    assert_eq!((whole.chain.entries, whole.chain.broken), (7, None));
    assert_eq!(
        (whole.chain.kept, whole.missing, whole.unknown),
        (Some(true), 0, 0)
    );
    let head = store.head_of_changes(&tenant).await.unwrap().unwrap();
    assert_eq!(head, (7, whole.chain.head));
    let page = store.changes(&tenant, 3, 2).await.unwrap();
    let numbers: Vec<u64> = page.iter().map(|change| change.number).collect();
    assert_eq!(numbers, [4, 5]);
    let others = verify(Some((2, ChainHash::START))).await;
    assert_eq!(others.chain.kept, Some(false));
    let Some(clients) = &world.clients else {
        return;
    };
    let take_out = async |sort: String| take_out(clients, &tenant, &sort).await;
    take_out(format!("OBJECTION#{}", person("b"))).await;
    assert_eq!(verify(None).await.missing, 1);
    take_out(format!("CHANGED#{:020}", 7)).await;
    assert_eq!(
        verify(None).await.chain.broken,
        Some((7, "a change is missing"))
    );
}

async fn take_out(clients: &Clients, tenant: &TenantId, sort: &str) {
    let key = [("pk", format!("T#{tenant}")), ("sk", sort.to_owned())];
    let key = key.map(|(name, text)| (name.to_owned(), AttributeValue::S(text)));
    let delete = clients.dynamodb.delete_item().table_name("ledger");
    delete.set_key(Some(key.into())).send().await.unwrap();
}

pub(super) async fn a_suppression_is_stored_though_the_head_was_lost_and_the_loss_shows(
    world: &World,
) {
    let (store, tenant) = (&world.store, tenant("legal-head"));
    let kind = SuppressionKind::Objection;
    let suppress = async |name: &str| store.suppress(&tenant, kind, &[mark(name)]).await.unwrap();
    let lift = async |name: &str| {
        let people = [person(name)];
        store.lift(&tenant, kind, &people, at(2)).await.unwrap()
    };
    let edition = async || store.suppressions_edition(&tenant).await.unwrap();
    let lose_head = async || {
        match (&world.clients, &world.store_in_memory) {
            (Some(clients), _) => take_out(clients, &tenant, "MARKS").await,
            (None, memory) => memory.as_ref().unwrap().lose_head(&tenant),
        }
        assert_eq!(store.head_of_changes(&tenant).await.unwrap(), None);
    };
    suppress("a").await;
    suppress("b").await;
    let counted = edition().await;
    lose_head().await;
    // Lists hide the same people, whatever a process remembers.
    assert_eq!(edition().await, 0);
    assert_eq!(all_suppressed(world, &tenant).await.len(), 2);
    suppress("c").await;
    assert!(edition().await != counted);
    assert_eq!(all_suppressed(world, &tenant).await.len(), 3);
    let standing = store.suppressed(&tenant, &[person("c")]).await.unwrap();
    assert_eq!(standing, [OBJECTED]);
    let head = store.head_of_changes(&tenant).await.unwrap();
    assert_eq!(head.map(|(number, _)| number), Some(3));
    assert!(edition().await > 0);
    // A suppression that is not in force is no lost head.
    assert_eq!(lift("nobody").await, 0);
    assert_eq!((lift("a").await, lift("a").await), (1, 0));
    lose_head().await;
    // An answer without the count is not remembered.
    assert_eq!(all_suppressed(world, &tenant).await.len(), 2);
    assert_eq!((lift("b").await, lift("b").await), (1, 0));
    lose_head().await;
    assert_eq!(all_suppressed(world, &tenant).await.len(), 1);
    let standing = store.standing(&tenant).await.unwrap();
    assert_eq!(standing, [(kind, person("c"))].into());
    let changes = store.changes(&tenant, 0, 9).await.unwrap();
    let numbers: Vec<u64> = changes.iter().map(|change| change.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    let found = suppressions::verify(&**store, &tenant, None).await.unwrap();
    let why = "the head was lost before the change";
    assert_eq!(found.chain.broken, Some((3, why)));
}
