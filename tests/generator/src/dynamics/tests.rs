#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};

use super::{Record, canaries, records, write};
use crate::{Companies, Crm};

fn crm() -> Crm {
    Crm {
        seed: 7,
        companies: Companies {
            seed: 11,
            size: 3_000,
        },
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
    write(crm, &mut out, Some(&mut truth), Some(&mut canaries)).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out), text(truth), text(canaries))
}

fn text<'a>(record: &'a Record, name: &str) -> &'a str {
    let value = record.columns.get(name);
    value.and_then(|value| value.as_str()).unwrap_or_default()
}

fn of(object: &str) -> Vec<Record> {
    records(&crm())
        .filter(|record| record.object == object)
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    assert_eq!(lines(&crm()), lines(&crm()));
    assert_ne!(lines(&crm()).0, lines(&Crm { seed: 8, ..crm() }).0);
}

#[test]
fn lookups_lead_to_rows_that_came_before_and_no_two_rows_share_an_id() {
    let mut ids: HashSet<String> = HashSet::new();
    let mut ends: HashMap<String, usize> = HashMap::new();
    for record in records(&crm()) {
        let lookups = record
            .columns
            .iter()
            .filter(|(name, _)| name.ends_with("id"));
        for (name, value) in lookups {
            let Some((table, id)) = value.as_str().unwrap().split_once('/') else {
                continue;
            };
            if ["account", "contact", "lead", "opportunity"].contains(&table) {
                assert!(ids.contains(id), "{name} of {}", record.object);
                *ends
                    .entry(format!("{} {name} {table}", record.object))
                    .or_default() += 1;
            }
        }
        assert!(ids.insert(record.id));
    }
    for end in [
        "contact parentcustomerid account",
        "contact parentcustomerid contact",
        "task regardingobjectid lead",
        "task regardingobjectid opportunity",
        "account parentaccountid account",
        "opportunity originatingleadid lead",
    ] {
        assert!(ends[end] > 10, "{end}");
    }
    assert_eq!(ids.len(), 3_300);
}

#[test]
fn each_person_is_found_by_the_canaries() {
    let listed: HashSet<String> = canaries(&crm()).collect();
    assert!(listed.iter().all(|canary| canary.chars().count() >= 8));
    let mut several = 0;
    for record in of("contact").into_iter().chain(of("lead")) {
        let name = format!(
            "{} {}",
            text(&record, "firstname"),
            text(&record, "lastname")
        );
        assert!(listed.contains(&name), "{name}");
        for column in ["emailaddress1", "emailaddress2", "emailaddress3"] {
            let email = text(&record, column);
            assert!(email.is_empty() || listed.contains(email), "{email}");
        }
        several += usize::from(!text(&record, "emailaddress2").is_empty());
    }
    assert!((200..600).contains(&several), "{several}");
    let tasks = of("task");
    let named = |task: &&Record| {
        listed
            .iter()
            .any(|canary| text(task, "subject").contains(canary.as_str()))
    };
    assert!(tasks.iter().filter(named).count() > 150);
}

#[test]
fn the_truth_names_a_company_of_the_database_or_nothing() {
    let (out, truth, _) = lines(&crm());
    let rows: Vec<(&str, &str)> = truth
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .collect();
    assert_eq!(rows.len(), 2_500);
    let known = rows.iter().filter(|(_, company)| !company.is_empty());
    assert!((1_900..2_400).contains(&known.count()));
    let mean = out.len() / 3_300;
    assert!((700..1_600).contains(&mean), "{mean} bytes a row");
    let companies: HashMap<String, Option<String>> = of("account")
        .into_iter()
        .map(|record| (record.id, record.company))
        .collect();
    for record in of("contact") {
        if let Some(("account", id)) = text(&record, "parentcustomerid").split_once('/') {
            assert_eq!(record.company, companies[id]);
        }
    }
}

#[test]
fn no_text_is_longer_than_its_column() {
    let limits = [
        ("emailaddress1", 100),
        ("emailaddress2", 100),
        ("companyname", 100),
        ("name", 160),
        ("websiteurl", 200),
        ("telephone1", 50),
        ("address1_line1", 250),
        ("address1_city", 80),
        ("address1_postalcode", 20),
        ("description", 2_000),
    ];
    // The address at work of one of these leads has more than 100 characters.
    let long = Crm {
        seed: 5,
        companies: Companies {
            seed: 1,
            size: 3_000,
        },
        accounts: 0,
        contacts: 0,
        leads: 7_700,
        opportunities: 0,
        tasks: 0,
        ..crm()
    };
    for record in records(&crm()).chain(records(&long)) {
        for (name, most) in limits {
            let length = text(&record, name).chars().count();
            assert!(length <= most, "{name} of {} has {length}", record.object);
        }
    }
}
