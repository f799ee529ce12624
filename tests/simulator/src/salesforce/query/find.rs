//! Finds the rows of a query, in its order.

use std::ops::Bound;
use std::sync::Arc;

use super::range::Range;
use super::sort::{SortKey, compare};
use super::test::Test;
use crate::salesforce::row::Row;
use crate::salesforce::table::Table;

pub(super) fn find(
    table: &Table,
    test: Option<&Test>,
    order: &[SortKey],
    deleted: bool,
    wanted: usize,
) -> Vec<Arc<Row>> {
    let range = test.map_or(Range::ALL, Range::of);
    let matching =
        |row: &&Arc<Row>| (deleted || !row.deleted) && test.is_none_or(|test| test.holds(row));
    let take = |rows: &mut dyn Iterator<Item = &Arc<Row>>| {
        rows.filter(matching)
            .take(wanted)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (id, stamp) = (
        table.schema.index("Id"),
        table.schema.index("SystemModstamp"),
    );
    let (by_id, by_key) = (
        || table.by_id(Bound::Included(range.id.0), Bound::Included(range.id.1)),
        || table.by_key(Bound::Included(range.key.0), Bound::Included(range.key.1)),
    );
    match order {
        [(first, false, ..)] if *first == id => take(&mut by_id()),
        [(first, true, ..)] if *first == id => take(&mut by_id().rev()),
        [(first, false, ..), rest @ ..] if *first == stamp && follows(rest, id, false) => {
            take(&mut by_key())
        }
        [(first, true, ..), rest @ ..] if *first == stamp && follows(rest, id, true) => {
            take(&mut by_key().rev())
        }
        _ => {
            let mut rows: Vec<_> = match test.and_then(listed) {
                Some(ids) => ids
                    .iter()
                    .filter_map(|id| table.get(*id))
                    .filter(matching)
                    .cloned()
                    .collect(),
                None if range.key == Range::ALL.key => by_id().filter(matching).cloned().collect(),
                None => by_key().filter(matching).cloned().collect(),
            };
            rows.sort_by_cached_key(|row| row.id.scatter());
            if !order.is_empty() {
                rows.sort_by(|one, other| compare(order, one, other));
            }
            rows.truncate(wanted);
            rows
        }
    }
}

fn follows(rest: &[SortKey], id: u16, descending: bool) -> bool {
    rest.is_empty() || matches!(rest, [(index, down, ..)] if *index == id && *down == descending)
}

/// Returns the ids of an `Id IN (…)` that every match must satisfy.
fn listed(test: &Test) -> Option<&std::collections::BTreeSet<crate::salesforce::id::Id>> {
    match test {
        Test::IdIn(ids) => Some(ids),
        Test::And(all) => all.iter().find_map(listed),
        _ => None,
    }
}
