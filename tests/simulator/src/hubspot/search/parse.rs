//! Parses a search, and refuses what HubSpot refuses.

use serde_json::Value;

use super::filter::{Filter, Operator, Subject};
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::schema::Schema;

/// The most records on a page.
const PAGE: usize = 200;
/// How many records one query can reach.
pub(crate) const WINDOW: usize = 10_000;
const GROUPS: usize = 5;
const FILTERS: usize = 6;
const ALL_FILTERS: usize = 18;

/// A valid search.
#[derive(Debug)]
pub(crate) struct Search {
    /// The groups of filters. One matching group is enough. In a group all filters have to match.
    pub(crate) groups: Vec<Vec<Filter>>,
    /// The index of a property, and whether the order is descending.
    pub(crate) sort: Option<(u16, bool)>,
    pub(crate) query: String,
    pub(crate) properties: Vec<String>,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Search {
    pub(crate) fn parse(schema: &Schema, body: &Value) -> Result<Self, Refusal> {
        let list = |name: &str| body[name].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut groups = Vec::new();
        for group in list("filterGroups") {
            let filters = group["filters"].as_array().ok_or_else(Refusal::vague)?;
            groups.push(parsed(schema, filters)?);
        }
        // The short form has filters without groups.
        if !list("filters").is_empty() {
            groups.push(parsed(schema, list("filters"))?);
        }
        let most = groups.iter().map(Vec::len).max().unwrap_or(0);
        let all: usize = groups.iter().map(Vec::len).sum();
        if groups.len() > GROUPS || most > FILTERS || all > ALL_FILTERS {
            return Err(Refusal::invalid(format!(
                "Too many filters: at most {GROUPS} filterGroups with {FILTERS} filters each, {ALL_FILTERS} in all"
            )));
        }
        let limit = number(&body["limit"], 10)?;
        if limit > PAGE {
            return Err(Refusal::invalid(format!(
                "limit must be at most {PAGE}, but was {limit}"
            )));
        }
        let offset = number(&body["after"], 0)?;
        if offset + limit > WINDOW {
            return Err(Refusal::vague());
        }
        let texts = |value: &Value| value.as_str().map(str::to_owned);
        Ok(Self {
            groups,
            sort: sort(schema, list("sorts"))?,
            query: texts(&body["query"]).unwrap_or_default(),
            properties: list("properties").iter().filter_map(texts).collect(),
            limit,
            offset,
        })
    }
}

/// Parses a number that may be a text. A malformed `after` is refused.
fn number(value: &Value, otherwise: usize) -> Result<usize, Refusal> {
    let read = match value {
        Value::Null => return Ok(otherwise),
        Value::String(text) if text.is_empty() => return Ok(otherwise),
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64().and_then(|n| usize::try_from(n).ok()),
        _ => None,
    };
    read.ok_or_else(Refusal::vague)
}

fn parsed(schema: &Schema, filters: &[Value]) -> Result<Vec<Filter>, Refusal> {
    filters.iter().map(|one| filter(schema, one)).collect()
}

fn filter(schema: &Schema, given: &Value) -> Result<Filter, Refusal> {
    let name = given["propertyName"].as_str().ok_or_else(Refusal::vague)?;
    let operator = given["operator"].as_str().unwrap_or_default();
    let operator = Operator::parse(operator).ok_or_else(|| {
        let message = format!("Invalid input JSON: Cannot deserialize value of type `Operator` from String \"{operator}\"");
        Refusal::invalid(message)
    })?;
    let subject = match name.strip_prefix("associations.") {
        Some(object) => Subject::Associated(Kind::parse(object).ok_or_else(Refusal::vague)?),
        None => Subject::Property(schema.find(name).ok_or_else(Refusal::vague)?),
    };
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let values = given["values"].as_array().map(Vec::as_slice);
    let needs_list = matches!(operator, Operator::In | Operator::NotIn);
    let needs_none = matches!(operator, Operator::HasProperty | Operator::NotHasProperty);
    let between = operator == Operator::Between;
    let fits = if needs_list {
        values.is_some()
    } else {
        needs_none || (!given["value"].is_null() && (!between || !given["highValue"].is_null()))
    };
    if !fits {
        return Err(Refusal::vague());
    }
    Ok(Filter {
        subject,
        operator,
        value: text(&given["value"]),
        high: text(&given["highValue"]),
        values: values.unwrap_or_default().iter().map(text).collect(),
    })
}

/// Parses at most one sort: `{"propertyName":…,"direction":…}`, or the name, with a leading `-` for descending order.
fn sort(schema: &Schema, sorts: &[Value]) -> Result<Option<(u16, bool)>, Refusal> {
    let (name, descending) = match sorts {
        [] => return Ok(None),
        [Value::String(name)] => match name.strip_prefix('-') {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        },
        [one] => (
            one["propertyName"].as_str().ok_or_else(Refusal::vague)?,
            one["direction"].as_str() == Some("DESCENDING"),
        ),
        _ => return Err(Refusal::vague()),
    };
    let index = schema.find(name).ok_or_else(Refusal::vague)?;
    Ok(Some((index, descending)))
}
