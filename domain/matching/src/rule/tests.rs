#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::convert::Infallible;

use generator::{Companies, Crm};
use proptest::prelude::*;

use super::cutoffs::Cutoffs;
use super::decide::decide_with;
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

fn attributes<'a>() -> Attributes<'a> {
    Attributes {
        name: Some("Mueller Werkzeugbau"),
        zip: Some("10115"),
        city: Some("Berlin"),
        website: Some("www.mueller-werkzeugbau.example"),
        ..Attributes::default()
    }
}

fn decide(attributes: &Attributes<'_>, companies: &[Company]) -> Vec<Relation> {
    let postings: Vec<Posting> = companies.iter().map(Posting::of).collect();
    let candidates: Vec<Candidate<'_>> = postings.iter().collect();
    super::decide(&attributes.profile(), &candidates, &|| false)
}

#[test]
fn an_equal_domain_name_and_city_are_automatic_and_each_is_evidence() {
    let relations = decide(&attributes(), &[company("c1", "Müller Werkzeugbau GmbH")]);
    assert_eq!(relations.len(), 1);
    assert_eq!(relations[0].status, RelationStatus::Automatic);
    assert!(relations[0].score >= Cutoffs::CALIBRATED.automatic && relations[0].score <= 1_000);
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
fn an_equal_domain_with_another_name_and_city_is_only_suggested() {
    let elsewhere = Company {
        zip: Some("44787".to_owned()),
        city: Some("Bochum".to_owned()),
        ..company("c1", "Stadtwerke Bochum AG")
    };
    let relations = decide(&attributes(), &[elsewhere]);
    assert_eq!(relations[0].status, RelationStatus::Suggested);
}

#[test]
fn another_member_of_the_group_is_suggested_at_most() {
    for name in [
        "Müller Werkzeugbau Verwaltungsgesellschaft mbH",
        "Müller Werkzeugbau Schweiz AG",
    ] {
        let relations = decide(&attributes(), &[company("c1", name)]);
        assert_eq!(relations[0].status, RelationStatus::Suggested, "{name}");
    }
    // A record hardly ever means a holding without saying so.
    let relations = decide(
        &attributes(),
        &[company("c1", "Müller Werkzeugbau Holding GmbH")],
    );
    assert!(
        relations
            .iter()
            .all(|relation| relation.status == RelationStatus::Suggested)
    );
}

#[test]
fn the_named_member_of_a_group_comes_before_the_others() {
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
            &Attributes {
                name: Some(name),
                ..attributes()
            },
            &group,
        );
        assert_eq!(relations[0].company.as_str(), expected, "{name}");
    }
}

#[test]
fn of_two_equally_good_companies_both_are_suggested() {
    let namesakes = [
        company("c1", "Müller Werkzeugbau"),
        company("c2", "Müller Werkzeugbau"),
    ];
    let relations = decide(&attributes(), &namesakes);
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
fn a_vat_id_tells_namesakes_apart_and_another_one_outweighs_all_else() {
    let other = Company {
        vat_id: Some("DE811569869".to_owned()),
        ..company("c2", "Müller Werkzeugbau")
    };
    let namesakes = [company("c1", "Müller Werkzeugbau"), other];
    let with_vat = Attributes {
        vat_id: Some("DE 811 569 869"),
        ..attributes()
    };
    let relations = decide(&with_vat, &namesakes);
    assert_eq!(relations[0].company.as_str(), "c2");
    assert_eq!(relations[0].status, RelationStatus::Automatic);
    let relations = decide(&with_vat, &namesakes[..1]);
    assert!(
        relations
            .iter()
            .all(|relation| relation.status != RelationStatus::Automatic)
    );
}

#[test]
fn a_namesake_in_another_city_is_not_automatic() {
    let namesake = Company {
        zip: Some("80331".to_owned()),
        city: Some("München".to_owned()),
        domain: Some("mueller-muenchen.example".to_owned()),
        ..company("c1", "Müller Werkzeugbau GmbH")
    };
    let relations = decide(&attributes(), &[namesake]);
    assert!(
        relations
            .iter()
            .all(|relation| relation.status != RelationStatus::Automatic)
    );
}

#[test]
fn without_attributes_or_candidates_there_is_no_relation() {
    assert!(
        decide(
            &Attributes::default(),
            &[company("c1", "Müller Werkzeugbau")]
        )
        .is_empty()
    );
    assert!(decide(&attributes(), &[]).is_empty());
    assert!(Attributes::default().lookup_keys().is_empty());
    let private = Attributes {
        name: Some(""),
        email: Some("anna@gmail.com"),
        website: Some("facebook.com/anna"),
        ..Attributes::default()
    };
    assert!(private.lookup_keys().is_empty());
}

#[test]
fn equally_good_companies_are_suggested_up_to_the_limit() {
    for n in [2, 3, 4, 40] {
        let many: Vec<Company> = (0..n)
            .map(|n| company(&format!("c{n:02}"), "Müller Werkzeugbau"))
            .collect();
        let relations = decide(&attributes(), &many);
        assert!(relations.len() >= 2 && relations.len() <= 5, "{n}");
        assert!(
            relations
                .iter()
                .all(|relation| relation.status == RelationStatus::Suggested)
        );
        let posted: Vec<Posting> = many.iter().map(Posting::of).collect();
        let candidates: Vec<Candidate<'_>> = posted.iter().collect();
        let one = Cutoffs {
            max_relations: 1,
            ..Cutoffs::CALIBRATED
        };
        let relations = decide_with(&one, &attributes().profile(), &candidates, &|| false);
        assert_eq!(relations.len(), 1);
    }
}

#[test]
fn cutoffs_decide_what_is_automatic_and_what_is_suggested() {
    let posting = Posting::of(&company("c1", "Müller Werkzeugbau GmbH"));
    let strict = Cutoffs {
        automatic: 1_001,
        ..Cutoffs::CALIBRATED
    };
    assert_eq!(
        decide_with(&strict, &attributes().profile(), &[&posting], &|| false)[0].status,
        RelationStatus::Suggested
    );
    let stricter = Cutoffs {
        suggested: 1_001,
        ..Cutoffs::CALIBRATED
    };
    assert!(decide_with(&stricter, &attributes().profile(), &[&posting], &|| false).is_empty());
}

proptest! {
    #[test]
    fn the_order_and_repetition_of_candidates_do_not_matter(order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(), again in prop::collection::vec(0..6_usize, 0..6)) {
        let names = ["Müller Werkzeugbau", "Müller Werkzeugbau Holding", "Mueller Werkzeugbau AG", "Maier", "Müller", "Werkzeugbau Müller"];
        let postings: Vec<Posting> = names.iter().enumerate().map(|(n, name)| Posting::of(&company(&format!("c{n}"), name))).collect();
        let straight: Vec<Candidate<'_>> = postings.iter().collect();
        let copies = postings.clone();
        let mixed: Vec<Candidate<'_>> = order.iter().map(|at| &postings[*at]).chain(again.iter().map(|at| &copies[*at])).collect();
        let profile = attributes().profile();
        prop_assert_eq!(super::decide(&profile, &mixed, &|| false), super::decide(&profile, &straight, &|| false));
    }

    #[test]
    fn arbitrary_records_and_companies_never_panic(name in "\\PC{0,60}", other in "\\PC{0,60}", zip in "\\PC{0,10}", phone in "[0-9+() ]{0,24}") {
        let attributes = Attributes { name: Some(&name), zip: Some(&zip), city: Some(&other), phone: Some(&phone), register: Some(&other), ..Attributes::default() };
        let candidate = Company { phone: Some(phone.clone()), zip: Some(zip.clone()), street: Some(name.clone()), ..company("c", &other) };
        for relation in decide(&attributes, &[candidate]) {
            prop_assert!(relation.score <= 1_000);
        }
    }
}

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
        for relation in super::decide(&profile, &candidates, &|| false) {
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
fn a_mistyped_vat_id_or_one_of_another_country_does_not_contradict() {
    let werk = || {
        let vat_id = Some("DE811569869".to_owned());
        Company {
            vat_id,
            ..company("c1", "Müller Werkzeugbau GmbH")
        }
    };
    for (vat_id, expected) in [
        ("DE 811 569 869", RelationStatus::Automatic),
        // One wrong digit, another id with one wrong digit, an Austrian id.
        ("DE 811 569 868", RelationStatus::Automatic),
        ("DE 129 274 203", RelationStatus::Automatic),
        ("ATU33864707", RelationStatus::Automatic),
        ("DE 129 274 202", RelationStatus::Suggested),
    ] {
        let with_vat = Attributes {
            vat_id: Some(vat_id),
            ..attributes()
        };
        let relations = decide(&with_vat, &[werk()]);
        assert_eq!(relations[0].status, expected, "{vat_id}");
    }
}

#[test]
fn identifiers_with_wrong_check_digits_make_no_keys() {
    let key = |vat_id, register, lei| {
        let kinds = Attributes {
            vat_id,
            register,
            lei,
            ..Attributes::default()
        };
        kinds.lookup_keys().len()
    };
    assert_eq!(key(Some("DE129274202"), None, None), 1);
    assert_eq!(key(Some("DE129274203"), None, None), 0);
    assert_eq!(key(None, Some("FN 93363z"), None), 1);
    assert_eq!(key(None, Some("FN 93363a"), None), 0);
    assert_eq!(key(None, None, Some("7LTWFZYICNSX8D621K86")), 1);
    assert_eq!(key(None, None, Some("7LTWFZYICNSX8D621K87")), 0);
}

#[test]
fn a_shared_vat_id_under_another_name_is_only_suggested() {
    let stranger = Attributes {
        name: Some("Nordwind Solar"),
        vat_id: Some("DE129274202"),
        ..Attributes::default()
    };
    let relations = decide(&stranger, &[company("c1", "Müller Werkzeugbau GmbH")]);
    assert_eq!(relations[0].status, RelationStatus::Suggested);
    // An LEI belongs to a single company, whatever its name.
    let lei = Some("7LTWFZYICNSX8D621K86");
    let renamed = Company {
        lei: lei.map(str::to_owned),
        ..company("c1", "Müller Werkzeugbau GmbH")
    };
    let relations = decide(&Attributes { lei, ..stranger }, &[renamed]);
    assert_eq!(relations[0].status, RelationStatus::Automatic);
}

#[test]
fn an_entry_at_a_former_court_does_not_contradict() {
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
        let entered = Attributes {
            register: Some(register),
            ..attributes()
        };
        let relations = decide(&entered, std::slice::from_ref(&werk));
        assert_eq!(relations[0].status, expected, "{register}");
    }
}

/// Matches a record with the given name and other attributes against a sole trader and other
/// companies with complete values.
fn named(name: &str, more: Attributes<'_>, is_persons: bool) -> Vec<Relation> {
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
    let attributes = Attributes {
        name: Some(name),
        ..more
    };
    super::decide(&attributes.profile(), &candidates, &|| is_persons)
}

fn first(relations: &[Relation]) -> Option<(&str, RelationStatus)> {
    let first = relations.first()?;
    Some((first.company.as_str(), first.status))
}

#[test]
fn a_persons_name_alone_is_never_automatic_and_is_suggested() {
    let placed = Attributes {
        zip: Some("10115"),
        city: Some("Berlin"),
        ..Attributes::default()
    };
    let nothing = Attributes::default;
    for (name, more, is_persons, expected) in [
        // Just a person's name.
        ("Thomas Müller", nothing(), false, RelationStatus::Suggested),
        // A name that the record says is a person's, and the city where that person lives.
        ("Thomas Müller", nothing(), true, RelationStatus::Suggested),
        ("Thomas Müller", placed, true, RelationStatus::Suggested),
        // A business with an address.
        ("Thomas Müller", placed, false, RelationStatus::Automatic),
    ] {
        let found = named(name, more, is_persons);
        assert_eq!(
            first(&found),
            Some(("trader", expected)),
            "{name} {is_persons}"
        );
    }
    // An attribute of the business itself.
    let street = Attributes {
        street: Some("Hauptstr. 12"),
        ..placed
    };
    let found = named("Thomas Müller", street, true);
    assert_eq!(first(&found), Some(("trader", RelationStatus::Automatic)));
}

#[test]
fn the_name_of_a_company_is_automatic() {
    for (name, company) in [
        ("Nordwerk Anlagen", "firm"),
        ("Thomas Weber Bau GmbH", "trade"),
        ("Nordwerk Anlagen AG", "firm"),
    ] {
        let found = named(name, Attributes::default(), false);
        assert_eq!(
            first(&found),
            Some((company, RelationStatus::Automatic)),
            "{name}"
        );
    }
}
