//! What a request has to keep to before anything is done for it.

use super::{CreateContext, Request};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{FieldValue, MAX_BATCH},
};

/// Holds a request to its size, and to what the CRM's fields can be at all.
///
/// # Errors
/// Permanent: `create.size`. `create.nested`, naming the field, where it is a list or an object and no field of the CRM is.
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
            let name = name.replace('~', "~0").replace('/', "~1");
            let pointer = format!("/records/{at}/fields/{name}");
            let expected = "expected a text, a number, true, false or null";
            return Err(Fault::of(Code::CreateNested).at(&pointer, expected));
        }
    }
    Ok(())
}
