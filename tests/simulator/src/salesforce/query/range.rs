//! The part of a table that a filter can match, so that a keyset page costs its own length and not that of the table.

use super::test::Test;
use crate::salesforce::id::Id;
use crate::salesforce::soql::Op;
use crate::salesforce::table::Key;
use crate::salesforce::time::Millis;

/// Inclusive bounds around everything that a filter can match. Rows inside them are still tested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    stamp: (Millis, Millis),
    pub(super) id: (Id, Id),
    pub(super) key: (Key, Key),
}

impl Range {
    pub(super) const ALL: Self = Self {
        stamp: (Millis::MIN, Millis::MAX),
        id: (Id::MIN, Id::MAX),
        key: ((Millis::MIN, Id::MIN), (Millis::MAX, Id::MAX)),
    };

    pub(super) fn of(test: &Test) -> Self {
        match test {
            Test::And(all) => all
                .iter()
                .map(Self::of)
                .fold(Self::ALL, Self::both)
                .tightened(),
            Test::Or(all) => all
                .iter()
                .map(Self::of)
                .reduce(Self::either)
                .unwrap_or(Self::ALL),
            Test::Stamp(op, stamp) => {
                // Times are whole milliseconds, so "later than" starts one later. Thereby the bounds of the id can count below.
                let stamp = match op {
                    Op::Greater => stamp.saturating_add(1),
                    Op::Less => stamp.saturating_sub(1),
                    _ => *stamp,
                };
                let stamp = bounds(*op, stamp, Millis::MIN, Millis::MAX);
                Self { stamp, ..Self::ALL }.tightened()
            }
            Test::Id(op, id) => Self {
                id: bounds(*op, *id, Id::MIN, Id::MAX),
                ..Self::ALL
            },
            _ => Self::ALL,
        }
    }

    fn both(self, other: Self) -> Self {
        Self {
            stamp: overlap(self.stamp, other.stamp),
            id: overlap(self.id, other.id),
            key: overlap(self.key, other.key),
        }
    }

    fn either(self, other: Self) -> Self {
        Self {
            stamp: hull(self.stamp, other.stamp),
            id: hull(self.id, other.id),
            key: hull(self.key, other.key),
        }
    }

    /// Tightens the bounds of the pair: at the first and the last stamp, the id's bounds count, too.
    fn tightened(self) -> Self {
        let (from, to) = self.stamp;
        Self {
            key: overlap(self.key, ((from, self.id.0), (to, self.id.1))),
            ..self
        }
    }
}

fn bounds<T: Copy>(op: Op, value: T, least: T, most: T) -> (T, T) {
    match op {
        Op::Equal => (value, value),
        Op::Less | Op::LessOrEqual => (least, value),
        Op::Greater | Op::GreaterOrEqual => (value, most),
        Op::NotEqual | Op::Like => (least, most),
    }
}

fn overlap<T: Ord>(one: (T, T), other: (T, T)) -> (T, T) {
    (one.0.max(other.0), one.1.min(other.1))
}

fn hull<T: Ord>(one: (T, T), other: (T, T)) -> (T, T) {
    (one.0.min(other.0), one.1.max(other.1))
}
