#![allow(clippy::unwrap_used)]

mod calibrated;
mod doubts;
mod evidence;
mod groups;
mod identifiers;
mod personal;
mod reached;
mod synthetic;

use proptest::prelude::*;

use super::cutoffs::Cutoffs;
use super::decide::decide_with;
use super::*;
use crate::{
    company::{Company, CompanyId},
    index::Posting,
};

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
fn an_equal_domain_with_another_name_and_city_is_suggested_at_most() {
    let elsewhere = Company {
        zip: Some("44787".to_owned()),
        city: Some("Bochum".to_owned()),
        ..company("c1", "Stadtwerke Bochum AG")
    };
    let relations = decide(&attributes(), &[elsewhere]);
    // Of the labelled records, fewer than a third of such links are right.
    let is_suggested = |relation: &Relation| relation.status == RelationStatus::Suggested;
    assert!(relations.iter().all(is_suggested));
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
