//! The handlers of paths.

use super::call::{Call, Reply};
use super::{actions, fetch, functions, key, list, metadata, record, several, tracking};
use crate::dynamics::error::Refusal;
use crate::dynamics::fixed;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;

/// Removes the root of the API from a path. A path of another version is not found.
pub(super) fn below_root(segments: &[String]) -> Option<Vec<String>> {
    match segments {
        [api, data, version, rest @ ..] if api == "api" && data == "data" => {
            ["v9.0", "v9.1", "v9.2"]
                .contains(&version.as_str())
                .then(|| rest.to_vec())
        }
        _ => None,
    }
}

/// Returns the table of a path.
pub(super) fn object(segments: &[String]) -> Option<Kind> {
    Kind::of_set(key::split(segments.first()?).0)
}

/// Returns a path below the root in which every variable part is replaced by its name.
pub(super) fn template(call: &Call) -> String {
    let mut out = String::new();
    for segment in &call.segments {
        let (name, inner) = key::split(segment);
        out.push('/');
        out.push_str(name);
        if inner.is_some() {
            out.push_str(if name == "EntityDefinitions" {
                "({table})"
            } else {
                "({id})"
            });
        }
    }
    if call.param("$deltatoken").is_some() {
        // Changes have the same path as the list of rows.
        out.push_str("?$deltatoken");
    }
    out
}

/// Answers a request to the API proper.
pub(super) fn answer(org: &mut Org, call: &Call) -> Result<Reply, Refusal> {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let method = call.method.as_str();
    let (first, inner) = key::split(path.first().copied().unwrap_or_default());
    match (method, first) {
        ("GET", "$metadata") => return Ok(metadata::document(org)),
        ("GET", "EntityDefinitions") => return metadata::answer(org, call, inner, &path[1..]),
        ("GET", "WhoAmI") => return Ok(functions::who(org, call)),
        ("GET", "RetrieveTotalRecordCount") => return functions::totals(org, call, inner),
        ("POST", "Merge") => return actions::merge(org, call),
        ("GET", "") => return Ok(functions::sets(org, call)),
        _ => {}
    }
    if let Some(logical) = fixed::logical(first) {
        return functions::fixed(org, call, logical, (first, inner), &path[1..]);
    }
    let kind = Kind::of_set(first).filter(|kind| org.has(*kind));
    let kind = kind.ok_or_else(|| Refusal::no_segment(first))?;
    match (method, inner, &path[1..]) {
        ("GET", None, []) => {
            org.needs(kind, "Read")?;
            match () {
                () if call.param("fetchXml").is_some() => fetch::answer(org, call, kind),
                () if tracking::is_asked(call) => tracking::answer(org, call, kind),
                () => list::answer(org, call, kind),
            }
        }
        ("GET", None, ["$count"]) => match call.param("$deltatoken") {
            Some(token) => tracking::count(org, kind, token),
            None => list::count(org, call, kind),
        },
        ("POST", None, []) => record::create(org, call, kind),
        ("POST", None, [action]) => several::answer(org, call, kind, action),
        (_, Some(inner), rest) => {
            let key = key::parse(org, kind, inner)?;
            match (method, rest) {
                ("GET", []) => record::get(org, call, kind, &key),
                ("PATCH", []) => record::patch(org, call, kind, &key),
                ("DELETE", []) => record::delete(org, call, kind, &key),
                ("PUT", [column]) => record::put(org, call, (kind, &key), column),
                ("DELETE", [column]) => record::clear(org, call, (kind, &key), column),
                ("POST", [action]) => actions::bound(org, call, (kind, &key), action),
                _ => Err(Refusal::no_segment(rest.last().unwrap_or(&first))),
            }
        }
        _ => Err(Refusal::new(
            405,
            "0x80060888",
            "The HTTP method is not allowed for this resource.",
        )),
    }
}
