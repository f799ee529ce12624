//! Filters, and whether a row meets one.

use std::cmp::Ordering;

use crate::dynamics::guid::Guid;
use crate::dynamics::row::{Cell, Row};
use crate::dynamics::schema::{Schema, Source};

/// A filter over one table. Columns are given by their indexes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare(u16, Operator, Cell<'static>),
    In(u16, Vec<Cell<'static>>),
    Like(u16, Place, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Greater,
    AtLeast,
    Less,
    AtMost,
}

/// Where a text has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Anywhere,
    Start,
    End,
}

impl Operator {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "eq" => Self::Equal,
            "ne" => Self::Unequal,
            "gt" => Self::Greater,
            "ge" => Self::AtLeast,
            "lt" => Self::Less,
            "le" => Self::AtMost,
            _ => return None,
        })
    }
}

impl Filter {
    pub(crate) fn meets(&self, schema: &Schema, row: &Row) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.meets(schema, row)),
            Self::Any(any) => any.iter().any(|one| one.meets(schema, row)),
            Self::Not(inner) => !inner.meets(schema, row),
            Self::Compare(index, operator, wanted) => {
                compare(&row.cell(schema, *index), *operator, wanted)
            }
            Self::In(index, wanted) => {
                let cell = row.cell(schema, *index);
                wanted
                    .iter()
                    .any(|one| compare(&cell, Operator::Equal, one))
            }
            Self::Like(index, place, wanted) => {
                let Cell::Text(text) = row.cell(schema, *index) else {
                    return false;
                };
                let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
                match place {
                    Place::Anywhere => text.contains(&wanted),
                    Place::Start => text.starts_with(&wanted),
                    Place::End => text.ends_with(&wanted),
                }
            }
        }
    }

    /// Returns the ids to which the filter binds every row, if it names them.
    pub(super) fn ids(&self, schema: &Schema) -> Option<Vec<Guid>> {
        let is_id = |index: &u16| {
            let field = schema.field(*index);
            field.is_some_and(|field| field.source == Source::Id)
        };
        match self {
            Self::In(index, wanted) if is_id(index) => {
                Some(wanted.iter().filter_map(guid).collect())
            }
            Self::Compare(index, Operator::Equal, wanted) if is_id(index) => {
                Some(guid(wanted).into_iter().collect())
            }
            Self::All(all) => all.iter().find_map(|one| one.ids(schema)),
            _ => None,
        }
    }

    /// Returns the comparisons of a column that every row has to meet.
    pub(super) fn bounds(&self, of: u16) -> Vec<(Operator, &Cell<'static>)> {
        match self {
            Self::All(all) => all.iter().flat_map(|one| one.bounds(of)).collect(),
            Self::Compare(index, operator, wanted) if *index == of => vec![(*operator, wanted)],
            _ => Vec::new(),
        }
    }
}

fn guid(cell: &Cell<'static>) -> Option<Guid> {
    match cell {
        Cell::Guid(guid) => Some(*guid),
        _ => None,
    }
}

/// Compares as the database does: texts without their case, null equals only null, and what differs from a value includes null.
fn compare(cell: &Cell<'_>, operator: Operator, wanted: &Cell<'_>) -> bool {
    let order = ordered(cell, wanted);
    match operator {
        Operator::Equal => order == Some(Ordering::Equal),
        Operator::Unequal => order != Some(Ordering::Equal),
        _ if *cell == Cell::Null || *wanted == Cell::Null => false,
        Operator::Greater => order == Some(Ordering::Greater),
        Operator::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Less => order == Some(Ordering::Less),
        Operator::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
    }
}

/// Returns the order of two values. Null comes first.
pub(super) fn ordered(one: &Cell<'_>, other: &Cell<'_>) -> Option<Ordering> {
    match (one, other) {
        (Cell::Null, Cell::Null) => Some(Ordering::Equal),
        (Cell::Null, _) => Some(Ordering::Less),
        (_, Cell::Null) => Some(Ordering::Greater),
        (Cell::Text(one), Cell::Text(other)) => Some(one.to_lowercase().cmp(&other.to_lowercase())),
        (Cell::Number(one), Cell::Number(other)) => one.partial_cmp(other),
        (Cell::Bool(one), Cell::Bool(other)) => Some(one.cmp(other)),
        (Cell::Time(one), Cell::Time(other)) => Some(one.cmp(other)),
        (Cell::Guid(one), Cell::Guid(other)) => Some(one.cmp(other)),
        _ => None,
    }
}
