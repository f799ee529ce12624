//! Tests of a filter, evaluated on rows.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use super::like::{like, pattern, unescape};
use crate::salesforce::id::Id;
use crate::salesforce::row::{Row, plain};
use crate::salesforce::soql::Op;
use crate::salesforce::time::Millis;

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

/// A literal, as it is compared.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    /// In lower case, since SOQL compares text without regard to case.
    Text(String),
    Number(f64),
    /// Booleans, dates, times and ids as they are stored. They compare like text.
    Exact(String),
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
