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

/// How the national numbers of a country become international.
struct NumberingPlan {
    code: &'static str,
    /// The trunk prefix: dialled before a number within the country, but not from abroad.
    trunk: &'static str,
    /// The fewest and the most digits of a number without country code and trunk prefix.
    len: (usize, usize),
}

impl NumberingPlan {
    fn complete(&self, digits: &mut String) {
        let fits = |number: &str| (self.len.0..=self.len.1).contains(&number.len());
        if !self.trunk.is_empty() && digits.strip_prefix(self.trunk).is_some_and(fits) {
            digits.replace_range(..self.trunk.len(), self.code);
            return;
        }
        // The digits start with the country code, without a plus. They count as international only
        // if no national number could look like this.
        let coded = digits.strip_prefix(self.code).is_some_and(|rest| {
            let told = self.trunk == "0"
                || self.code.len() == 3
                || digits.len() > self.len.1
                || rest.starts_with('0');
            told && fits(rest)
        });
        if !coded && self.trunk != "0" && fits(digits) {
            digits.insert_str(0, self.code);
        }
    }
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

/// Country codes, trunk prefixes and lengths, from ITU-T E.164 and the national numbering plans
/// that ITU collects (November 2026).
fn numbering_plan(country: &str) -> Option<NumberingPlan> {
    let (code, trunk, least, most) = match country {
        "de" => ("49", "0", 4, 13),
        "at" => ("43", "0", 4, 13),
        "ch" => ("41", "0", 9, 9),
        "li" => ("423", "", 7, 9),
        "fr" | "mc" => ("33", "0", 9, 9),
        "be" => ("32", "0", 8, 9),
        "nl" => ("31", "0", 9, 9),
        "lu" => ("352", "", 5, 9),
        "gb" => ("44", "0", 9, 10),
        "ie" => ("353", "0", 7, 9),
        "it" => ("39", "", 6, 11),
        "es" => ("34", "", 9, 9),
        "pt" => ("351", "", 9, 9),
        "dk" => ("45", "", 8, 8),
        "no" => ("47", "", 8, 8),
        "se" => ("46", "0", 6, 9),
        "fi" => ("358", "0", 5, 12),
        "is" => ("354", "", 7, 7),
        "pl" => ("48", "", 9, 9),
        "cz" => ("420", "", 9, 9),
        "sk" => ("421", "0", 9, 9),
        "hu" => ("36", "06", 8, 9),
        "si" => ("386", "0", 8, 8),
        "hr" => ("385", "0", 8, 9),
        "ro" => ("40", "0", 9, 9),
        "bg" => ("359", "0", 7, 9),
        "gr" => ("30", "", 10, 10),
        "cy" => ("357", "", 8, 8),
        "mt" => ("356", "", 8, 8),
        "ee" => ("372", "", 7, 8),
        "lv" => ("371", "", 8, 8),
        "lt" => ("370", "0", 8, 8),
        "tr" => ("90", "0", 10, 10),
        "us" | "ca" => ("1", "1", 10, 10),
        "au" => ("61", "0", 9, 9),
        "in" => ("91", "0", 10, 10),
        "jp" => ("81", "0", 9, 10),
        _ => return None,
    };
    Some(NumberingPlan {
        code,
        trunk,
        len: (least, most),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Switchboards of large companies, from their legal notices.
    #[test]
    fn all_spellings_of_a_number_come_out_alike_in_each_country() {
        for (country, expected, texts) in [
            (
                "de",
                "4989382220",
                &[
                    "+49 89 382-220",
                    "089 382220",
                    "0049 (0) 89 382220",
                    "+49 (0)89/382-220",
                    "+49 089 382220",
                    "49 89 382220",
                ][..],
            ),
            (
                "at",
                "4314044000",
                &[
                    "+43 1 40440-00",
                    "01 4044000",
                    "0043/1/40440-00",
                    "+43 (0)1 404 40 00",
                ][..],
            ),
            (
                "ch",
                "41619241111",
                &[
                    "+41 61 924 11 11",
                    "061 924 11 11",
                    "0041 61 924 11 11",
                    "+41 (0)61 924 11 11",
                ][..],
            ),
            (
                "fr",
                "33147444546",
                &[
                    "+33 1 47 44 45 46",
                    "01 47 44 45 46",
                    "01.47.44.45.46",
                    "+33 (0)1 47 44 45 46",
                ][..],
            ),
            (
                "it",
                "390659821",
                &["+39 06 59821", "06 59821", "0039 06 59821"][..],
            ),
            (
                "es",
                "34914823800",
                &["+34 914 823 800", "914 823 800", "34914823800"][..],
            ),
            (
                "dk",
                "4544448888",
                &["+45 4444 8888", "44 44 88 88", "4544448888"][..],
            ),
            ("no", "4751990000", &["+47 51 99 00 00", "51990000"][..]),
            (
                "se",
                "4687190000",
                &["+46 8 719 00 00", "08-719 00 00", "+46 (0)8 719 00 00"][..],
            ),
            (
                "gb",
                "442074964000",
                &["+44 20 7496 4000", "020 7496 4000", "+44 (0)20 7496 4000"][..],
            ),
            (
                "nl",
                "31402791111",
                &["+31 40 27 91 111", "040-2791111", "+31(0)40-2791111"][..],
            ),
            (
                "pl",
                "48242560000",
                &["+48 24 256 00 00", "24 256 00 00"][..],
            ),
            (
                "cz",
                "420211041111",
                &["+420 211 041 111", "211 041 111"][..],
            ),
            ("hu", "3612090000", &["+36 1 209 0000", "06 1 209 0000"][..]),
            (
                "us",
                "14089961010",
                &[
                    "+1 408-996-1010",
                    "(408) 996-1010",
                    "1-408-996-1010",
                    "001 408 996 1010",
                ][..],
            ),
        ] {
            for text in texts {
                assert_eq!(
                    phone(text, Some(country)).as_deref(),
                    Some(expected),
                    "{country} {text}"
                );
                assert_eq!(
                    phone(expected, Some(country)).as_deref(),
                    Some(expected),
                    "{country} {expected} again"
                );
            }
        }
    }

    #[test]
    fn the_first_of_several_numbers_counts() {
        for text in [
            "089 382220; 089 382221",
            "089 382220, 089 382221",
            "089 382220 oder 089 382221",
            "089 3822200/3822201",
        ] {
            let found = phone(text, Some("de")).unwrap_or_default();
            assert!(
                found == "4989382220" || found == "49893822200",
                "{text} {found}"
            );
        }
    }
}
