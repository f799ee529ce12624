//! Companies that a record means although it spells them in another way: keys find them, and the
//! decision suggests them at least.

use std::collections::HashMap;
use std::convert::Infallible;

use crate::company::{Company, CompanyId};
use crate::index::{self, MatchKey, Postings};
use crate::rule::{Agreement, Attributes, Candidate, MatchField, Relation, RelationStatus, decide};

fn named(id: &str, name: &str) -> Company {
    Company::new(CompanyId::parse(id).unwrap(), name)
}

/// A company with postal code and town.
fn at(id: &str, name: &str, zip: &str, city: &str) -> Company {
    Company {
        zip: Some(zip.to_owned()),
        city: Some(city.to_owned()),
        country: Some("DE".to_owned()),
        ..named(id, name)
    }
}

/// Looks the record up in an index of `companies`, and decides.
fn matched(attributes: &Attributes<'_>, companies: &[Company]) -> Vec<Relation> {
    let mut stored: HashMap<MatchKey, Postings> = HashMap::new();
    let all = companies.iter().cloned().map(Ok);
    index::build_part::<Infallible>(0, 1, all, |key, postings| {
        stored.insert(key, postings);
        Ok(())
    })
    .unwrap();
    let profile = attributes.profile();
    let candidates: Vec<Candidate<'_>> = profile
        .lookup_keys()
        .iter()
        .filter_map(|key| stored.get(key))
        .flat_map(Postings::companies)
        .collect();
    decide(&profile, &candidates, &|| false)
}

fn first(relations: &[Relation]) -> Option<&str> {
    Some(relations.first()?.company.as_str())
}

fn only_name(name: &str) -> Attributes<'_> {
    Attributes {
        name: Some(name),
        ..Attributes::default()
    }
}

#[test]
fn damaged_text_is_automatic_as_the_text_is() {
    let company = at("c1", "Jürgen Größmann Bäder GmbH", "57072", "Münster");
    for name in [
        "JÃ¼rgen GrÃ¶ÃŸmann BÃ¤der GmbH",
        "J&uuml;rgen Gr&ouml;&szlig;mann B&auml;der GmbH",
        "Jürgen Größmann™ Bäder GmbH 🎯",
        "Jürgen Größmann Bäder GmbH - bitte nicht anrufen!",
    ] {
        let attributes = Attributes {
            zip: Some("57072"),
            city: Some("MÃ¼nster"),
            ..only_name(name)
        };
        let found = matched(&attributes, std::slice::from_ref(&company));
        assert_eq!(first(&found), Some("c1"), "{name}");
        assert_eq!(found[0].status, RelationStatus::Automatic, "{name}");
    }
}

#[test]
fn a_place_behind_the_name_counts_as_the_place() {
    let two = [
        at("c1", "Quandtner Feinblech GmbH", "57072", "Siegen"),
        at("c2", "Quandtner Feinblech GmbH", "93047", "Regensburg"),
    ];
    let found = matched(&only_name("Quandtner Feinblech GmbH, 57072 Siegen"), &two);
    assert_eq!(first(&found), Some("c1"));
    assert_eq!(found[0].status, RelationStatus::Automatic);
}

#[test]
fn words_in_another_order_find_the_company() {
    let company = named("c1", "Elektro Peter Maier e.K.");
    for name in ["Maier Peter Elektro", "Peter Maier Elektro"] {
        let found = matched(&only_name(name), std::slice::from_ref(&company));
        assert_eq!(first(&found), Some("c1"), "{name}");
    }
}

#[test]
fn a_part_of_a_name_finds_the_company_without_a_place() {
    let company = at("c1", "Quandtnersche Druckmaschinen AG", "57072", "Siegen");
    let found = matched(
        &only_name("Quandtnersche Druck"),
        std::slice::from_ref(&company),
    );
    assert_eq!(first(&found), Some("c1"));
    assert_eq!(found[0].status, RelationStatus::Suggested);
}

#[test]
fn an_abbreviation_finds_the_company_in_its_town() {
    let company = at(
        "c1",
        "Zentrum für Quandtner Feinblech und Metall",
        "57072",
        "Siegen",
    );
    let attributes = Attributes {
        city: Some("Siegen"),
        ..only_name("ZQFM")
    };
    let found = matched(&attributes, std::slice::from_ref(&company));
    assert_eq!(first(&found), Some("c1"));
}

#[test]
fn short_forms_of_banks_are_their_full_names() {
    for (short, full) in [
        ("Spk Quandtnerland", "Sparkasse Quandtnerland"),
        ("VB Quandtnerland eG", "Volksbank Quandtnerland eG"),
        ("Raiffbk Quandtnerland", "Raiffeisenbank Quandtnerland eG"),
    ] {
        let attributes = Attributes {
            zip: Some("57072"),
            city: Some("Siegen"),
            ..only_name(short)
        };
        let found = matched(&attributes, &[at("c1", full, "57072", "Siegen")]);
        assert_eq!(first(&found), Some("c1"), "{short}");
        assert_eq!(found[0].status, RelationStatus::Automatic, "{short}");
    }
}

#[test]
fn an_umlaut_domain_is_the_same_as_its_ascii_twin() {
    let company = Company {
        domain: Some("quaendtner-baeder.example".to_owned()),
        ..at("c1", "Quändtner Bäder GmbH", "57072", "Siegen")
    };
    let attributes = Attributes {
        website: Some("https://www.quändtner-bäder.example"),
        ..only_name("Quändtner")
    };
    let found = matched(&attributes, std::slice::from_ref(&company));
    assert_eq!(first(&found), Some("c1"));
    let domain = found[0]
        .evidence
        .iter()
        .find(|one| one.field == MatchField::Domain)
        .unwrap();
    assert_eq!(domain.agreement, Agreement::Equal);
}

#[test]
fn the_company_that_runs_a_shared_host_has_its_domain() {
    let company = Company {
        domain: Some("xing.com".to_owned()),
        ..at("c1", "XING SE", "20354", "Hamburg")
    };
    for (website, expected) in [
        ("https://www.xing.com", Some(Agreement::Equal)),
        ("https://www.xing.com/pages/zantavex", None),
    ] {
        let attributes = Attributes {
            website: Some(website),
            city: Some("Hamburg"),
            ..only_name("Xing")
        };
        let found = matched(&attributes, std::slice::from_ref(&company));
        let domain = found[0]
            .evidence
            .iter()
            .find(|one| one.field == MatchField::Domain);
        assert_eq!(domain.map(|one| one.agreement), expected, "{website}");
    }
}

#[test]
fn a_european_identifier_is_the_entry_in_the_register() {
    let company = Company {
        register_number: Some("HRB 144444".to_owned()),
        register_court: Some("Hamburg".to_owned()),
        ..at("c1", "Quandtner Feinblech GmbH", "20354", "Hamburg")
    };
    let combined = Company {
        register_number: Some("HRB 144444 Hamburg".to_owned()),
        register_court: None,
        ..company.clone()
    };
    for company in [company, combined] {
        for register in ["DEK1101R.HRB144444", "HRB 144444 Hamburg", "HRB 144444"] {
            let attributes = Attributes {
                register: Some(register),
                city: Some("Hamburg"),
                ..only_name("Quandtner Feinblech")
            };
            let found = matched(&attributes, std::slice::from_ref(&company));
            let entry = found[0]
                .evidence
                .iter()
                .find(|one| one.field == MatchField::Register)
                .unwrap();
            assert_ne!(entry.agreement, Agreement::Different, "{register}");
            assert_eq!(found[0].status, RelationStatus::Automatic, "{register}");
        }
    }
}

#[test]
fn a_namesake_at_the_very_postal_code_is_suggested() {
    let here = at(
        "c1",
        "Stadtwerke Neustadt an der Weinstraße GmbH",
        "67433",
        "Neustadt an der Weinstraße",
    );
    let there = at("c2", "Stadtwerke Neustadt GmbH", "23730", "Neustadt");
    let attributes = Attributes {
        zip: Some("67433"),
        ..only_name("Stadtwerke Neustadt")
    };
    let found = matched(&attributes, &[here, there]);
    assert!(
        found.iter().any(|one| one.company.as_str() == "c1"),
        "{found:?}"
    );
}

#[test]
fn the_company_of_the_own_country_comes_before_its_sisters() {
    let sisters = ["FR", "AT", "DE", "CH"].map(|country| Company {
        country: Some(country.to_owned()),
        ..named(country, "Zantavex Pharma")
    });
    for (country, expected) in [("Germany", "DE"), ("Suisse", "CH"), ("AT", "AT")] {
        let attributes = Attributes {
            country: Some(country),
            ..only_name("Zantavex Pharma")
        };
        let found = matched(&attributes, &sisters);
        assert_eq!(first(&found), Some(expected));
        assert_eq!(found[0].status, RelationStatus::Automatic);
    }
    let bracketed = matched(&only_name("Zantavex Pharma (France)"), &sisters[..2]);
    assert_eq!(first(&bracketed), Some("FR"));
}

#[test]
fn a_conflict_is_shown_and_the_others_come_last() {
    let sister = Company {
        country: Some("FR".to_owned()),
        ..named("c1", "Zantavex Pharma")
    };
    let attributes = Attributes {
        country: Some("DE"),
        ..only_name("Zantavex Pharma")
    };
    for relation in matched(&attributes, &[sister]) {
        let country = relation
            .evidence
            .iter()
            .find(|one| one.field == MatchField::Country)
            .unwrap();
        assert_eq!(country.agreement, Agreement::Different);
        assert!(country.weight < 0);
    }
    let alone = matched(
        &only_name("Zantavex Pharma"),
        &[named("c1", "Zantavex Pharma")],
    );
    assert_eq!(alone[0].status, RelationStatus::Automatic);
    assert_eq!(alone[0].evidence[0].field, MatchField::Name);
    let last = alone[0].evidence.last().unwrap();
    assert_eq!(last.field, MatchField::Rivals);
}

#[test]
fn the_name_of_a_share_finds_the_company() {
    let company = named("c1", "Quandtner Technology Holding AG");
    for name in [
        "QUANDTNER TCHNGY HLDG N",
        "Quandtner Technology Holding AG NA O.N.",
        "QUANDTNER TECHNOLOGY HLDG     EO-01",
        "Quandtner Technology Holding AG - Class A Common Stock",
    ] {
        let found = matched(&only_name(name), std::slice::from_ref(&company));
        assert_eq!(first(&found), Some("c1"), "{name}");
    }
}

#[test]
fn an_abbreviation_finds_the_company_that_calls_itself_so_in_its_web_address() {
    for domain in [
        "https://www.qmlx.uni-nord.example",
        "qmlx.example",
        "qmlx-siegen.example",
    ] {
        let company = Company {
            domain: Some(domain.to_owned()),
            ..at("c1", "Werkstoffkunde am Quandtner Berg", "57072", "Siegen")
        };
        for place in [(Some("Siegen"), None), (None, Some("DE"))] {
            let attributes = Attributes {
                city: place.0,
                country: place.1,
                ..only_name("QMLX")
            };
            let found = matched(&attributes, std::slice::from_ref(&company));
            assert_eq!(first(&found), Some("c1"), "{domain} {place:?}");
        }
    }
}

#[test]
fn a_town_in_the_name_finds_the_branch_there() {
    let two = [
        at("c1", "Quandtnerbank", "57072", "Siegen"),
        at("c2", "Quandtnerbank", "93047", "Regensburg"),
    ];
    for (name, expected) in [
        ("Quandtnerbank Siegen", "c1"),
        ("Quandtnerbk Regensburg", "c2"),
    ] {
        let found = matched(&only_name(name), &two);
        assert_eq!(first(&found), Some(expected), "{name}");
    }
}

#[test]
fn a_name_and_its_translation_are_the_same_institution() {
    let company = Company {
        country: Some("CH".to_owned()),
        ..at("c1", "Universität Quandtnerland", "8006", "Zürich")
    };
    for name in [
        "University of Quandtnerland",
        "Université de Quandtnerland",
        "Universidad de Quandtnerland",
    ] {
        let attributes = Attributes {
            city: Some("Zurich"),
            country: Some("Schweiz"),
            ..only_name(name)
        };
        let found = matched(&attributes, std::slice::from_ref(&company));
        assert_eq!(first(&found), Some("c1"), "{name}");
    }
}
