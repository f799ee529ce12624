//! Measures precision, recall and speed of matching: `make match-bench COMPANIES=c.csv
//! RECORDS=r.csv TRUTH=t.csv`.
//!
//! The company file has the columns id, name, street, zip, city, country, domain, phone, vat_id,
//! register, lei and parent_id. The record file has id, name, street, zip, city, country, website,
//! phone, email, vat_id, register and lei. The truth file has record_id and company_id; an empty
//! company_id means that the record must not match. Any column but the ids may be missing or empty.
//!
//! Without files, the program writes those of the generator beside its output, from a seed that was
//! not used in training. Its output may contain personal data, so it is only for people who may see
//! the files.

#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

mod calibration;
mod files;
mod memory;
mod outcome;
mod report;
mod synthetic;

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use matching::{Candidate, MatchKey, Posting, decide, training::use_weights};

use files::Labelled;
use memory::Index;
use outcome::Outcome;
use report::Report;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The number of companies in the generator's file.
const N_COMPANIES: u64 = 20_000;

/// The number of timed rounds. The fastest counts, because other processes can only slow a round
/// down.
const ROUNDS: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (out, paths) = match arguments.as_slice() {
        [out] => (
            out,
            synthetic::write(&Path::new(out).with_extension("files"), N_COMPANIES)?,
        ),
        [out, size] => (
            out,
            synthetic::write(&Path::new(out).with_extension("files"), size.parse()?)?,
        ),
        [out, companies, records, truth, weights @ ..] => {
            for weights in weights {
                if !use_weights(&fs::read_to_string(weights)?) {
                    return Err("no file of weights".into());
                }
            }
            (out, [companies, records, truth].map(PathBuf::from))
        }
        _ => {
            return Err("match_bench out.json [companies records truth [weights.txt] | number of companies]".into());
        }
    };
    let index = Index::read(&paths[0])?;
    let records = files::read(&paths[1], &paths[2])?;
    let mut report = Report::new(&paths, &index);
    for record in &records {
        report.add(match_record(&index, record));
    }
    report.time(fastest(&index, &records)?);
    report.print();
    report.write_outcomes(&Path::new(out).with_extension("csv"))?;
    report.write(Path::new(out))
}

/// Matches a record, and collects everything that is counted.
fn match_record<'a>(index: &'a Index, record: &'a Labelled) -> Outcome<'a> {
    let profile = record.attributes().profile();
    let keys = profile.lookup_keys();
    let candidates: Vec<Candidate<'_>> = keys.iter().flat_map(|key| index.find(key)).collect();
    let is_it = |candidate: &Posting| candidate.company.as_str() == record.company;
    let found_by = keys
        .iter()
        .filter(|key| index.find(key).any(is_it))
        .map(MatchKey::kind)
        .collect();
    let mut ids: Vec<&str> = candidates
        .iter()
        .map(|candidate| candidate.company.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Outcome {
        record,
        n_candidates: ids.len(),
        keys,
        found_by,
        relations: decide(&profile, &candidates, &|| false),
    }
}

/// The CPU time for matching all records: canonical values, keys, lookup, decision.
fn fastest(index: &Index, records: &[Labelled]) -> Result<Duration> {
    let mut best = Duration::MAX;
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for _ in 0..ROUNDS {
        let start = cpu_time()?;
        for record in records {
            let profile = record.attributes().profile();
            candidates.clear();
            candidates.extend(profile.lookup_keys().iter().flat_map(|key| index.find(key)));
            std::hint::black_box(decide(&profile, &candidates, &|| false));
        }
        best = best.min(cpu_time()? - start);
    }
    Ok(best)
}

/// The CPU time that this thread has used.
fn cpu_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().ok_or("schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}
