//! Runs a query over the rows of one table.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use super::cookie::Cookie;
use super::filter::{Filter, Operator, ordered};
use super::order::Order;
use crate::dynamics::guid::Guid;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::row::{Cell, Row};
use crate::dynamics::schema::{Schema, Source};
use crate::dynamics::time::Millis;

/// The order of rows by their times.
type ByTime = (Millis, Guid);

/// What is asked of one table.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) kind: Kind,
    pub(crate) filter: Option<Filter>,
    /// The order. Its last column is always the id, so that no two rows are equal.
    pub(crate) orders: Vec<Order>,
}

impl Query {
    /// Makes a query. The id is added to the order if it is not there.
    pub(crate) fn new(schema: &Schema, filter: Option<Filter>, mut orders: Vec<Order>) -> Self {
        if let Some(index) = schema.named(schema.kind.id_column())
            && orders.iter().all(|order| order.index != index)
        {
            orders.push(Order {
                index,
                descending: false,
            });
        }
        Self {
            kind: schema.kind,
            filter,
            orders,
        }
    }

    /// Returns the first rows in order, from after a page's end.
    pub(crate) fn rows<'a>(
        &self,
        org: &'a Org,
        after: Option<&Cookie>,
        most: usize,
    ) -> Vec<&'a Arc<Row>> {
        let table = org.table(self.kind);
        let schema = &table.schema;
        let fits = |row: &&Arc<Row>| self.fits(org, row) && self.follows(schema, row, after);
        let first = self.filter.as_ref().and_then(|filter| filter.ids(schema));
        if let Some(ids) = first {
            let rows = ids.iter().filter_map(|id| table.get(*id));
            return self.sorted(schema, rows.filter(fits).collect(), most);
        }
        match self.source(schema) {
            Some(Source::Id) => {
                let from = after.and_then(|cookie| guid(cookie.last.first()));
                let from = from.map_or(Bound::Unbounded, Bound::Excluded);
                table
                    .by_id(from, Bound::Unbounded)
                    .filter(fits)
                    .take(most)
                    .collect()
            }
            Some(Source::Modified) => {
                let (from, to) = self.range(after);
                table.by_key(from, to).filter(fits).take(most).collect()
            }
            Some(Source::Version) => {
                let rows = table.changed(self.version(after));
                rows.filter(fits).take(most).collect()
            }
            _ => {
                let rows = table.by_id(Bound::Unbounded, Bound::Unbounded);
                self.sorted(schema, rows.filter(fits).collect(), most)
            }
        }
    }

    /// Returns the number of rows that fit, but no more than `most`.
    pub(crate) fn count(&self, org: &Org, most: usize) -> usize {
        self.rows(org, None, most).len()
    }

    fn fits(&self, org: &Org, row: &Arc<Row>) -> bool {
        let schema = &org.table(self.kind).schema;
        let meets = self
            .filter
            .as_ref()
            .is_none_or(|filter| filter.meets(schema, row));
        meets && org.sees(self.kind, row)
    }

    /// Returns the column by which the rows are stored in the order that is asked for.
    fn source(&self, schema: &Schema) -> Option<Source> {
        let source = |order: &Order| {
            let field = schema.field(order.index);
            field
                .filter(|_| !order.descending)
                .map(|field| field.source)
        };
        match (
            source(self.orders.first()?)?,
            self.orders.get(1).map(source),
        ) {
            (Source::Id, _) => Some(Source::Id),
            (Source::Version, _) => Some(Source::Version),
            (Source::Modified, Some(Some(Source::Id))) => Some(Source::Modified),
            _ => None,
        }
    }

    /// Returns the times between which the filter wants rows, from after a page's end.
    fn range(&self, after: Option<&Cookie>) -> (Bound<ByTime>, Bound<ByTime>) {
        let (mut from, mut to) = ((Millis::MIN, Guid::FIRST), (Millis::MAX, Guid::LAST));
        let of = self.orders.first().map_or(u16::MAX, |order| order.index);
        let bounds = self.filter.as_ref().map(|filter| filter.bounds(of));
        for (operator, cell) in bounds.unwrap_or_default() {
            let Cell::Time(time) = cell else { continue };
            match operator {
                Operator::Greater | Operator::AtLeast => from = from.max((*time, Guid::FIRST)),
                Operator::Less | Operator::AtMost => to = to.min((*time, Guid::LAST)),
                Operator::Equal => {
                    from = from.max((*time, Guid::FIRST));
                    to = to.min((*time, Guid::LAST));
                }
                Operator::Unequal => {}
            }
        }
        let mut from = Bound::Included(from);
        if let Some([Cell::Time(time), Cell::Guid(id)]) = after.map(|cookie| &cookie.last[..]) {
            from = Bound::Excluded((*time, *id));
        }
        (from, Bound::Included(to))
    }

    /// Returns the version after which the filter wants rows, from after a page's end.
    fn version(&self, after: Option<&Cookie>) -> u64 {
        let of = self.orders.first().map_or(u16::MAX, |order| order.index);
        let bounds = self.filter.as_ref().map(|filter| filter.bounds(of));
        let above = bounds.unwrap_or_default().into_iter();
        let above = above.filter(|(operator, _)| *operator == Operator::Greater);
        let last = after.and_then(|cookie| cookie.last.first());
        let cells = above.map(|(_, cell)| cell).chain(last);
        let numbers = cells.filter_map(|cell| match cell {
            Cell::Number(number) => format!("{number:.0}").parse().ok(),
            _ => None,
        });
        numbers.max().unwrap_or(0)
    }

    /// Returns whether a row comes after a page's end.
    fn follows(&self, schema: &Schema, row: &Row, after: Option<&Cookie>) -> bool {
        let Some(cookie) = after else { return true };
        let cells = self.orders.iter().zip(&cookie.last);
        for (order, last) in cells {
            let found = ordered(&row.cell(schema, order.index), last);
            match turned(found.unwrap_or(Ordering::Equal), order.descending) {
                Ordering::Less => return false,
                Ordering::Greater => return true,
                Ordering::Equal => {}
            }
        }
        false
    }

    fn sorted<'a>(
        &self,
        schema: &Schema,
        mut rows: Vec<&'a Arc<Row>>,
        most: usize,
    ) -> Vec<&'a Arc<Row>> {
        rows.sort_by(|one, other| {
            let by = |order: &Order| {
                let (one, other) = (
                    one.cell(schema, order.index),
                    other.cell(schema, order.index),
                );
                turned(
                    ordered(&one, &other).unwrap_or(Ordering::Equal),
                    order.descending,
                )
            };
            let differing = self.orders.iter().map(by).find(|order| order.is_ne());
            differing.unwrap_or(Ordering::Equal)
        });
        rows.dedup_by_key(|row| row.id);
        rows.truncate(most);
        rows
    }
}

fn turned(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

fn guid(cell: Option<&Cell<'static>>) -> Option<Guid> {
    match cell {
        Some(Cell::Guid(guid)) => Some(*guid),
        _ => None,
    }
}
