//! Writes SOQL with every value escaped.

use std::fmt::Write as _;

use domain::{
    progress::{Position, Window},
    record::RecordId,
};
use jiff::Timestamp;

use super::shape::ObjectShape;

/// The bytes of a URI that we may fill. Salesforce takes 16,384 for URI and headers together. An access token that is a
/// JWT has up to 2,000, and 4,384 in all are left for headers.
pub(super) const URI_BUDGET: usize = 12_000;
/// The most bytes of the URI that a window's condition, the host and the path need.
const WINDOW_COST: usize = 1_000;
/// The bytes of one id in an encoded list: 18 letters and digits, two quotes and a comma of three bytes each.
const ID_COST: usize = 18 + 3 * 3;
/// The most ids in one query.
pub(super) const IDS_PER_QUERY: usize = 200;

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

/// Splits the fields of a window's query into as few queries as the URI's length allows. Each query has the fields by
/// which rows are joined.
pub(super) fn window_chunks(shape: &ObjectShape) -> Vec<Vec<&str>> {
    chunks(shape, URI_BUDGET - WINDOW_COST)
}

/// Does the same for a query by ids.
pub(super) fn id_chunks(shape: &ObjectShape) -> Vec<Vec<&str>> {
    chunks(shape, URI_BUDGET - WINDOW_COST - IDS_PER_QUERY * ID_COST)
}

fn chunks(shape: &ObjectShape, budget: usize) -> Vec<Vec<&str>> {
    // A name consists of letters, digits and underscores, which a URI does not escape. The comma is escaped.
    let cost = |name: &str| name.len() + 3;
    let carried: Vec<&str> = shape
        .names()
        .filter(|name| shape.is_carried(name))
        .collect();
    let base: usize = carried.iter().map(|name| cost(name)).sum();
    let mut all = Vec::new();
    let (mut chunk, mut used) = (carried.clone(), base);
    for name in shape.names().filter(|name| !shape.is_carried(name)) {
        if used + cost(name) > budget {
            all.push(std::mem::replace(&mut chunk, carried.clone()));
            used = base;
        }
        used += cost(name);
        chunk.push(name);
    }
    if chunk.len() > carried.len() || all.is_empty() {
        all.push(chunk);
    }
    if let [only] = all.as_mut_slice() {
        // Answers come in the order of the query. With sorted names, parsing never has to search.
        only.sort_unstable();
    }
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use domain::record::Object;
    use proptest::prelude::*;

    use super::{
        super::{settings::Options, shape::Kind},
        *,
    };

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).unwrap()
    }

    fn wide(count: usize) -> ObjectShape {
        let names =
            (0..count).map(|n| (format!("Very_Long_Custom_Field_Name_{n:04}__c"), Kind::Text));
        let system = [
            ("Id", Kind::Text),
            ("SystemModstamp", Kind::Time),
            ("IsDeleted", Kind::Boolean),
        ];
        let fields: BTreeMap<_, _> = names
            .chain(system.map(|(name, kind)| (name.to_owned(), kind)))
            .collect();
        ObjectShape::new(Object::Account, fields, &Options::default()).unwrap()
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

    #[test]
    fn eight_hundred_fields_are_asked_for_once_each_in_uris_that_fit() {
        let shape = wide(800);
        let position = Position {
            at: at(1_790_000_000_000),
            id: Some(RecordId::parse(&"x".repeat(18)).unwrap()),
        };
        let condition = between("SystemModstamp", &position, &position);
        let ids = vec![RecordId::parse("001000000000001AAA").unwrap(); IDS_PER_QUERY];
        for (chunks, condition) in [
            (window_chunks(&shape), condition),
            (id_chunks(&shape), one_of(&ids)),
        ] {
            assert!(chunks.len() > 1);
            for chunk in &chunks {
                let query = select(&shape, chunk, &condition, true);
                let mut url = url::Url::parse("https://a-rather-long-name--with-sandbox.sandbox.my.salesforce.com/services/data/v64.0/queryAll").unwrap();
                url.query_pairs_mut().append_pair("q", &query);
                assert!(url.as_str().len() <= URI_BUDGET, "{}", url.as_str().len());
                assert!(
                    ["Id", "SystemModstamp", "IsDeleted"]
                        .iter()
                        .all(|name| chunk.contains(name))
                );
            }
            let mut asked: Vec<_> = chunks
                .concat()
                .into_iter()
                .filter(|name| name.ends_with("__c"))
                .collect();
            asked.sort_unstable();
            assert!(asked.windows(2).all(|pair| pair[0] < pair[1]));
            assert_eq!(asked.len(), 800);
        }
        assert_eq!(window_chunks(&wide(60)).len(), 1);
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
