//! Form and check digits of VAT ids, by country.
//!
//! Sources: the forms are from the VIES FAQ (European Commission). The check digits of the member
//! states are from the collection that the Austrian ministry of finance publishes for VIES users
//! (Konstruktionsregeln der UID-Nummern), those of the United Kingdom from HMRC (mod 97, since 2009
//! also 97-55), of Switzerland from the UID register of the Federal Statistical Office, of Norway
//! from Brønnøysund. Read in November 2026.

use super::super::sums::{digit, luhn, mod_11_10, rest_97, value, weighted};
use super::check_digits::{
    austria, britain, bulgaria, cyprus, czechia, france, ireland, latvia, lithuania, romania, spain,
};

/// The rules for the VAT ids of one country, without their prefix.
pub(super) struct Rule {
    pub(super) country: &'static str,
    /// The allowed forms: 9 stands for a digit, A for a letter, X for either, and any other
    /// character for itself.
    pub(super) forms: &'static [&'static str],
    /// Whether the check digits of a number in one of these forms are right.
    pub(super) is_right: fn(&[u8]) -> bool,
}

const fn rule(
    country: &'static str,
    forms: &'static [&'static str],
    is_right: fn(&[u8]) -> bool,
) -> Rule {
    Rule {
        country,
        forms,
        is_right,
    }
}

/// The table is searched from the start, so the countries that are most frequent in the databases
/// of German-speaking vendors come first.
pub(super) const RULES: &[Rule] = &[
    rule("DE", &["999999999"], |d| d[0] != b'0' && mod_11_10(d)),
    rule("AT", &["U99999999"], austria),
    rule("CH", &["E999999999"], |d| {
        weighted(&d[1..], &[5, 4, 3, 2, 7, 6, 5, 4, 1]).is_multiple_of(11)
    }),
    rule("BE", &["0999999999", "1999999999"], |d| {
        97 - value(&d[..8]) % 97 == value(&d[8..])
    }),
    rule("BG", &["999999999", "9999999999"], bulgaria),
    rule("CY", &["99999999A"], cyprus),
    rule("CZ", &["99999999", "999999999", "9999999999"], czechia),
    rule("DK", &["99999999"], |d| {
        d[0] != b'0' && weighted(d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
    }),
    rule("EE", &["999999999"], |d| {
        weighted(d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
    }),
    rule("EL", &["999999999"], |d| {
        weighted(d, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digit(d[8])
    }),
    rule("ES", &["X9999999X"], spain),
    rule("FI", &["99999999"], |d| {
        weighted(d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
    }),
    rule("FR", &["XX999999999"], france),
    rule(
        "GB",
        &["999999999", "999999999999", "GD999", "HA999"],
        britain,
    ),
    rule("HR", &["99999999999"], mod_11_10),
    rule("HU", &["99999999"], |d| {
        weighted(d, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
    }),
    rule("IE", &["9999999A", "9999999AA", "9A99999A"], ireland),
    rule("IT", &["99999999999"], luhn),
    rule("LI", &["99999"], |_| true),
    rule("LT", &["999999999", "999999999999"], lithuania),
    rule("LU", &["99999999"], |d| {
        value(&d[..6]) % 89 == value(&d[6..])
    }),
    rule("LV", &["99999999999"], latvia),
    rule("MT", &["99999999"], |d| {
        37 - weighted(d, &[3, 4, 6, 7, 8, 9]) % 37 == digit(d[6]) * 10 + digit(d[7])
    }),
    rule("NL", &["999999999B99"], |d| {
        weighted(d, &[9, 8, 7, 6, 5, 4, 3, 2, 10]).is_multiple_of(11)
            || rest_97(b"NL".iter().chain(d).copied()) == 1
    }),
    rule("NO", &["999999999"], |d| {
        weighted(d, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
    }),
    rule("PL", &["9999999999"], |d| {
        weighted(d, &[6, 5, 7, 2, 3, 4, 5, 6, 7, 10]).is_multiple_of(11)
    }),
    rule("PT", &["999999999"], |d| {
        let rest = weighted(d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        digit(d[8]) == if rest < 2 { 0 } else { 11 - rest }
    }),
    rule(
        "RO",
        &[
            "9999999999",
            "999999999",
            "99999999",
            "9999999",
            "999999",
            "99999",
            "9999",
        ],
        romania,
    ),
    rule("SE", &["999999999999"], |d| luhn(&d[..10])),
    rule("SI", &["99999999"], |d| {
        d[0] != b'0'
            && 11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11
                == if d[7] == b'0' { 10 } else { digit(d[7]) }
    }),
    rule("SK", &["9999999999"], |d| value(d).is_multiple_of(11)),
    rule(
        "XI",
        &["999999999", "999999999999", "GD999", "HA999"],
        britain,
    ),
];
