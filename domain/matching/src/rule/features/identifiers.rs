//! Comparing numbers and domains. Levels rise with agreement; what one side does not say stands at 1.

use super::distance::few_slips;
use super::places::NOT_SAID;
use super::{Feature, Vector};
use crate::normalise::{followed, national, vat_check_digits};
use crate::profile::{Profile, name_of_domain};

pub(in crate::rule) fn compare(subject: &Profile, candidate: &Profile, out: &mut Vector) {
    let level = |subject: &Option<String>,
                 candidate: &Option<String>,
                 compare: fn(&str, &str) -> u8| match (subject, candidate) {
        (Some(subject), Some(candidate)) => compare(subject, candidate),
        _ => NOT_SAID,
    };
    out[Feature::Vat as usize] = level(&subject.vat, &candidate.vat, vat);
    out[Feature::Lei as usize] = level(&subject.lei, &candidate.lei, number);
    out[Feature::Register as usize] = level(&subject.register, &candidate.register, register);
    out[Feature::Phone as usize] = level(&subject.phone, &candidate.phone, phone);
    out[Feature::Domain as usize] = match (&subject.domain, &candidate.domain) {
        (Some(subject), Some(candidate)) => domain(subject, candidate),
        (Some(_), None) => 2,
        _ => NOT_SAID,
    };
}

/// Whether two numbers are of one line, or of lines that differ in an extension.
pub(in crate::rule) fn are_same_line(left: &Option<String>, right: &Option<String>) -> bool {
    left.as_deref()
        .zip(right.as_deref())
        .is_some_and(|(left, right)| {
            let common = left
                .bytes()
                .zip(right.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            common >= 8 && left.len().max(right.len()) - common <= 3
        })
}

/// 0 another number, 2 one slip, 3 the same.
fn number(left: &str, right: &str) -> u8 {
    if left == right {
        3
    } else {
        2 * u8::from(few_slips(left.as_bytes(), right.as_bytes(), 1).is_some())
    }
}

/// As [`number`], but that two ids that differ say nothing where one has wrong check digits (who mistypes twice has named no other company) or
/// where they are of two countries: many companies have an id in each country that they sell in.
fn vat(left: &str, right: &str) -> u8 {
    match number(left, right) {
        0 if left.get(..2) != right.get(..2)
            || vat_check_digits(left) != vat_check_digits(right) =>
        {
            NOT_SAID
        }
        level => level,
    }
}

/// 0 another entry, 1 one of a register that the other's court took over, 2 the number at another court or a slip in it, 3 the number without a
/// court, 4 the same.
fn register(left: &str, right: &str) -> u8 {
    if left == right && !left.ends_with(':') {
        return 4;
    }
    let split = |entry| str::split_once(entry, ':').unwrap_or((entry, ""));
    let ((left, left_court), (right, right_court)) = (split(left), split(right));
    let digits = |number: &str| number.bytes().filter(u8::is_ascii_digit).count();
    if left == right {
        if left_court.is_empty() || right_court.is_empty() {
            3
        } else {
            2
        }
    } else if left_court == right_court
        && digits(left) > 3
        && few_slips(left.as_bytes(), right.as_bytes(), 1).is_some()
    {
        2
    } else if followed(left_court, right_court) || followed(right_court, left_court) {
        NOT_SAID
    } else {
        0
    }
}

/// 0 another line, 2 the same area, 3 alike but for the last digits, 4 but for an extension, 5 the same.
fn phone(left: &str, right: &str) -> u8 {
    let (left, right) = (national(left), national(right));
    if left == right {
        return 5;
    }
    let common = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let longer = left.len().max(right.len());
    let shorter = left.len().min(right.len());
    if common == shorter && common >= 7
        || few_slips(left.as_bytes(), right.as_bytes(), 1).is_some() && common >= 4
    {
        4
    } else if common >= 7 && longer - common <= 4 || common >= 8 {
        3
    } else if common >= 4 {
        2
    } else {
        0
    }
}

/// 0 another one, 3 one name is the beginning of the other, 4 the same name under another ending or with a slip, 5 the same.
fn domain(left: &str, right: &str) -> u8 {
    if left == right {
        return 5;
    }
    let (left, right) = (name_of_domain(left), name_of_domain(right));
    let shorter = left.len().min(right.len());
    if left == right || shorter >= 5 && few_slips(left.as_bytes(), right.as_bytes(), 1).is_some() {
        4
    } else if shorter >= 3 && (left.starts_with(right) || right.starts_with(left)) {
        3
    } else {
        0
    }
}
