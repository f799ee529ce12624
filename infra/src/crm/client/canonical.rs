//! One spelling for each value, whatever its form in the answer, so that equal records have equal text.

use std::fmt::Write as _;

use jiff::Timestamp;

/// The bytes that must be escaped in a JSON string.
const ESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

/// Appends `text` as a JSON string, with only the escapes that JSON requires.
pub(in crate::crm) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !ESCAPED[usize::from(*byte)] {
            continue;
        }
        out.push_str(text.get(from..at).unwrap_or_default());
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x8 => out.push_str("\\b"),
            0xc => out.push_str("\\f"),
            other => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{other:04x}");
            }
        }
        from = at + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.push('"');
}

/// Appends a point in time as `"2026-11-24T09:00:00.000Z"`. Returns false and appends nothing if the text is no time.
pub(in crate::crm) fn push_time(out: &mut String, text: &str) -> bool {
    if let Some(local) = utc_to_the_millisecond(text) {
        out.push('"');
        out.push_str(local);
        out.push_str("Z\"");
        return true;
    }
    let Some(at) = instant(text) else {
        return false;
    };
    // Writing to a String cannot fail.
    let _ = write!(out, "\"{at:.3}\"");
    true
}

/// Parses a point in time to the millisecond. Its offset may be spelled `+0000`, `+00:00` or `Z`.
pub(in crate::crm) fn instant(text: &str) -> Option<Timestamp> {
    if let Some(local) = utc_to_the_millisecond(text) {
        return civil(local.as_bytes());
    }
    // `+0000` has no colon. The library parses every other offset and precision.
    let (date_time, offset) = text.split_at_checked(text.len().checked_sub(5)?)?;
    let parsed: Timestamp = match offset.as_bytes() {
        [b'+' | b'-', hours @ ..] if hours.iter().all(u8::is_ascii_digit) => {
            let (hours, minutes) = offset.split_at_checked(3)?;
            format!("{date_time}{hours}:{minutes}").parse().ok()?
        }
        _ => text.parse().ok()?,
    };
    Timestamp::from_millisecond(parsed.as_millisecond()).ok()
}

/// Returns the 23 characters before the offset if the text has exactly the usual form.
fn utc_to_the_millisecond(text: &str) -> Option<&str> {
    let (local, offset) = text.split_at_checked(23)?;
    let bytes: &[u8; 23] = local.as_bytes().try_into().ok()?;
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    let form = digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && digits(11..13)
        && digits(14..16)
        && digits(17..19);
    let signs = bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[10] == b'T'
        && bytes[13] == b':'
        && bytes[16] == b':';
    let fits = form
        && signs
        && digits(20..23)
        && bytes[19] == b'.'
        && matches!(offset, "Z" | "+0000" | "+00:00");
    // A 31st of February has the form, too, so the date is checked.
    (fits && civil(bytes).is_some()).then_some(local)
}

fn civil(bytes: &[u8]) -> Option<Timestamp> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = bytes.get(range)?;
        Some(
            digits
                .iter()
                .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')),
        )
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second, milli) = (
        number(11..13)?,
        number(14..16)?,
        number(17..19)?,
        number(20..23)?,
    );
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days_in_month).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days since 1970 in the proleptic Gregorian calendar. The year begins in March, so that the leap day comes last.
    let march_year = if month <= 2 { year - 1 } else { year };
    let era = march_year.div_euclid(400);
    let of_era = march_year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Timestamp::from_millisecond(seconds * 1_000 + milli).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
    #[test]
    fn a_text_in_its_one_spelling_is_json_for_itself(text in any::<String>()) {
        let mut out = String::new();
        push_text(&mut out, &text);
        prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text.clone());
        prop_assert_eq!(out, serde_json::to_string(&text).unwrap());
    }

    #[test]
    fn a_time_reads_as_the_library_reads_it(millis in -60_000_000_000_000_i64..250_000_000_000_000) {
        let at = jiff::Timestamp::from_millisecond(millis).unwrap();
        let text = at.strftime("%Y-%m-%dT%H:%M:%S%.3f").to_string();
        for text in [format!("{text}Z"), format!("{text}+0000"), format!("{text}+00:00")] {
            prop_assert_eq!(instant(&text), Some(at));
            let mut out = String::new();
            prop_assert!(push_time(&mut out, &text));
            prop_assert_eq!(out, format!("\"{at:.3}\""));
        }
    }
    }
}
