use super::*;

/// Published ids: from legal notices of large companies, and examples of VIES and the national
/// authorities. The rules were not derived from them.
const PUBLISHED: [&str; 75] = [
    "DE129274202",
    "DE143454214",
    "DE114103379",
    "DE129273398",
    "DE115235681",
    "DE811128135",
    "DE811569869",
    "ATU14189108",
    "ATU33864707",
    "CHE105909036",
    "CHE101329561",
    "CHE107787577",
    "CHE103867266",
    "BE0428759497",
    "BE0417497106",
    "BE0401574852",
    "BG831642181",
    "BG131071587",
    "CY10259033P",
    "CZ00177041",
    "CZ45274649",
    "CZ25123891",
    "DK13585628",
    "DK24256790",
    "DK22756214",
    "EE100931558",
    "EE100594102",
    "EL094259216",
    "EL094019245",
    "ESA28015865",
    "ESA15075062",
    "ES54362315K",
    "ESX2482300W",
    "FI20774740",
    "FI01120389",
    "FI19274001",
    "FR40303265045",
    "FR59542051180",
    "FRK7399859412",
    "GB220430231",
    "GB660454836",
    "GB727255821",
    "HR33392005961",
    "HR81793146560",
    "HR27759560625",
    "HU12892312",
    "HU10625790",
    "HU10537914",
    "IE6388047V",
    "IE8256796U",
    "IE9692928F",
    "IE6433435OA",
    "IT00743110157",
    "IT00905811006",
    "IT00159560366",
    "LT119511515",
    "LT100001919017",
    "LU15027442",
    "LU26375245",
    "LV40003521600",
    "LV40003245752",
    "MT11679112",
    "NL004495445B01",
    "NL123456789B13",
    "NO923609016",
    "NO982463718",
    "PL5260001246",
    "PL7740001454",
    "PT501442600",
    "PT500697256",
    "RO18547290",
    "RO1590082",
    "SE556012579001",
    "SI50223054",
    "SK2022749619",
];

#[test]
fn published_ids_are_right_and_a_changed_digit_is_mostly_detected() {
    let (mut n_changed, mut n_missed) = (0, 0);
    for right in PUBLISHED {
        let id = vat(right, None).unwrap_or_default();
        assert!(vat_check_digits(&id), "{right}");
        for at in (2..id.len()).filter(|at| id.as_bytes()[*at].is_ascii_digit()) {
            for digit in ('0'..='9').filter(|digit| !id[at..].starts_with(*digit)) {
                let wrong = format!("{}{digit}{}", &id[..at], &id[at + 1..]);
                n_changed += 1;
                n_missed += u32::from(vat_check_digits(&wrong));
            }
        }
    }
    // Some rules map two remainders to one check digit, and the digits after the company's number
    // (NL, SE) are not checked.
    assert!(n_missed * 100 < n_changed * 4, "{n_missed} of {n_changed}");
}

#[test]
fn each_member_state_has_a_published_number_here() {
    let covered = |country: &str| PUBLISHED.iter().any(|id| id.starts_with(country));
    for rule in RULES {
        // Northern Ireland uses the rules of Great Britain; new ids of Liechtenstein are Swiss
        // ones.
        assert!(
            covered(rule.country) || matches!(rule.country, "XI" | "LI"),
            "{}",
            rule.country
        );
    }
    assert!(vat_check_digits("XI220430231") && !vat_check_digits("XI220430232"));
    assert!(
        vat_check_digits("GBGD001") && !vat_check_digits("GBGD501") && vat_check_digits("GBHA500")
    );
}

#[test]
fn all_spellings_of_an_id_come_out_alike() {
    for (text, country, expected) in [
        ("de 129 274 202", None, "DE129274202"),
        ("129.274.202", Some("de"), "DE129274202"),
        ("USt-IdNr.: DE 129274202", None, "DE129274202"),
        ("USt-ID 129274202", Some("de"), "DE129274202"),
        ("UID: ATU 33864707", None, "ATU33864707"),
        ("U33864707", Some("at"), "ATU33864707"),
        ("CHE-107.787.577 MWST", None, "CHE107787577"),
        ("CHE-107.787.577 TVA", None, "CHE107787577"),
        ("CHE 107 787 577 IVA", None, "CHE107787577"),
        ("107.787.577", Some("ch"), "CHE107787577"),
        ("CHE-107.787.577", Some("li"), "CHE107787577"),
        ("NO 923 609 016 MVA", None, "NO923609016"),
        ("BE 428.759.497", None, "BE0428759497"),
        ("GR094019245", None, "EL094019245"),
        ("094019245", Some("gr"), "EL094019245"),
        ("NL0044.95.445.B.01", None, "NL004495445B01"),
        ("N° TVA : FR 40 303 265 045", None, "FR40303265045"),
        ("P.IVA 00743110157", Some("it"), "IT00743110157"),
    ] {
        assert_eq!(vat(text, country).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn other_texts_are_not_vat_ids() {
    for (text, country) in [
        ("129274202", None),
        ("DE12927420", Some("de")),
        ("DE12927420２", None),
        ("", Some("ee")),
        // A German tax number, which is often entered in this field.
        ("27/123/45678", Some("de")),
        ("DE999999999", None),
        ("000000000", Some("de")),
        ("n/a", Some("de")),
        ("keine", None),
        ("US123456789", Some("us")),
    ] {
        assert_eq!(vat(text, country), None, "{text}");
    }
}
