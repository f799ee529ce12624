//! Runs a query over a table.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::bind::{Test, bind};
use super::range::Range;
use super::write::Column;
use crate::salesforce::error::Refusal;
use crate::salesforce::row::{Row, plain};
use crate::salesforce::schema::Schema;
use crate::salesforce::soql::{Order, Query, Select};
use crate::salesforce::table::Table;

/// The result of a query.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// `COUNT()`.
    Count(usize),
    /// One row of aggregates.
    Aggregates(Value),
    Rows(Snapshot),
}

/// The records that a query found, as they were then. Later edits do not show.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) object: &'static str,
    pub(crate) columns: Arc<[Column]>,
    pub(crate) rows: Arc<[Arc<Row>]>,
}

/// Runs a query. `deleted` includes deleted rows, as queryAll does. Without ORDER BY the rows come in no useful order.
///
/// # Errors
/// Returns INVALID_FIELD and the like, in Salesforce's words.
pub(crate) fn run(table: &Table, query: &Query, deleted: bool) -> Result<Outcome, Refusal> {
    let schema = &table.schema;
    let columns = columns(schema, query)?;
    let test = query
        .filter
        .as_ref()
        .map(|filter| bind(schema, filter))
        .transpose()?;
    let order = sort_keys(schema, &query.order)?;
    if query.offset > 2_000 {
        return Err(Refusal::new(
            400,
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Maximum SOQL offset allowed is 2000",
        ));
    }
    if columns.is_empty() && test.is_none() && query.select == [Select::CountRows] {
        return Ok(Outcome::Count(if deleted {
            table.all()
        } else {
            table.live()
        }));
    }
    let wanted = query.limit.unwrap_or(usize::MAX);
    let rows = find(
        table,
        test.as_ref(),
        &order,
        deleted,
        wanted.saturating_add(query.offset),
    );
    if query.select == [Select::CountRows] {
        return Ok(Outcome::Count(rows.len()));
    }
    if columns.is_empty() {
        return Ok(Outcome::Aggregates(aggregates(
            schema,
            &query.select,
            &rows,
        )));
    }
    let rows = rows.into_iter().skip(query.offset).take(wanted).collect();
    Ok(Outcome::Rows(Snapshot {
        object: schema.object,
        columns: columns.into(),
        rows,
    }))
}

fn columns(schema: &Schema, query: &Query) -> Result<Vec<Column>, Refusal> {
    let mut columns: Vec<Column> = Vec::new();
    for item in &query.select {
        match item {
            Select::Field(name) => {
                if let Some((relation, _)) = name
                    .split_once('.')
                    .filter(|(object, _)| !object.eq_ignore_ascii_case(schema.object))
                {
                    let message =
                        format!("Didn't understand relationship '{relation}' in field path.");
                    return Err(Refusal::new(400, "INVALID_FIELD", message));
                }
                let name = name.rsplit('.').next().unwrap_or(name);
                let (index, field) = schema
                    .visible(name)
                    .ok_or_else(|| Refusal::no_such_column(name, schema.object))?;
                if columns.iter().any(|column| column.index == index) {
                    return Err(Refusal::malformed_query(format!(
                        "duplicate field selected: {}",
                        field.name
                    )));
                }
                columns.push(Column::new(schema, index, field));
            }
            Select::CountRows if query.select.len() == 1 => {}
            Select::CountRows => {
                return Err(Refusal::malformed_query(
                    "COUNT() must be the only item selected",
                ));
            }
            Select::Aggregate(_, name, _) => {
                schema
                    .visible(name)
                    .ok_or_else(|| Refusal::no_such_column(name, schema.object))?;
            }
        }
    }
    if !columns.is_empty() && columns.len() != query.select.len() {
        return Err(Refusal::malformed_query(
            "Field must be grouped or aggregated",
        ));
    }
    Ok(columns)
}

/// A field to sort by: index, whether descending, whether nulls come last, whether numeric.
type SortKey = (u16, bool, bool, bool);

fn sort_keys(schema: &Schema, order: &[Order]) -> Result<Vec<SortKey>, Refusal> {
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

fn find(
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

fn compare(order: &[SortKey], one: &Row, other: &Row) -> Ordering {
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

fn aggregates(schema: &Schema, select: &[Select], rows: &[Arc<Row>]) -> Value {
    let mut result = Map::from_iter([(
        "attributes".to_owned(),
        json!({ "type": "AggregateResult" }),
    )]);
    for (n, item) in select.iter().enumerate() {
        let Select::Aggregate(function, name, alias) = item else {
            continue;
        };
        let values = rows.iter().filter_map(|row| row.get(schema.index(name)));
        let numeric = |json: &[u8]| plain(json).parse::<f64>().ok();
        let order = |one: &&[u8], other: &&[u8]| match (numeric(one), numeric(other)) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            _ => one.cmp(other),
        };
        let value = match function.as_str() {
            "COUNT" => json!(values.count()),
            "MIN" => values
                .min_by(order)
                .and_then(|json| serde_json::from_slice(json).ok())
                .unwrap_or_default(),
            _ => values
                .max_by(order)
                .and_then(|json| serde_json::from_slice(json).ok())
                .unwrap_or_default(),
        };
        result.insert(alias.clone().unwrap_or_else(|| format!("expr{n}")), value);
    }
    Value::Object(result)
}
