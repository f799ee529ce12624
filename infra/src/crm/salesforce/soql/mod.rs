//! Writes SOQL with every value escaped.

mod chunks;

use std::fmt::Write as _;

use domain::{
    progress::{Position, Window},
    record::RecordId,
};
use jiff::Timestamp;

pub(super) use self::chunks::{IDS_PER_QUERY, id_chunks, window_chunks};
use super::shape::ObjectShape;

/// Returns a quoted SOQL literal. It escapes what SOQL reads as more than a character. `%` and `_` are special only in
/// LIKE, which is not used here.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// Returns a datetime literal with milliseconds.
pub(super) fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Returns the condition of a window. `stamp` is the field of the last change.
pub(super) fn window(stamp: &str, window: &Window) -> String {
    let until = format!("{stamp} < {}", time(window.until));
    match &window.after {
        None => until,
        Some(after) => format!("{} AND {until}", from(stamp, after, ">")),
    }
}

/// Returns the condition for the records between two records, including both.
pub(super) fn between(stamp: &str, first: &Position, last: &Position) -> String {
    format!("{} AND {}", from(stamp, first, ">="), to(stamp, last))
}

fn from(stamp: &str, place: &Position, than: &str) -> String {
    let at = time(place.at);
    match &place.id {
        None => format!("{stamp} >= {at}"),
        Some(id) => format!(
            "(({stamp} > {at}) OR ({stamp} = {at} AND Id {than} {}))",
            quote(id.as_str())
        ),
    }
}

fn to(stamp: &str, place: &Position) -> String {
    let at = time(place.at);
    match &place.id {
        None => format!("{stamp} < {at}"),
        Some(id) => format!(
            "(({stamp} < {at}) OR ({stamp} = {at} AND Id <= {}))",
            quote(id.as_str())
        ),
    }
}

/// Returns `Id IN (…)`.
pub(super) fn one_of(ids: &[RecordId]) -> String {
    let list: Vec<_> = ids.iter().map(|id| quote(id.as_str())).collect();
    format!("Id IN ({})", list.join(","))
}

/// Returns a query for some of an object's fields.
pub(super) fn select(
    shape: &ObjectShape,
    fields: &[&str],
    condition: &str,
    ordered: bool,
) -> String {
    let order = if ordered {
        format!(" ORDER BY {}, Id", shape.stamp())
    } else {
        String::new()
    };
    format!(
        "SELECT {} FROM {} WHERE {condition}{order}",
        fields.join(","),
        shape.object()
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).unwrap()
    }

    #[test]
    fn a_window_is_a_half_open_keyset() {
        let until = at(1_000);
        let after = |id: Option<&str>| {
            Some(Position {
                at: at(5),
                id: id.map(|id| RecordId::parse(id).unwrap()),
            })
        };
        assert_eq!(
            window("S", &Window { after: None, until }),
            "S < 1970-01-01T00:00:01.000Z"
        );
        assert_eq!(
            window(
                "S",
                &Window {
                    after: after(None),
                    until
                }
            ),
            "S >= 1970-01-01T00:00:00.005Z AND S < 1970-01-01T00:00:01.000Z"
        );
        assert_eq!(
            window(
                "S",
                &Window {
                    after: after(Some("a'b")),
                    until
                }
            ),
            "((S > 1970-01-01T00:00:00.005Z) OR (S = 1970-01-01T00:00:00.005Z AND Id > 'a\\'b')) AND S < 1970-01-01T00:00:01.000Z"
        );
    }

    proptest! {
        #[test]
        fn no_text_ends_its_own_quotes(text in any::<String>()) {
            let quoted = quote(&text);
            let inner = quoted.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
            let (mut back, mut chars) = (String::new(), inner.chars());
            while let Some(c) = chars.next() {
                prop_assert!(c != '\'' && !c.is_control());
                back.push(match c {
                    '\\' => match chars.next().unwrap() {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'u' => {
                            let code: String = chars.by_ref().take(4).collect();
                            char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap()
                        }
                        other => other,
                    },
                    other => other,
                });
            }
            prop_assert_eq!(back, text);
        }
    }
}
