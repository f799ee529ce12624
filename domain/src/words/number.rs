//! Numbers as text, which keeps every digit. Floating point would not.

use std::{fmt, fmt::Write as _};

/// A number as it was written in JSON, digit by digit. Two numbers are equal if they are written the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(Box<str>);

/// The longest plausible number, in characters. Numbers in CRMs have at most 18 digits.
const LONGEST: usize = 64;

impl Number {
    /// Parses any JSON number, whatever its value.
    pub fn parse(text: &str) -> Option<Self> {
        let is_number = |text| serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
        let begins = text.starts_with(|begin: char| begin == '-' || begin.is_ascii_digit());
        let ends = text.ends_with(|end: char| end.is_ascii_digit());
        (begins && ends && is_number(text)).then(|| Self(text.into()))
    }

    /// Returns the number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether a CRM's field can hold the number: it is in the range of double precision, and not too long.
    pub fn is_sane(&self) -> bool {
        self.0.len() <= LONGEST && self.0.parse::<f64>().is_ok_and(f64::is_finite)
    }

    /// Returns the number in its canonical spelling, which all equal numbers share. A number too large for that stays as it was
    /// written.
    #[must_use]
    pub fn in_one_spelling(&self) -> Self {
        let mut spelled = String::new();
        if push(&mut spelled, &self.0) {
            Self(spelled.into())
        } else {
            self.clone()
        }
    }
}

/// Prints no digits, because a number may be a salary.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Number(..)")
    }
}

/// Appends a number in its shortest spelling, digit by digit. Floating point would lose the 17th digit of a currency amount.
/// Returns false and appends nothing if the text is not a number.
pub fn push(out: &mut String, text: &str) -> bool {
    let (negative, rest) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        _ => (false, text),
    };
    if is_plain_integer(rest) && !(negative && rest == "0") {
        out.push_str(text);
        return true;
    }
    let Some((whole, fraction, exponent)) = parts(rest) else {
        return false;
    };
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        out.push('0');
        return true;
    }
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let length = significant.len();
    // The position of the decimal point, counted from the first significant digit.
    let (Ok(whole), Ok(leading), Ok(count)) = (
        i64::try_from(whole.len()),
        i64::try_from(leading),
        i64::try_from(length),
    ) else {
        return false;
    };
    let point = whole - leading + exponent;
    if negative {
        out.push('-');
    }
    match usize::try_from(point) {
        Ok(point) if (1..=40).contains(&point) && point >= length => {
            out.push_str(significant);
            out.extend(std::iter::repeat_n('0', point - length));
        }
        Ok(point) if (1..=40).contains(&point) => {
            let (before, after) = significant.split_at(point);
            out.push_str(before);
            out.push('.');
            out.push_str(after);
        }
        _ if (-20..=0).contains(&point) => {
            out.push_str("0.");
            out.extend((point..0).map(|_| '0'));
            out.push_str(significant);
        }
        _ => {
            let (before, after) = significant.split_at(1);
            out.push_str(before);
            if count > 1 {
                out.push('.');
                out.push_str(after);
            }
            // Writing to a `String` cannot fail.
            let _ = write!(out, "e{}", point - 1);
        }
    }
    true
}

fn is_plain_integer(text: &str) -> bool {
    let bytes = text.as_bytes();
    let fits = matches!(bytes, [b'0'] | [b'1'..=b'9', ..]) && bytes.len() <= 40;
    fits && bytes.iter().all(u8::is_ascii_digit)
}

/// Splits a number into the digits before and after the point, and the exponent.
fn parts(text: &str) -> Option<(&str, &str, i64)> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit())
            {
                return None;
            }
            (mantissa, exponent.parse().ok()?)
        }
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.len() <= 400 && text.bytes().all(|b| b.is_ascii_digit());
    let fits = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    fits.then_some((whole, fraction, exponent))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Option<String> {
        let mut out = String::new();
        push(&mut out, text).then_some(out)
    }

    #[test]
    fn equal_numbers_have_one_spelling_and_no_digit_is_lost() {
        for (texts, spelled) in [
            (&["0", "0.0", "-0", "-0.00", "0E5", "00", "0e-9"][..], "0"),
            (
                &[
                    "1000", "1000.0", "1e3", "1.0E3", "10.00E+2", "01000", "1000.000",
                ],
                "1000",
            ),
            (
                &["139000000", "1.39E8", "1.39e+8", "13900000000E-2"],
                "139000000",
            ),
            (&["-0.05", "-5e-2", "-.05", "-0.0500"], "-0.05"),
            (&["12345678901234567.89"], "12345678901234567.89"),
            (&["0.1", "1E-1"], "0.1"),
            (
                &["123456789012345678901234567890"],
                "123456789012345678901234567890",
            ),
            (&["1e300", "10E299"], "1e300"),
            (&["1.5e-300"], "1.5e-300"),
        ] {
            for text in texts {
                assert_eq!(number(text).as_deref(), Some(spelled), "{text}");
            }
        }
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "1.2.3",
            "0x1",
            "NaN",
            "Infinity",
            "1 ",
            "1,5",
            "\"1\"",
            "1e9999999",
            "--1",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn text_that_is_not_a_json_number_is_refused() {
        for text in [
            "", "-", "01", "1.", ".5", "+1", "1e", " 1", "1 ", "NaN", "null", "\"1\"", "1,2", "1 2",
        ] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
        for (text, is_sane) in [
            ("-0", true),
            ("1E+5", true),
            ("1e309", false),
            ("-1e99999999999", false),
        ] {
            assert_eq!(Number::parse(text).unwrap().is_sane(), is_sane, "{text}");
        }
    }

    proptest! {
    #[test]
    fn the_canonical_spelling_is_json_of_the_same_value_and_stable(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
        let spelled = number(&format!("{value:?}")).unwrap();
        prop_assert_eq!(spelled.parse::<f64>().unwrap(), value);
        prop_assert!(serde_json::from_str::<serde_json::Number>(&spelled).is_ok());
        prop_assert_eq!(number(&spelled).unwrap(), spelled.clone());
        prop_assert_eq!(number(&format!("{value:E}")).unwrap(), spelled);
    }
    }
}
