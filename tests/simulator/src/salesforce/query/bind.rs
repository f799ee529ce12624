//! Binds a parsed filter: looks up its names, and checks its literals against the fields' types.

use super::like::unescape;
use super::test::{Test, Value};
use crate::salesforce::error::Refusal;
use crate::salesforce::id::Id;
use crate::salesforce::schema::{Field, Schema};
use crate::salesforce::soql::{Expr, Literal, Op};
use crate::salesforce::time;

/// Binds a filter.
pub(super) fn bind(schema: &Schema, filter: &Expr) -> Result<Test, Refusal> {
    Ok(match filter {
        Expr::And(all) => Test::And(
            all.iter()
                .map(|one| bind(schema, one))
                .collect::<Result<_, _>>()?,
        ),
        Expr::Or(all) => Test::Or(
            all.iter()
                .map(|one| bind(schema, one))
                .collect::<Result<_, _>>()?,
        ),
        Expr::Not(one) => Test::Not(Box::new(bind(schema, one)?)),
        Expr::Compare(name, op, literal) => compare(schema, name, *op, literal)?,
        Expr::In(name, negated, literals) => {
            let test = within(schema, name, literals)?;
            if *negated {
                Test::Not(Box::new(test))
            } else {
                test
            }
        }
    })
}

fn compare(schema: &Schema, name: &str, op: Op, literal: &Literal) -> Result<Test, Refusal> {
    let (index, field) = filterable(schema, name)?;
    let ordered = !matches!(op, Op::Equal | Op::NotEqual);
    if ordered && field.kind == "boolean" || op == Op::Like && !is_text(field) {
        return Err(Refusal::new(
            400,
            "INVALID_QUERY_FILTER_OPERATOR",
            format!("invalid operator on {} field '{name}'", field.kind),
        ));
    }
    let value = value(field, literal)?;
    Ok(match (field.name.as_str(), &value) {
        ("SystemModstamp", Value::Exact(text)) => {
            Test::Stamp(op, time::parse(text).unwrap_or_default())
        }
        ("Id", Value::Exact(text)) => Test::Id(op, Id::parse(text).unwrap_or(Id::MIN)),
        _ => Test::Compare(index, op, value),
    })
}

fn within(schema: &Schema, name: &str, literals: &[Literal]) -> Result<Test, Refusal> {
    let (index, field) = filterable(schema, name)?;
    let values = literals
        .iter()
        .map(|literal| value(field, literal))
        .collect::<Result<Vec<_>, _>>()?;
    if field.name == "Id" {
        let ids = values.iter().filter_map(|value| {
            if let Value::Exact(text) = value {
                Id::parse(text)
            } else {
                None
            }
        });
        return Ok(Test::IdIn(ids.collect()));
    }
    if values.iter().any(|value| matches!(value, Value::Number(_))) {
        return Ok(Test::Or(
            values
                .into_iter()
                .map(|value| Test::Compare(index, Op::Equal, value))
                .collect(),
        ));
    }
    let keys = values.into_iter().map(|value| match value {
        Value::Text(text) => Some(unescape(&text)),
        Value::Exact(text) => Some(text),
        Value::Null | Value::Number(_) => None,
    });
    Ok(Test::In(index, keys.collect()))
}

fn filterable<'a>(schema: &'a Schema, name: &str) -> Result<(u16, &'a Field), Refusal> {
    let (index, field) = schema
        .visible(name)
        .ok_or_else(|| Refusal::no_such_column(name, schema.object))?;
    if field.filterable() {
        return Ok((index, field));
    }
    let message = format!("field '{}' can not be filtered in a query call", field.name);
    Err(Refusal::new(400, "INVALID_FIELD", message))
}

fn is_text(field: &Field) -> bool {
    !matches!(
        field.kind.as_str(),
        "id" | "reference"
            | "boolean"
            | "int"
            | "double"
            | "currency"
            | "percent"
            | "date"
            | "datetime"
    )
}

fn value(field: &Field, literal: &Literal) -> Result<Value, Refusal> {
    let wrong = |quotes: &str| {
        let message = format!(
            "value of filter criterion for field '{}' must be of type {} and should {quotes}be enclosed in quotes",
            field.name, field.kind
        );
        Refusal::new(400, "INVALID_FIELD", message)
    };
    Ok(match (field.kind.as_str(), literal) {
        (_, Literal::Null) => Value::Null,
        ("id" | "reference", Literal::Text(text)) => {
            let id = Id::parse(text);
            let refused = || {
                Refusal::new(
                    400,
                    "INVALID_QUERY_FILTER_OPERATOR",
                    format!("invalid ID field: {text}"),
                )
            };
            Value::Exact(id.ok_or_else(refused)?.to_string())
        }
        ("boolean", Literal::Bool(value)) => Value::Exact(value.to_string()),
        ("int" | "double" | "currency" | "percent", Literal::Number(number)) => {
            Value::Number(*number)
        }
        ("datetime", Literal::Time(text)) => Value::Exact(time::rest_text(
            time::parse(text).ok_or_else(|| wrong("not "))?,
        )),
        ("date", Literal::Time(text)) if text.len() == 10 => Value::Exact(text.clone()),
        ("boolean" | "int" | "double" | "currency" | "percent" | "datetime" | "date", _) => {
            return Err(wrong("not "));
        }
        (_, Literal::Text(text)) => Value::Text(text.to_lowercase()),
        _ => return Err(wrong("")),
    })
}
