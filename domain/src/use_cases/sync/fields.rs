//! The fields that are read. The copy has each readable field, for all records. A new field moves no record's time stamp, so a
//! record that was read without a field lacks it until the record is read again.

use crate::{
    body,
    fault::{CrmCode, Fault, Outcome},
    ports::Shape,
    progress::{Cursor, Summary, cursor::FieldsNow},
    sync::{context::Context, state::State},
};

/// Tells the connector the fields for which queries were refused earlier. A run begins with a check whether they are still refused.
/// Its later slices do not check: with other fields, pages that were begun would be lost and read again in each slice.
pub(super) async fn leave_out(context: &Context<'_>, state: &State) -> Outcome<()> {
    let refused = state.cursor.fields.refused();
    if refused.is_empty() {
        return Ok(());
    }
    context
        .crm
        .leave_out(state.object, refused, state.opens_run)
        .await
}

/// Compares the readable fields with those of the last run. A missing field is reported. For a new field, for a field that is back,
/// for a new mapping and for bodies that lack what new ones have, all records are read again. Returns false if the organisation does not have the object.
///
/// # Errors
/// Permanent if the organisation no longer has an object of which the copy has records. The records stay, and somebody has to
/// look at that.
pub(super) async fn look(context: &Context<'_>, state: &mut State) -> Outcome<bool> {
    let Some(shape) = context.crm.describe(state.object).await? else {
        return match state.held {
            0 => Ok(false),
            _ => Err(Fault::crm("crm", CrmCode::said("object_not_there"))),
        };
    };
    tell(&state.cursor, &mut state.summary, &shape);
    let now = FieldsNow {
        read: shape.fields,
        refused: shape.refused,
        mapping: context.mapping_of(state.object),
        format: body::FORMAT,
        version: shape.version,
    };
    let is_first = state.cursor.reading.is_first();
    if state.cursor.fields.replace(now, is_first) {
        state.cursor.reading.begin_again();
    }
    Ok(true)
}

/// Notes fields that the connector stopped reading since [`look`]. This comes before the put of records that were read without
/// them. Otherwise a slice that is ended between the two would leave such records without a note.
pub(super) async fn note_lost(context: &Context<'_>, state: &mut State) -> Outcome<()> {
    match context.crm.in_use(state.object) {
        Some(shape) if is_narrower(&state.cursor, &shape) => {
            let note = |cursor: &mut Cursor, summary: &mut Summary| {
                tell(cursor, summary, &shape);
                let is_read = |name: &String| is_read(&shape, name);
                cursor.fields.narrow(is_read, &shape.refused);
            };
            state.checkpoint_note(context, note).await
        }
        _ => Ok(()),
    }
}

fn is_narrower(cursor: &Cursor, shape: &Shape) -> bool {
    let fields = &cursor.fields;
    let has = |name: &String| is_read(shape, name);
    let knows = |name: &String| fields.refused().contains(name);
    !fields.read().iter().all(has) || !shape.refused.iter().all(knows)
}

/// Reports the fields that can no longer be read, and those that the CRM lists but refuses.
fn tell(cursor: &Cursor, summary: &mut Summary, shape: &Shape) {
    let before = cursor.fields.read().iter();
    let before = before.chain(cursor.fields.refused());
    let lost = before.filter(|name| !is_read(shape, name));
    for name in lost.chain(&shape.refused) {
        if !summary.vanished_fields.contains(name) {
            summary.vanished_fields.push(name.clone());
        }
    }
}

fn is_read(shape: &Shape, name: &String) -> bool {
    shape.fields.binary_search(name).is_ok()
}
