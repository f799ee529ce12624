//! The standstill of a run: whether its objects have moved since the last slice.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    fault::{Code, Fault, Outcome},
    integration::Integration,
    progress::{Position, Progress, Stage, Verdict},
    record::Object,
    standstill::Standstill,
    sync::{context::Context, state::State},
};

/// Compares the objects' progress with that of the previous slice, and stores it for the next slice.
pub(super) async fn note(
    context: &Context<'_>,
    integration: &Integration,
    now: Timestamp,
    progress: &[Progress],
) -> Outcome<Standstill> {
    let slice = context.slice;
    let mark = mark(context, progress)?;
    let earlier = integration.standstill.as_ref();
    let found = Standstill::next(earlier, &slice.due.run, mark, now);
    let store = &slice.ports.store;
    store
        .note_standstill(context.scope(), &slice.holder, &found)
        .await?;
    Ok(found)
}

/// The values that move when something was stored. Requests, page tokens and pages are left out, because a slice that waits for a
/// job of the CRM asks for it again and again without any result.
#[derive(Serialize)]
struct Reached<'a> {
    object: Object,
    stage: Stage,
    held: u64,
    next: Option<&'a Position>,
    after: Option<&'a Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parents: Option<&'a str>,
    rematch: Option<(String, Option<String>)>,
    withholding: Option<&'a (String, u64)>,
    counts: [u64; 8],
    verdict: &'a Option<Verdict>,
}

/// Returns the digest of these values, so that the integration's row has no ids of records.
fn mark(context: &Context<'_>, progress: &[Progress]) -> Outcome<String> {
    let states = Object::ALL.map(|object| {
        let earlier = progress.iter().find(|found| found.object == object);
        State::load(context, object, earlier)
    });
    let reached: Vec<Reached<'_>> = states.iter().map(reached).collect();
    let text = serde_json::to_vec(&reached).map_err(|_| Fault::of(Code::CursorUnwritable))?;
    Ok(URL_SAFE_NO_PAD.encode(digest(&SHA256, &text)))
}

fn reached(state: &State) -> Reached<'_> {
    let (cursor, summary) = (&state.cursor, &state.summary);
    Reached {
        object: state.object,
        stage: cursor.stage(),
        held: state.held,
        next: cursor.reading.next(),
        after: cursor.reading.stored_up_to(),
        parents: cursor.associations.pass(),
        rematch: cursor.rematching.pass(),
        withholding: cursor.withholding.position(),
        counts: [
            summary.seen,
            summary.written,
            summary.unchanged,
            summary.deleted,
            summary.quarantined,
            summary.repaired,
            summary.rematched,
            summary.withheld,
        ],
        verdict: &summary.verdict,
    }
}
