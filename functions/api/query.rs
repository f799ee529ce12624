//! Parameters of a query.

use crate::problem::Problem;

/// The longest value of a parameter, in bytes.
const LONGEST: usize = 2_048;

/// The parameters of a query. Each one is known and occurs at most once.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query that may have the parameters `known`.
    ///
    /// # Errors
    /// Returns 400, naming the parameter that is unknown, repeated or too long.
    pub(super) fn read(text: &str, known: &[&str]) -> Result<Self, Problem> {
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let Some(name) = known.iter().find(|known| **known == name) else {
                let known = known.join(", ");
                // An unknown name is not sent back, since it may be anything.
                return Err(Problem::bad_request(format!(
                    "a parameter is unknown; there are: {known}"
                )));
            };
            if found.iter().any(|(there, _)| there == name) {
                return Err(refused(name, "once"));
            }
            if !(1..=LONGEST).contains(&value.len()) {
                return Err(refused(name, &format!("1 to {LONGEST} bytes")));
            }
            found.push(((*name).to_owned(), value.into_owned()));
        }
        Ok(Self(found))
    }

    /// Returns a parameter's value.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(there, _)| there == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns a parameter that `parse` reads. `parse` returns `None` for an unacceptable value.
    ///
    /// # Errors
    /// Returns 400, naming the parameter and what was `expected`.
    pub fn parsed<T>(
        &self,
        name: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        self.text(name)
            .map(|value| parse(value).ok_or_else(|| refused(name, expected)))
            .transpose()
    }

    /// Returns a whole number from `least` to `most`, or `default` if the parameter is missing.
    ///
    /// # Errors
    /// Returns 400, naming the parameter.
    pub fn number(&self, name: &str, least: u32, most: u32, default: u32) -> Result<u32, Problem> {
        let expected = format!("a whole number from {least} to {most}");
        let number = self.parsed(name, &expected, |value| {
            let digits = value.bytes().all(|byte| byte.is_ascii_digit());
            value
                .parse()
                .ok()
                .filter(|number| digits && (least..=most).contains(number))
        })?;
        Ok(number.unwrap_or(default))
    }
}

fn refused(name: &str, expected: &str) -> Problem {
    Problem::bad_request(expected).with_parameter(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (u16, Option<String>) {
        let problem = Query::read(text, &["limit", "cursor"]).unwrap_err();
        (problem.status, problem.parameter.clone())
    }

    #[test]
    fn parameters_are_decoded() {
        let query = Query::read("cursor=a%20b%2Bc+d", &["limit", "cursor"]).unwrap();
        assert_eq!(query.text("cursor"), Some("a b+c d"));
        assert_eq!(query.text("limit"), None);
    }

    #[test]
    fn unknown_repeated_empty_and_long_parameters_are_refused() {
        assert_eq!(refused("offset=1"), (400, None));
        assert_eq!(refused("limit="), (400, Some("limit".to_owned())));
        assert_eq!(refused("limit=1&limit=2"), (400, Some("limit".to_owned())));
        assert_eq!(
            refused(&format!("cursor={}", "x".repeat(2_049))),
            (400, Some("cursor".to_owned()))
        );
    }

    #[test]
    fn a_number_is_held_to_its_bounds() {
        let number = |value: &str| {
            Query::read(&format!("limit={value}"), &["limit"])
                .unwrap()
                .number("limit", 1, 100, 20)
                .map_err(|problem| problem.parameter.clone())
        };
        assert_eq!(number("7"), Ok(7));
        let none = Query::read("", &["limit"]).unwrap();
        assert_eq!(none.number("limit", 1, 100, 20).ok(), Some(20));
        for value in ["0", "101", "x", "1.5", "-1", "%2B5", "99999999999999999999"] {
            assert_eq!(number(value), Err(Some("limit".to_owned())), "{value}");
        }
    }
}
