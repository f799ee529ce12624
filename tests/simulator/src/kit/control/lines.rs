//! Loads records from lines of JSON.

use axum::extract::Request;
use futures::StreamExt as _;
use serde::de::DeserializeOwned;

/// How many bytes of a load are parsed at once. Records become visible piece by piece.
const PIECE: usize = 1 << 20;

/// Loads a record from each line. Stops at the first line that is refused, and names its number. Returns the number of
/// records.
pub(crate) fn each_line<L: DeserializeOwned>(
    lines: &str,
    mut load: impl FnMut(L) -> Result<(), String>,
) -> Result<usize, String> {
    let mut loaded = 0;
    let lines = lines.lines().enumerate();
    for (n, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let parsed = serde_json::from_str(line).map_err(|error| error.to_string());
        let outcome = parsed.and_then(&mut load);
        outcome.map_err(|message| format!("line {}: {message}", n + 1))?;
        loaded += 1;
    }
    Ok(loaded)
}

/// Loads the lines of a body while they arrive, many at a time. Returns the number of records.
pub(super) async fn pieces(
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
