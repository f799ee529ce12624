//! VAT ids: their form and their check digits, country by country.

mod rules;

use rules::RULES;

/// Longer than any VAT id with what people write before it.
const LONGEST: usize = 32;

/// What people write before a VAT id, without blanks and marks.
const LABELS: [&str; 14] = [
    "USTIDNR", "USTID", "UIDNR", "UID", "VATREGNO", "VATIDNO", "VATID", "VATNO", "VAT", "NTVA",
    "TVA", "BTWNR", "BTW", "PIVA",
];

/// A VAT id with its country prefix, upper case, without blanks and marks; `None` if it has not the form of its country's.
///
/// Where the prefix is missing, `country` (as [`super::super::country`] gives it) stands in. Greece's `GR` becomes `EL`; what Swiss and Norwegian
/// ids end in (`MWST`, `TVA`, `IVA`, `MVA`) and what stands before an id (`USt-IdNr.:`) is dropped; a Belgian number of nine digits gets the
/// zero that all have had in front since 2005. One digit all along (`DE999999999`) is what people type into a field that must not be empty.
pub fn vat(text: &str, country: Option<&str>) -> Option<String> {
    let mut id = String::with_capacity(16);
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_uppercase());
        } else if c.is_alphanumeric() {
            return None;
        }
        if id.len() > LONGEST {
            return None;
        }
    }
    canonical(&id).or_else(|| {
        let unlabelled = LABELS.iter().find_map(|label| id.strip_prefix(label));
        let number = unlabelled.unwrap_or(&id);
        canonical(number).or_else(|| canonical(&format!("{}{number}", prefix(country?)?)))
    })
}

/// Whether the check digits of a VAT id as [`vat`] gives it are right. True for a country that has none.
///
/// A wrong one is a reason to warn and to find nothing by it, and not to refuse: authorities have changed their rules for new numbers before.
pub fn vat_check_digits(vat: &str) -> bool {
    let (Some(country), Some(number)) = (vat.get(..2), vat.get(2..)) else {
        return true;
    };
    RULES
        .iter()
        .find(|rule| rule.country == country)
        .is_none_or(|rule| (rule.is_right)(number.as_bytes()))
}

/// How a country's ids begin.
fn prefix(country: &str) -> Option<String> {
    match country {
        "gr" => Some("EL".to_owned()),
        "ch" | "li" => Some("CHE".to_owned()),
        "mc" => Some("FR".to_owned()),
        code if code.len() == 2 => Some(code.to_ascii_uppercase()),
        _ => None,
    }
}

fn canonical(id: &str) -> Option<String> {
    let (mut country, mut number) = (id.get(..2)?, id.get(2..)?);
    if country == "GR" {
        country = "EL";
    }
    let endings: &[&str] = match country {
        "CH" => &["MWST", "TVA", "IVA", "VAT"],
        "NO" => &["MVA"],
        _ => &[],
    };
    number = endings
        .iter()
        .find_map(|ending| number.strip_suffix(ending))
        .unwrap_or(number);
    let old = country == "BE" && number.len() == 9;
    let canonical = format!("{country}{}{number}", if old { "0" } else { "" });
    let rule = RULES.iter().find(|rule| rule.country == country)?;
    let number = &canonical.as_bytes()[2..];
    let has_form = rule.forms.iter().any(|form| has_form(number, form));
    let digits = number.iter().filter(|byte| byte.is_ascii_digit());
    let made_up =
        digits.clone().count() > 5 && digits.clone().all(|digit| number.ends_with(&[*digit]));
    (has_form && !made_up).then_some(canonical)
}

/// Whether `number` is what `form` says: 9 a digit, A a letter, X either, anything else itself.
fn has_form(number: &[u8], form: &str) -> bool {
    number.len() == form.len()
        && number
            .iter()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_uppercase(),
                b'X' => byte.is_ascii_alphanumeric(),
                _ => *byte == form,
            })
}

#[cfg(test)]
mod tests;
