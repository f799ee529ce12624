/// A phone number's digits with its country code, such as `49301234567`; `None` below six digits.
///
/// `+49 (0)30 1234567`, `0049 30 1234567` and, for `country` Germany, `030 1234567` come out alike. A national number of an unknown
/// country keeps its leading zero.
pub fn phone(text: &str, country: Option<&str>) -> Option<String> {
    let text = text.trim();
    let mut digits = String::with_capacity(18);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_digit() {
            // "+49 (0)30": the trunk zero, which nobody dials after a country code.
            let trunk = *byte == b'0'
                && !digits.is_empty()
                && at > 0
                && bytes[at - 1] == b'('
                && bytes.get(at + 1) == Some(&b')');
            if !trunk && digits.len() < 18 {
                digits.push(char::from(*byte));
            }
        } else if byte.is_ascii_alphabetic() && digits.len() >= 6 {
            // "ext. 12", "Durchwahl 12".
            break;
        }
    }
    if text.starts_with('+') {
        // Already international.
    } else if digits.starts_with("00") {
        digits.drain(..2);
    } else if digits.starts_with('0')
        && let Some(code) = country.and_then(calling_code)
    {
        digits.replace_range(..1, code);
    }
    (digits.len() >= 6).then_some(digits)
}

/// The national part of a number as [`phone`] gives it: without its country code, or without its trunk zero.
pub(crate) fn national(phone: &str) -> &str {
    if phone.starts_with('0') {
        return phone.trim_start_matches('0');
    }
    let code = match phone.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    };
    phone.get(code..).unwrap_or_default()
}

/// Calling codes of the countries whose national numbers begin with a trunk zero (ITU E.164).
fn calling_code(country: &str) -> Option<&'static str> {
    Some(match country {
        "de" => "49",
        "at" => "43",
        "ch" => "41",
        "fr" => "33",
        "be" => "32",
        "nl" => "31",
        "gb" => "44",
        "ie" => "353",
        "se" => "46",
        "fi" => "358",
        "sk" => "421",
        "si" => "386",
        "hr" => "385",
        "ro" => "40",
        "bg" => "359",
        "tr" => "90",
        "au" => "61",
        "in" => "91",
        "jp" => "81",
        _ => return None,
    })
}
