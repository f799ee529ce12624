//! Editions of the company database share their rows: an import writes what changed.

use std::io::{Cursor, Read};

use domain::{
    import::{Import, Limits, Report, Verdict, import},
    ports::Version,
    record::Object,
};
use generator::{Companies, Company};
use infra::memory::{MemoryCompanies, Pages, Work};

use crate::world::{MINUTE, Shared, World, at, id};

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
        limits: Limits {
            max_shrink_percent: 100,
            ..Limits::default()
        },
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

/// A world whose copy is matched with these companies: one account for each of `accounts`, found by name and website.
async fn matched_world(shared: Shared, companies: &[Company], accounts: &[Company]) -> World {
    let world = World::of(shared, Pages::Ordered, 200).await;
    take(&world.companies, "v2", companies).await;
    for (n, company) in accounts.iter().enumerate() {
        let fields = [
            ("Name", company.name.as_str()),
            ("Website", company.domain.as_str()),
        ];
        world.crm.put(Object::Account, &id(n), &fields);
    }
    world.crm.advance(MINUTE);
    world.run().await;
    world
}

#[tokio::test]
async fn only_records_that_a_changed_key_touches_ask_the_index_again() {
    let shared = Shared::new().await;
    let first = companies(0, 1_000);
    let world = matched_world(shared.clone(), &first, &first).await;
    // The first run asked for each record, as a run after each edition did before.
    let full = world.companies.take_work().looked_up;
    let mut second = first.clone();
    for (n, donor) in companies(2_000, 2_010).into_iter().enumerate() {
        let at = n * 97;
        match n {
            0..5 => second[at].phone = donor.phone,
            5..8 => second[at].street = donor.street,
            _ => second[at].domain = donor.domain,
        }
    }
    let (report, _) = take(&world.companies, "v3", &second).await;
    assert!(report.keys_changed.is_some_and(|n| n > 0));
    let report = world.next_run().await;
    let partial = world.companies.take_work().looked_up;
    // 3.7 % in November 2026: a record also asks if another company under one of its keys changed.
    assert!(
        partial > 0 && partial * 100 <= full * 4,
        "{partial} of {full} keys"
    );
    let n = crate::world::of(&report, Object::Account).rematched;
    assert!(n > 0, "records of changed companies have other relations");
    // The copy is as if each record had been matched with the second edition.
    let whole = Shared::with_keys_of(&shared).await;
    let whole = matched_world(whole, &second, &first).await;
    let relations = |world: &World| world.store.snapshot().relations;
    assert!(relations(&world) == relations(&whole));
}
