//! Aggregates: `$apply`, and the numbers of any aggregate.

use serde_json::{Map, Value, json};

use super::filter::{Filter, ordered};
use super::parse::filter;
use super::run::Query;
use crate::dynamics::error::Refusal;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::row::Cell;
use crate::dynamics::schema::Schema;
use crate::dynamics::time;

/// What is computed over all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Count,
    /// The rows that have a value in a column.
    Filled(u16),
    Least(u16),
    Most(u16),
}

/// An aggregate: each measure with the name that it has in the answer.
pub(crate) type Aggregate = Vec<(String, Measure)>;

/// Parses `$apply`: `aggregate($count as n)`, perhaps with `filter(…)/` before it.
fn apply(schema: &Schema, text: &str) -> Result<(Option<Filter>, Aggregate), Refusal> {
    let wrong = || Refusal::query(format!("The $apply expression '{text}' is not supported."));
    let (found, rest) = match text.strip_prefix("filter(") {
        None => (None, text),
        Some(rest) => {
            let (inner, rest) = rest.split_once(")/aggregate(").ok_or_else(wrong)?;
            let found = filter(schema, inner)?;
            (
                Some(found),
                &text[text.len() - rest.len() - "aggregate(".len()..],
            )
        }
    };
    let inner = rest
        .strip_prefix("aggregate(")
        .and_then(|rest| rest.strip_suffix(')'));
    let one = |part: &str| {
        let words: Vec<&str> = part.split_whitespace().collect();
        let column = |name: &str| {
            let index = schema.wired(name);
            index.ok_or_else(|| Refusal::no_column(schema.kind, name))
        };
        match words[..] {
            ["$count", "as", name] => Ok((name.to_owned(), Measure::Count)),
            [of, "with", "countdistinct", "as", name] if of == schema.kind.id_column() => {
                Ok((name.to_owned(), Measure::Count))
            }
            [of, "with", "min", "as", name] => Ok((name.to_owned(), Measure::Least(column(of)?))),
            [of, "with", "max", "as", name] => Ok((name.to_owned(), Measure::Most(column(of)?))),
            _ => Err(wrong()),
        }
    };
    let all = inner.ok_or_else(wrong)?.split(',').map(one);
    Ok((found, all.collect::<Result<_, _>>()?))
}

/// Answers `$apply`.
pub(crate) fn counted(org: &Org, kind: Kind, text: &str) -> Result<Map<String, Value>, Refusal> {
    let schema = &org.table(kind).schema;
    let (filter, measures) = apply(schema, text)?;
    numbers(org, &Query::new(schema, filter, Vec::new()), &measures)
}

/// Computes an aggregate. Too many rows are refused.
pub(crate) fn numbers(
    org: &Org,
    query: &Query,
    measures: &Aggregate,
) -> Result<Map<String, Value>, Refusal> {
    let limit = org.config.aggregate_limit;
    let rows = query.rows(org, None, limit + 1);
    if rows.len() > limit {
        let message = "The maximum record limit is exceeded. Reduce the number of records.";
        return Err(Refusal::new(400, "0x8004e023", message));
    }
    let schema = &org.table(query.kind).schema;
    let cells = |index: u16| {
        let cells = rows.iter().map(move |row| row.cell(schema, index));
        cells.filter(|cell| *cell != Cell::Null)
    };
    let order =
        |one: &Cell<'_>, other: &Cell<'_>| ordered(one, other).unwrap_or(std::cmp::Ordering::Equal);
    let value = |measure: &Measure| match *measure {
        Measure::Count => json!(rows.len()),
        Measure::Filled(index) => json!(cells(index).count()),
        Measure::Least(index) => cells(index).min_by(order).map_or(Value::Null, shown),
        Measure::Most(index) => cells(index).max_by(order).map_or(Value::Null, shown),
    };
    let named = measures
        .iter()
        .map(|(name, measure)| (name.clone(), value(measure)));
    Ok(named.collect())
}

fn shown(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Number(number) => json!(number),
        Cell::Bool(value) => json!(value),
        Cell::Time(moment) => json!(time::text(moment)),
        Cell::Guid(guid) => json!(guid.to_string()),
    }
}
