//! Compares addresses. Levels rise with agreement; [`UNKNOWN`] means that one side has no value.

use super::distance::distance_up_to;
use super::{Feature, Vector};
use crate::profile::Profile;

pub(in crate::rule) fn compare(record: &Profile, candidate: &Profile, out: &mut Vector) {
    out[Feature::Zip as usize] = level(&record.zip, &candidate.zip, zip);
    out[Feature::City as usize] = level(&record.city, &candidate.city, city);
    out[Feature::Street as usize] = level(&record.street, &candidate.street, street);
    out[Feature::Country as usize] = level(&record.country, &candidate.country, country);
}

/// The level of a field if one side has no value.
pub(super) const UNKNOWN: u8 = 1;

fn level(record: &Option<String>, candidate: &Option<String>, compare: fn(&str, &str) -> u8) -> u8 {
    match (record, candidate) {
        (Some(record), Some(candidate)) => compare(record, candidate),
        _ => UNKNOWN,
    }
}

/// 0 different, 2 equal. A text that names no known country says nothing.
fn country(left: &str, right: &str) -> u8 {
    match (left == right, left.len() == 2 && right.len() == 2) {
        (true, _) => 2,
        (false, true) => 0,
        (false, false) => UNKNOWN,
    }
}

/// 0 different regions, 2 one leading digit in common, 3 two, 4 three, 5 one typo, 6 equal. A leading
/// zero that a spreadsheet dropped makes no difference.
fn zip(left: &str, right: &str) -> u8 {
    let [left, right] = [left, right].map(|zip| zip.trim_start_matches('0'));
    let common = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    if left == right {
        6
    } else if left.len() == right.len()
        && distance_up_to(left.as_bytes(), right.as_bytes(), 1).is_some()
        && common < 3
    {
        5
    } else {
        match common {
            0 => 0,
            1 => 2,
            2 => 3,
            _ if distance_up_to(left.as_bytes(), right.as_bytes(), 1).is_some() => 5,
            _ => 4,
        }
    }
}

/// 0 different, 2 a part or a typo, 3 equal.
fn city(left: &str, right: &str) -> u8 {
    if left == right {
        return 3;
    }
    let first = |town: &str| town.split(' ').next().unwrap_or_default().len();
    let begins = left.len().min(right.len()) >= 4
        && (left.starts_with(right) || right.starts_with(left))
        && (first(left) == first(right) || left.len().min(right.len()) >= 5);
    let slipped = left.len().min(right.len()) >= 5
        && distance_up_to(left.as_bytes(), right.as_bytes(), 2).is_some();
    if begins || slipped { 2 } else { 0 }
}

/// 0 different, 2 the same street with another house number, 3 the same street with a missing
/// number, 4 nearly the same number, 5 a typo in the street, 6 equal.
fn street(left: &str, right: &str) -> u8 {
    if left == right {
        return 6;
    }
    let (left_name, left_number) = split(left);
    let (right_name, right_number) = split(right);
    let same = left_name == right_name;
    let shorter = left_name.len().min(right_name.len());
    let near = same
        || shorter >= 5
            && (distance_up_to(left_name.as_bytes(), right_name.as_bytes(), 2).is_some()
                || left_name.starts_with(right_name)
                || right_name.starts_with(left_name));
    if !near {
        return 0;
    }
    if left_number == right_number {
        return if left_number.is_empty() { 3 } else { 5 };
    }
    if left_number.is_empty() || right_number.is_empty() {
        return 3;
    }
    let digits = |number: &str| {
        number
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(number.len())
    };
    let same_house = left_number[..digits(left_number)] == right_number[..digits(right_number)];
    if same_house || distance_up_to(left_number.as_bytes(), right_number.as_bytes(), 1).is_some() {
        4
    } else {
        2
    }
}

fn split(street: &str) -> (&str, &str) {
    match street.find(|c: char| c.is_ascii_digit()) {
        Some(at) => (street[..at].trim_end(), &street[at..]),
        None => (street, ""),
    }
}
