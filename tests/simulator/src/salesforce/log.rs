//! Path templates: paths without the values in them.

pub(crate) use crate::kit::log::Log;
pub use crate::kit::log::LogEntry;

/// Returns a path in which every variable part is replaced by its name.
pub(crate) fn template(segments: &[String]) -> String {
    let mut out = String::new();
    for (n, segment) in segments.iter().enumerate() {
        out.push('/');
        let before = n
            .checked_sub(1)
            .and_then(|at| segments.get(at))
            .map(String::as_str);
        let two_before = n
            .checked_sub(2)
            .and_then(|at| segments.get(at))
            .map(String::as_str);
        out.push_str(match (two_before, before) {
            (_, Some("data")) => "{version}",
            (_, Some("query" | "queryAll")) if segments.iter().any(|s| s == "jobs") => "{job}",
            (_, Some("query" | "queryAll")) => "{locator}",
            (_, Some("u")) => "{version}",
            (Some("sobjects"), Some(_))
                if !matches!(segment.as_str(), "describe" | "deleted" | "updated") =>
            {
                "{id}"
            }
            _ if n >= 6 && segments.get(3).is_some_and(|s| s == "sobjects") => "{value}",
            _ => segment,
        });
    }
    out
}
