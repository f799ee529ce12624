/// A VAT id with its country prefix, upper case, without blanks and marks; `None` if it has not the form of its country's.
///
/// Where the prefix is missing, `country` (as [`super::super::country`] gives it) stands in. Forms: VIES of the European Commission, HMRC
/// for the United Kingdom, the UID register for Switzerland (`CHE` and nine digits, `MWST` or `TVA` after it dropped).
pub fn vat(text: &str, country: Option<&str>) -> Option<String> {
    let mut id = String::with_capacity(14);
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_uppercase());
        } else if c.is_alphanumeric() {
            return None;
        }
        if id.len() > 20 {
            return None;
        }
    }
    for ending in ["MWST", "TVA", "IVA"] {
        if id.starts_with("CHE") && id.ends_with(ending) {
            id.truncate(id.len() - ending.len());
        }
    }
    if well_formed(&id) {
        return Some(id);
    }
    let prefix = match country? {
        "gr" => "EL",
        "ch" => "CHE",
        code if code.len() == 2 => &code.to_ascii_uppercase(),
        _ => return None,
    };
    let prefixed = format!("{prefix}{id}");
    well_formed(&prefixed).then_some(prefixed)
}

/// Whether the check digits of a VAT id as [`vat`] gives it are right. True for a country whose rule is not among those here.
///
/// A wrong one is a reason to warn and not to refuse: authorities have changed their rules for new numbers before.
pub fn vat_check_digits(vat: &str) -> bool {
    let (Some(country), Some(number)) = (vat.get(..2), vat.get(2..)) else {
        return true;
    };
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let d = digits.as_slice();
    match (country, d.len()) {
        ("DE" | "HR", 9 | 11) => iso7064_mod_11_10(d),
        ("AT", 8) => (10 - (luhn_sum(&d[..7]) + 4) % 10) % 10 == d[7],
        ("BE", 10) => 97 - value(&d[..8]) % 97 == value(&d[8..]),
        ("CH", 9) => weighted(d, &[5, 4, 3, 2, 7, 6, 5, 4, 1]).is_multiple_of(11),
        ("DK", 8) => weighted(d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
        ("FI", 8) => weighted(d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11),
        ("FR", 11) => (12 + 3 * (value(&d[2..]) % 97)) % 97 == value(&d[..2]),
        ("IT", 11) => luhn_sum(d).is_multiple_of(10),
        ("LU", 8) => value(&d[..6]) % 89 == value(&d[6..]),
        ("NL", 11) => {
            weighted(&d[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 10]).is_multiple_of(11) || mod_97_10(vat)
        }
        ("PL", 10) => weighted(d, &[6, 5, 7, 2, 3, 4, 5, 6, 7, 10]).is_multiple_of(11),
        ("PT", 9) => {
            let rest = weighted(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            d[8] == if rest < 2 { 0 } else { 11 - rest }
        }
        // From the left the first digit is doubled: put a zero before it.
        ("SE", 12) => luhn_sum(&[&[0], &d[..10]].concat()).is_multiple_of(10),
        ("GB", 9) => {
            let sum = weighted(&d[..7], &[8, 7, 6, 5, 4, 3, 2]) + d[7] * 10 + d[8];
            sum.is_multiple_of(97) || (sum + 55).is_multiple_of(97)
        }
        _ => true,
    }
}

fn well_formed(id: &str) -> bool {
    let (Some(country), Some(number)) = (id.get(..2), id.get(2..)) else {
        return false;
    };
    let n = number.len();
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    match country {
        "DE" | "EE" | "PT" | "EL" => digits && n == 9,
        "AT" => {
            n == 9 && number.starts_with('U') && number[1..].bytes().all(|b| b.is_ascii_digit())
        }
        "BE" | "SK" | "PL" => digits && n == 10,
        "BG" => digits && (n == 9 || n == 10),
        "CY" => {
            n == 9
                && number[..8].bytes().all(|b| b.is_ascii_digit())
                && number.ends_with(|c: char| c.is_ascii_uppercase())
        }
        "CZ" => digits && (8..=10).contains(&n),
        "DK" | "FI" | "HU" | "LU" | "MT" | "SI" => digits && n == 8,
        "ES" => n == 9 && number[1..8].bytes().all(|b| b.is_ascii_digit()) && !digits,
        "FR" => n == 11 && number[2..].bytes().all(|b| b.is_ascii_digit()),
        "GB" | "XI" => digits && (n == 9 || n == 12),
        "HR" | "IT" | "LV" => digits && n == 11,
        "IE" => (n == 8 || n == 9) && number.starts_with(|c: char| c.is_ascii_digit()) && !digits,
        "LT" => digits && (n == 9 || n == 12),
        "NL" => {
            n == 12
                && number.as_bytes()[9] == b'B'
                && number
                    .bytes()
                    .enumerate()
                    .all(|(at, b)| at == 9 || b.is_ascii_digit())
        }
        "NO" => {
            n >= 9
                && number[..9].bytes().all(|b| b.is_ascii_digit())
                && matches!(&number[9..], "" | "MVA")
        }
        "RO" => digits && (2..=10).contains(&n),
        "SE" => digits && n == 12,
        "CH" => {
            n == 10 && number.starts_with('E') && number[1..].bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

fn iso7064_mod_11_10(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    let product = body.iter().fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == *check
}

/// Sum of the digits where each second one is doubled and its own digits are added.
fn luhn_sum(digits: &[u32]) -> u32 {
    digits
        .iter()
        .enumerate()
        .map(|(at, digit)| {
            if at % 2 == 1 {
                digit / 5 + digit * 2 % 10
            } else {
                *digit
            }
        })
        .sum()
}

fn mod_97_10(id: &str) -> bool {
    let rest = id.bytes().fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97,
    });
    rest == 1
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn value(digits: &[u32]) -> u32 {
    digits.iter().fold(0, |value, digit| value * 10 + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_are_right_and_a_changed_digit_is_not() {
        // Numbers in public use; the rules above were not made from them.
        for right in [
            "DE129274202",
            "DE811569869",
            "ATU14189108",
            "NL004495445B01",
            "IT00743110157",
            "FR40303265045",
            "LU15027442",
            "PL5260001246",
            "PT501442600",
            "DK13585628",
            "FI20774740",
            "SE556188840401",
            "BE0428759497",
            "GB220430231",
            "CHE107787577",
        ] {
            let id = vat(right, None).unwrap_or_default();
            assert!(vat_check_digits(&id), "{right}");
            // Each rule finds a last digit before the suffix that is off by one.
            let at = if right.starts_with("NL") {
                10
            } else if right.starts_with("SE") {
                11
            } else {
                right.len() - 1
            };
            let digit = right.as_bytes()[at];
            let wrong = format!(
                "{}{}{}",
                &right[..at],
                char::from(b'0' + (digit - b'0' + 1) % 10),
                &right[at + 1..]
            );
            assert!(!vat_check_digits(&wrong), "{wrong}");
        }
    }

    #[test]
    fn blanks_marks_case_and_a_missing_prefix_do_not_matter() {
        assert_eq!(vat("de 129 274 202", None).as_deref(), Some("DE129274202"));
        assert_eq!(
            vat("129.274.202", Some("de")).as_deref(),
            Some("DE129274202")
        );
        assert_eq!(
            vat("CHE-107.787.577 MWST", None).as_deref(),
            Some("CHE107787577")
        );
        assert_eq!(vat("129274202", None), None);
        assert_eq!(vat("DE12927420", Some("de")), None);
        assert_eq!(vat("DE12927420２", None), None);
        assert_eq!(vat("", Some("ee")), None);
    }
}
