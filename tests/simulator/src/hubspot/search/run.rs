//! Which records match, in which order, and how many.
//!
//! Ranges over time stamps and ids are read from their own orders; everything else looks at each record.

use std::borrow::Cow;
use std::ops::Bound;
use std::sync::Arc;

use super::filter::{Filter, Operator, Subject, moment};
use super::parse::Search;
use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::property::{Source, Type};
use crate::hubspot::row::Row;

/// One page of what matches.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Arc<Row>>,
    pub(crate) total: usize,
}

/// The order of results.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Id,
    Stamp,
    Created,
    Property(u16),
}

/// Runs a search against the index, which may be late.
pub(crate) fn run(portal: &Portal, kind: Kind, search: &Search) -> Found {
    let table = portal.table(kind);
    let (order, descending) = match search.sort {
        // Oldest first.
        None => (Order::Created, false),
        Some((index, descending)) => {
            let source = table.schema.property(index).map(|one| one.source);
            let order = match source {
                Some(Source::Id) => Order::Id,
                Some(Source::Stamp) => Order::Stamp,
                Some(Source::Created) => Order::Created,
                _ => Order::Property(index),
            };
            (order, descending)
        }
    };
    let matches = |row: &Row| row.archived.is_none() && is_match(portal, kind, search, row);
    let unfiltered = search.groups.is_empty() && search.query.is_empty();
    if unfiltered && order == Order::Id && !descending && table.lag.is_empty() {
        let rows = table
            .by_id(Bound::Unbounded, Bound::Unbounded)
            .filter(|row| row.archived.is_none());
        let rows = rows.skip(search.offset).take(search.limit).cloned();
        return Found {
            rows: rows.collect(),
            total: table.live(),
        };
    }
    let mut all: Vec<&Arc<Row>> = candidates(portal, kind, search)
        .filter(|row| !table.lag.hides(row.id))
        .filter(|row| matches(row))
        .collect();
    all.extend(table.lag.old().filter(|row| matches(row)));
    let total = all.len();
    arrange(portal, kind, &mut all, order);
    if descending {
        all.reverse();
    }
    let rows = all.into_iter().skip(search.offset).take(search.limit);
    Found {
        rows: rows.cloned().collect(),
        total,
    }
}

fn is_match(portal: &Portal, kind: Kind, search: &Search, row: &Row) -> bool {
    let filtered = search.groups.is_empty()
        || search
            .groups
            .iter()
            .any(|group| group.iter().all(|filter| filter.matches(portal, kind, row)));
    filtered && (search.query.is_empty() || has_text(portal, kind, &search.query, row))
}

/// The text search over the properties that take part in it.
fn has_text(portal: &Portal, kind: Kind, query: &str, row: &Row) -> bool {
    let schema = &portal.table(kind).schema;
    let query = query.to_lowercase();
    kind.searched_properties().iter().any(|name| {
        row.named(schema, name)
            .is_some_and(|text| text.to_lowercase().contains(&query))
    })
}

/// The records among which all matches are.
fn candidates<'a>(
    portal: &'a Portal,
    kind: Kind,
    search: &Search,
) -> Box<dyn Iterator<Item = &'a Arc<Row>> + 'a> {
    let table = portal.table(kind);
    if let [group] = &search.groups[..] {
        let range = |source| range(portal, kind, group, source);
        if let Some((low, high)) = range(Source::Stamp) {
            let (low, high) = (
                Bound::Included((low, u64::MIN)),
                Bound::Included((high, u64::MAX)),
            );
            return Box::new(table.by_key(low, high));
        }
        if let Some((low, high)) = range(Source::Id) {
            let id = |id: i64| u64::try_from(id).unwrap_or(0);
            return Box::new(table.by_id(Bound::Included(id(low)), Bound::Included(id(high))));
        }
    }
    Box::new(table.by_id(Bound::Unbounded, Bound::Unbounded))
}

/// The range that a group's filters leave of the time stamps or ids.
fn range(portal: &Portal, kind: Kind, group: &[Filter], source: Source) -> Option<(i64, i64)> {
    let schema = &portal.table(kind).schema;
    let (mut low, mut high) = (i64::MIN, i64::MAX);
    for filter in group {
        let Subject::Property(index) = filter.subject else {
            continue;
        };
        if schema.property(index)?.source != source {
            continue;
        }
        let value = moment(&filter.value);
        match filter.operator {
            Operator::Gt => low = low.max(value.saturating_add(1)),
            Operator::Gte => low = low.max(value),
            Operator::Lt => high = high.min(value.saturating_sub(1)),
            Operator::Lte => high = high.min(value),
            Operator::Eq => (low, high) = (low.max(value), high.min(value)),
            Operator::Between => {
                (low, high) = (low.max(value), high.min(moment(&filter.high)));
            }
            _ => {}
        }
    }
    ((low, high) != (i64::MIN, i64::MAX)).then_some((low, high))
}

/// Ties come by ascending id, which HubSpot does not promise; the fault `out_of_order` breaks it.
fn arrange(portal: &Portal, kind: Kind, all: &mut [&Arc<Row>], order: Order) {
    match order {
        Order::Id => all.sort_unstable_by_key(|row| row.id),
        Order::Stamp => all.sort_unstable_by_key(|row| (row.stamp, row.id)),
        Order::Created => all.sort_unstable_by_key(|row| (row.created, row.id)),
        Order::Property(index) => {
            let schema = &portal.table(kind).schema;
            let kind = schema.property(index).map(|one| one.kind);
            let text = |row: &Row| row.text(schema, index).map(Cow::into_owned);
            match kind {
                Some(Type::Number) => all.sort_by(|one, other| {
                    let number = |row: &Row| text(row).and_then(|text| text.parse::<f64>().ok());
                    let (one_number, other_number) = (
                        number(one).unwrap_or(f64::NEG_INFINITY),
                        number(other).unwrap_or(f64::NEG_INFINITY),
                    );
                    one_number
                        .total_cmp(&other_number)
                        .then(one.id.cmp(&other.id))
                }),
                _ => all.sort_by_cached_key(|row| {
                    (text(row).unwrap_or_default().to_lowercase(), row.id)
                }),
            }
        }
    }
}
