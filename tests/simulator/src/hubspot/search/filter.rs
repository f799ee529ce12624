//! Matches records against a filter.

use std::cmp::Ordering;

use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::property::{Source, Type};
use crate::hubspot::row::Row;
use crate::hubspot::time;

/// The subject of a filter.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    Property(u16),
    /// `associations.{object}`.
    Associated(Kind),
}

/// The comparison of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Lt,
    Lte,
    Gt,
    Gte,
    Eq,
    Neq,
    Between,
    In,
    NotIn,
    HasProperty,
    NotHasProperty,
    ContainsToken,
    NotContainsToken,
}

/// One condition.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) subject: Subject,
    pub(crate) operator: Operator,
    pub(crate) value: String,
    pub(crate) high: String,
    pub(crate) values: Vec<String>,
}

impl Operator {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "LT" => Self::Lt,
            "LTE" => Self::Lte,
            "GT" => Self::Gt,
            "GTE" => Self::Gte,
            "EQ" => Self::Eq,
            "NEQ" => Self::Neq,
            "BETWEEN" => Self::Between,
            "IN" => Self::In,
            "NOT_IN" => Self::NotIn,
            "HAS_PROPERTY" => Self::HasProperty,
            "NOT_HAS_PROPERTY" => Self::NotHasProperty,
            "CONTAINS_TOKEN" => Self::ContainsToken,
            "NOT_CONTAINS_TOKEN" => Self::NotContainsToken,
            _ => return None,
        })
    }
}

impl Filter {
    pub(crate) fn matches(&self, portal: &Portal, kind: Kind, row: &Row) -> bool {
        let index = match self.subject {
            Subject::Associated(to) => {
                let ends = portal.ends(kind, row.id, to);
                return self.value.parse().is_ok_and(|id: u64| ends.contains(&id));
            }
            Subject::Property(index) => index,
        };
        let table = portal.table(kind);
        let Some(property) = table.schema.property(index) else {
            return false;
        };
        // Times and ids are compared without a text.
        let number = match property.source {
            Source::Id => Some(i64::try_from(row.id).unwrap_or(i64::MAX)),
            Source::Created => Some(row.created),
            Source::Stamp => Some(row.stamp),
            Source::Stored => None,
        };
        if let Some(number) = number {
            return self.holds(true, |wanted| number.cmp(&moment(wanted)));
        }
        let text = row.text(&table.schema, index);
        let Some(text) = text.as_deref() else {
            return self.holds(false, |_| Ordering::Equal);
        };
        match property.kind {
            Type::DateTime | Type::Date => {
                let stored = moment(text);
                self.holds(true, |wanted| stored.cmp(&moment(wanted)))
            }
            Type::Number => {
                let stored: f64 = text.parse().unwrap_or(f64::NAN);
                self.holds(true, |wanted| {
                    stored.total_cmp(&wanted.parse().unwrap_or(f64::NAN))
                })
            }
            Type::Enumeration if property.is_multiple() => self.holds_for_any(text),
            Type::Enumeration => self.holds(true, |wanted| text.cmp(wanted)),
            Type::Bool => self.holds(true, |wanted| text.cmp(&wanted.to_lowercase())),
            Type::String | Type::PhoneNumber => self.holds_for_text(&text.to_lowercase()),
        }
    }

    /// Returns the result for a value. `order` compares it with a wanted value.
    fn holds(&self, there: bool, order: impl Fn(&str) -> Ordering) -> bool {
        let value = || order(&self.value);
        match self.operator {
            Operator::HasProperty => there,
            Operator::NotHasProperty => !there,
            Operator::Neq => !there || value().is_ne(),
            Operator::NotIn => !there || !self.values.iter().any(|one| order(one).is_eq()),
            Operator::NotContainsToken => !there || value().is_ne(),
            _ if !there => false,
            Operator::Lt => value().is_lt(),
            Operator::Lte => value().is_le(),
            Operator::Gt => value().is_gt(),
            Operator::Gte => value().is_ge(),
            Operator::Eq | Operator::ContainsToken => value().is_eq(),
            Operator::Between => value().is_ge() && order(&self.high).is_le(),
            Operator::In => self.values.iter().any(|one| order(one).is_eq()),
        }
    }

    /// Compares texts without regard to case. `IN` is the exception: it finds only wanted values in lower case.
    fn holds_for_text(&self, lower: &str) -> bool {
        match self.operator {
            Operator::ContainsToken => has_token(lower, &self.value.to_lowercase()),
            Operator::NotContainsToken => !has_token(lower, &self.value.to_lowercase()),
            Operator::In | Operator::NotIn => self.holds(true, |wanted| lower.cmp(wanted)),
            _ => self.holds(true, |wanted| lower.cmp(&wanted.to_lowercase())),
        }
    }

    /// Compares a property with several values. One matching value is enough.
    fn holds_for_any(&self, text: &str) -> bool {
        let mut values = text.split(';');
        match self.operator {
            Operator::Neq | Operator::NotIn | Operator::NotContainsToken => {
                values.all(|one| self.holds(true, |wanted| one.cmp(wanted)))
            }
            _ => values.any(|one| self.holds(true, |wanted| one.cmp(wanted))),
        }
    }
}

/// Returns the number that a filter's value stands for. A value that is no number and no time sorts before everything.
pub(super) fn moment(text: &str) -> i64 {
    time::read(text).unwrap_or(i64::MIN)
}

/// Returns whether a text has a token, in which `*` stands for anything.
fn has_token(text: &str, token: &str) -> bool {
    let in_word = |character: char| character.is_alphanumeric();
    like(text, token)
        || text
            .split(|character| !in_word(character))
            .any(|word| like(word, token))
        || (!token.contains('*') && text.split_whitespace().any(|word| word == token))
}

fn like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(has_token("anna@hubspot.com", "*@hubspot.com"));
        assert!(has_token("werk gmbh", "gmbh"));
        assert!(has_token("werk gmbh", "wer*"));
        assert!(!has_token("werk gmbh", "erk"));
        assert!(!has_token("anna@hubspot.com.example", "*@hubspot.com"));
    }
}
