//! Synthetic companies and accounts.

use std::collections::HashMap;
use std::convert::Infallible;

use generator::{Companies, Crm};

use crate::index::{self, MatchKey, Postings};
use crate::reader::CompanyReader;
use crate::rule::{Attributes, Candidate, RelationStatus, decide};

/// The generator's company file goes through the reader, and its accounts through keys, index and
/// decision. The two crates do not share their rules, so this also checks the check digits of both.
#[test]
fn synthetic_accounts_are_matched_with_their_companies_and_hardly_ever_others() {
    let companies = Companies {
        seed: 5,
        size: 4_000,
    };
    let mut file = Vec::new();
    generator::company::write(
        &companies,
        generator::company::Format::Csv,
        generator::company::Packing::Zstd,
        &mut file,
    )
    .unwrap();
    let mut reader = CompanyReader::open(file.as_slice()).unwrap();
    assert!(reader.by_ref().all(|row| row.is_ok()));
    let report = reader.into_report();
    assert_eq!(
        (report.n_accepted, report.n_refused, report.n_warnings),
        (4_000, 0, 0),
        "{:?}",
        report.reasons
    );

    let mut index: HashMap<MatchKey, Postings> = HashMap::new();
    let loaded = CompanyReader::open(file.as_slice())
        .unwrap()
        .companies()
        .map(|company| Ok(company.unwrap()));
    index::build_part::<Infallible>(0, 1, loaded, |key, postings| {
        index.insert(key, postings);
        Ok(())
    })
    .unwrap();

    let crm = Crm {
        seed: 6,
        companies,
        accounts: 2_000,
        contacts: 0,
        leads: 0,
        person_accounts: 0,
        tasks: 0,
        opportunities: 0,
    };
    let (mut known, mut right, mut wrong) = (0, 0, 0);
    for record in crm.records() {
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
        let candidates: Vec<Candidate<'_>> = keys
            .iter()
            .filter_map(|key| index.get(key))
            .flat_map(Postings::companies)
            .collect();
        known += u32::from(record.company.is_some());
        for relation in decide(&profile, &candidates, &|| false) {
            if relation.status == RelationStatus::Automatic {
                let is_right = record.company.as_deref() == Some(relation.company.as_str());
                *(if is_right { &mut right } else { &mut wrong }) += 1;
            }
        }
    }
    assert!(right * 100 >= known * 80, "{right} of {known}");
    assert!(wrong * 200 <= right, "{wrong} wrong beside {right} right");
}
