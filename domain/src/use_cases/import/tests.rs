#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]

mod slices;
mod table;

use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
};

use matching::{CompanyId, MatchKey};

use super::*;
use crate::{
    import::tests::table::{Break, Table},
    ports::{Row, RowName, RowValue},
};

const OLD: &str = "id,name,zip,city,domain\n1,Alt GmbH,10115,Berlin,alt.example\n2,Weg AG,20095,Hamburg,weg.example\n";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn version(name: &str) -> Version {
    Version(name.to_owned())
}

/// A file of `n` companies, of which every 100th has no name.
fn file(n: usize) -> String {
    let mut text = "id,name,zip,city,domain\n".to_owned();
    for i in 0..n {
        let name = if i % 100 == 99 {
            String::new()
        } else {
            format!("Werk {i} GmbH")
        };
        text.push_str(&format!("{i},{name},10115,Berlin,werk{i}.de\n"));
    }
    text
}

async fn run(table: &Table, text: &str, version: &Version, limits: Limits) -> Outcome<Report> {
    let bytes = text.as_bytes().to_vec();
    import(Import {
        companies: table,
        open: &|| Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read + Send>),
        version,
        deadline: at(900),
        clock: &|| at(0),
        limits,
    })
    .await
}

async fn imported(text: &str) -> Table {
    let table = Table::default();
    let report = run(&table, text, &version("v1"), Limits::default())
        .await
        .unwrap();
    assert_eq!(report.result, Verdict::Published);
    table
}

#[tokio::test]
async fn a_file_is_loaded_published_and_replaces_the_one_before() {
    let table = imported(OLD).await;
    assert!(!table.read("d:alt.example").is_empty() || !table.keys().is_empty());
    let report = run(&table, &file(300), &version("v2"), Limits::default())
        .await
        .unwrap();
    assert_eq!(report.result, Verdict::Published);
    assert_eq!((report.rows.n_accepted, report.rows.n_refused), (297, 3));
    assert_eq!(report.replaced.as_deref(), Some("v1"));
    assert!(!report.remains);
    assert!(
        table.layers().iter().all(|layer| layer.number > 0),
        "each layer is of a begun import"
    );
    let counts = (
        report.companies_added,
        report.companies_changed,
        report.companies_removed,
    );
    // Companies 1 and 2 have other values in the new file.
    assert_eq!(counts, (295, 2, 0));
    assert_eq!(report.keys, table.keys().len() as u64);
    assert_eq!(table.read("d:werk7.de"), ["7"]);
    assert_eq!(table.read("d:alt.example"), Vec::<String>::new());
}

#[tokio::test]
async fn every_company_is_there_by_its_id_as_the_vendor_wrote_it_and_a_later_file_updates_and_removes()
 {
    let text = "id,name,rechtsform,strasse,plz,ort,land,domain,telefon,ust_id,registergericht,registernummer,lei,parent_id\n\
        7,Werk  Sieben,GmbH,Am Werk 7,10115,Berlin,DE,https://werk7.de,+49 30 7,DE136695976,Berlin,HRB 7,529900T8BM49AURSDO55,1\n\
        8,Werk Acht,,,,,,,,,,,,\n";
    let table = imported(text).await;
    let ids = ["8", "7", "9"].map(|id| CompanyId::parse(id).unwrap());
    let found = table.companies(&ids);
    assert!(found[2].is_none());
    let (eight, seven) = (found[0].as_ref().unwrap(), found[1].as_ref().unwrap());
    assert_eq!((eight.name.as_str(), &eight.domain), ("Werk Acht", &None));
    let told = serde_json::to_value(seven).unwrap();
    assert_eq!(
        told,
        serde_json::json!({
            "id": "7", "name": "Werk Sieben", "legal_form": "GmbH", "street": "Am Werk 7", "zip": "10115",
            "city": "Berlin", "country": "DE", "domain": "https://werk7.de", "phone": "+49 30 7",
            "vat_id": "DE136695976", "register_court": "Berlin", "register_number": "HRB 7",
            "lei": "529900T8BM49AURSDO55", "parent_id": "1",
        })
    );
    let later = "id,name\n7,Werk Sieben neu GmbH\n";
    let limits = Limits {
        max_shrink_percent: 50,
        ..Limits::default()
    };
    run(&table, later, &version("v2"), limits).await.unwrap();
    let found = table.companies(&ids);
    assert_eq!((&found[0], &found[2]), (&None, &None));
    assert_eq!(found[1].as_ref().unwrap().name, "Werk Sieben neu GmbH");
}

#[tokio::test]
async fn bad_rows_are_reported_with_line_field_and_reason_but_without_content() {
    let report = run(
        &Table::default(),
        &file(300),
        &version("v1"),
        Limits::default(),
    )
    .await
    .unwrap();
    let told: Vec<(u64, &str, String)> = report
        .rows
        .errors
        .iter()
        .map(|row| (row.line, row.field.unwrap().name(), row.reason.to_string()))
        .collect();
    let missing = |line| (line, "name", "missing".to_owned());
    assert_eq!(told, [missing(101), missing(201), missing(301)]);
    assert!(!serde_json::to_string(&report).unwrap().contains("werk99"));
}

#[tokio::test]
async fn the_index_is_the_same_in_one_part_and_in_many() {
    let text = file(500);
    let whole = imported(&text).await;
    for memory in [10_000, 300_000] {
        let table = Table::default();
        let limits = Limits {
            memory,
            ..Limits::default()
        };
        let report = run(&table, &text, &version("v1"), limits).await.unwrap();
        assert_eq!(table.shown(), whole.shown(), "{memory}");
        assert_eq!(report.keys, whole.keys().len() as u64);
    }
}

#[tokio::test]
async fn a_key_of_too_many_companies_leads_to_none() {
    let mut text = "id,name,zip,city,domain\n".to_owned();
    for i in 0..60 {
        text.push_str(&format!("{i},Werk {i} GmbH,10115,Berlin,konzern.de\n"));
    }
    let table = imported(&text).await;
    let key = MatchKey::parse("d:konzern.de").unwrap();
    assert!(
        table
            .found(&key)
            .is_none_or(|found| found == RowValue::TooCommon)
    );
    assert!(
        table
            .shown()
            .values()
            .any(|found| *found == RowValue::TooCommon)
    );
}

#[tokio::test]
async fn a_file_that_is_refused_changes_nothing_and_says_why() {
    let mostly_bad = "id,name,zip,city,domain\n1,A GmbH,10115,Berlin,a.de\n2,,10115,Berlin,b.de\n3,,10115,Berlin,c.de\n";
    for (text, code, detail) in [
        ("", "file.empty", ""),
        (
            "id,zip,city\n1,10115,Berlin\n",
            "file.missing_column",
            "name",
        ),
        ("id,name,zip,city,domain\n", "file.no_company", ""),
        (
            "id,name,zip,city,domain\n1,,10115,Berlin,a.de\n",
            "file.no_company",
            "",
        ),
        (mostly_bad, "file.too_many_refused", "20 %"),
    ] {
        let table = imported(OLD).await;
        let before = table.shown();
        let report = run(&table, text, &version("v2"), Limits::default())
            .await
            .unwrap();
        assert_eq!(report.result, Verdict::Refused);
        let problem = report.problem.unwrap();
        assert!(problem.code == code, "{problem:?}");
        assert!(problem.detail.contains(detail), "{problem:?}");
        assert_eq!(table.shown(), before);
        assert_eq!(table.published(), Some(version("v1")));
    }
}

#[tokio::test]
async fn a_file_that_arrives_after_a_newer_one_is_not_published() {
    let table = Table::default();
    run(&table, &file(50), &version("v2"), Limits::default())
        .await
        .unwrap();
    let before = table.shown();
    let report = run(&table, OLD, &version("v1"), Limits::default())
        .await
        .unwrap();
    assert_eq!(report.problem.unwrap().code, "import.overtaken");
    assert_eq!(table.shown(), before);
}

#[tokio::test]
async fn a_file_that_is_delivered_twice_is_loaded_once_and_reported_twice() {
    let table = Table::default();
    let first = run(&table, &file(300), &version("v1"), Limits::default())
        .await
        .unwrap();
    let loads = table.calls();
    let second = run(&table, &file(300), &version("v1"), Limits::default())
        .await
        .unwrap();
    assert_eq!(
        table.calls(),
        loads + 2,
        "only the published version and what is left over are asked for"
    );
    assert_eq!((second.result, &second.rows), (first.result, &first.rows));
}

#[tokio::test]
async fn a_file_too_large_for_the_time_is_not_published_and_nobody_sees_what_was_written() {
    let table = imported(OLD).await;
    let (before, written) = (table.shown(), table.written());
    let text = file(2_000);
    let begun = std::sync::atomic::AtomicI64::new(0);
    let outcome = import(Import {
        companies: &table,
        open: &|| Ok(Box::new(Cursor::new(text.clone().into_bytes())) as Box<dyn Read + Send>),
        version: &version("v2"),
        deadline: at(70),
        // Each reading of the clock takes a second.
        clock: &|| at(begun.fetch_add(1, std::sync::atomic::Ordering::Relaxed)),
        limits: Limits::default(),
    })
    .await;
    let fault = outcome.unwrap_err();
    assert_eq!(
        (fault.code(), fault.is_transient()),
        (&Code::ImportOutOfTime, false)
    );
    assert_eq!(table.shown(), before);
    assert_eq!(table.published(), Some(version("v1")));
    assert!(table.written() > written, "a part was written");
}

#[tokio::test]
async fn the_next_import_drops_what_an_interrupted_one_left() {
    let table = imported(OLD).await;
    // The import was interrupted while it wrote, and its file is not sent again.
    let ended = table.begin(&version("v2")).await.unwrap();
    let name = || RowName::Key(MatchKey::parse("d:weg.example").unwrap());
    let held = table.rows(&ended, name().part(), None).await.unwrap().rows;
    let held = held.into_iter().find(|row| row.name == name()).unwrap();
    let left = |row: Row, wanted| row.amended(ended.number, &ended.published, wanted).unwrap();
    let new = Row::missing(RowName::Key(MatchKey::parse("d:x.example").unwrap()));
    let rows = [left(held, None), left(new, Some(RowValue::TooCommon))];
    table.amend(&ended, &rows).await.unwrap();
    assert!(
        table
            .layers()
            .iter()
            .any(|layer| layer.number == ended.number)
    );
    let shown = table.shown();
    let report = run(&table, OLD, &version("v3"), Limits::default())
        .await
        .unwrap();
    assert!(!report.remains);
    assert_eq!(report.written, 2, "the two rows that were left");
    assert!(
        table
            .layers()
            .iter()
            .all(|layer| layer.number != ended.number)
    );
    assert_eq!(table.shown(), shown);
    assert_eq!(table.bases(), BTreeSet::from(["v1".to_owned()]));
}

/// The table fails at its n-th call, for all n: once or for good, before or after the call took effect, transiently or permanently.
/// Readers see the old file or the new one, each completely, and the next attempt ends in the undisturbed state.
#[tokio::test]
async fn a_failure_at_any_call_leaves_one_whole_file_and_the_next_try_ends_as_if_there_had_been_none()
 {
    let text = file(12);
    let limits = Limits {
        memory: 50_000,
        ..Limits::default()
    };
    let undisturbed = imported(OLD).await;
    let begun = undisturbed.calls();
    run(&undisturbed, &text, &version("v2"), limits)
        .await
        .unwrap();
    let n_calls = undisturbed.calls() - begun;
    assert!(n_calls > 10, "{n_calls}");
    for n in 0..n_calls {
        for broken in Break::ALL {
            let table = imported(OLD).await;
            let old = table.shown();
            table.break_at(table.calls() + n, broken);
            let first = run(&table, &text, &version("v2"), limits).await;
            table.mend();
            let case = format!(
                "call {n} of {n_calls}, {broken:?}, {:?}",
                first.as_ref().map(|_| ())
            );

            let published = table.published().unwrap();
            let readable = table.shown();
            if published.0 == "v1" {
                assert!(first.is_err(), "{case}");
                assert_eq!(readable, old, "{case}");
            } else {
                assert_eq!(readable, undisturbed.shown(), "{case}");
            }

            let second = run(&table, &text, &version("v2"), limits).await.unwrap();
            assert_eq!(second.result, Verdict::Published, "{case}");
            assert_eq!(table.shown(), undisturbed.shown(), "{case}");
            assert_eq!(table.layers(), undisturbed.layers(), "{case}");
            assert!(
                !second.remains && table.bases().len() == 1,
                "{case}: rows are left"
            );
        }
    }
}

/// A file of `n` companies without invalid rows.
fn sound(n: usize) -> String {
    file(n).replace(",,", ",Werk GmbH,")
}

#[tokio::test]
async fn a_much_smaller_edition_waits_for_the_operators_word_and_the_one_before_stays() {
    let table = imported(&sound(100)).await;
    let before = table.shown();
    let put = async |n: usize, name: &str| {
        let version = version(name);
        run(&table, &sound(n), &version, Limits::default())
            .await
            .unwrap()
    };
    let refused = put(79, "v2").await;
    assert_eq!(refused.result, Verdict::Refused);
    assert_eq!(refused.companies_before, Some(100));
    let problem = refused.problem.unwrap();
    assert_eq!(problem.code, "import.much_smaller");
    for said in ["79 companies", "has 100", "20 %", "--accept-smaller 79"] {
        assert!(problem.detail.contains(said), "{}", problem.detail);
    }
    assert_eq!(table.shown(), before);

    // A fifth fewer is within the limit. The next file is compared with this edition.
    assert_eq!(put(80, "v3").await.result, Verdict::Published);
    assert_eq!(put(63, "v4").await.result, Verdict::Refused);

    // The permission is for one edition, and for at least the stated number.
    assert!(table.accept_smaller(&version("v3"), 63).await.unwrap());
    assert_eq!(put(62, "v5").await.result, Verdict::Refused);
    assert_eq!(put(63, "v6").await.result, Verdict::Published);
    assert_eq!(put(40, "v7").await.result, Verdict::Refused);
}

#[tokio::test]
async fn an_edition_is_compared_by_accepted_companies_and_not_by_lines() {
    let table = imported(&sound(100)).await;
    // 100 rows with 19 invalid ones are few enough to publish by themselves, and leave 81 companies.
    let cut = |n: usize| {
        let text = sound(100);
        let keep = text
            .lines()
            .take(1 + 100 - n)
            .collect::<Vec<_>>()
            .join("\n");
        keep + "\n" + &",Werk,1,B,x.de\n".repeat(n)
    };
    let limits = Limits {
        max_refused_percent: 30,
        ..Limits::default()
    };
    let report = run(&table, &cut(25), &version("v2"), limits).await.unwrap();
    assert_eq!(report.problem.unwrap().code, "import.much_smaller");
    assert_eq!((report.rows.n_rows, report.rows.n_accepted), (100, 75));
    let report = run(&table, &cut(19), &version("v3"), limits).await.unwrap();
    assert_eq!(report.result, Verdict::Published);
}

#[tokio::test]
async fn each_row_swallowed_by_a_quote_counts_as_refused() {
    let text = sound(1_000);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[10] = "9,\"Werk 9 GmbH,10115,Berlin,werk9.de".to_owned();
    lines[400] = "399,Werk 399\",10115,Berlin,werk399.de".to_owned();
    let table = imported(OLD).await;
    let report = run(&table, &lines.join("\n"), &version("v2"), Limits::default())
        .await
        .unwrap();
    let problem = report.problem.unwrap();
    assert_eq!(problem.code, "file.too_many_refused");
    assert!(problem.detail.contains("391 of 1000"), "{}", problem.detail);
    let first = report.rows.errors[0];
    assert_eq!((first.line, first.last_line), (11, 401));
}
