//! Builds the inverted index part by part, and puts each part into the table.

use futures::{StreamExt, TryStreamExt, stream};

use super::{Import, Report, patiently};
use crate::{
    company::{
        MatchKey, Postings, index,
        reader::{CompanyReader, FileError},
    },
    fault::{Fault, Outcome},
    ports::Found,
};

/// Entries in one request to the port. The table's own batches are smaller.
const BATCH: usize = 100;

/// Requests to the port at a time.
const IN_FLIGHT: usize = 8;

/// Loads the whole file.
pub(super) async fn all(given: &Import<'_>, report: &mut Report) -> Outcome<()> {
    let n_passes = index::n_passes(report.rows.n_accepted, given.limits.memory);
    for pass in 0..n_passes {
        given.in_time()?;
        let entries = build(given, pass, n_passes)?;
        let n_common = entries
            .iter()
            .filter(|(_, found)| matches!(found, Found::TooCommon))
            .count();
        report.keys_too_common += n_common as u64;
        report.keys += (entries.len() - n_common) as u64;
        put(given, &entries).await?;
    }
    Ok(())
}

/// The index under those match keys that fall into one part.
fn build(given: &Import<'_>, pass: u32, n_passes: u32) -> Outcome<Vec<(MatchKey, Found)>> {
    let mut entries = Vec::new();
    let mut part = || {
        let file = (given.open)().map_err(|error| FileError::Io(error.kind()))?;
        let companies = CompanyReader::open(file)?.companies();
        index::build_part(pass, n_passes, companies, |key, postings| {
            entries.push((key, found(postings)));
            Ok(())
        })
    };
    part().map_err(|error| match error {
        FileError::Io(kind) => Fault::passing("file.unreadable").with_detail(kind.to_string()),
        // The first pass read it to its end.
        error => Fault::lasting("file.changed").with_detail(error.to_string()),
    })?;
    Ok(entries)
}

fn found(postings: Postings) -> Found {
    match postings {
        Postings::Companies(postings) => Found::Some(postings),
        Postings::TooCommon(_) => Found::TooCommon,
    }
}

async fn put(given: &Import<'_>, entries: &[(MatchKey, Found)]) -> Outcome<()> {
    stream::iter(entries.chunks(BATCH).map(|batch| async move {
        given.in_time()?;
        patiently(|| given.companies.load(given.version, batch)).await
    }))
    .buffer_unordered(IN_FLIGHT)
    .try_collect::<()>()
    .await
}
