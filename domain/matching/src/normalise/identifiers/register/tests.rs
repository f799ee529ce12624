use super::*;

fn canonical(text: &str) -> Option<String> {
    let (number, court) = split_register(text);
    register(number.as_deref()?, court.as_deref())
}

#[test]
fn all_spellings_of_an_entry_come_out_alike() {
    for (expected, texts) in [
        (
            "hrb12345:berlin",
            &[
                "HRB 12345 Berlin",
                "HRB12345 B Berlin (Charlottenburg)",
                "Amtsgericht Charlottenburg, HRB 12345 B",
                "AG Charlottenburg HRB 012345B",
                "hrb nr. 12 345, Berlin",
                "Amtsgericht Berlin-Charlottenburg: HRB-Nr. 12345 B",
                "HR B 12345, AG Charlottenburg",
                "Handelsregister B 12345 Amtsgericht Charlottenburg",
                "Registergericht Berlin Abt. B Nr. 12345",
            ][..],
        ),
        (
            "hrb6684:munchen",
            &[
                "HRB 6684 München",
                "AG Muenchen HRB 6684",
                "Amtsgericht München, HRB 6684",
            ][..],
        ),
        (
            "hrb1234:flensburg",
            &[
                "HRB 1234 FL Flensburg",
                "HRB 1234 Amtsgericht Flensburg",
                "AG Flensburg, HRB 1234 FL",
            ][..],
        ),
        (
            "hrb99hu:flensburg",
            &["HRB 99 HU Flensburg", "Amtsgericht Flensburg HRB 99HU"][..],
        ),
        (
            "hrb17:frankfurt oder",
            &["HRB 17 FF Frankfurt (Oder)", "AG Frankfurt/Oder, HRB 17"][..],
        ),
        (
            "vr1234:koln",
            &["VR 1234 Köln", "Amtsgericht Cologne VR 1234"][..],
        ),
        (
            "gnr192999:dortmund",
            &[
                "GnR 192999 Dortmund",
                "Amtsgericht Dortmund, GnR 192999",
                "Dortmund GnR-Nr. 192999",
            ][..],
        ),
        (
            "gsr46353:hamburg",
            &["GsR 46353 Hamburg", "Amtsgericht Hamburg GsR Nr. 46353"][..],
        ),
        (
            "pr815:essen",
            &["PR 815 Essen", "Partnerschaftsregister AG Essen PR 815"][..1],
        ),
        // OMV and Red Bull.
        (
            "fn93363z:at",
            &[
                "FN 93363z",
                "FN 93363 z, HG Wien",
                "FN 093363 z Wien",
                "Firmenbuch FN 93363z Handelsgericht Wien",
                "FN 93363",
            ][..],
        ),
        (
            "fn56247t:at",
            &["FN 56247 t, Landesgericht Salzburg", "56247t FN"][..1],
        ),
        (
            "che107787577:ch",
            &[
                "CHE-107.787.577",
                "UID CHE 107.787.577",
                "CHE-107.787.577 Zug",
            ][..],
        ),
        (
            "rcs542051180:fr",
            &[
                "RCS Nanterre 542 051 180",
                "542 051 180 R.C.S. Nanterre",
                "542051180 RCS Nanterre",
                "SIREN 542051180",
            ][..],
        ),
        (
            "kvk17014545:nl",
            &["KvK 17014545", "KVK-nr. 17014545 Eindhoven"][..],
        ),
    ] {
        for text in texts {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        }
    }
}

#[test]
fn entries_at_different_courts_or_of_different_kinds_differ() {
    for (text, expected) in [
        ("HRA 12345 Berlin", "hra12345:berlin"),
        ("HRB 12345 Frankfurt am Main", "hrb12345:frankfurt"),
        ("HRB 12345", "hrb12345:"),
        ("12345 Köln", "12345:koln"),
        ("HRB 12345 B Köln", "hrb12345b:koln"),
    ] {
        assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn wrong_check_letters_and_digits_are_detected() {
    // From the legal notices of large Austrian and Swiss companies.
    for right in [
        "FN 93363z",
        "FN 56247t",
        "FN 66209t",
        "FN 33209m",
        "FN 122119m",
        "FN 76023z",
        "FN 180219d",
        "FN 50935f",
        "FN 77676f",
        "FN 280571f",
        "FN 144477t",
        "FN 88983h",
        "FN 269842b",
        "FN 75687f",
        "FN 62309g",
        "FN 96499k",
        "FN 72000h",
        "FN 336290w",
        "CHE-105.909.036",
        "CHE-101.329.561",
        "HRB 6684 München",
    ] {
        assert!(
            register_check_digits(&canonical(right).unwrap_or_default()),
            "{right}"
        );
    }
    for wrong in ["FN 93363a", "FN 93364z", "CHE-105.909.037"] {
        assert!(
            !register_check_digits(&canonical(wrong).unwrap_or_default()),
            "{wrong}"
        );
    }
}

#[test]
fn without_a_number_there_is_no_entry() {
    assert_eq!(canonical("Amtsgericht Charlottenburg"), None);
    assert_eq!(register("HRB", Some("Berlin")), None);
}

#[test]
fn a_european_identifier_is_the_number_in_it() {
    for (euid, expected) in [
        ("DEK1101R.HRB144444", "hrb144444:"),
        ("DED2601V.HRB6684", "hrb6684:"),
        ("NLNHR.12345678", "kvk12345678:nl"),
        ("FR7501.552032534", "rcs552032534:fr"),
    ] {
        assert_eq!(register(euid, None).as_deref(), Some(expected), "{euid}");
        assert_eq!(canonical(euid).as_deref(), Some(expected), "{euid}");
    }
    assert_eq!(
        register("DEK1101R.HRB144444", Some("Hamburg")),
        register("HRB 144444", Some("Hamburg"))
    );
    assert_eq!(
        register("ATBRA.093363z-000", None),
        register("FN 93363z", None)
    );
    assert_eq!(
        register("HRB.12345", Some("Köln")),
        register("HRB 12345", Some("Köln"))
    );
}

#[test]
fn a_court_in_the_column_of_the_number_counts_as_the_court() {
    for (combined, number, court) in [
        ("HRB 12345 Hamburg", "HRB 12345", "Hamburg"),
        (
            "HRB 12345 B, Amtsgericht Charlottenburg",
            "HRB 12345 B",
            "Berlin (Charlottenburg)",
        ),
        ("Amtsgericht München HRB 6684", "HRB 6684", "AG München"),
        ("FN 93363z Handelsgericht Wien", "FN 93363z", "Wien"),
    ] {
        let expected = register(number, Some(court));
        assert_eq!(register(combined, None), expected, "{combined}");
        assert_eq!(register(combined, Some(court)), expected, "{combined}");
        assert_eq!(register(combined, Some("")), expected, "{combined}");
        assert_eq!(canonical(combined), expected, "{combined}");
    }
}
