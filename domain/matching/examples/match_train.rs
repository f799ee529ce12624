//! Writes training data from labelled files: `cargo run --release -p matching --example match_train
//! -- companies records truth out.csv [weights.txt]`.
//!
//! The output has one line for each candidate that the trees would weigh, and one line without a
//! company for each record. Only `model/train.py` reads it. Records without an entry in the truth
//! file are left out. Candidates are ranked with the given weights, or with the built-in ones.

use std::{
    collections::HashMap,
    error::Error,
    fs::File,
    io::{BufReader, BufWriter, Write},
};

use matching::{
    Attributes, MatchKey, Posting, Postings, index,
    reader::{CompanyReader, FileError},
    training::{feature_names, samples, use_weights},
};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [companies, records, truth, out, weights @ ..] = arguments.as_slice() else {
        return Err("match_train companies records truth out.csv [weights.txt]".into());
    };
    for weights in weights {
        if !use_weights(&std::fs::read_to_string(weights)?) {
            return Err("no file of weights".into());
        }
    }
    let mut index: HashMap<MatchKey, Postings> = HashMap::new();
    let companies = CompanyReader::open(BufReader::new(File::open(companies)?))?.companies();
    index::build_part(0, 1, companies, |key, postings| {
        index.insert(key, postings);
        Ok::<(), FileError>(())
    })?;
    let truth: HashMap<String, String> = csv::Reader::from_path(truth)?
        .deserialize()
        .collect::<Result<_, _>>()?;
    let mut out = BufWriter::new(File::create(out)?);
    let names = feature_names();
    writeln!(out, "record,company,truth,{}", names.join(","))?;
    let nothing = vec![0; names.len()];
    let mut reader = csv::Reader::from_path(records)?;
    let header = reader.headers()?.clone();
    for row in reader.records() {
        let row = row?;
        let get = |name: &str| {
            let at = header.iter().position(|column| column == name)?;
            row.get(at).filter(|value| !value.is_empty())
        };
        let id = get("id").unwrap_or_default();
        let Some(expected) = truth.get(id) else {
            continue;
        };
        let profile = attributes(&get).profile();
        let candidates: Vec<&Posting> = profile
            .lookup_keys()
            .iter()
            .filter_map(|key| index.get(key))
            .flat_map(Postings::companies)
            .collect();
        for sample in samples(&profile, &candidates) {
            let company = sample.company.as_str();
            write_line(&mut out, [id, company, expected.as_str()], &sample.values)?;
        }
        write_line(&mut out, [id, "", expected.as_str()], &nothing)?;
    }
    Ok(())
}

fn attributes<'a>(get: &impl Fn(&str) -> Option<&'a str>) -> Attributes<'a> {
    Attributes {
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

fn write_line(out: &mut impl Write, ids: [&str; 3], values: &[u8]) -> Outcome<()> {
    write!(out, "{}", ids.join(","))?;
    for value in values {
        write!(out, ",{value}")?;
    }
    Ok(writeln!(out)?)
}
