//! The paths under `/crm/associations`, by version and form.

use super::associations::Sides;
use super::call::{Answer, Call};
use super::{associations, associations_v3, labels};
use crate::hubspot::error::Refusal;
use crate::hubspot::state::State;

/// Answers the paths under `/crm/associations/{version}/{from}/{to}`.
pub(super) fn answer(
    state: &State,
    call: &Call,
    (from, to): Sides,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    let writes = call.method != "GET" && !matches!(rest, ["batch", "read"]);
    call.needs(from, writes)?;
    call.needs(to, writes)?;
    match rest {
        _ if call.version == "v3" => associations_v3::answer(state, call, (from, to), rest),
        ["labels", rest @ ..] => labels::answer(state, call, (from, to), rest),
        _ => associations::answer(state, call, (from, to), rest),
    }
}
