//! Imports that take several invocations.

use std::sync::atomic::{AtomicI64, Ordering};

use super::*;

/// So many passes that there are several in a small file.
const LIMITS: Limits = Limits {
    max_refused_percent: 20,
    max_shrink_percent: 20,
    memory: 30_000,
    reserve: SignedDuration::from_secs(60),
};

/// One invocation, in which the clock can be read `n_looks` times. Each reading takes a second.
async fn invoke(
    table: &Table,
    text: &str,
    name: &str,
    place: Option<Place>,
    n_looks: i64,
) -> Outcome<Slice> {
    let now = AtomicI64::new(0);
    let bytes = text.as_bytes().to_vec();
    let given = Import {
        companies: table,
        open: &|| Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read + Send>),
        version: &version(name),
        deadline: at(60 + n_looks),
        clock: &|| at(now.fetch_add(1, Ordering::Relaxed)),
        limits: LIMITS,
    };
    // A place is stored between two invocations.
    let place = place.map(|place| serde_json::from_slice(&serde_json::to_vec(&place).unwrap()));
    slice(given, place.transpose().unwrap()).await
}

/// Invokes until the import ends. Returns its report, and how many invocations it took.
async fn through(table: &Table, text: &str, name: &str, n_looks: i64) -> (Report, usize) {
    let mut place = None;
    for n in 1..500 {
        match invoke(table, text, name, place, n_looks).await.unwrap() {
            Slice::Ended(report) => return (*report, n),
            Slice::GoesOn(next) => place = Some(*next),
        }
    }
    panic!("the import does not end");
}

#[tokio::test]
async fn an_import_in_many_invocations_writes_publishes_and_counts_as_in_one() {
    let text = file(200);
    for begin_with in [None, Some(OLD)] {
        let (whole, sliced) = match begin_with {
            Some(old) => (imported(old).await, imported(old).await),
            None => (Table::default(), Table::default()),
        };
        let before = sliced.shown();
        let (one, n_one) = through(&whole, &text, "v2", 1_000_000).await;
        assert_eq!((one.result, n_one), (Verdict::Published, 1));

        let Slice::GoesOn(place) = invoke(&sliced, &text, "v2", None, 100).await.unwrap() else {
            panic!("the time is too short for the file");
        };
        let (n_passed, n_passes) = place.passes();
        assert!(
            n_passed > 0 && n_passed < n_passes,
            "{n_passed} of {n_passes}"
        );
        assert_eq!(
            sliced.shown(),
            before,
            "the edition before is read until then"
        );
        let (report, n) = through(&sliced, &text, "v2", 100).await;
        assert!(n > 3, "{n}");
        // The first invocation was made twice. The rows that it wrote stand, so they are not written again.
        let written = one.written - place.report().written;
        assert_eq!(report, Report { written, ..one });
        assert_eq!(sliced.shown(), whole.shown());
        assert_eq!(sliced.layers(), whole.layers());
    }
}

/// The table fails at its n-th call, for all n. The invocation is repeated from its own place, as Lambda repeats it.
#[tokio::test]
async fn a_failure_at_any_call_of_any_invocation_costs_only_that_invocation() {
    let text = file(12);
    let undisturbed = imported(OLD).await;
    let begun = undisturbed.calls();
    let (_, n) = through(&undisturbed, &text, "v2", 100).await;
    assert!(n > 2, "{n}");
    for call in 0..undisturbed.calls() - begun {
        for broken in Break::ALL {
            let table = imported(OLD).await;
            let old = table.shown();
            table.break_at(table.calls() + call, broken);
            let (mut place, mut ended) = (None, false);
            for _ in 0..50 {
                match invoke(&table, &text, "v2", place.clone(), 100).await {
                    Ok(Slice::GoesOn(next)) => place = Some(*next),
                    Ok(Slice::Ended(report)) => {
                        assert_eq!(report.result, Verdict::Published);
                        ended = true;
                        break;
                    }
                    Err(_) => table.mend(),
                }
                if table.published() == Some(version("v1")) {
                    assert_eq!(table.shown(), old);
                }
            }
            let case = format!("call {call}, {broken:?}");
            assert!(ended, "{case}");
            assert_eq!(table.shown(), undisturbed.shown(), "{case}");
        }
    }
}

#[tokio::test]
async fn a_first_import_that_failed_and_was_discarded_begins_anew() {
    let text = file(200);
    let Slice::GoesOn(place) = invoke(&Table::default(), &text, "v1", None, 100)
        .await
        .unwrap()
    else {
        panic!("the time is too short for the file");
    };
    let whole = Table::default();
    through(&whole, &text, "v1", 1_000_000).await;
    // What the place says is written was discarded, in part or whole.
    for most in [1, 1_000_000] {
        let table = Table::default();
        let again = invoke(&table, &text, "v1", None, 100).await.unwrap();
        assert!(matches!(again, Slice::GoesOn(found) if found == place));
        let _ = table.discard(&version("v1"), most).await.unwrap();
        let ended = invoke(&table, &text, "v1", Some((*place).clone()), 1_000_000).await;
        assert!(
            matches!(ended.unwrap(), Slice::Ended(report) if report.keys == whole.keys().len() as u64)
        );
        assert_eq!(table.shown(), whole.shown(), "{most}");
    }
}

#[tokio::test]
async fn a_newer_file_that_was_begun_ends_an_older_one_that_is_under_way() {
    let (older, newer) = (file(200), file(300));
    let whole = imported(OLD).await;
    through(&whole, &newer, "v3", 1_000_000).await;
    let table = imported(OLD).await;
    let Slice::GoesOn(of_older) = invoke(&table, &older, "v2", None, 100).await.unwrap() else {
        panic!("the time is too short for the file");
    };
    let Slice::GoesOn(of_newer) = invoke(&table, &newer, "v3", None, 100).await.unwrap() else {
        panic!("the time is too short for the file");
    };
    let written = table.written();
    let Slice::Ended(report) = invoke(&table, &older, "v2", Some(*of_older), 100)
        .await
        .unwrap()
    else {
        panic!("it goes on beside a newer one");
    };
    assert_eq!(report.problem.unwrap().code, "import.overtaken");
    assert_eq!(table.written(), written);
    let ended = invoke(&table, &newer, "v3", Some(*of_newer), 1_000_000).await;
    assert!(matches!(ended.unwrap(), Slice::Ended(report) if report.result == Verdict::Published));
    assert_eq!(table.shown(), whole.shown());
}

#[tokio::test]
async fn an_invocation_that_gets_nowhere_in_its_time_is_a_fault() {
    let table = imported(OLD).await;
    // The first invocation has read the file, so the next one need not.
    let Slice::GoesOn(place) = invoke(&table, &file(50), "v2", None, 0).await.unwrap() else {
        panic!("there is no time");
    };
    assert_eq!(place.passes().0, 0);
    let fault = invoke(&table, &file(50), "v2", Some(*place), 0)
        .await
        .unwrap_err();
    assert_eq!(
        (fault.code(), fault.is_transient()),
        (&Code::ImportOutOfTime, false)
    );
}
