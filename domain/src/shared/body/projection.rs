//! A projection: the sealed display fields of a Task or an Opportunity that an index carries beside its keys. So these objects
//! are counted without any body being opened.

use crate::{
    fault::{Code, Fault, Outcome},
    record::{DisplayFields, Object, RecordId},
    seal::{Opener, Place, Room, Sealed},
    tenant::Scope,
};

/// Writes a projection: the attributes of a record that its company's status needs. It is kept beside a Task's or Opportunity's
/// body in the index by parent, so that these are counted without being read.
///
/// # Errors
/// Permanent, but this does not occur in practice.
pub fn write_projection(into: &mut Vec<u8>, display: &DisplayFields) -> Outcome<()> {
    into.clear();
    let projection = DisplayFields {
        label: None,
        owner: None,
        opt_out: Vec::new(),
        ..display.clone()
    };
    serde_json::to_writer(into, &projection).map_err(|_| Fault::of(Code::CopiesUnwritable))
}

/// Opens a projection.
///
/// # Errors
/// Permanent if it does not open under this key at this place.
pub fn open_projection(
    opener: &mut Opener,
    scope: &Scope,
    object: Object,
    id: &RecordId,
    sealed: &Sealed,
) -> Outcome<DisplayFields> {
    let place = Place::within(scope, Room::CopyBrief, object.name(), id.as_str());
    let text = opener
        .open(&place, sealed)
        .map_err(|error| Fault::of(Code::CopiesUnreadable).with_detail(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|_| Fault::of(Code::CopiesBodyMalformed))
}
