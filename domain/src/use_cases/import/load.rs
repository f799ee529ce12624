//! Loads the companies into the table, then builds and loads the inverted index part by part.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use matching::{
    Company, MatchKey, Postings, index,
    reader::{CompanyReader, FileError},
};

use super::{Import, Report, patiently};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::Candidates,
};

/// Entries in one request to the port. The batches of the table are smaller.
const BATCH: usize = 100;

/// Concurrent requests to the port.
const IN_FLIGHT: usize = 8;

/// Loads the whole file.
pub(super) async fn all(given: &Import<'_>, report: &mut Report) -> Outcome<()> {
    companies(given).await?;
    let n_passes = index::n_passes(report.rows.n_accepted, given.limits.memory);
    for pass in 0..n_passes {
        given.in_time()?;
        let entries = build(given, pass, n_passes)?;
        let n_common = entries
            .iter()
            .filter(|(_, found)| matches!(found, Candidates::TooCommon))
            .count();
        report.keys_too_common += n_common as u64;
        report.keys += (entries.len() - n_common) as u64;
        put(given, &entries).await?;
    }
    Ok(())
}

/// Builds the index for the match keys of one part.
fn build(given: &Import<'_>, pass: u32, n_passes: u32) -> Outcome<Vec<(MatchKey, Candidates)>> {
    let mut entries = Vec::new();
    let mut part = || {
        let file = (given.open)().map_err(|error| FileError::Io(error.kind()))?;
        let companies = CompanyReader::open(file)?.companies();
        index::build_part(pass, n_passes, companies, |key, postings| {
            entries.push((key, found(postings)));
            Ok(())
        })
    };
    part().map_err(|error| unreadable(&error))?;
    Ok(entries)
}

fn unreadable(error: &FileError) -> Fault {
    match error {
        FileError::Io(kind) => Fault::of(Code::FileUnreadable).with_detail(kind.to_string()),
        // The first pass has read the file to its end, so the file has changed since.
        error => Fault::of(Code::FileChanged).with_detail(error.to_string()),
    }
}

/// Puts each company as it is read. Only the requests under way are in memory.
async fn companies(given: &Import<'_>) -> Outcome<()> {
    let file = (given.open)().map_err(|error| unreadable(&FileError::Io(error.kind())))?;
    let reader = CompanyReader::open(file).map_err(|error| unreadable(&error))?;
    stream::iter(batches(reader.companies()))
        .map(|batch| async move {
            let batch = batch.map_err(|error| unreadable(&error))?;
            given.in_time()?;
            patiently(|| given.companies.load_companies(given.version, &batch)).await
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect::<()>()
        .await
}

fn batches<E>(
    mut companies: impl Iterator<Item = Result<Company, E>>,
) -> impl Iterator<Item = Result<Vec<Company>, E>> {
    std::iter::from_fn(move || {
        let batch: Result<Vec<Company>, E> = companies.by_ref().take(BATCH).collect();
        batch
            .map(|batch| (!batch.is_empty()).then_some(batch))
            .transpose()
    })
}

fn found(postings: Postings) -> Candidates {
    match postings {
        Postings::Companies(postings) => {
            Candidates::Some(postings.into_iter().map(Arc::new).collect())
        }
        Postings::TooCommon(_) => Candidates::TooCommon,
    }
}

async fn put(given: &Import<'_>, entries: &[(MatchKey, Candidates)]) -> Outcome<()> {
    stream::iter(entries.chunks(BATCH).map(|batch| async move {
        given.in_time()?;
        patiently(|| given.companies.load(given.version, batch)).await
    }))
    .buffer_unordered(IN_FLIGHT)
    .try_collect::<()>()
    .await
}
