//! Compares the file with the edition before, part by part, and writes the rows that differ.
//!
//! A part's rows are made from the file, and the table's rows of that part are read in the same order beside them. So whatever
//! made a row differ is found: a company that changed, one that came or went, and rules of matching that a release changed.

use std::{collections::BTreeMap, sync::Arc};

use futures::{TryStreamExt, stream};
use matching::{
    Postings, index,
    reader::{CompanyReader, FileError},
};

use super::{Import, Report, patiently};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Amended, Begun, KeyNumber, MAX_CHANGED, PARTS, Row, RowName, RowValue, part_of},
};

/// Rows in one request to the port. The batches of the table are smaller.
const BATCH: usize = 100;

/// How many parts are compared at a time.
const IN_FLIGHT: usize = 8;

/// The rows of a part as the file has them, in the order of their names.
type Wanted = Vec<(RowName, RowValue)>;

/// What the comparison of a part found, and what was written.
#[derive(Default)]
struct Compared {
    n_added: u64,
    n_changed: u64,
    n_removed: u64,
    n_written: u64,
    /// The match keys under which something else stands than in the edition before.
    changed: Vec<KeyNumber>,
}

/// Writes the rows of the whole file that differ from the edition before. Returns the match keys under which something else stands
/// now. `None` if they are too many to be told apart.
pub(super) async fn all(
    given: &Import<'_>,
    begun: &Begun,
    report: &mut Report,
) -> Outcome<Option<Vec<KeyNumber>>> {
    let mut changed = Some(Vec::new()).filter(|_| begun.is_shared());
    let n_passes = index::n_passes(report.rows.n_accepted, given.limits.memory).min(PARTS);
    for pass in 0..n_passes {
        given.in_time()?;
        let parts = build(given, pass, n_passes)?;
        for (name, value) in parts.values().flatten() {
            if matches!(name, RowName::Key(_)) {
                let is_common = *value == RowValue::TooCommon;
                report.keys_too_common += u64::from(is_common);
                report.keys += u64::from(!is_common);
            }
        }
        stream::iter(parts.into_iter().map(Ok))
            .map_ok(|(part, wanted)| compare(given, begun, part, wanted))
            .try_buffer_unordered(IN_FLIGHT)
            .try_for_each(|compared| {
                report.companies_added += compared.n_added;
                report.companies_changed += compared.n_changed;
                report.companies_removed += compared.n_removed;
                report.written += compared.n_written;
                if let Some(keys) = &mut changed {
                    keys.extend(compared.changed);
                }
                changed.take_if(|keys| keys.len() > MAX_CHANGED);
                std::future::ready(Ok(()))
            })
            .await?;
    }
    Ok(changed)
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

/// Reads the rows of a part beside those that are wanted, and writes the ones that differ.
async fn compare(
    given: &Import<'_>,
    begun: &Begun,
    part: u32,
    wanted: Wanted,
) -> Outcome<Compared> {
    let mut wanted = wanted.into_iter().peekable();
    let mut writing = Writing {
        given,
        begun,
        due: Vec::new(),
        compared: Compared::default(),
    };
    let mut after = None;
    loop {
        given.in_time()?;
        let held = patiently(|| given.companies.rows(begun, part, after.as_ref())).await?;
        after = held.rows.last().map(|row| row.name.clone());
        for row in held.rows {
            while let Some((name, value)) = wanted.next_if(|(name, _)| *name < row.name) {
                writing.compare(Row::missing(name), Some(value));
            }
            let value = wanted.next_if(|(name, _)| *name == row.name);
            writing.compare(row, value.map(|(_, value)| value));
        }
        writing.write_full().await?;
        if !held.more {
            break;
        }
    }
    for (name, value) in wanted {
        writing.compare(Row::missing(name), Some(value));
        writing.write_full().await?;
    }
    writing.end().await
}

/// The rows of a part that are written.
struct Writing<'a> {
    given: &'a Import<'a>,
    begun: &'a Begun,
    due: Vec<Amended>,
    compared: Compared,
}

impl Writing<'_> {
    fn compare(&mut self, row: Row, wanted: Option<RowValue>) {
        let compared = &mut self.compared;
        let before = row.shown(&self.begun.published);
        match (&row.name, before, &wanted) {
            (RowName::Key(key), before, now) => {
                if self.begun.is_shared() && before != now.as_ref() {
                    compared.changed.push(KeyNumber::of(key));
                }
            }
            (_, None, Some(_)) => compared.n_added += 1,
            (_, Some(_), None) => compared.n_removed += 1,
            (_, Some(before), Some(now)) => compared.n_changed += u64::from(before != now),
            (_, None, None) => {}
        }
        let amended = row.amended(self.begun.number, &self.begun.published, wanted);
        self.due.extend(amended);
    }

    /// Writes as many rows as fill a request.
    async fn write_full(&mut self) -> Outcome<()> {
        while self.due.len() >= BATCH {
            let rest = self.due.split_off(BATCH);
            self.write().await?;
            self.due = rest;
        }
        Ok(())
    }

    async fn write(&mut self) -> Outcome<()> {
        self.given.in_time()?;
        let due = std::mem::take(&mut self.due);
        patiently(|| self.given.companies.amend(self.begun, &due)).await?;
        self.compared.n_written += due.len() as u64;
        Ok(())
    }

    async fn end(mut self) -> Outcome<Compared> {
        if !self.due.is_empty() {
            self.write().await?;
        }
        Ok(self.compared)
    }
}
