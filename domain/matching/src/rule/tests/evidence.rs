//! Evidence says which part of the names agrees, and what the other companies say comes last.

use super::decide;
use crate::company::{Company, CompanyId};
use crate::rule::{Agreement, Attributes, MatchField, NamePart, Relation};

fn company(name: &str) -> Company {
    Company {
        zip: Some("57072".to_owned()),
        city: Some("Siegen".to_owned()),
        domain: Some("quandtner.example".to_owned()),
        ..Company::new(CompanyId::parse("c1").unwrap(), name)
    }
}

fn relation(name: &str, other: &str) -> Option<Relation> {
    let attributes = Attributes {
        name: Some(name),
        zip: Some("57072"),
        city: Some("Siegen"),
        website: Some("quandtner.example"),
        ..Attributes::default()
    };
    decide(&attributes, &[company(other)]).into_iter().next()
}

#[test]
fn a_name_that_agrees_in_part_says_which_part() {
    for (name, other, expected) in [
        (
            "Quandtner Feinblech",
            "Quandtner Feinblech Ruckdeschel GmbH",
            Some(NamePart::MoreInCompany),
        ),
        (
            "Quandtner Feinblech Ruckdeschel",
            "Quandtner Feinblech GmbH",
            Some(NamePart::MoreInRecord),
        ),
        (
            "QFZ",
            "Quandtner Feinblech Zantavex",
            Some(NamePart::Initials),
        ),
        (
            "Quandtner Feinblech Ruckdeschel",
            "Quandtner Feinblech Zantavex GmbH",
            Some(NamePart::RareWord),
        ),
        ("Quandtner Feinblech", "Quandtner Feinblech GmbH", None),
        ("Quantdner Feinblech", "Quandtner Feinblech GmbH", None),
    ] {
        let evidence = relation(name, other).unwrap().evidence;
        let compared = evidence.iter().find(|one| one.field == MatchField::Name);
        let (agreement, part) = compared.map(|one| (one.agreement, one.part)).unwrap();
        assert_eq!(part, expected, "{name} as {other}");
        let is_in_part = matches!(agreement, Agreement::Close | Agreement::Partly);
        assert!(is_in_part || part.is_none(), "{name} as {other}");
    }
}

#[test]
fn what_the_other_companies_say_is_never_first_or_alone() {
    for name in ["Quandtner Feinblech", "Quandtner", "QF", ""] {
        let relation = relation(name, "Quandtner Feinblech GmbH").unwrap();
        let about_others = |field| field == MatchField::Rivals;
        let places: Vec<usize> = (relation.evidence.iter().enumerate())
            .filter(|(_, one)| about_others(one.field))
            .map(|(at, _)| at)
            .collect();
        assert!(
            places
                .iter()
                .all(|at| *at > 0 && *at == relation.evidence.len() - 1),
            "{name}: {places:?}"
        );
    }
}
