mod plans;

use plans::numbering_plan;

/// The digits of a phone number with its country code (E.164), such as `49301234567`. `None` if
/// there are fewer than six digits.
///
/// `+49 (0)30 1234567`, `+49 030 1234567`, `0049 30 1234567`, `49 30 1234567` and, if `country` is
/// Germany, `030 1234567` all come out alike. If the text has several numbers, the first one
/// counts. An extension is kept if it follows a hyphen, and dropped if it follows a word. A
/// national number keeps its leading zero if the country is unknown.
///
/// A library of numbering plans would also tell mobile numbers from fixed lines and valid numbers
/// from invalid ones. Here only the spellings of one number have to come out alike, and country
/// codes, trunk prefixes and lengths are enough for that.
pub fn phone(text: &str, country: Option<&str>) -> Option<String> {
    let text = text.trim();
    let mut digits = String::with_capacity(18);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_digit() {
            // "+49 (0)30": the trunk zero, which is not dialled after a country code.
            let trunk = *byte == b'0'
                && !digits.is_empty()
                && at > 0
                && bytes[at - 1] == b'('
                && bytes.get(at + 1) == Some(&b')');
            if !trunk && digits.len() < 18 {
                digits.push(char::from(*byte));
            }
        } else if byte.is_ascii_alphabetic() && digits.len() >= 6
            || matches!(byte, b';' | b',' | b'|') && digits.len() >= 7
            || *byte == b'/' && digits.len() >= 9
        {
            // "ext. 12", "Durchwahl 12", or a second number.
            break;
        }
    }
    let home = country.and_then(numbering_plan);
    if text.starts_with('+') {
        // Already in international form.
    } else if digits.starts_with("00") {
        digits.drain(..2);
    } else if let Some(home) = home {
        home.complete(&mut digits);
        return (digits.len() >= 6).then_some(digits);
    } else {
        return (digits.len() >= 6).then_some(digits);
    }
    // "+49 030": the trunk zero again. In Italian numbers the zero is part of the number.
    let code = digits.len() - national(&digits).len();
    if digits.as_bytes().get(code) == Some(&b'0') && !digits.starts_with("39") && code > 0 {
        digits.remove(code);
    }
    (digits.len() >= 6).then_some(digits)
}

/// The national part of a number returned by [`phone`]: without its country code, or without its
/// trunk zero.
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

#[cfg(test)]
mod tests;
