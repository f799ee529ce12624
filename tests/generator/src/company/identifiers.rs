//! Numbers with correct check digits. The code is written independently of the rules, so that the two check each other.

use crate::draw::Draw;

/// Returns a VAT id of `country`, or an empty text for countries without one here.
pub(super) fn vat_id(draw: &mut Draw, country: &str) -> String {
    match country {
        "DE" => {
            let body = draw.digits(8);
            let mut product = 10;
            for digit in digits(&body) {
                let mut sum = (digit + product) % 10;
                if sum == 0 {
                    sum = 10;
                }
                product = sum * 2 % 11;
            }
            let check = if product == 1 { 0 } else { 11 - product };
            format!("DE{body}{check}")
        }
        "AT" => {
            let body = draw.digits(7);
            let sum: u64 = digits(&body)
                .zip([1, 2, 1, 2, 1, 2, 1])
                .map(|(digit, factor)| cross_sum(digit * factor))
                .sum();
            format!("ATU{body}{}", (96 - sum) % 10)
        }
        "CH" => until(draw, |draw| {
            let body = draw.digits(8);
            let sum: u64 = digits(&body)
                .zip([5, 4, 3, 2, 7, 6, 5, 4])
                .map(|(digit, factor)| digit * factor)
                .sum();
            let check = (11 - sum % 11) % 11;
            (check < 10)
                .then(|| format!("CHE-{}.{}.{}{check}", &body[..3], &body[3..6], &body[6..]))
        }),
        "NL" => until(draw, |draw| {
            let body = draw.digits(8);
            let sum: u64 = digits(&body)
                .zip((2..=9).rev())
                .map(|(digit, factor)| digit * factor)
                .sum();
            (sum % 11 < 10).then(|| format!("NL{body}{}B0{}", sum % 11, draw.between(1, 3)))
        }),
        "FR" => {
            let siren = with_luhn(&draw.digits(9));
            let key = (12 + 3 * (number(&siren) % 97)) % 97;
            format!("FR{key:02}{siren}")
        }
        "BE" => {
            let body = format!("0{}", draw.digits(7));
            format!("BE{body}{:02}", 97 - number(&body) % 97)
        }
        "IT" => {
            let body = draw.digits(10);
            let sum: u64 = digits(&body)
                .zip([1, 2].into_iter().cycle())
                .map(|(digit, factor)| cross_sum(digit * factor))
                .sum();
            format!("IT{body}{}", (10 - sum % 10) % 10)
        }
        "PL" => until(draw, |draw| {
            let body = draw.digits(9);
            let sum: u64 = digits(&body)
                .zip([6, 5, 7, 2, 3, 4, 5, 6, 7])
                .map(|(digit, factor)| digit * factor)
                .sum();
            (sum % 11 < 10).then(|| format!("PL{body}{}", sum % 11))
        }),
        _ => String::new(),
    }
}

/// Replaces the last of nine digits by the check digit of a SIREN.
fn with_luhn(nine: &str) -> String {
    let body = &nine[..8];
    let sum: u64 = digits(body)
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, factor)| cross_sum(digit * factor))
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Returns the letter that ends an Austrian register number of six digits.
pub(super) fn firmenbuch_letter(register_number: u64) -> char {
    let sum: u64 = digits(&format!("{register_number:06}"))
        .zip([6, 4, 14, 15, 10, 1])
        .map(|(digit, weight)| digit * weight)
        .sum();
    char::from(b"abdfghikmpstvwxyz"[(sum % 17) as usize])
}

/// Returns an LEI with a prefix that no issuer has.
pub(super) fn lei(draw: &mut Draw) -> String {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let body: String = (0..12).map(|_| char::from(*draw.pick(LETTERS))).collect();
    let body = format!("ZZZZ00{body}");
    let mut rest: u64 = 0;
    for c in body.chars().chain("00".chars()) {
        let value = u64::from(c.to_digit(36).unwrap_or_default());
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    format!("{body}{:02}", 98 - rest)
}

/// Returns a phone number that nobody has. In countries with area codes no subscriber's number begins with 0. France and
/// the NANPA have ranges for fiction (ARCEP; 555-01xx). Those are small, so many companies there share their first digits.
///
/// The ranges for fiction of German towns (Bundesnetzagentur) and of London (Ofcom) have a thousand numbers. With them
/// each company would share its first eight digits with hundreds of others, which no real company does.
pub(super) fn phone(draw: &mut Draw, country: &str, area: &str) -> String {
    let extension = draw.between(10, 99);
    let n = draw.below(1_000_000);
    match country {
        "GB" => format!("+44 20 0{n:06}{}", extension % 10),
        "FR" => format!("+33 1 99 00 {:02} {:02}", n % 100, extension),
        "US" => format!("+1 {area}-555-01{:02}", n % 100),
        "DE" => format!("+49 {area} 0{n:06}-{extension}"),
        _ => format!("+{} {area} 0{n:06}", calling_code(country)),
    }
}

fn calling_code(country: &str) -> &'static str {
    match country {
        "AT" => "43",
        "CH" => "41",
        "NL" => "31",
        "IT" => "39",
        "BE" => "32",
        "PL" => "48",
        _ => "49",
    }
}

fn until(draw: &mut Draw, mut make: impl FnMut(&mut Draw) -> Option<String>) -> String {
    loop {
        if let Some(made) = make(draw) {
            return made;
        }
    }
}

fn digits(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.bytes().map(|byte| u64::from(byte - b'0'))
}

fn number(text: &str) -> u64 {
    digits(text).fold(0, |number, digit| number * 10 + digit)
}

fn cross_sum(n: u64) -> u64 {
    n / 10 + n % 10
}
