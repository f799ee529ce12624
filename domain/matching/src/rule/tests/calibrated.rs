//! Scores are what they claim, also where many companies are missing from the vendor's file.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use generator::{Companies, Crm, Record};

use crate::index::{self, MatchKey, Postings};
use crate::reader::CompanyReader;
use crate::rule::{Attributes, Candidate, Relation, RelationStatus, decide};

/// The share of the records whose company is taken out of the file.
const ABSENT: f64 = 0.4;

/// How much more than what is right a bin of scores may claim, with the error of so few records.
const OFF: f64 = 0.1;

/// The fewest relations of a bin that says anything.
const FEWEST: usize = 40;

/// The first relation of each record, and whether it is right.
fn firsts() -> Vec<(Relation, bool)> {
    let companies = Companies {
        seed: 31,
        size: 4_000,
    };
    let crm = Crm {
        seed: 32,
        companies,
        accounts: 4_000,
        contacts: 0,
        leads: 0,
        person_accounts: 0,
        tasks: 0,
        opportunities: 0,
    };
    let records: Vec<Record> = crm.records().collect();
    let mut gone: HashSet<&str> = HashSet::new();
    let is_absent = |gone: &HashSet<&str>, record: &Record| {
        (record.company.as_deref()).is_none_or(|company| gone.contains(company))
    };
    // The generator draws companies at random, so the first ones are a fair sample.
    for record in &records {
        let n_absent = records.iter().filter(|one| is_absent(&gone, one)).count();
        if n_absent as f64 >= ABSENT * records.len() as f64 {
            break;
        }
        gone.extend(record.company.as_deref());
    }
    let mut file = Vec::new();
    let (format, packing) = (
        generator::company::Format::Csv,
        generator::company::Packing::None,
    );
    generator::company::write(&companies, format, packing, &mut file).unwrap();
    let present = (CompanyReader::open(file.as_slice()).unwrap().companies())
        .map(|company| company.unwrap())
        .filter(|company| !gone.contains(company.id.as_str()))
        .map(Ok);
    let mut index: HashMap<MatchKey, Postings> = HashMap::new();
    index::build_part::<Infallible>(0, 1, present, |key, postings| {
        index.insert(key, postings);
        Ok(())
    })
    .unwrap();
    let first = |record: &Record| {
        let relation = matched(record, &index).into_iter().next()?;
        let is_right = !is_absent(&gone, record)
            && record.company.as_deref() == Some(relation.company.as_str());
        Some((relation, is_right))
    };
    records.iter().filter_map(first).collect()
}

fn matched(record: &Record, index: &HashMap<MatchKey, Postings>) -> Vec<Relation> {
    let text = |field: &str| record.fields.get(field).and_then(|value| value.as_str());
    let attributes = Attributes {
        name: text("Name"),
        street: text("BillingStreet"),
        zip: text("BillingPostalCode"),
        city: text("BillingCity"),
        country: text("BillingCountry"),
        website: text("Website"),
        phone: text("Phone"),
        vat_id: text("VAT_ID__c"),
        register: text("Register_Number__c"),
        lei: text("LEI__c"),
        ..Attributes::default()
    };
    let profile = attributes.profile();
    let keys = profile.lookup_keys();
    let candidates: Vec<Candidate<'_>> = (keys.iter().filter_map(|key| index.get(key)))
        .flat_map(Postings::companies)
        .collect();
    decide(&profile, &candidates, &|| false)
}

#[test]
fn scores_claim_what_is_right_where_two_of_five_companies_are_missing() {
    let firsts = firsts();
    for (from, end) in [(500, 800), (800, 900), (900, 950), (950, 980), (980, 1_001)] {
        let here: Vec<&(Relation, bool)> = (firsts.iter())
            .filter(|(relation, _)| (from..end).contains(&relation.score))
            .collect();
        let claimed: f64 = here
            .iter()
            .map(|(one, _)| f64::from(one.score) / 1_000.0)
            .sum();
        let right = here.iter().filter(|(_, is_right)| *is_right).count() as f64;
        let n = here.len() as f64;
        assert!(
            here.len() < FEWEST || claimed / n <= right / n + OFF,
            "{from}: {claimed} claimed, {right} right of {n}"
        );
    }
    let automatic = (firsts.iter()).filter(|(one, _)| one.status == RelationStatus::Automatic);
    let (n, wrong) = automatic.fold((0, 0), |(n, wrong), (_, is_right)| {
        (n + 1, wrong + u32::from(!is_right))
    });
    assert!(n > 1_500 && wrong * 200 <= n, "{wrong} wrong of {n}");
}
