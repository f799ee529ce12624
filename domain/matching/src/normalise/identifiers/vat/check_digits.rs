//! The check digits of those countries whose rule takes more than a line. [`rules`](super::rules) has the sources.

use super::super::sums::{by_two_series, digit, luhn, value, weighted};

/// Luhn's sum plus 4.
pub(super) fn austria(number: &[u8]) -> bool {
    let sum: u32 = number[1..8]
        .iter()
        .enumerate()
        .map(|(at, byte)| match (at % 2, digit(*byte)) {
            (0, digit) => digit,
            (_, digit) => digit / 5 + digit * 2 % 10,
        })
        .sum();
    (10 - (sum + 4) % 10) % 10 == digit(number[8])
}

/// Nine digits for a company; ten for a citizen, a foreigner or another authority's number.
pub(super) fn bulgaria(d: &[u8]) -> bool {
    if d.len() == 9 {
        let check = by_two_series(d, &[1, 2, 3, 4, 5, 6, 7, 8], &[3, 4, 5, 6, 7, 8, 9, 10]);
        return check == digit(d[8]);
    }
    let check = digit(d[9]);
    let citizen = weighted(d, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == check;
    let foreigner = weighted(d, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == check;
    let other = (11 - weighted(d, &[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == check;
    citizen || foreigner || other
}

/// Every second digit, starting with the first, is converted by a table.
pub(super) fn cyprus(d: &[u8]) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: u32 = d[..8]
        .iter()
        .enumerate()
        .map(|(at, byte)| match (at % 2, digit(*byte)) {
            (0, digit) => ODD[digit as usize],
            (_, digit) => digit,
        })
        .sum();
    sum % 26 == u32::from(d[8] - b'A')
}

/// Eight digits for a company; nine or ten for a person's birth number, which had no check digit
/// before 1954.
pub(super) fn czechia(d: &[u8]) -> bool {
    match d.len() {
        8 => (11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == digit(d[7]),
        10 => value(d).is_multiple_of(11) || value(&d[..9]) % 11 == 10 && d[9] == b'0',
        _ => true,
    }
}

/// A company's number starts with the letter of its legal form and ends in a digit or the letter
/// for that digit. A person's number ends in a letter.
pub(super) fn spain(d: &[u8]) -> bool {
    const PERSONS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let person = |number: u64| PERSONS[(number % 23) as usize] == d[8];
    match d[0] {
        b'0'..=b'9' => person(value(&d[..8])),
        b'X' | b'Y' | b'Z' => person(u64::from(d[0] - b'X') * 10_000_000 + value(&d[1..8])),
        b'K' | b'L' | b'M' => person(value(&d[1..8])),
        _ => {
            let sum: u32 = d[1..8]
                .iter()
                .enumerate()
                .map(|(at, byte)| match (at % 2, digit(*byte)) {
                    (1, digit) => digit,
                    (_, digit) => digit / 5 + digit * 2 % 10,
                })
                .sum();
            let check = (10 - sum % 10) % 10;
            d[8] == b'0' + check as u8 || d[8] == b"JABCDEFGHI"[check as usize]
        }
    }
}

/// A two-character key, followed by the SIREN with a check digit of its own (Luhn; numbers of
/// Monaco start with three zeros and have none). Keys with a letter belong to the newer scheme.
pub(super) fn france(d: &[u8]) -> bool {
    const KEY: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let siren = &d[2..];
    if !siren.starts_with(b"000") && !luhn(siren) {
        return false;
    }
    if d[..2].iter().all(u8::is_ascii_digit) {
        return (12 + 3 * (value(siren) % 97)) % 97 == value(&d[..2]);
    }
    let place = |byte: u8| KEY.iter().position(|known| *known == byte);
    let (Some(first), Some(second)) = (place(d[0]), place(d[1])) else {
        return false;
    };
    let key = if first < 10 {
        first * 24 + second - 10
    } else {
        first * 34 + second - 100
    } as u64;
    (value(siren) + key / 11 + 1) % 11 == key % 11
}

/// Seven digits and two check digits; three more digits are a branch. Government departments and
/// health authorities have short numbers without check digits.
pub(super) fn britain(d: &[u8]) -> bool {
    if d.len() == 5 {
        let number = value(&d[2..]);
        return (d[0] == b'G') == (number < 500);
    }
    let sum = weighted(d, &[8, 7, 6, 5, 4, 3, 2]) + digit(d[7]) * 10 + digit(d[8]);
    sum.is_multiple_of(97) || (sum + 55).is_multiple_of(97)
}

/// Seven digits, a check letter and, since 2013, a second letter. In the older scheme the second
/// character could also be a letter.
pub(super) fn ireland(d: &[u8]) -> bool {
    const CHECK: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    const WEIGHTS: [u32; 7] = [8, 7, 6, 5, 4, 3, 2];
    let sum = if d[1].is_ascii_digit() {
        let more = d.get(8).map_or(0, |letter| u32::from(letter - b'A' + 1));
        // W as second letter does not count.
        weighted(d, &WEIGHTS) + if more == 23 { 0 } else { more * 9 }
    } else {
        let old = [b'0', d[2], d[3], d[4], d[5], d[6], d[0]];
        weighted(&old, &WEIGHTS)
    };
    CHECK[(sum % 23) as usize] == d[7]
}

/// Nine digits for a company, twelve for a temporarily registered taxpayer.
pub(super) fn lithuania(d: &[u8]) -> bool {
    const FIRST: [u32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2];
    const SECOND: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4];
    let body = &d[..d.len() - 1];
    body.ends_with(b"1") && by_two_series(body, &FIRST, &SECOND) == digit(d[d.len() - 1])
}

/// A company's number starts with 4 or above. A person's number is a birth number, or starts with
/// 32 and cannot be checked.
pub(super) fn latvia(d: &[u8]) -> bool {
    if d[0] > b'3' {
        return weighted(d, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3;
    }
    d.starts_with(b"32")
        || (1 + weighted(d, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10 == digit(d[10])
}

/// Up to ten digits, weighted from the right.
pub(super) fn romania(d: &[u8]) -> bool {
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let body = &d[..d.len() - 1];
    let weights = &WEIGHTS[WEIGHTS.len() - body.len()..];
    weighted(body, weights) * 10 % 11 % 10 == digit(d[d.len() - 1])
}
