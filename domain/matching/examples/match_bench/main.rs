//! How right and how fast matching is: `make match-bench COMPANIES=c.csv RECORDS=r.csv TRUTH=t.csv`.
//!
//! Columns: companies id,name,street,zip,city,country,domain,phone,vat_id,register,lei,parent_id; records id,name,street,zip,city,country,website,
//! phone,email,vat_id,register,lei; truth record_id,company_id, where nothing after the comma means "must not match". Any column but the ids may be
//! absent or empty. Without files it writes those of the generator beside what it writes, from seeds that no training saw. What it prints and writes
//! may be personal data: it is for whoever has the files.

#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

mod files;
mod memory;
mod report;
mod synthetic;

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use matching::{Candidate, Matching, Relation, Thresholds, use_weights};
use matching::{MatchKey, Posting};

use files::Labelled;
use memory::Index;
use report::{Outcome, Report};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Companies of the generator's file.
const N_COMPANIES: u64 = 20_000;

/// Rounds whose fastest counts: whoever else uses the machine only makes them slower.
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
    let matching = Matching::new(Thresholds::default());
    let mut report = Report::new(&paths, &index);
    for record in &records {
        report.add(look(&index, &matching, record));
    }
    report.time(fastest(&index, &matching, &records)?);
    report.print();
    report.write_outcomes(&Path::new(out).with_extension("csv"))?;
    report.write(Path::new(out))
}

/// One record, with all that is to be counted.
fn look<'a>(index: &'a Index, matching: &Matching, record: &'a Labelled) -> Outcome<'a> {
    let profile = record.subject().profile();
    let keys = profile.keys();
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
        relations: matching.decide(&profile, &candidates),
    }
}

/// The CPU time of matching all records: canonical values, keys, look-up, decision.
fn fastest(index: &Index, matching: &Matching, records: &[Labelled]) -> Result<Duration> {
    let mut best = Duration::MAX;
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for _ in 0..ROUNDS {
        let start = cpu_time()?;
        for record in records {
            let profile = record.subject().profile();
            candidates.clear();
            candidates.extend(profile.keys().iter().flat_map(|key| index.find(key)));
            let relations: Vec<Relation> = matching.decide(&profile, &candidates);
            std::hint::black_box(relations);
        }
        best = best.min(cpu_time()? - start);
    }
    Ok(best)
}

/// What this thread has had of a processor.
fn cpu_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().ok_or("schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}
