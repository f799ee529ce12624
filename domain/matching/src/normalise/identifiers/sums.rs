//! Arithmetic for check digits. Every function takes ASCII digits; any other byte counts as 0.

/// The value of a digit.
pub(super) fn digit(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'0')).min(9) * u32::from(byte.is_ascii_digit())
}

/// The digits as a number.
pub(super) fn value(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |value, byte| value * 10 + u64::from(digit(*byte)))
}

/// The sum of the digits, each multiplied by its weight. Digits without a weight are ignored.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(byte, weight)| digit(*byte) * weight)
        .sum()
}

/// Whether the last digit is right according to Luhn (ISO/IEC 7812-1).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, byte)| match (at % 2, digit(*byte)) {
            (0, digit) => digit,
            (_, digit) => digit / 5 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the last digit is right according to ISO 7064 mod 11,10.
pub(super) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    let product = body.iter().fold(10, |product, byte| {
        let sum = (product + digit(*byte)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == digit(*check)
}

/// The remainder of digits and letters (A = 10), read as one number, divided by 97. It is 1 if
/// check digits according to ISO 7064 mod 97-10 are right.
pub(super) fn rest_97(text: impl Iterator<Item = u8>) -> u32 {
    text.fold(0, |rest, byte| match byte {
        b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        _ => (rest * 10 + digit(byte)) % 97,
    })
}

/// The check digit from two series of weights, as in Bulgaria and Lithuania: the first sum modulo
/// 11, or the second one if the first gives 10.
pub(super) fn by_two_series(digits: &[u8], first: &[u32], second: &[u32]) -> u32 {
    match weighted(digits, first) % 11 {
        10 => weighted(digits, second) % 11 % 10,
        rest => rest,
    }
}
