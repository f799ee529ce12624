//! Entries in commercial registers.

mod courts;

use super::super::fold::words;
use super::sums::weighted;
pub(crate) use courts::is_succeeded_by;
use courts::{SUFFIXES, court_city, own_suffix};

/// Register number and court in one canonical value, such as `hrb12345:berlin`. `None` if there is
/// no number.
///
/// German registers (HRA, HRB, VR, GnR, PR, GsR) are kept by courts, and the city identifies the
/// court. If the court is missing, nothing follows the colon. Letters that a court appends to all
/// of its numbers (Berlin's B) are dropped, because they are often left out. If a court took over
/// other registers, it keeps their letters to tell equal numbers apart, so those letters stay.
///
/// Austria, Switzerland, Liechtenstein, France and the Netherlands have one series of numbers for
/// the whole country, so the country code takes the place of the court. An Austrian number without
/// its check letter gets the letter.
///
/// A European identifier (EUID, `DEK1101R.HRB144444`) counts as the number in it; its code of a court
/// is not resolved. A court beside the number (`HRB 144444 Hamburg`) counts if `court` is missing.
pub fn register(number: &str, court: Option<&str>) -> Option<String> {
    if let Some((country, number)) = split_euid(number) {
        return of_country(country, number, court);
    }
    let (alone, beside) = split_register(number);
    let beside = beside.filter(|beside| court_city(beside).is_some());
    let court = court.filter(|court| !court.trim().is_empty());
    let (number, court) = match (&alone, &beside) {
        (Some(alone), Some(beside)) => (alone.as_str(), Some(court.unwrap_or(beside))),
        _ => (number, court),
    };
    let (kind, digits, mut suffix) = parse_number(number)?;
    let court = court.unwrap_or_default();
    let folded = words(court);
    let in_court = |word: &str| folded.split(' ').any(|known| known == word);
    let country = match kind.as_str() {
        "fn" if digits.len() <= 6 => "at",
        "che" | "ch" if digits.len() >= 9 => "ch",
        "fl" if digits.len() >= 9 => "li",
        "kvk" if digits.len() <= 8 => "nl",
        "rcs" | "siren" | ""
            if digits.len() == 9
                && (!kind.is_empty() || in_court("rcs") || folded.starts_with("r c s")) =>
        {
            "fr"
        }
        _ => {
            let court_city = court_city(court).unwrap_or_default();
            if own_suffix(&court_city).is_some_and(|own| own == suffix) {
                suffix.clear();
            }
            return Some(format!("{kind}{digits}{suffix}:{court_city}"));
        }
    };
    if country == "at" && suffix.is_empty() {
        suffix = char::from(check_letter(&digits)).to_string();
    }
    let kind = match country {
        "fr" => "rcs",
        _ => &kind,
    };
    Some(format!("{kind}{digits}{suffix}:{country}"))
}

/// Splits an EUID into its country and the number in that country's register.
fn split_euid(text: &str) -> Option<(&str, &str)> {
    let (place, number) = text.trim().split_once('.')?;
    let country = place.get(..2)?;
    let is_place = place.len() >= 4
        && place.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && EUID_COUNTRIES.contains(&country);
    let is_number = number.bytes().any(|byte| byte.is_ascii_digit()) && !number.contains(' ');
    (is_place && is_number).then_some((country, number))
}

/// The countries whose registers give EUIDs. Croatia is missing, since its code begins `HRB`.
#[rustfmt::skip]
const EUID_COUNTRIES: [&str; 29] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The entry with a number that an EUID gives.
fn of_country(country: &str, number: &str, court: Option<&str>) -> Option<String> {
    // Austria appends the number of the entry: "123456a-000".
    let number = number.split('-').next().unwrap_or(number);
    match country {
        "AT" => register(&format!("FN {number}"), None),
        "FR" => register(&format!("RCS {number}"), None),
        "NL" => register(&format!("KVK {number}"), None),
        _ => register(number, court),
    }
}

/// Whether an entry returned by [`register`] passes the checks that exist: the check letter of an
/// Austrian number, the check digit of a Swiss UID.
pub(crate) fn register_check_digits(register: &str) -> bool {
    let (number, court) = register.split_once(':').unwrap_or((register, ""));
    match (court, number.get(..2), number.get(..3)) {
        ("at", Some("fn"), _) => {
            let (digits, letter) = number[2..].split_at(number.len() - 3);
            letter.as_bytes() == [check_letter(digits)]
        }
        ("ch", _, Some("che")) => {
            weighted(&number.as_bytes()[3..], &[5, 4, 3, 2, 7, 6, 5, 4, 1]).is_multiple_of(11)
        }
        _ => true,
    }
}

/// The check letter of an Austrian number: the weighted sum of its six digits modulo 17, written
/// with letters that cannot be confused. Derived from published entries of the Firmenbuch (22 large
/// companies, November 2026).
fn check_letter(digits: &str) -> u8 {
    const WEIGHTS: [u32; 6] = [6, 4, 14, 15, 10, 1];
    let weights = &WEIGHTS[WEIGHTS.len().saturating_sub(digits.len())..];
    b"abdfghikmpstvwxyz"[(weighted(digits.as_bytes(), weights) % 17) as usize]
}

/// Splits a text such as `HRB 12345 Berlin` or `Amtsgericht München, HRB 123 B` into number and
/// court. Both are `None` if the text has no number.
pub fn split_register(text: &str) -> (Option<String>, Option<String>) {
    let mut number: Vec<&str> = Vec::new();
    let mut court: Vec<&str> = Vec::new();
    let mut digits_seen = false;
    let mut number_open = true;
    for word in text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':'))
        .filter(|word| !word.is_empty())
    {
        let has_digit = word.bytes().any(|b| b.is_ascii_digit());
        let of_number = if digits_seen {
            // "123 456", and the letters after a number.
            number_open && (word.bytes().all(|b| b.is_ascii_digit()) || is_suffix(word))
        } else {
            let section = word.len() == 1
                && matches!(word.as_bytes()[0].to_ascii_lowercase(), b'a' | b'b')
                && !number.is_empty();
            has_digit || section || is_kind(word)
        };
        if of_number {
            digits_seen |= has_digit;
            number.push(word);
        } else {
            number_open &= !digits_seen;
            court.push(word);
        }
    }
    let join = |words: &[&str]| (!words.is_empty()).then(|| words.join(" "));
    if digits_seen {
        (join(&number), join(&court))
    } else {
        (None, None)
    }
}

/// Whether `word` is a single letter, or letters that a court appends.
fn is_suffix(word: &str) -> bool {
    word.len() == 1 && word.as_bytes()[0].is_ascii_alphabetic() || SUFFIXES.contains(&word)
}

/// Whether a word without digits names a kind of register, or announces a number.
fn is_kind(word: &str) -> bool {
    let letters: String = word
        .bytes()
        .filter(u8::is_ascii_alphabetic)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    matches!(
        plain_kind(&letters),
        "hra"
            | "hrb"
            | "abt"
            | "abteilung"
            | "vr"
            | "gnr"
            | "pr"
            | "gsr"
            | "fn"
            | "rcs"
            | "siren"
            | "che"
            | "uid"
            | "kvk"
    ) || matches!(
        letters.as_str(),
        "hr" | "handelsregister" | "nr" | "no" | "nummer"
    )
}

/// Splits a number into the letters before it, its digits without leading zeros, and the letters
/// after it.
fn parse_number(number: &str) -> Option<(String, String, String)> {
    let (mut kind, mut digits, mut suffix) = (String::new(), String::new(), String::new());
    for c in number.chars().filter(char::is_ascii_alphanumeric).take(48) {
        let c = c.to_ascii_lowercase();
        match (c.is_ascii_digit(), digits.is_empty()) {
            (true, _) if suffix.is_empty() => digits.push(c),
            (false, true) => kind.push(c),
            _ => suffix.push(c),
        }
    }
    if digits.is_empty() {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let digits = if significant.is_empty() {
        "0"
    } else {
        significant
    };
    Some((plain_kind(&kind).to_owned(), digits.to_owned(), suffix))
}

/// The abbreviation of a register, however it is written.
fn plain_kind(kind: &str) -> &str {
    let kind = ["nummer", "nr", "no"]
        .iter()
        .find_map(|label| kind.strip_suffix(label))
        // GnR, the register of cooperatives, ends in a label but is complete.
        .filter(|plain| *plain != "g")
        .unwrap_or(kind);
    match kind {
        "handelsregistera"
        | "handelsregisterabta"
        | "handelsregisterabteilunga"
        | "abteilunga"
        | "abta" => "hra",
        "handelsregisterb"
        | "handelsregisterabtb"
        | "handelsregisterabteilungb"
        | "abteilungb"
        | "abtb" => "hrb",
        "handelsregister" | "hr" => "",
        "firmenbuch" | "fb" | "firmenbuchfn" => "fn",
        "uidche" => "che",
        _ => kind
            .strip_prefix("handelsregister")
            .filter(|kind| matches!(*kind, "hra" | "hrb"))
            .unwrap_or(kind),
    }
}

#[cfg(test)]
mod tests;
