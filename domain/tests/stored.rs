//! Rows of earlier releases are read and continued. The texts are those that the releases wrote, and must not be changed.

use domain::{
    body,
    integration::Lease,
    order::SyncDue,
    ports::{Checkpoint, Keys, Leases, Runs},
    progress::{Cursor, Per, Progress, Summary, Verdict},
    record::Object::Account,
    seal::{Opener, Place, Room, Sealer},
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use serde_json::Value;

use crate::world::{HOUR, MINUTE, Shared, World, fill, of, verdict, write};

/// A cursor of 29 November 2026, with a value in each field.
const WHOLE: &str = r#"{
    "stage": "rematch",
    "open": [{"after": {"at": "2026-11-28T01:02:03.004Z", "id": "003A"}, "until": "2026-11-29T01:02:03.004Z"}, "3/200"],
    "next": {"at": "2026-11-27T23:57:03.004Z", "id": null},
    "resume": "delta-7",
    "deletions_from": "2026-11-28T00:57:03.004Z",
    "first_reading": false,
    "must_sweep": true,
    "ids_compared": "2026-11-23T01:02:03Z",
    "compare_relations": true,
    "unkeepable": 2,
    "pages": 41,
    "fields": ["Id", "Name"],
    "refused": ["Secret"],
    "mapping": "{\"company\":\"Firma\"}",
    "format": 2,
    "rewriting": true,
    "matched": "2026-11",
    "rematch": ["2026-12", "003B"],
    "withheld": ["003C", "003D"],
    "quarantined": ["003E"],
    "marks": "c3VwcHJlc3Npb25z",
    "withholding": ["003F", 17]
}"#;

/// A cursor of the first release, which knew fewer fields.
const FIRST: &str = r#"{
    "stage": "done",
    "open": null,
    "next": {"at": "2026-11-27T23:57:03.004Z", "id": null},
    "deletions_from": "2026-11-28T00:57:03.004Z",
    "first_reading": false,
    "must_sweep": false,
    "unkeepable": 0,
    "pages": 3,
    "fields": ["Id"]
}"#;

/// A cursor of 29 November 2026. The run was aborted after the first of three pages of a first reading.
const ABORTED: &str = r#"{
    "stage": "changes",
    "open": [
        {"after": {"at": "2026-09-21T14:13:20Z", "id": "id-0002"}, "until": "2026-09-21T15:14:20Z"},
        "2026-09-21T14:13:20Z#id-0002"
    ],
    "next": null,
    "deletions_from": "2026-09-21T15:09:20Z",
    "first_reading": true,
    "must_sweep": false,
    "ids_compared": null,
    "compare_relations": false,
    "unkeepable": 0,
    "pages": 1,
    "fields": ["Name", "Phase", "Website"],
    "refused": [],
    "mapping": "",
    "format": 4,
    "rewriting": false,
    "matched": "v1",
    "rematch": null,
    "withheld": [],
    "quarantined": [],
    "marks": "",
    "withholding": null
}"#;

fn read(text: &str) -> Cursor {
    serde_json::from_str(text).unwrap()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_cursor_with_a_value_in_each_field_is_read_and_written_as_it_was() {
    let written = serde_json::to_value(read(WHOLE)).unwrap();
    assert_eq!(written, value(WHOLE));
}

#[test]
fn what_a_cursor_of_the_first_release_lacks_is_filled_in() {
    let written = serde_json::to_value(read(FIRST)).unwrap();
    let mut wanted = value(FIRST);
    let lacking = r#"{
        "ids_compared": null, "compare_relations": true, "refused": [], "mapping": "", "format": 0, "rewriting": false,
        "matched": null, "rematch": null, "withheld": [], "quarantined": [], "marks": "", "withholding": null
    }"#;
    let Value::Object(lacking) = value(lacking) else {
        panic!("an object");
    };
    wanted.as_object_mut().unwrap().extend(lacking);
    assert_eq!(written, wanted);
}

async fn progress(world: &World) -> Option<Progress> {
    let progress = world.store.progress(&world.scope).await.unwrap();
    progress.into_iter().find(|one| one.object == Account)
}

/// The cursor of the accounts, opened.
pub(crate) async fn cursor(world: &World) -> String {
    let place = Place::new(&world.scope, Room::LedgerCursor, Account.name());
    let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
    let left = progress(world).await.unwrap();
    let mut opener = Opener::new(&keys.sealing).unwrap();
    String::from_utf8(opener.open(&place, &left.cursor).unwrap()).unwrap()
}

/// Replaces the cursor of the accounts while a run is open.
pub(crate) async fn store_cursor(world: &World, due: &SyncDue, text: &str) {
    let place = Place::new(&world.scope, Room::LedgerCursor, Account.name());
    let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
    let mut sealer = Sealer::new(&keys.sealing, 1).unwrap();
    let cursor = sealer.seal(&place, text.as_bytes()).unwrap();
    let left = progress(world).await.unwrap();
    let (store, scope, holder) = (&world.store, &world.scope, "earlier");
    let lease = Lease {
        holder: holder.to_owned(),
        run: due.run.clone(),
        deadline: world.now(),
    };
    let taken = store.take_lease(scope, &lease, world.now()).await;
    assert!(taken.unwrap().is_some());
    let step = Checkpoint {
        progress: &Progress { cursor, ..left },
        added: 0,
        gone: &[],
    };
    store.checkpoint(scope, holder, step).await.unwrap();
    store.release_lease(scope, holder).await.unwrap();
}

/// A first run that ended after its first page of accounts.
async fn aborted() -> (World, SyncDue) {
    let shared = Shared::new().await;
    for n in 1.. {
        let world = World::of(shared.clone(), Ordered, 3).await;
        fill(&world.crm, Account, 4);
        world.pass(MINUTE);
        for n in 4..8 {
            write(&world.crm, Account, n, "new");
        }
        world.pass(HOUR);
        let due = world.begin().await;
        let faults = Faults::at(n, Mode::KilledBefore);
        assert!(world.slice(&due, &faults).await.is_none());
        world.wait(HOUR);
        if progress(&world).await.is_some_and(|left| left.held > 0) {
            return (world, due);
        }
    }
    unreachable!("the run comes to its first page");
}

#[tokio::test]
async fn a_run_that_an_earlier_release_left_open_continues_where_it_was() {
    let (world, mut due) = aborted().await;
    // This release would have left the same rows that are stored below. With another format of bodies a reading begins again.
    let format = format!("\"format\": {}", body::FORMAT);
    let aborted = ABORTED.replace("\"format\": 4", &format);
    assert_eq!(value(&cursor(&world).await), value(&aborted));
    store_cursor(&world, &due, &aborted).await;

    due.slice += 1;
    let n_asked = world.crm.calls("changes");
    world.finish(due, Faults::none()).await;
    assert_eq!(
        world.crm.calls("changes") - n_asked,
        2 + 4,
        "two pages of accounts, one of each other object"
    );
    world.assert_is_copy().await;
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert_eq!(of(&report, Account).written, 0);
}

/// A summary of 29 November 2026, as the Ledger keeps it.
const SUMMARY: &str = r#"{
    "seen": 12, "written": 10, "unchanged": 2, "deleted": 1, "quarantined": 0, "repaired": 0, "automatic": 4, "suggested": 3,
    "requests": 9, "quota": [150, 15000], "sealed_bytes": 4096, "crm_count": 10, "vanished_fields": ["Secret"],
    "ids_compared": "2026-11-29T01:02:03Z", "verdict": "verified", "proof": "ids", "verified_at": "2026-11-29T01:00:00Z",
    "rematched": 0, "withheld": 0, "by_order": 0,
    "held_back": {"waiting": 0, "left": 0, "new": 0, "run": null, "since": null}, "decided": null
}"#;

#[test]
fn a_summary_of_an_earlier_release_is_read_and_written_as_it_was() {
    let summary: Summary = serde_json::from_str(SUMMARY).unwrap();
    assert_eq!(summary.quota, Some((150, 15_000)));
    assert_eq!(summary.verdict, Some(Verdict::Verified));
    assert!(summary.budgets.is_empty());
    assert_eq!(serde_json::to_value(summary).unwrap(), value(SUMMARY));
}

#[tokio::test]
async fn a_run_keeps_all_reported_budgets_and_the_quota_that_will_be_used_up_first() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, 4);
    world.pass(HOUR);
    let report = world.run().await;
    let summary = of(&report, Account);
    let told = summary.budgets.iter();
    let told: Vec<_> = told.map(|one| (&*one.name, one.total, one.per)).collect();
    let wanted = [("day", 100_000, Per::Day), ("burst", 100, Per::Seconds(10))];
    assert_eq!(told, wanted);
    let day = &summary.budgets[0];
    assert!(day.used > 0);
    assert_eq!(summary.quota, Some((day.used, day.total)));
    // As the Ledger stores and returns them.
    let left = progress(&world).await.unwrap().summary;
    assert_eq!(left.budgets, summary.budgets);
    let text = serde_json::to_string(&left).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), left);
}
