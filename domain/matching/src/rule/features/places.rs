//! Comparing addresses. Levels rise with agreement; what one side does not say stands where it says nothing either way.

use super::distance::few_slips;
use super::{Feature, Vector};
use crate::profile::Profile;

pub(in crate::rule) fn compare(subject: &Profile, candidate: &Profile, out: &mut Vector) {
    out[Feature::Zip as usize] = level(&subject.zip, &candidate.zip, zip);
    out[Feature::City as usize] = level(&subject.city, &candidate.city, city);
    out[Feature::Street as usize] = level(&subject.street, &candidate.street, street);
    out[Feature::Country as usize] = level(&subject.country, &candidate.country, |left, right| {
        u8::from(left == right) * 2
    });
}

/// What [`level`] gives where one side says nothing.
pub(super) const NOT_SAID: u8 = 1;

fn level(
    subject: &Option<String>,
    candidate: &Option<String>,
    compare: fn(&str, &str) -> u8,
) -> u8 {
    match (subject, candidate) {
        (Some(subject), Some(candidate)) => compare(subject, candidate),
        _ => NOT_SAID,
    }
}

/// 0 another region, 2 same first digit, 3 first two, 4 first three, 5 a slip, 6 the same.
fn zip(left: &str, right: &str) -> u8 {
    let common = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    if left == right {
        6
    } else if left.len() == right.len()
        && few_slips(left.as_bytes(), right.as_bytes(), 1).is_some()
        && common < 3
    {
        5
    } else {
        match common {
            0 => 0,
            1 => 2,
            2 => 3,
            _ if few_slips(left.as_bytes(), right.as_bytes(), 1).is_some() => 5,
            _ => 4,
        }
    }
}

/// 0 another town, 2 a part or a slip, 3 the same.
fn city(left: &str, right: &str) -> u8 {
    if left == right {
        return 3;
    }
    let first = |town: &str| town.split(' ').next().unwrap_or_default().len();
    let begins = left.len().min(right.len()) >= 4
        && (left.starts_with(right) || right.starts_with(left))
        && (first(left) == first(right) || left.len().min(right.len()) >= 5);
    let slipped = left.len().min(right.len()) >= 5
        && few_slips(left.as_bytes(), right.as_bytes(), 2).is_some();
    if begins || slipped { 2 } else { 0 }
}

/// 0 another street, 2 another house of the street, 3 the same street and no number, 4 nearly the same number, 5 a slip, 6 the same.
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
            && (few_slips(left_name.as_bytes(), right_name.as_bytes(), 2).is_some()
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
    if same_house || few_slips(left_number.as_bytes(), right_number.as_bytes(), 1).is_some() {
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
