//! Control requests: their arguments, and records as lines.

use axum::extract::Request;
use futures::StreamExt as _;
use serde_json::{Map, Value};

use super::clock::{Millis, parse};

/// How many bytes of a load are parsed at once. Records become visible piece by piece.
const PIECE: usize = 1 << 20;

/// The arguments of a control request: a JSON object.
pub(crate) struct Arguments<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Arguments<'a> {
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn needed(&self, name: &str) -> Result<&'a str, String> {
        self.text(name).ok_or_else(|| missing(name))
    }

    pub(crate) fn flag(&self, name: &str, otherwise: bool) -> bool {
        self.0
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(otherwise)
    }

    pub(crate) fn object(&self, name: &str) -> Result<&'a Map<String, Value>, String> {
        self.0
            .get(name)
            .and_then(Value::as_object)
            .ok_or_else(|| missing(name))
    }

    /// Returns a time given in milliseconds or as a text.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<Millis>, String> {
        let wrong = || format!("{name} is no time");
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_i64()),
            Some(Value::String(text)) => parse(text).map(Some).ok_or_else(wrong),
            Some(_) => Err(wrong()),
        }
    }
}

fn missing(name: &str) -> String {
    format!("the argument {name} is missing")
}

/// Loads the lines of a body while they arrive, many at a time. Returns the number of records.
pub(crate) async fn pieces(
    request: Request,
    load: impl Fn(&str) -> Result<usize, String>,
) -> Result<usize, String> {
    let mut chunks = request.into_body().into_data_stream();
    let (mut rest, mut loaded) = (Vec::new(), 0);
    loop {
        let chunk = chunks.next().await;
        let ended = chunk.is_none();
        if let Some(chunk) = chunk {
            rest.extend_from_slice(&chunk.map_err(|error| error.to_string())?);
        }
        if rest.len() >= PIECE || ended {
            let whole = if ended {
                rest.len()
            } else {
                rest.iter()
                    .rposition(|byte| *byte == b'\n')
                    .map_or(0, |at| at + 1)
            };
            let lines = std::str::from_utf8(&rest[..whole]).map_err(|error| error.to_string())?;
            loaded += load(lines).map_err(|why| format!("after {loaded} records: {why}"))?;
            rest.drain(..whole);
        }
        if ended {
            return Ok(loaded);
        }
    }
}
