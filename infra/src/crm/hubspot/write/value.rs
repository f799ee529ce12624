//! The values that a property takes, and how HubSpot writes them: all of them as texts.

use std::borrow::Cow;

use domain::ports::{FieldProblem, FieldValue};
use jiff::{Timestamp, civil};

use super::super::describe::Property;

/// The longest value of a property, in characters.
const LONGEST: usize = 65_536;

/// The values that a property takes.
pub(super) enum Taken {
    Text,
    Number,
    Truth,
    /// A day or a point in time.
    Time,
    /// Values of a list, one or several.
    Options {
        all: Vec<String>,
        several: bool,
    },
}

impl Taken {
    /// Of a property as HubSpot describes it.
    pub(super) fn of(property: &Property) -> Self {
        match property.kind.as_str() {
            "number" => Self::Number,
            "bool" => Self::Truth,
            "date" | "datetime" => Self::Time,
            // The options of some enumerations, such as owners, are elsewhere. HubSpot itself compares these.
            "enumeration" if !property.external_options && !property.options.is_empty() => {
                let all = property.options.iter();
                Self::Options {
                    all: all.filter_map(|option| option.value.clone()).collect(),
                    several: property.field_type == "checkbox",
                }
            }
            _ => Self::Text,
        }
    }

    /// Returns why a value cannot be one of these.
    pub(super) fn problem(&self, value: &FieldValue) -> Option<FieldProblem> {
        let fits = match (self, value) {
            (_, FieldValue::Null) => return None,
            (_, FieldValue::Other(_)) => false,
            // An empty text is no value.
            (_, FieldValue::Text(text)) if text.trim().is_empty() => true,
            (Self::Text, FieldValue::Text(text)) => {
                let is_long = text.chars().count() > LONGEST;
                return is_long.then_some(FieldProblem::TooLong);
            }
            (Self::Number, FieldValue::Number(number)) => number.is_sane(),
            (Self::Number, FieldValue::Text(text)) => {
                text.trim().parse::<f64>().is_ok_and(f64::is_finite)
            }
            (Self::Truth, FieldValue::Truth(_)) => true,
            (Self::Truth, FieldValue::Text(text)) => {
                ["true", "false"].contains(&text.trim().to_ascii_lowercase().as_str())
            }
            // Milliseconds since 1970.
            (Self::Time, FieldValue::Number(number)) => is_whole(number.as_str()),
            (Self::Time, FieldValue::Text(text)) => is_time(text.trim()),
            (Self::Options { all, several }, value) => {
                let text = spelt(value).unwrap_or_default();
                let is_there = |part: &str| all.iter().any(|option| option == part);
                let fits = match several {
                    true => parts(&text).all(is_there),
                    false => is_there(&text),
                };
                return (!fits).then_some(FieldProblem::NoSuchOption);
            }
            _ => false,
        };
        (!fits).then_some(FieldProblem::WrongType)
    }
}

/// Returns a value as HubSpot takes it. `None` if there is none.
pub(super) fn spelt(value: &FieldValue) -> Option<Cow<'_, str>> {
    match value {
        FieldValue::Text(text) if text.trim().is_empty() => None,
        FieldValue::Text(text) => Some(Cow::Borrowed(text)),
        FieldValue::Number(number) => Some(Cow::Borrowed(number.as_str())),
        FieldValue::Truth(true) => Some(Cow::Borrowed("true")),
        FieldValue::Truth(false) => Some(Cow::Borrowed("false")),
        FieldValue::Null | FieldValue::Other(_) => None,
    }
}

/// Returns the single values of a property that takes several.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').filter(|part| !part.is_empty())
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_time(text: &str) -> bool {
    is_whole(text)
        || text.parse::<Timestamp>().is_ok()
        || text.parse::<civil::DateTime>().is_ok()
        || text.parse::<civil::Date>().is_ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::ports::Fields;
    use serde_json::json;

    use super::*;

    fn taken(described: serde_json::Value) -> Taken {
        Taken::of(&serde_json::from_value(described).unwrap())
    }

    fn problem(taken: &Taken, value: &str) -> Option<FieldProblem> {
        let fields: Fields = serde_json::from_str(&format!(r#"{{"x":{value}}}"#)).unwrap();
        taken.problem(&fields.0["x"])
    }

    #[test]
    fn a_value_fits_its_propertys_type_or_the_reason_is_told() {
        use FieldProblem::{TooLong, WrongType};
        let of = |kind: &str| taken(json!({"name": "x", "type": kind}));
        for (kind, good, bad) in [
            (
                "string",
                vec![r#""a""#, "null", r#""""#],
                vec!["1", "true", "[1]"],
            ),
            (
                "number",
                vec!["1.50", r#""17""#],
                vec![r#""x""#, r#""NaN""#, "true", "1e999"],
            ),
            ("bool", vec!["true", r#""False""#], vec!["1", r#""yes""#]),
            (
                "date",
                vec![r#""2026-12-01""#, "1790000000000"],
                vec![r#""soon""#, "1.5"],
            ),
            (
                "datetime",
                vec![r#""2026-12-01T09:00:00Z""#, r#""1790000000000""#],
                vec![r#""tomorrow""#, "true"],
            ),
        ] {
            let taken = of(kind);
            for value in good {
                assert_eq!(problem(&taken, value), None, "{kind} {value}");
            }
            for value in bad {
                assert_eq!(problem(&taken, value), Some(WrongType), "{kind} {value}");
            }
        }
        let text = |n: usize| format!("\"{}\"", "ä".repeat(n));
        assert_eq!(problem(&of("string"), &text(65_536)), None);
        assert_eq!(problem(&of("string"), &text(65_537)), Some(TooLong));
    }

    #[test]
    fn an_enumeration_takes_its_options_and_several_where_they_are_boxes_to_check() {
        let described = |field: &str, elsewhere: bool| {
            let options =
                json!([{"label": "One", "value": "one"}, {"label": "Two", "value": "two"}]);
            taken(json!({
                "name": "x", "type": "enumeration", "fieldType": field,
                "externalOptions": elsewhere, "options": options,
            }))
        };
        let none = Some(FieldProblem::NoSuchOption);
        let one = described("select", false);
        assert_eq!(problem(&one, r#""one""#), None);
        for value in [r#""One""#, r#""three""#, r#""one;two""#, "1"] {
            assert_eq!(problem(&one, value), none, "{value}");
        }
        let several = described("checkbox", false);
        assert_eq!(problem(&several, r#""one;two""#), None);
        assert_eq!(problem(&several, r#""one;three""#), none);
        assert_eq!(problem(&described("select", true), r#""4711""#), None);
    }
}
