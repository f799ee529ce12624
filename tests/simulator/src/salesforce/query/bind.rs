//! Binds a parsed filter: looks up its names, and checks its literals against the fields' types.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use crate::salesforce::error::Refusal;
use crate::salesforce::id::Id;
use crate::salesforce::row::{Row, plain};
use crate::salesforce::schema::{Field, Schema};
use crate::salesforce::soql::{Expr, JUST_PERCENT, JUST_UNDERSCORE, Literal, Op};
use crate::salesforce::time::{self, Millis};

/// A filter that can be evaluated on rows.
#[derive(Debug)]
pub(super) enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Stamp(Op, Millis),
    Id(Op, Id),
    IdIn(BTreeSet<Id>),
    Compare(u16, Op, Value),
    /// Field and values. Text is in lower case, and everything else as it is stored.
    In(u16, HashSet<Option<String>>),
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    /// In lower case, since SOQL compares text without regard to case.
    Text(String),
    Number(f64),
    /// Booleans, dates, times and ids as they are stored. They compare like text.
    Exact(String),
}

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

impl Test {
    pub(super) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::And(all) => all.iter().all(|test| test.holds(row)),
            Self::Or(all) => all.iter().any(|test| test.holds(row)),
            Self::Not(test) => !test.holds(row),
            Self::Stamp(op, stamp) => op.allows(row.stamp.cmp(stamp)),
            Self::Id(op, id) => op.allows(row.id.cmp(id)),
            Self::IdIn(ids) => ids.contains(&row.id),
            Self::In(index, values) => match row.get(*index).map(plain) {
                None => values.contains(&None),
                Some(text) => {
                    values.contains(&Some(text.to_string()))
                        || values.contains(&Some(text.to_lowercase()))
                }
            },
            Self::Compare(index, op, value) => value.compare(*op, row.get(*index).map(plain)),
        }
    }
}

impl Value {
    fn compare(&self, op: Op, stored: Option<Cow<'_, str>>) -> bool {
        let Some(stored) = stored else {
            // For a null, only "= null" and "!= something" hold.
            return matches!(
                (op, self),
                (Op::Equal, Self::Null)
                    | (
                        Op::NotEqual,
                        Self::Text(_) | Self::Number(_) | Self::Exact(_)
                    )
            );
        };
        match self {
            Self::Null => op == Op::NotEqual,
            Self::Exact(text) => op.allows(stored.as_ref().cmp(text.as_str())),
            Self::Number(number) => stored
                .parse::<f64>()
                .is_ok_and(|stored| op.allows(stored.total_cmp(number))),
            Self::Text(text) if op == Op::Like => like(
                &pattern(text),
                &stored.to_lowercase().chars().collect::<Vec<_>>(),
            ),
            Self::Text(text) => op.allows(stored.to_lowercase().cmp(&unescape(text))),
        }
    }
}

impl Op {
    fn allows(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal | Self::Like => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Outside LIKE, an escaped wildcard stands for itself.
fn unescape(text: &str) -> String {
    text.replace(JUST_UNDERSCORE, "_")
        .replace(JUST_PERCENT, "%")
}

#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Any,
    One,
    Just(char),
}

fn pattern(text: &str) -> Vec<Piece> {
    let piece = |c| match c {
        '%' => Piece::Any,
        '_' => Piece::One,
        JUST_PERCENT => Piece::Just('%'),
        JUST_UNDERSCORE => Piece::Just('_'),
        other => Piece::Just(other),
    };
    text.chars().map(piece).collect()
}

/// Matches greedily and goes back only to the last `%`, so the cost is at most pattern times text.
fn like(pattern: &[Piece], text: &[char]) -> bool {
    let (mut p, mut t, mut back) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(Piece::Any) => {
                back = Some((p, t));
                p += 1;
            }
            Some(Piece::One) => (p, t) = (p + 1, t + 1),
            Some(Piece::Just(c)) if *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match back {
                Some((any, from)) => {
                    back = Some((any, from + 1));
                    (p, t) = (any + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|piece| *piece == Piece::Any)
}
