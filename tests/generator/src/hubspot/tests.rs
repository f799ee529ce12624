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
    let value = record.properties.get(name);
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
fn associations_lead_to_records_that_came_before_and_ids_are_unique_within_an_object() {
    let mut ids: HashMap<&str, HashSet<String>> = HashMap::new();
    for record in records(&crm()) {
        for one in &record.associations {
            let there = ids.get(one.object);
            assert!(there.is_some_and(|ids| ids.contains(&one.id)), "{one:?}");
        }
        let primary = record.associations.iter();
        let primary = primary.filter(|one| one.primary && one.object == "companies");
        assert!(primary.count() <= 1);
        assert!(ids.entry(record.object).or_default().insert(record.id));
    }
    let shared = ids["tasks"].intersection(&ids["companies"]).count();
    assert_eq!(shared, 500, "an id alone does not say whose it is");
}

#[test]
fn no_two_contacts_have_the_same_address_and_some_have_several() {
    let contacts = of("contacts");
    let (mut seen, mut several) = (HashSet::new(), 0);
    for contact in &contacts {
        let others = text(contact, "hs_additional_emails");
        several += usize::from(!others.is_empty());
        for email in std::iter::once(text(contact, "email")).chain(others.split(';')) {
            assert!(email.is_empty() || seen.insert(email.to_owned()), "{email}");
        }
    }
    assert!((200..600).contains(&several), "{several}");
    let others = contacts.iter().filter(|one| one.associations.len() > 1);
    assert!(others.count() > 40, "a contact with two companies");
    let alone = contacts.iter().filter(|one| one.associations.is_empty());
    assert!(alone.count() > 20, "a contact without a company");
}

#[test]
fn each_lead_has_a_primary_contact_or_company() {
    let leads = of("leads");
    assert_eq!(leads.len(), 400);
    for lead in &leads {
        assert!(lead.associations.iter().any(|one| one.primary), "{lead:?}");
    }
    let by_company = |lead: &&Record| lead.associations.iter().all(|one| one.object != "contacts");
    assert!((20..120).contains(&leads.iter().filter(by_company).count()));
    let nobody = Crm {
        accounts: 0,
        contacts: 0,
        ..crm()
    };
    assert!(records(&nobody).all(|record| record.object != "leads"));
}

#[test]
fn each_person_is_found_by_the_canaries() {
    let listed: HashSet<String> = canaries(&crm()).collect();
    assert!(listed.iter().all(|canary| canary.chars().count() >= 8));
    for contact in of("contacts") {
        let name = format!(
            "{} {}",
            text(&contact, "firstname"),
            text(&contact, "lastname")
        );
        assert!(listed.contains(&name) && text(&contact, "message").contains(&name));
        let others = text(&contact, "hs_additional_emails").split(';');
        for email in others.chain([text(&contact, "email")]) {
            assert!(email.is_empty() || listed.contains(email), "{email}");
        }
    }
    let names = |record: &Record, name| {
        let text = text(record, name);
        listed.iter().any(|canary| text.contains(canary.as_str()))
    };
    let leads = of("leads");
    let named = leads.iter().filter(|lead| names(lead, "hs_lead_name"));
    assert!(named.count() > 280);
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
    let ids: HashSet<&str> = rows.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids.len(), rows.len(), "no id of the truth is ambiguous");
    let mean = out.len() / 3_300;
    assert!((900..1_600).contains(&mean), "{mean} bytes a record");
    let companies: HashMap<String, Option<String>> = of("companies")
        .into_iter()
        .map(|record| (record.id, record.company))
        .collect();
    for record in of("contacts").into_iter().chain(of("leads")) {
        let parent = record.associations.iter();
        let mut parent = parent.filter(|one| one.primary && one.object == "companies");
        if let Some(parent) = parent.next() {
            assert_eq!(record.company, companies[&parent.id]);
        }
    }
}
