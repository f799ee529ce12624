//! Names of people.

use super::company;
use crate::company::Company;
use crate::index::Posting;
use crate::rule::{Attributes, Candidate, Relation, RelationStatus, decide};

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
    decide(&attributes.profile(), &candidates, &|| is_persons)
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
