//! What matching costs on one core: `cargo run --release -p domain --example match_bench`.
//!
//! Accounts of a synthetic CRM against an index of synthetic companies in memory. Records go in portions; of each portion the
//! best of several rounds counts: other work on the machine makes one slower, never faster. The lookup is not part of it,
//! because a table answers it.

#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::{
    collections::HashMap,
    convert::Infallible,
    hint::black_box,
    time::{Duration, Instant},
};

use domain::{
    company::{Company, CompanyId, MatchKey, Posting, Postings, Profile, index},
    matching::{Matching, RelationStatus, Subject},
};
use generator::{Companies, Crm, Record};

const N_COMPANIES: u64 = 100_000;
const N_RECORDS: u64 = 50_000;
const PORTION: usize = 250;
const ROUNDS: usize = 40;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let companies = Companies {
        seed: 1,
        size: N_COMPANIES,
    };
    let mut index: HashMap<MatchKey, Postings> = HashMap::new();
    let all = companies
        .iter()
        .filter_map(|company| company_of(&company))
        .map(Ok);
    index::build_part::<Infallible>(0, 1, all, |key, postings| {
        index.insert(key, postings);
        Ok(())
    })?;
    let crm = Crm {
        seed: 2,
        companies,
        accounts: N_RECORDS,
        contacts: 0,
        leads: 0,
        tasks: 0,
        opportunities: 0,
    };
    let records: Vec<Record> = crm.records().collect();
    let subjects: Vec<Subject<'_>> = records.iter().map(subject).collect();

    let profiles: Vec<Profile> = subjects.iter().map(Subject::profile).collect();
    let candidates: Vec<Vec<&Posting>> = profiles
        .iter()
        .map(|profile| {
            profile
                .keys()
                .iter()
                .filter_map(|key| index.get(key))
                .flat_map(Postings::companies)
                .collect()
        })
        .collect();
    let few: Vec<usize> = (0..subjects.len())
        .filter(|at| distinct(&candidates[*at]) <= 2)
        .collect();
    let matching = Matching::default();

    let everyone: Vec<usize> = (0..subjects.len()).collect();
    let prepare = best(&everyone, |at| drop(black_box(subjects[at].profile())));
    let keys = best(&everyone, |at| drop(black_box(profiles[at].keys())));
    let decide = best(&few, |at| {
        drop(black_box(matching.decide(&profiles[at], &candidates[at])))
    });
    println!(
        "{N_COMPANIES} companies, {} keys, {N_RECORDS} records",
        index.len()
    );
    println!("profile       {prepare:>6.0} ns a record");
    println!("keys          {keys:>6.0} ns a record");
    println!(
        "decide        {decide:>6.0} ns a record, of {} with at most two candidates",
        few.len()
    );
    println!("all three     {:>6.0} ns a record", prepare + keys + decide);
    quality(&records, &profiles, &candidates, &matching);
    Ok(())
}

/// Right and wrong, so that nobody makes it faster by making it worse.
fn quality(
    records: &[Record],
    profiles: &[Profile],
    candidates: &[Vec<&Posting>],
    matching: &Matching,
) {
    let (mut right, mut wrong) = (0_u32, 0_u32);
    for ((record, profile), candidates) in records.iter().zip(profiles).zip(candidates) {
        for relation in matching
            .decide(profile, candidates)
            .iter()
            .filter(|relation| relation.status == RelationStatus::Automatic)
        {
            if record.company.as_deref() == Some(relation.company.as_str()) {
                right += 1
            } else {
                wrong += 1
            }
        }
    }
    println!("automatic     {right} right, {wrong} wrong");
}

/// Nanoseconds for one of `items`.
fn best(items: &[usize], mut run: impl FnMut(usize)) -> f64 {
    let mut total = Duration::ZERO;
    for portion in items.chunks(PORTION) {
        let mut round = || {
            let start = Instant::now();
            portion.iter().for_each(|at| run(*at));
            start.elapsed()
        };
        total += (0..ROUNDS).map(|_| round()).min().unwrap_or_default();
    }
    total.as_nanos() as f64 / items.len().max(1) as f64
}

fn distinct(candidates: &[&Posting]) -> usize {
    let mut ids: Vec<&CompanyId> = candidates
        .iter()
        .map(|candidate| &candidate.company)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

fn company_of(row: &generator::Company) -> Option<Company> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(Company {
        legal_form: some(&row.legal_form),
        street: some(&row.street),
        zip: some(&row.zip),
        city: some(&row.city),
        country: some(&row.country),
        domain: some(&row.domain),
        phone: some(&row.phone),
        vat_id: some(&row.vat_id),
        register_court: some(&row.register_court),
        register_number: some(&row.register_number),
        lei: some(&row.lei),
        parent_id: CompanyId::parse(&row.parent_id).ok(),
        ..Company::new(CompanyId::parse(&row.id).ok()?, row.name.as_str())
    })
}

fn subject(record: &Record) -> Subject<'_> {
    let text = |field: &str| record.fields.get(field).and_then(|value| value.as_str());
    Subject {
        name: text("Name"),
        street: text("BillingStreet"),
        zip: text("BillingPostalCode"),
        city: text("BillingCity"),
        country: text("BillingCountry"),
        website: text("Website"),
        phone: text("Phone"),
        email: None,
        vat_id: text("VAT_ID__c"),
        register: text("Register_Number__c"),
        lei: text("LEI__c"),
    }
}
