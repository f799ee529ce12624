//! Reads a JSON body and names the field that is wrong.

use domain::fault::pointer_part;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;

use crate::problem::Problem;

/// Reads a body as JSON of a type that denies unknown fields.
///
/// # Errors
/// Returns 400 if the body is no JSON, and 422 with a pointer to the field if a value is unacceptable.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.is_empty() {
        return Err(Problem::bad_request("there is no body"));
    }
    // serde would accept a list as a struct's fields in their order.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::invalid("expected an object").with_field(""));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| refused(&error))?;
    reader
        .end()
        .map_err(|_| Problem::bad_request("something follows the JSON"))?;
    Ok(read)
}

fn refused(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    if error.inner().classify() != Category::Data {
        return Problem::bad_request("the body is no JSON");
    }
    let message = error.inner().to_string();
    let mut pointer = pointer(error.path());
    let detail = if let Some(field) = quoted(&message, "missing field `") {
        // The error's path ends at the object that lacks the field.
        pointer = format!("{pointer}/{}", pointer_part(field));
        "it is missing".to_owned()
    } else if message.starts_with("unknown field") {
        format!("there is no such field here; {}", expected(&message))
    } else {
        expected(&message)
    };
    Problem::invalid(detail).with_field(pointer)
}

/// Returns the deserializer's words for what it expected. The words before them may quote the value, which is not sent back.
fn expected(message: &str) -> String {
    let place = message.rfind(" at line ").unwrap_or(message.len());
    match message
        .get(..place)
        .and_then(|text| text.rsplit_once("expected "))
    {
        // The name of one of our own types does not help the caller.
        Some((_, expected)) if is_of_ours(expected) => "expected an object".to_owned(),
        Some((_, expected)) => format!("expected {expected}"),
        None => "the value does not fit".to_owned(),
    }
}

fn is_of_ours(expected: &str) -> bool {
    ["struct ", "internally tagged enum "]
        .iter()
        .any(|begin| expected.starts_with(begin))
}

fn quoted<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.split('`').next()
}

/// Returns a path as a JSON pointer, RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", pointer_part(key)),
            Segment::Enum { variant } => format!("/{}", pointer_part(variant)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Order {
        name: String,
        #[serde(default)]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Line {
        number: u8,
    }

    fn refused(body: &str) -> (u16, Option<String>, String) {
        let problem = read::<Order>(body.as_bytes()).unwrap_err();
        (
            problem.status,
            problem.field.clone(),
            problem.detail.clone().unwrap(),
        )
    }

    #[test]
    fn what_is_no_json_cannot_be_read() {
        for body in [
            "",
            " ",
            "{",
            "\u{0}",
            "{\"name\":",
            "{\"name\": \"a\"} {}",
            "nul",
        ] {
            assert_eq!(refused(body).0, 400, "{body}");
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        assert!(read::<serde_json::Value>(deep.as_bytes()).is_err());
    }

    #[test]
    fn a_field_that_does_not_fit_is_named_by_its_pointer_and_its_value_is_not_told() {
        for (body, pointer) in [
            ("{}", "/name"),
            (
                "{\"name\": \"a\", \"lines\": [{\"number\": 1}, {\"number\": \"Erika\"}]}",
                "/lines/1/number",
            ),
            ("{\"name\": \"a\", \"lines\": [{}]}", "/lines/0/number"),
            (
                "{\"name\": \"a\", \"lines\": [{\"number\": 256}]}",
                "/lines/0/number",
            ),
            ("{\"name\": \"a\", \"Er/ika\": 1}", "/Er~1ika"),
            ("{\"name\": \"a\", \"name\": \"b\"}", ""),
            ("[1, 2]", ""),
            ("null", ""),
            ("{\"name\": \"a\", \"lines\": [7]}", "/lines/0"),
        ] {
            let (status, field, detail) = refused(body);
            assert_eq!(status, 422, "{body}");
            assert_eq!(field.as_deref(), Some(pointer), "{body}: {detail}");
            assert!(
                ["Erika", "256", "Order", "Line", "struct"]
                    .iter()
                    .all(|word| !detail.contains(word)),
                "{detail}"
            );
        }
    }
}
