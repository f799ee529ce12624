//! The names that tests use for calls. A call has its method's name, or a name of its own if two methods share one or
//! an argument matters.

use domain::{ports::Call, record::Object, removal::Part};

/// Returns the name under which a call is broken.
pub(super) fn name(call: &Call<'_>) -> &'static str {
    match (call.port, call.method) {
        // The port of tenants' keys has a `create`, too.
        ("Writing", "create") => "create_records",
        (_, method) => method,
    }
}

/// Returns the name under which a call waits at a gate.
pub(super) fn at_gate(call: &Call<'_>) -> &'static str {
    let part = call.label.and_then(|label| label.downcast_ref::<Part>());
    match (call.method, part) {
        ("leftovers", Some(Part::Copies(Object::Account))) => "leftovers of accounts",
        ("leftovers", Some(Part::Copies(_))) => "leftovers of other copies",
        ("leftovers", Some(Part::Exports)) => "leftovers of exports",
        ("leftovers", Some(Part::Pages)) => "leftovers of pages",
        ("leftovers", Some(Part::Ledger)) => "leftovers of ledger",
        ("leftovers", Some(Part::Keys)) => "leftovers of keys",
        ("discard", Some(Part::Copies(Object::Account))) => "discard accounts",
        ("discard", Some(Part::Copies(_))) => "discard other copies",
        ("discard", Some(Part::Exports)) => "discard exports",
        ("discard", Some(Part::Pages)) => "discard pages",
        ("discard", Some(Part::Ledger)) => "discard ledger",
        ("discard", Some(Part::Keys)) => "discard keys",
        _ => name(call),
    }
}
