//! The handlers of paths, whatever the style of the version in them.

use std::sync::Arc;

use super::call::{Answer, Call, json, kind, nothing};
use super::{
    account, associating, batch, list, of_one, owners, pipelines, properties, read, search, upsert,
    write,
};
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::state::State;

/// The dated versions. `v3` and `v4` are served, too.
const DATED: [&str; 3] = ["2025-09", "2026-03", "2026-09"];

fn is_version(segment: &str) -> bool {
    DATED.contains(&segment) || ["v1", "v3", "v4"].contains(&segment)
}

/// Removes the version from a path: `/crm/objects/2026-03/contacts` and `/crm/v3/objects/contacts` become
/// `crm/objects/contacts`. A path without a known version is not found.
pub(super) fn canonical(mut segments: Vec<String>) -> (Vec<String>, String) {
    let at = segments
        .iter()
        .take(3)
        .position(|segment| is_version(segment));
    match at {
        Some(at) if at > 0 => {
            let version = segments.remove(at);
            (segments, version)
        }
        _ => (segments, String::new()),
    }
}

/// Returns the object of a path.
pub(super) fn object(segments: &[String]) -> Option<Kind> {
    let at = segments.iter().position(|segment| {
        matches!(
            segment.as_str(),
            "objects" | "properties" | "pipelines" | "associations"
        )
    })?;
    Kind::parse(segments.get(at + 1)?)
}

/// Returns a path without its version, in which every variable part is replaced by its name.
pub(super) fn template(segments: &[String]) -> String {
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut out = String::new();
    for (n, segment) in path.iter().enumerate() {
        out.push('/');
        out.push_str(match (&path[..n], Kind::parse(segment)) {
            (["oauth", _], _) if *segment != "introspect" && *segment != "revoke" => "{token}",
            (["crm", "objects", _], _)
                if !["batch", "search", "merge", "gdpr-delete"].contains(segment) =>
            {
                "{id}"
            }
            (["crm", "properties" | "pipelines", _], _) => "{name}",
            (_, Some(kind)) => kind.plural(),
            _ if segment.starts_with(|first: char| first.is_ascii_digit()) => "{id}",
            _ => segment,
        });
    }
    out
}

/// Answers a request to the API proper.
pub(super) fn answer(state: &Arc<State>, call: &Call) -> Result<Answer, Refusal> {
    if call.version.is_empty() {
        return Err(Refusal::no_such_path());
    }
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let method = call.method.as_str();
    match (method, &path[..]) {
        (_, ["crm", "objects", object, rest @ ..]) => objects(state, call, kind(object)?, rest),
        (_, ["crm", "associations", from, to, rest @ ..]) => {
            associating::answer(state, call, (kind(from)?, kind(to)?), rest)
        }
        (_, ["crm", "properties", object, rest @ ..]) => {
            properties::answer(state, call, kind(object)?, rest)
        }
        ("GET", ["crm", "property-validations", object, ..]) => {
            properties::rules(state, call, kind(object)?)
        }
        ("GET", ["crm", "pipelines", object, rest @ ..]) => {
            pipelines::answer(state, call, kind(object)?, rest)
        }
        ("GET", ["crm", "owners"]) => owners::list(call),
        ("GET", ["crm", "owners", id]) => owners::get(call, id),
        ("GET", ["account-info", "details"]) => account::details(state, call),
        ("GET", ["account-info", "api-usage", "daily", "private-apps"]) => {
            Ok(json(200, &account::usage(state)))
        }
        ("DELETE", ["appinstalls", "external-install"]) => Ok(account::uninstall(state)),
        _ => Err(Refusal::no_such_path()),
    }
}

fn objects(state: &Arc<State>, call: &Call, kind: Kind, rest: &[&str]) -> Result<Answer, Refusal> {
    let method = call.method.as_str();
    let reads = matches!(
        (method, rest),
        ("GET", _) | ("POST", ["search" | "batch", ..])
    ) && !matches!(rest, ["batch", "create" | "update" | "upsert" | "archive"]);
    call.needs(kind, !reads)?;
    match (method, rest) {
        ("GET", []) => list::answer(state, call, kind),
        ("POST", []) => write::create(state, call, kind),
        ("POST", ["search"]) => search::answer(state, call, kind),
        ("POST", ["batch", "read"]) => batch::read(state, call, kind),
        ("POST", ["batch", "create"]) => batch::create(state, call, kind),
        ("POST", ["batch", "update"]) => batch::update(state, call, kind),
        ("POST", ["batch", "upsert"]) => upsert::answer(state, call, kind),
        ("POST", ["batch", "archive"]) => batch::archive(state, call, kind),
        ("POST", ["merge"]) => write::merge(state, call, kind),
        ("POST", ["gdpr-delete"]) if kind == Kind::Contact => write::gdpr_delete(state, call),
        ("GET", [id]) => read::answer(state, call, kind, id),
        ("PATCH", [id]) => write::update(state, call, kind, id),
        ("DELETE", [id]) => {
            write::archive(state, kind, id);
            Ok(nothing())
        }
        (_, [from, "associations", rest @ ..]) => of_one::answer(state, call, (kind, from), rest),
        _ => Err(Refusal::no_such_path()),
    }
}
