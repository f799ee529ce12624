//! The values that a column takes. They are sent as they were given: Dataverse tells numbers, truth values and texts apart.

use std::borrow::Cow;

use domain::ports::{FieldProblem, FieldValue};
use jiff::{Timestamp, civil};

use super::{
    super::{field::Kind, names::id},
    shape::WriteField,
};

/// Returns why a column does not take a value.
pub(super) fn problem(field: &WriteField, value: &FieldValue) -> Option<FieldProblem> {
    let fits = match (field.kind, value) {
        (_, FieldValue::Null) => true,
        (_, FieldValue::Other(_)) => false,
        (Kind::Text | Kind::Phone, FieldValue::Text(text)) => {
            let length = text.chars().count();
            let is_long = field.longest.is_some_and(|longest| length > longest);
            return is_long.then_some(FieldProblem::TooLong);
        }
        (Kind::Code, FieldValue::Text(_)) | (Kind::Boolean, FieldValue::Truth(_)) => true,
        (Kind::Number, FieldValue::Number(number)) => {
            let is_option = field.options.as_deref().is_none_or(|options| {
                let given = number.in_one_spelling();
                options.iter().any(|one| one.to_string() == given.as_str())
            });
            match (number.is_sane(), is_option) {
                (true, false) => return Some(FieldProblem::NoSuchOption),
                (is_sane, _) => is_sane,
            }
        }
        (Kind::Time, FieldValue::Text(text)) => {
            let text = text.trim();
            text.parse::<Timestamp>().is_ok() || text.parse::<civil::Date>().is_ok()
        }
        (Kind::Lookup, FieldValue::Text(text)) => id(text.trim()).is_some(),
        _ => false,
    };
    (!fits).then_some(FieldProblem::WrongType)
}

/// Returns a value as a text. `None` if there is none.
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::ports::Fields;

    use super::*;

    fn of(kind: Kind, value: &str) -> Option<FieldProblem> {
        let field = WriteField {
            longest: Some(3),
            options: (kind == Kind::Number).then(|| vec![1, 200]),
            ..WriteField::of(kind)
        };
        let fields: Fields = serde_json::from_str(&format!(r#"{{"x":{value}}}"#)).unwrap();
        problem(&field, &fields.0["x"])
    }

    #[test]
    fn a_value_fits_its_column_or_the_reason_is_told() {
        use FieldProblem::{NoSuchOption, TooLong, WrongType};
        for (kind, value, problem) in [
            (Kind::Text, r#""abc""#, None),
            (Kind::Text, r#""abcd""#, Some(TooLong)),
            (Kind::Text, "1", Some(WrongType)),
            (Kind::Text, "[1]", Some(WrongType)),
            (Kind::Text, "null", None),
            (Kind::Number, "1", None),
            (Kind::Number, "2e2", None),
            (Kind::Number, "2", Some(NoSuchOption)),
            (Kind::Number, r#""1""#, Some(WrongType)),
            (Kind::Boolean, "true", None),
            (Kind::Boolean, "1", Some(WrongType)),
            (Kind::Time, r#""2026-12-01""#, None),
            (Kind::Time, r#""2026-12-01T09:00:00Z""#, None),
            (Kind::Time, r#""tomorrow""#, Some(WrongType)),
            (
                Kind::Lookup,
                r#""6e2f5b36-0000-4000-8000-000000000001""#,
                None,
            ),
            (Kind::Lookup, r#""nobody""#, Some(WrongType)),
        ] {
            assert_eq!(of(kind, value), problem, "{kind:?} {value}");
        }
    }
}
