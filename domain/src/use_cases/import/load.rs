//! Compares the file with the edition before, part by part, and writes the rows that differ.
//!
//! A part's rows are made from the file, and the table's rows of that part are read in the same order beside them. So whatever
//! made a row differ is found: a company that changed, one that came or went, and rules of matching that a release changed.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicU64},
};

use futures::{TryStreamExt, stream};
use matching::{
    Postings, index,
    reader::{CompanyReader, FileError},
};

use super::{
    Import, Place,
    compare::{Wanted, compare},
};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Begun, KeyNumber, MAX_CHANGED, PARTS, RowName, RowValue, part_of},
};

/// How many parts are compared at a time.
const IN_FLIGHT: usize = 8;

/// What a pass found.
#[derive(Default)]
struct Passed {
    n_keys: u64,
    n_too_common: u64,
    n_added: u64,
    n_changed: u64,
    n_removed: u64,
    changed: Vec<KeyNumber>,
}

/// Writes the rows of the file that differ from the edition before, pass by pass from the place on. Returns whether the end of the file
/// was reached. Otherwise the time is up, and the place is at the first pass that did not end: what it wrote stays, and what it counted
/// is counted again.
pub(super) async fn all(given: &Import<'_>, begun: &Begun, place: &mut Place) -> Outcome<bool> {
    while place.next_pass < place.n_passes {
        let written = AtomicU64::new(0);
        let passed = match pass(given, begun, place, &written).await {
            Err(fault) if *fault.code() == Code::ImportOutOfTime => None,
            passed => Some(passed?),
        };
        place.report.written += written.into_inner();
        let Some(passed) = passed else {
            return Ok(false);
        };
        let report = &mut place.report;
        report.keys += passed.n_keys;
        report.keys_too_common += passed.n_too_common;
        report.companies_added += passed.n_added;
        report.companies_changed += passed.n_changed;
        report.companies_removed += passed.n_removed;
        if let Some(keys) = &mut place.changed {
            keys.extend(passed.changed);
        }
        place.changed.take_if(|keys| keys.len() > MAX_CHANGED);
        place.next_pass += 1;
    }
    Ok(true)
}

/// Writes the rows of the parts that belong to the next pass. `written` counts them also if the pass does not end.
async fn pass(
    given: &Import<'_>,
    begun: &Begun,
    place: &Place,
    written: &AtomicU64,
) -> Outcome<Passed> {
    given.in_time()?;
    let mut passed = Passed::default();
    let parts = build(given, place.next_pass, place.n_passes)?;
    for (name, value) in parts.values().flatten() {
        if matches!(name, RowName::Key(_)) {
            let is_common = *value == RowValue::TooCommon;
            passed.n_too_common += u64::from(is_common);
            passed.n_keys += u64::from(!is_common);
        }
    }
    stream::iter(parts.into_iter().map(Ok))
        .map_ok(|(part, wanted)| compare(given, begun, part, wanted, written))
        .try_buffer_unordered(IN_FLIGHT)
        .try_for_each(|compared| {
            passed.n_added += compared.n_added;
            passed.n_changed += compared.n_changed;
            passed.n_removed += compared.n_removed;
            // Beyond the most that a set may have, more are of no use.
            if passed.changed.len() <= MAX_CHANGED {
                passed.changed.extend(compared.changed);
            }
            std::future::ready(Ok(()))
        })
        .await?;
    Ok(passed)
}

/// Makes the rows of every part that belongs to this pass.
fn build(given: &Import<'_>, pass: u32, n_passes: u32) -> Outcome<BTreeMap<u32, Wanted>> {
    let is_of_pass = |part: u32| part % n_passes == pass;
    let mut parts: BTreeMap<u32, Wanted> = (0..PARTS)
        .filter(|part| is_of_pass(*part))
        .map(|part| (part, Vec::new()))
        .collect();
    let mut put = |name: RowName, value| {
        if let Some(wanted) = parts.get_mut(&name.part()) {
            wanted.push((name, value));
        }
    };
    let mut companies = Vec::new();
    let mut keys = Vec::new();
    let mut read = || {
        let file = (given.open)().map_err(|error| FileError::Io(error.kind()))?;
        let rows = CompanyReader::open(file)?.companies().inspect(|row| {
            if let Ok(company) = row
                && is_of_pass(part_of(company.id.as_str()))
            {
                companies.push(company.clone());
            }
        });
        let is_wanted = |key: &matching::MatchKey| is_of_pass(part_of(key.as_str()));
        index::build_where(is_wanted, rows, |key, postings| {
            keys.push((RowName::Key(key), value(postings)));
            Ok(())
        })
    };
    read().map_err(|error| unreadable(&error))?;
    for company in companies {
        let name = RowName::Company(company.id.clone());
        put(name, RowValue::Company(Box::new(company)));
    }
    for (name, value) in keys {
        put(name, value);
    }
    for wanted in parts.values_mut() {
        wanted.sort_by(|(left, _), (right, _)| left.cmp(right));
    }
    Ok(parts)
}

fn value(postings: Postings) -> RowValue {
    match postings {
        Postings::Companies(postings) => {
            RowValue::Postings(postings.into_iter().map(Arc::new).collect())
        }
        Postings::TooCommon(_) => RowValue::TooCommon,
    }
}

fn unreadable(error: &FileError) -> Fault {
    match error {
        FileError::Io(kind) => Fault::of(Code::FileUnreadable).with_detail(kind.to_string()),
        // The first pass has read the file to its end, so the file has changed since.
        error => Fault::of(Code::FileChanged).with_detail(error.to_string()),
    }
}
