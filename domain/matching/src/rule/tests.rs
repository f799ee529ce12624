#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::convert::Infallible;

use generator::{Companies, Crm};
use proptest::prelude::*;

use super::*;
use crate::reader::CompanyReader;
use crate::{Company, CompanyId, MatchKey, Posting, Postings, index};

fn company(id: &str, name: &str) -> Company {
    Company {
        street: Some("Hauptstraße 12".to_owned()),
        zip: Some("10115".to_owned()),
        city: Some("Berlin".to_owned()),
        country: Some("DE".to_owned()),
        domain: Some("mueller-werkzeugbau.example".to_owned()),
        vat_id: Some("DE129274202".to_owned()),
        ..Company::new(CompanyId::parse(id).unwrap(), name)
    }
}

fn subject<'a>() -> Subject<'a> {
    Subject {
        name: Some("Mueller Werkzeugbau"),
        zip: Some("10115"),
        city: Some("Berlin"),
        website: Some("www.mueller-werkzeugbau.example"),
        ..Subject::default()
    }
}

fn decide(subject: &Subject<'_>, companies: &[Company]) -> Vec<Relation> {
    let postings: Vec<Posting> = companies.iter().map(Posting::of).collect();
    let candidates: Vec<Candidate<'_>> = postings.iter().collect();
    Matching::default().decide(&subject.profile(), &candidates)
}

#[test]
fn the_same_domain_name_and_town_are_automatic_and_each_is_evidence() {
    let relations = decide(&subject(), &[company("c1", "Müller Werkzeugbau GmbH")]);
    assert_eq!(relations.len(), 1);
    assert_eq!(relations[0].status, RelationStatus::Automatic);
    assert!(relations[0].score >= Thresholds::default().automatic && relations[0].score <= 1_000);
    let fields: Vec<MatchField> = relations[0]
        .evidence
        .iter()
        .map(|evidence| evidence.field)
        .collect();
    for field in [
        MatchField::Name,
        MatchField::Domain,
        MatchField::Zip,
        MatchField::City,
    ] {
        assert!(fields.contains(&field), "{field:?}");
    }
    assert!(
        relations[0]
            .evidence
            .iter()
            .all(|evidence| evidence.agreement == Agreement::Equal)
    );
    assert!(
        relations[0]
            .evidence
            .is_sorted_by_key(|evidence| -evidence.weight.abs())
    );
}

#[test]
fn the_same_domain_under_another_name_in_another_town_is_suggested_only() {
    let elsewhere = Company {
        zip: Some("44787".to_owned()),
        city: Some("Bochum".to_owned()),
        ..company("c1", "Stadtwerke Bochum AG")
    };
    let relations = decide(&subject(), &[elsewhere]);
    assert_eq!(relations[0].status, RelationStatus::Suggested);
}

#[test]
fn another_member_of_the_group_is_suggested_at_most() {
    for name in [
        "Müller Werkzeugbau Verwaltungsgesellschaft mbH",
        "Müller Werkzeugbau Schweiz AG",
    ] {
        let relations = decide(&subject(), &[company("c1", name)]);
        assert_eq!(relations[0].status, RelationStatus::Suggested, "{name}");
    }
    // A holding is hardly ever what somebody meant who did not say so.
    let relations = decide(
        &subject(),
        &[company("c1", "Müller Werkzeugbau Holding GmbH")],
    );
    assert!(
        relations
            .iter()
            .all(|relation| relation.status == RelationStatus::Suggested)
    );
}

#[test]
fn the_member_of_the_group_that_is_named_is_taken_before_the_others() {
    let group = [
        company("c1", "Müller Werkzeugbau Holding GmbH"),
        company("c2", "Müller Werkzeugbau GmbH"),
        company("c3", "Müller Werkzeugbau Vertriebs GmbH"),
    ];
    for (name, expected) in [
        ("Müller Werkzeugbau", "c2"),
        ("Müller Werkzeugbau Holding", "c1"),
        ("Müller Werkzeugbau Vertriebsgesellschaft", "c3"),
    ] {
        let relations = decide(
            &Subject {
                name: Some(name),
                ..subject()
            },
            &group,
        );
        assert_eq!(relations[0].company.as_str(), expected, "{name}");
    }
}

#[test]
fn two_that_fit_alike_are_both_suggested_and_none_is_taken_at_random() {
    let twins = [
        company("c1", "Müller Werkzeugbau"),
        company("c2", "Müller Werkzeugbau"),
    ];
    let relations = decide(&subject(), &twins);
    assert_eq!(
        relations
            .iter()
            .map(|relation| relation.company.as_str())
            .collect::<Vec<_>>(),
        ["c1", "c2"]
    );
    assert!(
        relations
            .iter()
            .all(|relation| relation.status == RelationStatus::Suggested)
    );
}

#[test]
fn a_vat_id_tells_twins_apart_and_another_one_speaks_against_all_else() {
    let other = Company {
        vat_id: Some("DE811569869".to_owned()),
        ..company("c2", "Müller Werkzeugbau")
    };
    let twins = [company("c1", "Müller Werkzeugbau"), other];
    let with_vat = Subject {
        vat_id: Some("DE 811 569 869"),
        ..subject()
    };
    let relations = decide(&with_vat, &twins);
    assert_eq!(relations[0].company.as_str(), "c2");
    assert_eq!(relations[0].status, RelationStatus::Automatic);
    let relations = decide(&with_vat, &twins[..1]);
    assert!(
        relations
            .iter()
            .all(|relation| relation.status != RelationStatus::Automatic)
    );
}

#[test]
fn a_namesake_in_another_town_is_not_automatic() {
    let namesake = Company {
        zip: Some("80331".to_owned()),
        city: Some("München".to_owned()),
        domain: Some("mueller-muenchen.example".to_owned()),
        ..company("c1", "Müller Werkzeugbau GmbH")
    };
    let relations = decide(&subject(), &[namesake]);
    assert!(
        relations
            .iter()
            .all(|relation| relation.status != RelationStatus::Automatic)
    );
}

#[test]
fn nothing_said_or_nothing_found_is_no_relation() {
    assert!(decide(&Subject::default(), &[company("c1", "Müller Werkzeugbau")]).is_empty());
    assert!(decide(&subject(), &[]).is_empty());
    assert!(Subject::default().keys().is_empty());
    let private = Subject {
        name: Some(""),
        email: Some("anna@gmail.com"),
        website: Some("facebook.com/anna"),
        ..Subject::default()
    };
    assert!(private.keys().is_empty());
}

#[test]
fn however_many_fit_alike_some_are_suggested_and_never_more_than_the_bound() {
    for n in [2, 3, 4, 40] {
        let many: Vec<Company> = (0..n)
            .map(|n| company(&format!("c{n:02}"), "Müller Werkzeugbau"))
            .collect();
        let relations = decide(&subject(), &many);
        assert!(relations.len() >= 2 && relations.len() <= 5, "{n}");
        assert!(
            relations
                .iter()
                .all(|relation| relation.status == RelationStatus::Suggested)
        );
        let posted: Vec<Posting> = many.iter().map(Posting::of).collect();
        let candidates: Vec<Candidate<'_>> = posted.iter().collect();
        let one = Thresholds {
            max_relations: 1,
            ..Thresholds::default()
        };
        let relations = Matching::new(one).decide(&subject().profile(), &candidates);
        assert_eq!(relations.len(), 1);
    }
}

#[test]
fn thresholds_decide_what_is_automatic() {
    let posting = Posting::of(&company("c1", "Müller Werkzeugbau GmbH"));
    let strict = Matching::new(Thresholds {
        automatic: 1_001,
        ..Thresholds::default()
    });
    assert_eq!(
        strict.decide(&subject().profile(), &[&posting])[0].status,
        RelationStatus::Suggested
    );
    let stricter = Matching::new(Thresholds {
        suggested: 1_001,
        ..Thresholds::default()
    });
    assert!(
        stricter
            .decide(&subject().profile(), &[&posting])
            .is_empty()
    );
}

proptest! {
    #[test]
    fn the_order_and_repetition_of_candidates_do_not_matter(order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(), again in prop::collection::vec(0..6_usize, 0..6)) {
        let names = ["Müller Werkzeugbau", "Müller Werkzeugbau Holding", "Mueller Werkzeugbau AG", "Maier", "Müller", "Werkzeugbau Müller"];
        let postings: Vec<Posting> = names.iter().enumerate().map(|(n, name)| Posting::of(&company(&format!("c{n}"), name))).collect();
        let straight: Vec<Candidate<'_>> = postings.iter().collect();
        let copies = postings.clone();
        let mixed: Vec<Candidate<'_>> = order.iter().map(|at| &postings[*at]).chain(again.iter().map(|at| &copies[*at])).collect();
        let profile = subject().profile();
        prop_assert_eq!(Matching::default().decide(&profile, &mixed), Matching::default().decide(&profile, &straight));
    }

    #[test]
    fn no_record_and_no_company_make_it_panic(name in "\\PC{0,60}", other in "\\PC{0,60}", zip in "\\PC{0,10}", phone in "[0-9+() ]{0,24}") {
        let subject = Subject { name: Some(&name), zip: Some(&zip), city: Some(&other), phone: Some(&phone), register: Some(&other), ..Subject::default() };
        let candidate = Company { phone: Some(phone.clone()), zip: Some(zip.clone()), street: Some(name.clone()), ..company("c", &other) };
        for relation in decide(&subject, &[candidate]) {
            prop_assert!(relation.score <= 1_000);
        }
    }
}

/// The generator's company file through the reader, its Accounts through keys, index and decision. The two crates know nothing of each other's
/// rules, so this also checks the check digits of both.
#[test]
fn synthetic_accounts_find_their_companies_and_hardly_another() {
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
        let subject = Subject {
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
            ..Subject::default()
        };
        let profile = subject.profile();
        let keys = profile.keys();
        let candidates: Vec<Candidate<'_>> = keys
            .iter()
            .filter_map(|key| index.get(key))
            .flat_map(Postings::companies)
            .collect();
        known += u32::from(record.company.is_some());
        for relation in Matching::default().decide(&profile, &candidates) {
            if relation.status == RelationStatus::Automatic {
                let is_right = record.company.as_deref() == Some(relation.company.as_str());
                *(if is_right { &mut right } else { &mut wrong }) += 1;
            }
        }
    }
    assert!(right * 100 >= known * 80, "{right} of {known}");
    assert!(wrong * 200 <= right, "{wrong} wrong beside {right} right");
}

#[test]
fn a_mistyped_or_another_countrys_vat_id_is_no_proof_of_another_company() {
    let werk = || {
        let vat_id = Some("DE811569869".to_owned());
        Company {
            vat_id,
            ..company("c1", "Müller Werkzeugbau GmbH")
        }
    };
    for (vat_id, expected) in [
        ("DE 811 569 869", RelationStatus::Automatic),
        // A digit off, another id with a digit off, an Austrian one.
        ("DE 811 569 868", RelationStatus::Automatic),
        ("DE 129 274 203", RelationStatus::Automatic),
        ("ATU33864707", RelationStatus::Automatic),
        ("DE 129 274 202", RelationStatus::Suggested),
    ] {
        let with_vat = Subject {
            vat_id: Some(vat_id),
            ..subject()
        };
        let relations = decide(&with_vat, &[werk()]);
        assert_eq!(relations[0].status, expected, "{vat_id}");
    }
}

#[test]
fn identifiers_with_wrong_check_digits_are_no_keys() {
    let key = |vat_id, register, lei| {
        let kinds = Subject {
            vat_id,
            register,
            lei,
            ..Subject::default()
        };
        kinds.keys().len()
    };
    assert_eq!(key(Some("DE129274202"), None, None), 1);
    assert_eq!(key(Some("DE129274203"), None, None), 0);
    assert_eq!(key(None, Some("FN 93363z"), None), 1);
    assert_eq!(key(None, Some("FN 93363a"), None), 0);
    assert_eq!(key(None, None, Some("7LTWFZYICNSX8D621K86")), 1);
    assert_eq!(key(None, None, Some("7LTWFZYICNSX8D621K87")), 0);
}

#[test]
fn one_vat_id_under_two_names_is_a_groups_and_has_to_be_looked_at() {
    let stranger = Subject {
        name: Some("Nordwind Solar"),
        vat_id: Some("DE129274202"),
        ..Subject::default()
    };
    let relations = decide(&stranger, &[company("c1", "Müller Werkzeugbau GmbH")]);
    assert_eq!(relations[0].status, RelationStatus::Suggested);
    // An LEI is one company's, whatever it calls itself.
    let lei = Some("7LTWFZYICNSX8D621K86");
    let renamed = Company {
        lei: lei.map(str::to_owned),
        ..company("c1", "Müller Werkzeugbau GmbH")
    };
    let relations = decide(&Subject { lei, ..stranger }, &[renamed]);
    assert_eq!(relations[0].status, RelationStatus::Automatic);
}

#[test]
fn an_entry_at_a_court_that_was_taken_over_is_no_contradiction() {
    let werk = Company {
        register_number: Some("HRB 101234".to_owned()),
        register_court: Some("Stuttgart".to_owned()),
        ..company("c1", "Müller Werkzeugbau GmbH")
    };
    for (register, expected) in [
        ("Amtsgericht Heilbronn HRB 1234", RelationStatus::Automatic),
        (
            "Amtsgericht Stuttgart HRB 777999",
            RelationStatus::Suggested,
        ),
    ] {
        let entered = Subject {
            register: Some(register),
            ..subject()
        };
        let relations = decide(&entered, std::slice::from_ref(&werk));
        assert_eq!(relations[0].status, expected, "{register}");
    }
}

/// Sole traders and others, of whom the company database says all it can, and a record with a name and what else it may have.
fn named(name: &str, more: Subject<'_>, is_persons: bool) -> Vec<Relation> {
    let trader = Company {
        domain: None,
        ..company("trader", "Thomas Müller")
    };
    let others = [
        company("form", "Erika Huber e.K."),
        company("trade", "Thomas Weber Bau GmbH"),
        company("firm", "Nordwerk Anlagen AG"),
    ];
    let postings: Vec<Posting> = others.iter().chain([&trader]).map(Posting::of).collect();
    let candidates: Vec<Candidate<'_>> = postings.iter().collect();
    let subject = Subject {
        name: Some(name),
        ..more
    };
    Matching::default().decide_of(&subject.profile(), &candidates, || is_persons)
}

fn first(relations: &[Relation]) -> Option<(&str, RelationStatus)> {
    let first = relations.first()?;
    Some((first.company.as_str(), first.status))
}

#[test]
fn a_persons_name_alone_is_never_automatic_and_is_suggested() {
    let placed = Subject {
        zip: Some("10115"),
        city: Some("Berlin"),
        ..Subject::default()
    };
    let nothing = Subject::default;
    for (name, more, is_persons, expected) in [
        // A bare name of a person.
        ("Thomas Müller", nothing(), false, RelationStatus::Suggested),
        // A person's name, said to be one, and the town that the person lives in.
        ("Thomas Müller", nothing(), true, RelationStatus::Suggested),
        ("Thomas Müller", placed, true, RelationStatus::Suggested),
        // A business at a place.
        ("Thomas Müller", placed, false, RelationStatus::Automatic),
    ] {
        let found = named(name, more, is_persons);
        assert_eq!(
            first(&found),
            Some(("trader", expected)),
            "{name} {is_persons}"
        );
    }
    // Something of the business itself.
    let street = Subject {
        street: Some("Hauptstr. 12"),
        ..placed
    };
    let found = named("Thomas Müller", street, true);
    assert_eq!(first(&found), Some(("trader", RelationStatus::Automatic)));
}

#[test]
fn the_name_of_a_company_is_automatic_as_before() {
    for (name, company) in [
        ("Nordwerk Anlagen", "firm"),
        ("Thomas Weber Bau GmbH", "trade"),
        ("Nordwerk Anlagen AG", "firm"),
    ] {
        let found = named(name, Subject::default(), false);
        assert_eq!(
            first(&found),
            Some((company, RelationStatus::Automatic)),
            "{name}"
        );
    }
}
