//! The bounds that a request is held to before any work.

use super::{CreateContext, Request};
use crate::{
    allowance::Limit,
    fault::{Code, Fault, Outcome, pointer_part},
    ports::{FieldValue, MAX_BATCH},
};

/// Checks the number of records, and that no field has a kind of value that the CRM lacks. `limit` is the tenant's for such a request.
/// One record is always in it, so that its number is read for several only.
///
/// # Errors
/// Permanent. `create.size`, or `create.nested` with the field if it is a list or an object and the CRM has no such fields.
pub(super) async fn hold(
    context: &CreateContext<'_>,
    request: &Request,
    limit: Limit,
) -> Outcome<()> {
    let n = request.items.len();
    let most = match context.admission() {
        Some(admission) if (2..=MAX_BATCH).contains(&n) => {
            let most = admission.most(context.store, limit).await?;
            usize::try_from(most).unwrap_or(MAX_BATCH).min(MAX_BATCH)
        }
        _ => MAX_BATCH,
    };
    if !(1..=most).contains(&n) {
        return Err(Fault::of(Code::CreateSize).with_detail(format!("1 to {most} records")));
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
