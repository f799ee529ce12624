//! Compares a part of the table with what the file makes of it, and writes the rows that differ.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Import, patiently};
use crate::{
    fault::Outcome,
    ports::{Amended, Begun, KeyNumber, Row, RowName, RowValue},
};

/// Rows in one request to the port. The batches of the table are smaller.
const BATCH: usize = 100;

/// The rows of a part as the file has them, in the order of their names.
pub(super) type Wanted = Vec<(RowName, RowValue)>;

/// What the comparison of a part found.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) n_added: u64,
    pub(super) n_changed: u64,
    pub(super) n_removed: u64,
    /// The match keys under which something else stands than in the edition before.
    pub(super) changed: Vec<KeyNumber>,
}

/// Reads the rows of a part beside those that are wanted, and writes the ones that differ.
pub(super) async fn compare(
    given: &Import<'_>,
    begun: &Begun,
    part: u32,
    wanted: Wanted,
    written: &AtomicU64,
) -> Outcome<Compared> {
    let mut wanted = wanted.into_iter().peekable();
    let mut writing = Writing {
        given,
        begun,
        due: Vec::new(),
        compared: Compared::default(),
        written,
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
    written: &'a AtomicU64,
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
        self.written.fetch_add(due.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    async fn end(mut self) -> Outcome<Compared> {
        if !self.due.is_empty() {
            self.write().await?;
        }
        Ok(self.compared)
    }
}
