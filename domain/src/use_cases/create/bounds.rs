//! The bounds that a request is held to before any work.

use super::{CreateContext, Request};
use crate::{
    fault::{Code, Fault, Outcome, pointer_part},
    ports::{FieldValue, MAX_BATCH},
};

/// Checks the number of records, and that no field has a kind of value that the CRM lacks.
///
/// # Errors
/// Permanent. `create.size`, or `create.nested` with the field if it is a list or an object and the CRM has no such fields.
pub(super) fn hold(context: &CreateContext<'_>, request: &Request) -> Outcome<()> {
    if !(1..=MAX_BATCH).contains(&request.items.len()) {
        return Err(Fault::of(Code::CreateSize).with_detail(format!("1 to {MAX_BATCH} records")));
    }
    if context.crm.abilities().creating.nested {
        return Ok(());
    }
    for (at, item) in request.items.iter().enumerate() {
        let mut fields = item.draft.fields.0.iter();
        let nested = fields.find(|(_, value)| matches!(value, FieldValue::Other(_)));
        if let Some((name, _)) = nested {
            let pointer = format!("/records/{at}/fields/{}", pointer_part(name));
            let expected = "expected a text, a number, true, false or null";
            return Err(Fault::of(Code::CreateNested).at(&pointer, expected));
        }
    }
    Ok(())
}
