#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};

use crate::company::{self, Format, Packing};
use crate::salesforce;
use crate::{Companies, Crm, Record, canaries};

const COMPANIES: Companies = Companies {
    seed: 11,
    size: 3_000,
};

fn crm() -> Crm {
    Crm {
        seed: 7,
        companies: COMPANIES,
        accounts: 900,
        person_accounts: 0,
        contacts: 1_200,
        leads: 400,
        opportunities: 300,
        tasks: 500,
    }
}

fn lines(crm: &Crm) -> (String, String, String) {
    let (mut out, mut truth, mut canaries) = (Vec::new(), Vec::new(), Vec::new());
    salesforce::write(crm, &mut out, Some(&mut truth), Some(&mut canaries)).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out), text(truth), text(canaries))
}

fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record
        .fields
        .get(field)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    assert_eq!(lines(&crm()), lines(&crm()));
    assert_ne!(lines(&crm()).0, lines(&Crm { seed: 8, ..crm() }).0);
    let file = |seed| {
        let mut out = Vec::new();
        company::write(
            &Companies { seed, size: 200 },
            Format::Csv,
            Packing::None,
            &mut out,
        )
        .unwrap();
        out
    };
    assert_eq!(file(1), file(1));
    assert_ne!(file(1), file(2));
}

#[test]
fn a_company_is_the_same_whatever_the_size_of_its_database() {
    let larger = Companies {
        size: 1_000_000,
        ..COMPANIES
    };
    assert!(
        COMPANIES
            .iter()
            .enumerate()
            .all(|(n, company)| company == larger.nth(n as u64))
    );
}

#[test]
fn companies_have_ids_of_their_own_and_parents_that_exist() {
    let companies: Vec<_> = COMPANIES.iter().collect();
    let ids: HashSet<&str> = companies
        .iter()
        .map(|company| company.id.as_str())
        .collect();
    assert_eq!(ids.len(), companies.len());
    let children: Vec<_> = companies
        .iter()
        .filter(|company| !company.parent_id.is_empty())
        .collect();
    assert!(children.len() > companies.len() / 20);
    assert!(
        children
            .iter()
            .all(|child| child.parent_id < child.id && ids.contains(child.parent_id.as_str()))
    );
}

#[test]
fn only_families_share_a_domain_and_some_strangers_share_a_name() {
    let mut by_domain: HashMap<String, Vec<_>> = HashMap::new();
    let mut names: HashMap<String, u32> = HashMap::new();
    for company in COMPANIES.iter() {
        *names.entry(company.name.clone()).or_default() += 1;
        if !company.domain.is_empty() {
            by_domain
                .entry(company.domain.clone())
                .or_default()
                .push(company);
        }
    }
    let shared: Vec<_> = by_domain
        .values()
        .filter(|family| family.len() > 1)
        .collect();
    assert!(!shared.is_empty());
    for family in shared {
        let roots = family
            .iter()
            .filter(|company| company.parent_id.is_empty())
            .count();
        assert!(roots <= 1, "{:?}", family[0].domain);
    }
    assert!(names.values().any(|n| *n > 1));
}

#[test]
fn the_mix_has_what_makes_matching_hard() {
    let companies: Vec<_> = COMPANIES.iter().collect();
    let share = |is: &dyn Fn(&company::Company) -> bool| {
        companies.iter().filter(|company| is(company)).count() * 100 / companies.len()
    };
    assert!((50..85).contains(&share(&|company| company.country == "DE")));
    assert!(share(&|company| company.name.contains(['ä', 'ö', 'ü', 'ß'])) > 15);
    assert!(share(&|company| company.domain.is_empty()) > 5);
    assert!(share(&|company| company.vat_id.is_empty()) > 5);
    let records: Vec<Record> = crm()
        .records()
        .filter(|record| record.object == "Account")
        .collect();
    let of_known: Vec<&str> = records
        .iter()
        .filter_map(|record| record.company.as_deref())
        .collect();
    assert!(
        (75..95).contains(&(of_known.len() * 100 / records.len())),
        "{} of {}",
        of_known.len(),
        records.len()
    );
    assert!(
        of_known.iter().collect::<HashSet<_>>().len() < of_known.len(),
        "no duplicates"
    );
}

#[test]
fn links_point_at_records_that_came_before() {
    let mut ids = HashSet::new();
    let mut n_links = 0;
    for record in crm().records() {
        for field in ["AccountId", "ContactId", "WhoId", "WhatId", "ParentId"] {
            let target = text(&record, field);
            if !target.is_empty() {
                n_links += 1;
                assert!(ids.contains(target), "{} {field} {target}", record.object);
            }
        }
        assert_eq!(text(&record, "Id"), record.id);
        assert_eq!(record.id.len(), 18);
        let prefix = match record.object {
            "Account" => "001",
            "Contact" => "003",
            "Lead" => "00Q",
            "Opportunity" => "006",
            _ => "00T",
        };
        assert!(record.id.starts_with(prefix));
        assert!(ids.insert(record.id), "an id came twice");
    }
    assert_eq!(ids.len(), 3_300);
    assert!(n_links > 2_000);
}

#[test]
fn records_have_about_25_fields_and_1300_bytes() {
    let (out, _, _) = lines(&crm());
    let mean = out.len() / 3_300;
    assert!((1_000..1_600).contains(&mean), "{mean} bytes a record");
    for record in crm().records() {
        assert!(
            (20..=32).contains(&record.fields.len()),
            "{} has {}",
            record.object,
            record.fields.len()
        );
    }
}

#[test]
fn each_person_is_found_by_the_canaries_and_no_company_is() {
    let canaries: Vec<String> = canaries(&crm()).collect();
    assert_eq!(canaries.len(), 2 * 1_600);
    assert!(canaries.iter().all(|canary| canary.chars().count() >= 8));
    let listed: HashSet<&str> = canaries.iter().map(String::as_str).collect();
    for record in crm()
        .records()
        .filter(|record| matches!(record.object, "Contact" | "Lead"))
    {
        assert!(listed.contains(text(&record, "Email")));
        let description = text(&record, "Description");
        let full_name: Vec<&str> = [text(&record, "FirstName"), text(&record, "LastName")].into();
        let full_name = full_name.join(" ");
        assert!(
            record.object == "Lead" && full_name.starts_with(' ')
                || listed.contains(full_name.as_str())
        );
        assert!(description.contains(full_name.trim()));
    }
    let mut file = Vec::new();
    company::write(&COMPANIES, Format::Csv, Packing::None, &mut file).unwrap();
    let file = String::from_utf8(file).unwrap();
    assert!(
        !canaries
            .iter()
            .step_by(11)
            .any(|canary| file.contains(canary.as_str()))
    );
    for record in crm().records().filter(|record| record.object == "Account") {
        assert!(!listed.contains(text(&record, "Name")));
    }
}

#[test]
fn the_truth_names_a_company_of_the_database_or_nothing() {
    let (_, truth, canaries) = lines(&crm());
    let rows: Vec<(&str, &str)> = truth
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .collect();
    assert_eq!(rows.len(), 2_500);
    let ids: HashSet<String> = COMPANIES.iter().map(|company| company.id).collect();
    assert!(
        rows.iter()
            .all(|(_, company)| company.is_empty() || ids.contains(*company))
    );
    assert_eq!(canaries.lines().count(), 2 * 1_600);
}

#[test]
fn nothing_asked_for_is_an_empty_file() {
    let nothing = Crm {
        accounts: 0,
        person_accounts: 0,
        contacts: 0,
        leads: 0,
        opportunities: 0,
        tasks: 0,
        ..crm()
    };
    assert_eq!(lines(&nothing).0, "");
    // Without companies and accounts no record belongs to a known company.
    let lonely = Crm {
        companies: Companies { seed: 1, size: 0 },
        accounts: 0,
        ..crm()
    };
    assert!(lonely.records().all(|record| record.company.is_none()));
}

#[test]
fn a_person_account_is_one_account_and_one_contact_with_addresses_of_its_own() {
    let crm = Crm {
        person_accounts: 25,
        ..crm()
    };
    let records: Vec<_> = crm.records().collect();
    assert_eq!(records.len(), 3_300 + 2 * 25);
    let persons = |object: &str| {
        let of = records.iter().filter(|record| record.object == object);
        of.filter(|record| record.fields.get("IsPersonAccount") == Some(&true.into()))
            .collect::<Vec<_>>()
    };
    let (accounts, contacts) = (persons("Account"), persons("Contact"));
    assert_eq!((accounts.len(), contacts.len()), (25, 25));
    for (account, contact) in accounts.iter().zip(contacts) {
        assert_eq!(account.fields["PersonContactId"], contact.id.as_str());
        assert_eq!(contact.fields["AccountId"], account.id.as_str());
        assert_eq!(account.fields["PersonEmail"], contact.fields["Email"]);
        assert_ne!(
            account.fields["PersonEmail"],
            account.fields["Private_Email__pc"]
        );
    }
    let canaries: Vec<String> = canaries(&crm).collect();
    assert_eq!(canaries.len(), 2 * 1_600 + 3 * 25);
    for name in ["Name", "PersonEmail", "Private_Email__pc"] {
        let text = accounts[0].fields[name].as_str().unwrap().to_owned();
        assert!(canaries.contains(&text), "{name}");
    }
}
