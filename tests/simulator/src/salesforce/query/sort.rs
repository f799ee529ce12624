//! The order of a query's rows.

use std::cmp::Ordering;

use crate::salesforce::error::Refusal;
use crate::salesforce::row::{Row, plain};
use crate::salesforce::schema::Schema;
use crate::salesforce::soql::Order;

/// A field to sort by: index, whether descending, whether nulls come last, whether numeric.
pub(super) type SortKey = (u16, bool, bool, bool);

pub(super) fn sort_keys(schema: &Schema, order: &[Order]) -> Result<Vec<SortKey>, Refusal> {
    let keys = order.iter().map(|order| {
        let (index, field) = schema
            .visible(&order.field)
            .ok_or_else(|| Refusal::no_such_column(&order.field, schema.object))?;
        if !field.filterable() {
            return Err(Refusal::malformed_query(format!(
                "field '{}' can not be sorted in a query call",
                field.name
            )));
        }
        let number = matches!(
            field.kind.as_str(),
            "int" | "double" | "currency" | "percent"
        );
        Ok((index, order.descending, order.nulls_last, number))
    });
    keys.collect()
}

pub(super) fn compare(order: &[SortKey], one: &Row, other: &Row) -> Ordering {
    let differences = order.iter().map(|(index, descending, nulls_last, number)| {
        match (one.get(*index), other.get(*index)) {
            (None, None) => Ordering::Equal,
            (one @ None, _) | (one, None) => {
                let nulls_first = if one.is_none() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                };
                if *nulls_last {
                    nulls_first.reverse()
                } else {
                    nulls_first
                }
            }
            (Some(one), Some(other)) => {
                let ascending = if *number {
                    let number = |json: &[u8]| plain(json).parse::<f64>().unwrap_or_default();
                    number(one).total_cmp(&number(other))
                } else {
                    plain(one).to_lowercase().cmp(&plain(other).to_lowercase())
                };
                if *descending {
                    ascending.reverse()
                } else {
                    ascending
                }
            }
        }
    });
    differences.fold(Ordering::Equal, Ordering::then)
}
