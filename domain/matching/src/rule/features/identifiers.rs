//! Compares identifiers, phone numbers and domains. Levels rise with agreement; [`UNKNOWN`] means
//! that one side has no value.

use super::address::UNKNOWN;
use super::distance::distance_up_to;
use super::{Feature, Vector};
use crate::normalise::{is_succeeded_by, national, vat_check_digits, without_umlauts};
use crate::profile::{Profile, name_of_domain};

pub(in crate::rule) fn compare(record: &Profile, candidate: &Profile, out: &mut Vector) {
    let level = |record: &Option<String>,
                 candidate: &Option<String>,
                 compare: fn(&str, &str) -> u8| match (record, candidate) {
        (Some(record), Some(candidate)) => compare(record, candidate),
        _ => UNKNOWN,
    };
    out[Feature::Vat as usize] = level(&record.vat, &candidate.vat, vat);
    out[Feature::Lei as usize] = level(&record.lei, &candidate.lei, number);
    out[Feature::Register as usize] = level(&record.register, &candidate.register, register);
    out[Feature::Phone as usize] = level(&record.phone, &candidate.phone, phone);
    out[Feature::Domain as usize] = match (&record.domain, &candidate.domain) {
        (Some(record), Some(candidate)) => domain(record, candidate),
        (Some(_), None) => 2,
        _ => UNKNOWN,
    };
    out[Feature::Host as usize] = match (&record.label, &candidate.label) {
        (Some(record), Some(candidate)) => 2 * u8::from(record == candidate),
        _ => UNKNOWN,
    };
}

/// Whether two numbers belong to one phone line, or to lines that differ in an extension.
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

/// 0 different, 2 one typo, 3 equal.
fn number(left: &str, right: &str) -> u8 {
    if left == right {
        3
    } else {
        2 * u8::from(distance_up_to(left.as_bytes(), right.as_bytes(), 1).is_some())
    }
}

/// As [`number`], except that two different ids say nothing in two cases: if one of them has wrong
/// check digits, because a typo does not name another company; and if they belong to two countries,
/// because many companies have an id in every country where they sell.
fn vat(left: &str, right: &str) -> u8 {
    match number(left, right) {
        0 if left.get(..2) != right.get(..2)
            || vat_check_digits(left) != vat_check_digits(right) =>
        {
            UNKNOWN
        }
        level => level,
    }
}

/// 0 different entries, 1 the court of one took over the register of the other, 2 the same number
/// at another court or one typo, 3 the same number with a missing court, 4 equal.
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
        && distance_up_to(left.as_bytes(), right.as_bytes(), 1).is_some()
    {
        2
    } else if is_succeeded_by(left_court, right_court) || is_succeeded_by(right_court, left_court) {
        UNKNOWN
    } else {
        0
    }
}

/// 0 different lines, 2 the same area, 3 equal except for the last digits, 4 equal except for an
/// extension, 5 equal.
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
        || distance_up_to(left.as_bytes(), right.as_bytes(), 1).is_some() && common >= 4
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

/// 0 different, 3 one name starts with the other, 4 the same name with another ending or a typo, 5
/// equal.
fn domain(left: &str, right: &str) -> u8 {
    let (left, right) = (without_umlauts(left), without_umlauts(right));
    if left == right {
        return 5;
    }
    let (left, right) = (name_of_domain(&left), name_of_domain(&right));
    let shorter = left.len().min(right.len());
    if left == right
        || shorter >= 5 && distance_up_to(left.as_bytes(), right.as_bytes(), 1).is_some()
    {
        4
    } else if shorter >= 3 && (left.starts_with(right) || right.starts_with(left)) {
        3
    } else {
        0
    }
}
