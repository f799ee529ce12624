//! VAT ids: form and check digits, by country.

mod check_digits;
mod rules;

use rules::RULES;

/// More than any VAT id has, including the label that people write in front of it.
const LONGEST: usize = 32;

/// Labels that people write in front of a VAT id, without spaces and punctuation.
const LABELS: [&str; 14] = [
    "USTIDNR", "USTID", "UIDNR", "UID", "VATREGNO", "VATIDNO", "VATID", "VATNO", "VAT", "NTVA",
    "TVA", "BTWNR", "BTW", "PIVA",
];

/// A VAT id with its country prefix, in upper case, without spaces and punctuation. `None` if it
/// does not have the form of its country.
///
/// If the prefix is missing, `country` (as returned by [`super::super::country`]) supplies it. `GR`
/// becomes `EL` for Greece. The suffixes of Swiss and Norwegian ids (`MWST`, `TVA`, `IVA`, `MVA`)
/// and labels such as `USt-IdNr.:` are dropped. A Belgian number of nine digits gets the leading
/// zero that all of them have had since 2005. An id of a single repeated digit (`DE999999999`) is
/// refused: people type it into a mandatory field.
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

/// Whether the check digits of a VAT id returned by [`vat`] are right. True for a country without
/// check digits.
///
/// Wrong check digits lead to a warning, and the id is not used as a match key. They are no reason
/// to reject the id, because authorities have changed their rules for new numbers before.
pub fn vat_check_digits(vat: &str) -> bool {
    let (Some(country), Some(number)) = (vat.get(..2), vat.get(2..)) else {
        return true;
    };
    RULES
        .iter()
        .find(|rule| rule.country == country)
        .is_none_or(|rule| (rule.is_right)(number.as_bytes()))
}

/// The prefix of a country's ids.
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

/// Whether `number` has the given form: 9 stands for a digit, A for a letter, X for either, and any
/// other character for itself.
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
