#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::Attributes;
use crate::{Company, CompanyId, MatchKey, Profile};

fn core(text: &str) -> String {
    name(text).0
}

fn alike(expected: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(core(text), expected, "{text}");
    }
}

#[test]
fn legal_forms_are_removed_in_every_spelling() {
    alike(
        "muller werkzeugbau",
        &[
            "Müller Werkzeugbau GmbH",
            "Müller Werkzeugbau G.m.b.H.",
            "Müller Werkzeugbau Gesellschaft mit beschränkter Haftung",
            "Müller Werkzeugbau mbH",
            "Müller Werkzeugbau GmbH & Co. KG",
            "MÜLLER WERKZEUGBAU GMBH&CO.KG",
            "Müller Werkzeugbau GmbH u. Co. KG",
            "Müller Werkzeugbau UG (haftungsbeschränkt)",
            "Müller Werkzeugbau e. K.",
            "Müller Werkzeugbau e.Kfm.",
            "Müller Werkzeugbau SE & Co. KGaA",
            "Müller Werkzeugbau Aktiengesellschaft",
            "Müller Werkzeugbau A.G.",
            "AG Müller Werkzeugbau",
            "Fa. Müller Werkzeugbau oHG",
            "Müller Werkzeugbau PartG mbB",
            "Müller Werkzeugbau GbR",
            "Müller Werkzeugbau Ges.m.b.H.",
        ],
    );
    alike(
        "dupont",
        &[
            "Dupont S.à r.l.",
            "SARL Dupont",
            "Dupont S.A.R.L.",
            "Dupont SAS",
            "Dupont S.p.A.",
            "Dupont S.n.c.",
        ],
    );
    alike(
        "jansen",
        &[
            "Jansen B.V.",
            "Jansen bv",
            "Jansen N.V.",
            "Jansen Ltd.",
            "Jansen Limited",
            "Jansen, Inc.",
            "Jansen LLC",
            "Jansen PLC",
            "Jansen A/S",
            "AB Jansen",
            "Jansen Oy",
            "Jansen s.r.o.",
            "Jansen Sp. z o.o.",
            "Jansen d.o.o.",
        ],
    );
}

#[test]
fn umlauts_diacritics_and_other_scripts_come_out_alike() {
    alike(
        "muller",
        &["Müller", "Mueller", "Muller", "MÜLLER", "Mu\u{308}ller"],
    );
    alike("bauer neue quelle", &["Bauer Neue Quelle"]);
    alike("loreal sorensen", &["L'Oréal Sørensen", "L’Oreal Sorensen"]);
    alike("strasse", &["Straße", "Strasse", "STRASSE"]);
    assert!(!core("株式会社").is_empty());
}

#[test]
fn connectives_brackets_former_names_and_abbreviations_make_no_difference() {
    alike(
        "sauer keller verlag",
        &[
            "Sauer & Keller Verlag",
            "Sauer und Keller Verlag",
            "Sauer u. Keller Verlag",
            "Sauer&Keller-Verlag",
            "Sauer + Keller Verlag",
            "Sauer and Keller Verlag",
        ],
    );
    alike(
        "thomas druckguss",
        &[
            "Thomas Druckguss (Bremen)",
            "Thomas Druckguss vormals Meier GmbH",
            "Thomas Druckguss, Inh. A. Meier e.K.",
            "Thomas Druckguss [alt]",
            "Thomas Druckguss (GmbH",
        ],
    );
    alike(
        "gebruder wolf",
        &["Gebr. Wolf", "Gebrüder Wolf", "Gebr Wolf GmbH"],
    );
    alike(
        "nordtec beteiligungsgesellschaft",
        &[
            "Nordtec Beteiligungsges. mbH",
            "Nordtec Beteiligungsgesellschaft",
        ],
    );
    alike("hm", &["H&M", "H & M", "H. & M."]);
    alike(
        "abc handel",
        &["A.B.C. Handel", "A B C Handel", "ABC Handel"],
    );
    alike("us stahl", &["U.S. Stahl", "US Stahl"]);
}

#[test]
fn a_name_never_becomes_empty() {
    for (text, expected) in [
        ("GmbH", "gmbh"),
        ("(Foo)", "foo"),
        ("AG & Co. KG", "ag"),
        ("und", "und"),
        ("Vormals Meier", "vormals meier"),
    ] {
        assert_eq!(core(text), expected);
    }
    for text in ["", " ", "&", "---", "()"] {
        assert_eq!(core(text), "");
    }
}

#[test]
fn legal_forms_agree_differ_or_are_unknown() {
    let forms = |text: &str| name(text).1;
    assert!(forms("A GmbH").agree(forms("B Gesellschaft mit beschränkter Haftung")));
    assert!(forms("A GmbH & Co. KG").agree(forms("B GmbH u. Co KG")));
    assert!(forms("A GmbH").differ(forms("A AG")));
    assert!(forms("A GmbH").differ(forms("A GmbH & Co. KG")));
    assert!(!forms("A").differ(forms("A AG")) && !forms("A").agree(forms("A")));
    assert!(super::forms("GmbH & Co. KG").agree(forms("A GmbH & Co. KG")));
}

#[test]
fn a_domain_is_the_registered_one_and_never_a_shared_host() {
    for text in [
        "https://www.mueller.de/de/home?x=1",
        "WWW.MUELLER.DE",
        "mueller.de",
        "info@mueller.de",
        "mailto:info@shop.mueller.de",
        "http://user:pw@mueller.de:8080/#top",
        "//mueller.de.",
    ] {
        assert_eq!(domain(text).as_deref(), Some("mueller.de"), "{text}");
    }
    assert_eq!(
        domain("https://www.müller.de").as_deref(),
        Some("xn--mller-kva.de")
    );
    assert_eq!(domain("www.firma.co.uk").as_deref(), Some("firma.co.uk"));
    assert_eq!(
        domain("shop.mueller-werkzeugbau-4711.example").as_deref(),
        Some("mueller-werkzeugbau-4711.example")
    );
    assert_eq!(
        domain("mueller.github.io").as_deref(),
        Some("mueller.github.io")
    );
    for text in [
        "someone@gmail.com",
        "x@t-online.de",
        "facebook.com/mueller",
        "https://mueller.jimdofree.com",
        "192.168.1.1",
        "localhost",
        "de",
        "co.uk",
        "-",
        "",
        "n/a",
        "keine",
        "a..b",
        "www.mueller de",
    ] {
        assert_eq!(domain(text), None, "{text}");
    }
}

#[test]
fn addresses_come_out_alike() {
    for text in ["10115", "D-10115", "DE 10115", "D10115 "] {
        assert_eq!(zip(text, None).as_deref(), Some("10115"));
    }
    assert_eq!(zip("1067", Some("de")).as_deref(), Some("01067"));
    assert_eq!(zip("8001", Some("ch")).as_deref(), Some("8001"));
    assert_eq!(zip("1013 AP", None).as_deref(), Some("1013"));
    assert_eq!(zip("ec1a 1bb", Some("gb")).as_deref(), Some("EC1A1BB"));
    for text in [
        "Frankfurt",
        "Frankfurt am Main",
        "Frankfurt/M.",
        "Frankfurt a. M.",
        "FRANKFURT (Main)",
    ] {
        assert_eq!(city(text).as_deref(), Some("frankfurt"), "{text}");
    }
    assert_eq!(city("Cologne"), city("Köln"));
    assert_eq!(city("Muenchen"), city("Munich"));
    for text in ["Hauptstraße 12 a", "Hauptstr. 12a", "Hauptstrasse 12A"] {
        assert_eq!(street(text).as_deref(), Some("hauptstr 12a"), "{text}");
    }
    for text in ["DE", "de", "D", "Deutschland", "Germany", "DEU"] {
        assert_eq!(country(text).as_deref(), Some("de"), "{text}");
    }
    assert_eq!(country("UK"), country("Great Britain"));
    assert_eq!(
        (zip("-", None), city("  "), street(""), country("")),
        (None, None, None, None)
    );
}

#[test]
fn phone_numbers_come_out_alike() {
    for text in [
        "+49 30 23125-123",
        "0049 30 23125123",
        "+49 (0)30 23125 123",
        "030/23125123",
        "030 23125-123 ext. 5",
    ] {
        assert_eq!(
            phone(text, Some("de")).as_deref(),
            Some("493023125123"),
            "{text}"
        );
    }
    assert_eq!(phone("030 23125123", None).as_deref(), Some("03023125123"));
    assert_eq!(phone("12345", None), None);
}

/// Texts made of what a normalizer has to handle: legal forms, dots, connectives, umlauts, single
/// letters, brackets and unusual characters.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Müller",
        "GmbH",
        "& Co. KG",
        "u.",
        "und",
        "u",
        "e. K.",
        "A",
        "B.",
        "(",
        ")",
        "vormals",
        "Gebr.",
        "Ges.",
        "mit beschränkter Haftung",
        "ae",
        "o e",
        "AG",
        "SE",
        "The",
        "Fa.",
        "St.",
        "S.à r.l.",
        "Sp. z o.o.",
        "O'",
        "1&1",
        "Handelsges.",
        "ß",
        "株式",
        "–",
        "\u{301}",
        "é",
        "U.S.",
        "Söhne",
        "Inh.",
        "co",
        "et",
        "-",
        "i",
        "y",
    ]);
    prop_oneof![
        prop::collection::vec((piece, prop::sample::select(vec![" ", "", "."])), 0..10).prop_map(
            |pieces| pieces
                .into_iter()
                .map(|(piece, gap)| format!("{piece}{gap}"))
                .collect()
        ),
        "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn canonical_values_stay_the_same(text in texts()) {
        let canonical = core(&text);
        prop_assert_eq!(core(&canonical), canonical.clone(), "name of {:?}", text);
        prop_assert!(canonical.is_ascii());
        for normalise in [city, street, country, domain, lei] {
            if let Some(canonical) = normalise(&text) {
                prop_assert_eq!(normalise(&canonical), Some(canonical.clone()), "{:?}", text);
            }
        }
        for country in [None, Some("de")] {
            for normalise in [zip, phone, vat] {
                if let Some(canonical) = normalise(&text, country) {
                    let again = normalise(&canonical, country);
                    prop_assert_eq!(again, Some(canonical), "{:?}", text);
                }
            }
        }
    }

    #[test]
    fn numbers_are_canonical_too(text in "[+0-9A-Z ()/.-]{0,24}") {
        prop_assert_eq!(zip(&text, None).map(|canonical| zip(&canonical, None) == Some(canonical)), zip(&text, None).map(|_| true));
        prop_assert_eq!(vat(&text, None).map(|canonical| vat(&canonical, None) == Some(canonical)), vat(&text, None).map(|_| true));
    }

    #[test]
    fn a_record_that_names_a_company_looks_up_keys_under_which_it_is_indexed(
        company_name in "[A-ZÄÖÜ][a-zäöüß]{2,9}( & | |-)[A-Z][a-z]{3,9} (GmbH|AG|e\\.K\\.|GmbH & Co\\. KG)",
        zip in "[0-9]{5}",
        number in 1_u32..300_000,
        n in 0_u32..10_000,
    ) {
        let register = format!("HRB {number}");
        let company = Company {
            zip: Some(zip.clone()),
            city: Some("Köln".to_owned()),
            country: Some("DE".to_owned()),
            domain: Some(format!("firma-{n}.example")),
            vat_id: Some("DE129274202".to_owned()),
            register_court: Some("Köln".to_owned()),
            register_number: Some(register.clone()),
            lei: Some("7LTWFZYICNSX8D621K86".to_owned()),
            ..Company::new(CompanyId::parse("c").unwrap(), company_name.as_str())
        };
        let website = format!("https://www.firma-{n}.example/impressum");
        let register = format!("{register} Köln");
        let record = Attributes {
            name: Some(&company_name),
            zip: Some(&zip),
            city: Some("Cologne"),
            country: Some("Germany"),
            website: Some(&website),
            vat_id: Some("de 129 274 202"),
            register: Some(&register),
            lei: Some("7ltwfzyicnsx8d621k86"),
            ..Attributes::default()
        };
        let kept = Profile::of_company(&company).index_keys();
        let asked = record.lookup_keys();
        prop_assert_eq!(asked.len(), crate::MAX_LOOKUPS);
        let is_kept = |key: &MatchKey| kept.contains(key);
        prop_assert!(asked.iter().all(is_kept));
        // With fewer identifiers, the record depends more on its name and address.
        let poor = Attributes { website: None, vat_id: None, register: None, lei: None, ..record };
        let asked = poor.lookup_keys();
        prop_assert!(asked.len() >= 2);
        prop_assert!(asked.iter().all(is_kept));
    }

    #[test]
    fn keys_are_few_short_and_read_back(text in texts(), zip in "\\PC{0,8}") {
        let record = Attributes { name: Some(&text), zip: Some(&zip), city: Some(&text), website: Some(&text), vat_id: Some(&text), register: Some(&text), ..Attributes::default() };
        let keys = record.lookup_keys();
        prop_assert!(keys.len() <= crate::MAX_LOOKUPS);
        for key in keys {
            prop_assert!(key.as_str().len() <= crate::MAX_MATCH_KEY);
            prop_assert_eq!(MatchKey::parse(key.as_str()), Some(key));
        }
    }
}
