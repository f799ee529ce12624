//! Links that a person would not make, however alike the names are. Each is suggested.

use super::decide;
use crate::company::{Company, CompanyId};
use crate::rule::{Attributes, RelationStatus};

/// A company with nothing but name, postal code, town and country.
fn at(name: &str, zip: &str, city: &str, country: &str) -> Company {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Company {
        zip: some(zip),
        city: some(city),
        country: some(country),
        ..Company::new(CompanyId::parse("c1").unwrap(), name)
    }
}

fn named<'a>(name: &'a str, zip: &'a str, city: &'a str, country: &'a str) -> Attributes<'a> {
    Attributes {
        name: Some(name),
        zip: Some(zip),
        city: Some(city),
        country: Some(country),
        ..Attributes::default()
    }
}

fn status(attributes: &Attributes<'_>, company: &Company) -> Option<RelationStatus> {
    Some(
        decide(attributes, std::slice::from_ref(company))
            .first()?
            .status,
    )
}

const AUTOMATIC: Option<RelationStatus> = Some(RelationStatus::Automatic);

/// The link is not automatic, and claims at most four to one.
fn doubtful(attributes: &Attributes<'_>, company: &Company) {
    for relation in decide(attributes, std::slice::from_ref(company)) {
        assert!(relation.score <= 800, "{}", relation.score);
    }
    let found = status(attributes, company);
    let (name, other) = (attributes.name.unwrap_or_default(), &company.name);
    assert_ne!(found, AUTOMATIC, "{name} as {other}");
}

/// The link is automatic.
fn sure(attributes: &Attributes<'_>, company: &Company) {
    let found = status(attributes, company);
    let (name, other) = (attributes.name.unwrap_or_default(), &company.name);
    assert_eq!(found, AUTOMATIC, "{name} as {other}");
}

#[test]
fn a_sister_in_another_country_is_not_automatic() {
    for country in ["DE", "Deutschland", "Germany"] {
        doubtful(
            &named("Zantavex", "", "", country),
            &at("Zantavex", "", "", "FR"),
        );
        doubtful(
            &named("Zantavex Pharma", "", "", country),
            &at("Zantavex Pharma SAS", "69003", "Lyon", "FR"),
        );
        sure(
            &named("Zantavex Pharma", "", "", country),
            &at("Zantavex Pharma GmbH", "80331", "München", "DE"),
        );
    }
    // The domain of a group does not say which of its companies is meant.
    let with_site = Attributes {
        website: Some("zantavex.example"),
        ..named("Zantavex", "", "", "DE")
    };
    let sister = Company {
        domain: Some("zantavex.example".to_owned()),
        ..at("Zantavex SAS", "69003", "Lyon", "FR")
    };
    doubtful(&with_site, &sister);
    sure(
        &with_site,
        &Company {
            country: Some("DE".to_owned()),
            ..sister
        },
    );
}

#[test]
fn a_namesake_in_another_town_is_not_automatic() {
    for name in [
        "Gasthof zur Post",
        "Rathaus-Apotheke",
        "Quandtner Feinblech",
    ] {
        doubtful(
            &named(name, "57072", "Siegen", "DE"),
            &at(name, "93047", "Regensburg", "DE"),
        );
        doubtful(
            &named(name, "", "Siegen", "DE"),
            &at(name, "", "Regensburg", "DE"),
        );
        doubtful(
            &named(name, "57072", "", "DE"),
            &at(name, "93047", "", "DE"),
        );
        sure(
            &named(name, "57072", "Siegen", "DE"),
            &at(name, "57072", "Siegen", "DE"),
        );
    }
    // Two towns of one name.
    doubtful(
        &named("Quandtner Feinblech", "67433", "Neustadt", "DE"),
        &at("Quandtner Feinblech", "23730", "Neustadt", "DE"),
    );
    // A company that moved keeps its domain.
    let moved = Attributes {
        website: Some("quandtner.example"),
        ..named("Quandtner Feinblech", "57072", "Siegen", "DE")
    };
    let there = Company {
        domain: Some("quandtner.example".to_owned()),
        ..at("Quandtner Feinblech GmbH", "93047", "Regensburg", "DE")
    };
    sure(&moved, &there);
}

#[test]
fn a_generic_name_in_the_town_is_automatic_only_at_the_same_postal_code() {
    doubtful(
        &named("Adler-Apotheke", "50667", "Köln", "DE"),
        &at("Adler Apotheke", "50733", "Köln", "DE"),
    );
    let other_line = Company {
        phone: Some("+49 221 5550199".to_owned()),
        ..at("Adler Apotheke", "50667", "Köln", "DE")
    };
    let calls = Attributes {
        phone: Some("0221 9991234"),
        ..named("Adler-Apotheke", "50667", "Köln", "DE")
    };
    doubtful(&calls, &other_line);
    sure(
        &Attributes {
            phone: Some("0221 5550199"),
            ..calls
        },
        &other_line,
    );
}

#[test]
fn a_name_alone_is_automatic_only_if_it_is_rare() {
    let alone = |name| Attributes {
        name: Some(name),
        ..Attributes::default()
    };
    for name in [
        "Gasthof zur Post",
        "Rathaus-Apotheke",
        "Müller Bau GmbH",
        "Stadtwerke Neustadt",
        "Thomas Müller e.K.",
        "Nova GmbH",
    ] {
        doubtful(&alone(name), &at(name, "67433", "Neustadt", "DE"));
    }
    for name in ["Quandtner Feinblech", "Ruckdeschel GmbH"] {
        sure(&alone(name), &at(name, "67433", "Neustadt", "DE"));
    }
    // A slip in a rare name makes another name.
    doubtful(
        &alone("Quandler Feinblech"),
        &at("Quandtner Feinblech", "67433", "Neustadt", "DE"),
    );
}

#[test]
fn another_number_is_another_company() {
    for (name, other) in [
        ("Zantavex Projekt 45 GmbH", "Zantavex Projekt 46 GmbH"),
        ("Zantavex Solarfonds II", "Zantavex Solarfonds III"),
        ("Zantavex Solarfonds VI", "Zantavex Solarfonds IX"),
        ("Zantavex Objekt A", "Zantavex Objekt B"),
        ("Zantavex24", "Zantavex25"),
    ] {
        let mine = Attributes {
            website: Some("zantavex.example"),
            phone: Some("0271 5550123"),
            ..named(name, "57072", "Siegen", "DE")
        };
        let theirs = Company {
            domain: Some("zantavex.example".to_owned()),
            phone: Some("+49 271 5550123".to_owned()),
            ..at(other, "57072", "Siegen", "DE")
        };
        doubtful(&mine, &theirs);
        let same = Company {
            name: name.to_owned(),
            ..theirs
        };
        sure(&mine, &same);
    }
}

#[test]
fn another_member_of_the_group_is_not_automatic_for_a_whole_name() {
    for other in [
        "Zantavex Stiftung",
        "Zantavex Fondation",
        "Zantavex Bank AG",
        "Zantavex Lebensversicherung AG",
        "Zantavex Werke AG",
        "Zantavex Medical AG",
        "Zantavex Österreich GmbH",
        "Zantavex Holding AG",
    ] {
        let theirs = Company {
            domain: Some("zantavex.example".to_owned()),
            ..at(other, "57072", "Siegen", "DE")
        };
        let mine = Attributes {
            website: Some("zantavex.example"),
            ..named("Zantavex AG", "57072", "Siegen", "DE")
        };
        doubtful(&mine, &theirs);
        let named = Attributes {
            name: Some(other),
            ..mine
        };
        sure(&named, &theirs);
    }
    // The role with a slip, and joined to the name.
    let parent = Company {
        domain: Some("zantavex.example".to_owned()),
        ..at("Zantavex GmbH", "57072", "Siegen", "DE")
    };
    for name in [
        "Zantavex Beteilgungs GmbH",
        "Zantavexverwaltungsgesellschaft mbH",
    ] {
        let mine = Attributes {
            website: Some("zantavex.example"),
            ..named(name, "57072", "Siegen", "DE")
        };
        doubtful(&mine, &parent);
    }
}

#[test]
fn a_short_name_with_another_letter_is_another_name() {
    doubtful(
        &named("ZNTA Paris", "", "Palaiseau", "FR"),
        &at("ZNEA Paris", "91120", "Palaiseau", "FR"),
    );
}

#[test]
fn a_postal_code_without_its_leading_zero_is_the_same() {
    sure(
        &named("Quandtner Feinblech", "8006", "Barcelona", "ES"),
        &at("Quandtner Feinblech", "08006", "Barcelona", "ES"),
    );
}

#[test]
fn a_role_in_the_record_s_name_means_the_member_that_has_it() {
    let parent = Company {
        domain: Some("zantavex.example".to_owned()),
        street: Some("Goethestraße 163".to_owned()),
        ..at("Zantavex GmbH", "57072", "Siegen", "DE")
    };
    for name in ["Zantavexverwaltungsgesellschaft", "Zantavex Vertrieb"] {
        let mine = Attributes {
            website: Some("zantavex.example"),
            street: Some("Goethestr. 163"),
            ..named(name, "57072", "Siegen", "DE")
        };
        doubtful(&mine, &parent);
    }
}

#[test]
fn another_company_in_the_same_house_is_not_automatic() {
    let neighbour = Company {
        street: Some("Goethestraße 163".to_owned()),
        ..at("Zantavex GmbH", "57072", "Siegen", "DE")
    };
    let mine = Attributes {
        street: Some("Goethestr. 163"),
        ..named("Quandtner GmbH", "57072", "Siegen", "DE")
    };
    doubtful(&mine, &neighbour);
}
