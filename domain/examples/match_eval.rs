//! How right matching is on labelled files: `cargo run --release -p domain --example match_eval -- companies records truth [errors]`.
//!
//! Files: companies as the vendor delivers them; records as CSV with id,name,street,zip,city,country,website,phone,email,vat_id,register,lei
//! (any of them may be absent); truth as CSV with record_id,company_id, where nothing after the comma means "must not match". With `errors`, the
//! records that were matched wrong or not at all are printed with their evidence; they may be personal data, so it is for a terminal only.

#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::{collections::HashMap, error::Error, fs::File, io::BufReader};

use domain::{
    company::{Company, MatchKey, Postings, index, reader::CompanyReader, reader::FileError},
    matching::{Candidate, Matching, Relation, RelationStatus, Subject},
};

type Outcome<T> = Result<T, Box<dyn Error>>;
type Index = HashMap<MatchKey, Postings>;

/// What was counted at one firmness.
#[derive(Default)]
struct Tally {
    right: u64,
    wrong: u64,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [companies, records, truth, rest @ ..] = arguments.as_slice() else {
        return Err("match_eval companies records truth [errors]".into());
    };
    let index = read_index(companies)?;
    let truth = read_truth(truth)?;
    evaluate(&index, records, &truth, !rest.is_empty())
}

fn read_index(path: &str) -> Outcome<Index> {
    let mut reader = CompanyReader::open(BufReader::new(File::open(path)?))?;
    let companies: Vec<Result<Company, FileError>> = reader
        .by_ref()
        .filter_map(|row| match row {
            Ok(domain::company::reader::Row::Company(company)) => Some(Ok(*company)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect();
    let report = reader.into_report();
    println!(
        "companies: {} read, {} refused, {} warnings {:?}",
        report.n_accepted, report.n_refused, report.n_warnings, report.reasons
    );
    let mut index = Index::new();
    let mut n_common = 0;
    index::build_part(0, 1, companies.into_iter(), |key, postings| {
        n_common += u64::from(matches!(postings, Postings::TooCommon(_)));
        index.insert(key, postings);
        Ok::<(), FileError>(())
    })?;
    println!("index: {} keys, {n_common} of them too common", index.len());
    Ok(index)
}

fn read_truth(path: &str) -> Outcome<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path)?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

fn evaluate(
    index: &Index,
    records: &str,
    truth: &HashMap<String, String>,
    show_errors: bool,
) -> Outcome<()> {
    let mut reader = csv::Reader::from_path(records)?;
    let header: HashMap<String, usize> = reader
        .headers()?
        .iter()
        .enumerate()
        .map(|(at, name)| (name.to_owned(), at))
        .collect();
    let matching = Matching::default();
    let (mut automatic, mut first, mut any) =
        (Tally::default(), Tally::default(), Tally::default());
    let (mut n_records, mut n_known, mut n_reachable, mut n_candidates, mut n_keys) =
        (0_u64, 0_u64, 0_u64, 0_usize, 0_usize);
    let mut scores: Vec<(u16, bool)> = Vec::new();
    for row in reader.records() {
        let row = row?;
        let get = |column: &str| {
            header
                .get(column)
                .and_then(|at| row.get(*at))
                .filter(|value| !value.is_empty())
        };
        let Some(expected) = get("id").and_then(|id| truth.get(id)) else {
            continue;
        };
        let subject = subject(&get);
        let profile = subject.profile();
        let keys = profile.keys();
        let candidates: Vec<Candidate<'_>> = keys
            .iter()
            .filter_map(|key| index.get(key))
            .flat_map(Postings::companies)
            .collect();
        let relations = matching.decide(&profile, &candidates);
        n_records += 1;
        n_known += u64::from(!expected.is_empty());
        n_reachable += u64::from(
            candidates
                .iter()
                .any(|candidate| candidate.company.as_str() == expected),
        );
        n_candidates += candidates.len();
        n_keys += keys.len();
        let is_right = |relation: &Relation| relation.company.as_str() == expected;
        if let Some(best) = relations.first() {
            if best.status == RelationStatus::Automatic {
                count(&mut automatic, is_right(best));
            }
            count(&mut first, is_right(best));
            count(&mut any, relations.iter().any(is_right));
            scores.push((best.score, is_right(best)));
        }
        if show_errors && !relations.first().map_or(expected.is_empty(), is_right) {
            println!("{:?} -> {expected:?}", row.iter().collect::<Vec<_>>());
            for relation in &relations {
                println!(
                    "    {} {} {}",
                    relation.company, relation.status, relation.score
                );
                for evidence in &relation.evidence {
                    println!(
                        "        {:?} {:?} {}",
                        evidence.field, evidence.agreement, evidence.weight
                    );
                }
            }
        }
    }
    println!(
        "records: {n_records}, {n_known} with a company, {n_reachable} of those under one of their keys"
    );
    println!(
        "per record: {:.2} keys, {:.2} candidates",
        ratio(n_keys as u64, n_records),
        ratio(n_candidates as u64, n_records)
    );
    print("automatic", &automatic, n_known);
    print("suggested or better, first", &first, n_known);
    print("suggested or better, any", &any, n_known);
    for precision in [0.98, 0.99, 0.995] {
        println!(
            "recall at precision {precision}: {:.4}",
            recall_at(&mut scores, precision, n_known)
        );
    }
    Ok(())
}

fn subject<'a>(get: &impl Fn(&str) -> Option<&'a str>) -> Subject<'a> {
    Subject {
        name: get("name"),
        street: get("street"),
        zip: get("zip"),
        city: get("city"),
        country: get("country"),
        website: get("website"),
        phone: get("phone"),
        email: get("email"),
        vat_id: get("vat_id"),
        register: get("register"),
        lei: get("lei"),
    }
}

fn count(tally: &mut Tally, is_right: bool) {
    if is_right {
        tally.right += 1
    } else {
        tally.wrong += 1
    }
}

fn print(what: &str, tally: &Tally, n_known: u64) {
    let precision = ratio(tally.right, tally.right + tally.wrong);
    let recall = ratio(tally.right, n_known);
    let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
    println!(
        "{what:<28} precision {precision:.4}  recall {recall:.4}  F1 {f1:.4}  ({} right, {} wrong)",
        tally.right, tally.wrong
    );
}

/// The highest recall at which the best relations, by score, are right in this share.
fn recall_at(scores: &mut [(u16, bool)], precision: f64, n_known: u64) -> f64 {
    scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let (mut right, mut best) = (0, 0);
    for (n, (score, is_right)) in scores.iter().enumerate() {
        right += u64::from(*is_right);
        let last_of_score = scores.get(n + 1).is_none_or(|(next, _)| next != score);
        if last_of_score && ratio(right, n as u64 + 1) >= precision {
            best = right;
        }
    }
    ratio(best, n_known)
}

fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
