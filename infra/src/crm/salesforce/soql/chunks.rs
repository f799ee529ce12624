//! The fields of a query, split into as few queries as the length of a URI allows.

use super::super::shape::ObjectShape;

/// The bytes of a URI that we may fill. Salesforce takes 16,384 for URI and headers together. An access token that is a
/// JWT has up to 2,000, and 4,384 in all are left for headers.
const URI_BUDGET: usize = 12_000;

/// The most bytes of the URI that a window's condition, the host and the path need.
const WINDOW_COST: usize = 1_000;

/// The bytes of one id in an encoded list: 18 letters and digits, two quotes and a comma of three bytes each.
const ID_COST: usize = 18 + 3 * 3;

/// The most ids in one query.
pub(in super::super) const IDS_PER_QUERY: usize = 200;

/// Splits the fields of a window's query into as few queries as the URI's length allows. Each query has the fields by
/// which rows are joined.
pub(in super::super) fn window_chunks(shape: &ObjectShape) -> Vec<Vec<&str>> {
    chunks(shape, URI_BUDGET - WINDOW_COST)
}

/// Splits the fields of a query by ids in the same way.
pub(in super::super) fn id_chunks(shape: &ObjectShape) -> Vec<Vec<&str>> {
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

    use domain::{
        progress::Position,
        record::{Object, RecordId},
    };
    use jiff::Timestamp;

    use super::{
        super::{
            super::{settings::Options, shape::Kind},
            between, one_of, select,
        },
        *,
    };

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
    fn eight_hundred_fields_are_asked_for_once_each_in_uris_that_fit() {
        let shape = wide(800);
        let position = Position {
            at: Timestamp::from_millisecond(1_790_000_000_000).unwrap(),
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
}
