//! Runs a search: which records match, in which order, and how many.
//!
//! Ranges over time stamps and ids use the orders of the table. Everything else tests each record.

use std::borrow::Cow;
use std::ops::Bound;
use std::sync::Arc;

use super::filter::{Filter, Operator, Subject, moment};
use super::parse::Search;
use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::property::{Source, Type};
use crate::hubspot::row::Row;

/// One page of matches.
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

/// Runs a search on the index, which may lag.
pub(crate) fn run(portal: &Portal, kind: Kind, search: &Search) -> Found {
    let table = portal.table(kind);
    let (order, descending) = order_of(portal, kind, search);
    let candidates = candidates(portal, kind, search);
    let matches = |row: &Row| {
        row.archived.is_none() && (candidates.exact || is_match(portal, kind, search, row))
    };
    let known = candidates
        .rows
        .filter(|row| !table.lag.hides(row.id) && matches(row));
    if table.lag.is_empty() && !descending && candidates.order == Some(order) {
        let (mut rows, mut total) = (Vec::new(), 0);
        for row in known {
            if (search.offset..search.offset + search.limit).contains(&total) {
                rows.push(Arc::clone(row));
            }
            total += 1;
        }
        return Found { rows, total };
    }
    let mut all: Vec<&Arc<Row>> = known.collect();
    // What the index still has of changed records is not among the candidates, whatever range they are of.
    let old = table.lag.old();
    all.extend(old.filter(|row| row.archived.is_none() && is_match(portal, kind, search, row)));
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

/// Returns the order of a search, and whether it is descending. By default the oldest record comes first.
fn order_of(portal: &Portal, kind: Kind, search: &Search) -> (Order, bool) {
    let Some((index, descending)) = search.sort else {
        return (Order::Created, false);
    };
    let property = portal.table(kind).schema.property(index);
    let order = match property.map(|one| one.source) {
        Some(Source::Id) => Order::Id,
        Some(Source::Stamp) => Order::Stamp,
        Some(Source::Created) => Order::Created,
        _ => Order::Property(index),
    };
    (order, descending)
}

fn is_match(portal: &Portal, kind: Kind, search: &Search, row: &Row) -> bool {
    let filtered = search.groups.is_empty()
        || search
            .groups
            .iter()
            .any(|group| group.iter().all(|filter| filter.matches(portal, kind, row)));
    filtered && (search.query.is_empty() || has_text(portal, kind, &search.query, row))
}

/// Returns whether a record matches the text search over the properties that it covers.
fn has_text(portal: &Portal, kind: Kind, query: &str, row: &Row) -> bool {
    let schema = &portal.table(kind).schema;
    let query = query.to_lowercase();
    kind.searched_properties().iter().any(|name| {
        row.named(schema, name)
            .is_some_and(|text| text.to_lowercase().contains(&query))
    })
}

/// Returns the records that include all matches.
struct Candidates<'a> {
    rows: Box<dyn Iterator<Item = &'a Arc<Row>> + 'a>,
    /// The order in which they come, if it is one of the known orders.
    order: Option<Order>,
    /// Whether each of them matches.
    exact: bool,
}

/// A range of time stamps or ids, and whether a group of filters asks for nothing else.
#[derive(Clone, Copy)]
struct Range {
    low: i64,
    high: i64,
    exact: bool,
}

fn candidates<'a>(portal: &'a Portal, kind: Kind, search: &Search) -> Candidates<'a> {
    let table = portal.table(kind);
    let unasked = search.query.is_empty();
    if let [group] = &search.groups[..] {
        let range = |source| range(portal, kind, group, source);
        if let Some(Range { low, high, exact }) = range(Source::Stamp) {
            let ends = (
                Bound::Included((low, u64::MIN)),
                Bound::Included((high, u64::MAX)),
            );
            return Candidates {
                rows: Box::new(table.by_key(ends.0, ends.1)),
                // Within one millisecond the order is that of ids, too.
                order: Some(if low == high && search.sort.is_some() {
                    order_of(portal, kind, search).0
                } else {
                    Order::Stamp
                })
                .filter(|order| matches!(order, Order::Stamp | Order::Id)),
                exact: exact && unasked,
            };
        }
        if let Some(Range { low, high, exact }) = range(Source::Id) {
            let id = |id: i64| Bound::Included(u64::try_from(id).unwrap_or(0));
            return Candidates {
                rows: Box::new(table.by_id(id(low), id(high))),
                order: Some(Order::Id),
                exact: exact && unasked && high >= 0,
            };
        }
    }
    Candidates {
        rows: Box::new(table.by_id(Bound::Unbounded, Bound::Unbounded)),
        order: Some(Order::Id),
        exact: search.groups.is_empty() && unasked,
    }
}

/// Returns the range of time stamps or ids that a group's filters allow. `None` if no filter is about them.
fn range(portal: &Portal, kind: Kind, group: &[Filter], source: Source) -> Option<Range> {
    let schema = &portal.table(kind).schema;
    let (mut low, mut high, mut used) = (i64::MIN, i64::MAX, 0);
    for filter in group {
        let Subject::Property(index) = filter.subject else {
            continue;
        };
        if schema.property(index)?.source != source {
            continue;
        }
        let value = moment(&filter.value);
        used += 1;
        match filter.operator {
            Operator::Gt => low = low.max(value.saturating_add(1)),
            Operator::Gte => low = low.max(value),
            Operator::Lt => high = high.min(value.saturating_sub(1)),
            Operator::Lte => high = high.min(value),
            Operator::Eq => (low, high) = (low.max(value), high.min(value)),
            Operator::Between => {
                (low, high) = (low.max(value), high.min(moment(&filter.high)));
            }
            _ => used -= 1,
        }
    }
    (used > 0).then_some(Range {
        low,
        high,
        exact: used == group.len(),
    })
}

/// Sorts matches. Ties are ordered by ascending id, which HubSpot does not promise. The fault `out_of_order` breaks that order.
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
