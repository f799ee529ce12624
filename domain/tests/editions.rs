//! Editions of the company database share their rows: an import writes what changed.

use std::io::{Cursor, Read};

use domain::{
    import::{Import, Limits, Report, Verdict, import},
    ports::Version,
};
use generator::{Companies, Company};
use infra::memory::{MemoryCompanies, Work};

use crate::world::at;

/// The companies of the first edition.
const SIZE: u64 = 4_000;

fn companies(from: u64, to: u64) -> Vec<Company> {
    let all = Companies {
        seed: 11,
        size: SIZE,
    };
    (from..to).map(|n| all.nth(n)).collect()
}

/// Returns the file of these companies, one JSON object a line.
fn file(companies: &[Company]) -> Vec<u8> {
    let mut text = Vec::new();
    for company in companies {
        let mut row = serde_json::to_value(company).unwrap();
        let fields = row.as_object_mut().unwrap();
        fields.retain(|_, value| value.as_str() != Some(""));
        serde_json::to_writer(&mut text, &row).unwrap();
        text.push(b'\n');
    }
    text
}

async fn take(table: &MemoryCompanies, version: &str, companies: &[Company]) -> (Report, Work) {
    let file = file(companies);
    table.take_work();
    let report = import(Import {
        companies: table,
        open: &|| Ok(Box::new(Cursor::new(file.clone())) as Box<dyn Read + Send>),
        version: &Version(version.to_owned()),
        deadline: at(900),
        clock: &|| at(0),
        limits: Limits::default(),
    })
    .await
    .unwrap();
    assert_eq!(report.result, Verdict::Published);
    let work = table.take_work();
    assert_eq!(report.written, work.written as u64);
    (report, work)
}

/// Changes one company in a hundred as vendors' files do from one day to the next: of 40 changes 16 are of the phone number, 10 of
/// the street, 6 of the domain, 4 of the name, 2 companies go, and 2 come. `nth` tells the editions apart.
fn next(before: &[Company], nth: u64) -> Vec<Company> {
    let mut all = before.to_vec();
    let donors = companies(SIZE * nth + 1_000, SIZE * nth + 1_040);
    for (n, donor) in donors.into_iter().enumerate() {
        let at = (n * 97 + usize::try_from(nth).unwrap() * 41) % all.len();
        match n {
            0..16 => all[at].phone = donor.phone,
            16..26 => all[at].street = donor.street,
            26..32 => all[at].domain = donor.domain,
            32..36 => all[at].name = donor.name,
            36..38 => drop(all.remove(at)),
            _ => all.push(donor),
        }
    }
    all
}

#[tokio::test]
async fn one_company_in_a_hundred_changed_costs_at_most_two_percent_of_the_first_imports_writes() {
    let table = MemoryCompanies::new();
    let first = companies(0, SIZE);
    let (report, full) = take(&table, "v1", &first).await;
    assert_eq!((report.companies_added, full.compared), (SIZE, 0));
    let mut edition = first;
    for nth in 1..4 {
        edition = next(&edition, nth);
        let (report, work) = take(&table, &format!("v{}", nth + 1), &edition).await;
        // The second and third editions also delete the rows that the one before emptied.
        assert!(
            work.written * 100 <= full.written * 2 && work.written > 0,
            "{} of {}",
            work.written,
            full.written
        );
        let changes = (report.companies_added, report.companies_removed);
        assert_eq!(changes, (2, 2));
        assert!((30..=36).contains(&report.companies_changed), "{report:?}");
    }
    // What is read is the same as after a first import of that file.
    let fresh = MemoryCompanies::new();
    take(&fresh, "v4", &edition).await;
    assert!(table.shown() == fresh.shown());
}

#[tokio::test]
async fn dropping_an_edition_costs_only_the_rows_that_it_alone_had() {
    let table = MemoryCompanies::new();
    let first = companies(0, 1_000);
    let (_, full) = take(&table, "v1", &first).await;
    let (report, work) = take(&table, "v2", &first).await;
    assert_eq!(
        (report.written, report.remains),
        (0, false),
        "nothing changed"
    );
    assert_eq!(work.written, 0);
    take(&table, "v3", &first[1..]).await;
    let (_, dropped) = take(&table, "v4", &first[1..]).await;
    assert!(dropped.written > 0 && dropped.written < 30, "{dropped:?}");
    let (_, again) = take(&table, "v5", &first[1..]).await;
    assert_eq!(again.written, 0);
    assert!(
        table.n_rows() < full.written,
        "no row is left that holds nothing"
    );
}
