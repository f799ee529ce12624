//! Runs a query over a table.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::bind::bind;
use super::find::find;
use super::sort::sort_keys;
use super::write::Column;
use crate::salesforce::error::Refusal;
use crate::salesforce::row::{Row, plain};
use crate::salesforce::schema::Schema;
use crate::salesforce::soql::{Query, Select};
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
