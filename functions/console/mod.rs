//! Serves the console: the files of its pages, and what the pages have to know of this deployment.
//!
//! A page lies one segment below (`console/connections`), which is answered with the index: the script reads
//! the segment. All addresses in the files are relative, so that the console works below any path to which an operator maps the API.
//! Whatever has a dot or lies deeper is a file.

mod answer;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use domain::fault::{Code, Outcome};
use serde_json::Value;

pub use self::answer::Response;
use self::answer::{Answer, Kept};
use crate::settings;

/// The file that every page begins with.
const INDEX: &str = "index.html";
/// The folder whose files have a hash of their content in their names.
const HASHED: &str = "assets/";
/// The page that an address without a page leads to. The gateway's route for pages wants a segment.
const HOME: &str = "console/connections";
/// What a page reads first.
const CONFIG: &str = "config.json";
/// What is said in the place of the pages, if there are none.
const NOT_BUILT: &str = "The console is not part of this program. Run `make console`, build the functions again, and deploy them.\n";

/// A file of the console.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Where it is, below `console/`.
    pub path: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// What tells its version apart.
    pub tag: &'static str,
    /// Its content.
    pub plain: &'static [u8],
    /// Its content, compressed by gzip.
    pub gzip: Option<&'static [u8]>,
    /// Its content, compressed by brotli.
    pub brotli: Option<&'static [u8]>,
}

/// Handles one invocation.
///
/// # Errors
/// Never fails: every event gets an answer.
pub async fn handle(
    files: &'static [File],
    settings: &settings::Console,
    event: Value,
) -> Outcome<Response> {
    let Ok(request) = serde_json::from_value::<ApiGatewayV2httpRequest>(event) else {
        tracing::error!(
            code = %Code::EventMalformed,
            "the event is not a request of payload format 2.0"
        );
        return Ok(Answer::text(500, "not a request\n").response(settings));
    };
    let path = request.raw_path.clone().unwrap_or_default();
    let answer = answer(files, settings, &path);
    Ok(answer.to(&request).response(settings))
}

/// Decides what a path is answered with.
fn answer(files: &'static [File], settings: &settings::Console, path: &str) -> Answer {
    let Some((_, rest)) = path.split_once("/console") else {
        return Answer::text(404, "no such file\n");
    };
    // The addresses in the index are relative to the folder.
    if rest.is_empty() {
        return Answer::moved(HOME);
    }
    let Some(index) = files.iter().find(|file| file.path == INDEX) else {
        tracing::error!(
            code = %Code::ConsoleNotBuilt,
            "the console was not built before this program"
        );
        return Answer::text(503, NOT_BUILT);
    };
    let name = rest.strip_prefix('/').unwrap_or(rest);
    if name == CONFIG {
        return Answer::json(settings.for_pages());
    }
    let is_page = rest.starts_with('/') && !name.contains(['.', '/']);
    match files.iter().find(|file| file.path == name) {
        Some(file) if name.starts_with(HASHED) => Answer::file(file, Kept::Forever),
        Some(file) => Answer::file(file, Kept::WhileSame),
        None if is_page => Answer::file(index, Kept::WhileSame),
        None => Answer::text(404, "no such file\n"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
