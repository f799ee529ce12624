//! The bounds that a request is held to before any work.

use super::{CreateContext, Request};
use crate::{
    allowance::Limit,
    fault::{Code, Fault, Outcome, pointer_part},
    ports::{FieldValue, MAX_BATCH},
};

/// Checks the number of records, and that no field has a kind of value that the CRM lacks. `limit` is the tenant's for such a request.
/// The hourly number bounds it, too, because a request with more would find too little left in every hour. One record is always
/// within them, so that the numbers are read for several only.
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
            let limits = [limit, Limit::CreationsPerHour];
            let most = admission.least(context.store, limits).await?;
            usize::try_from(most).map_or(MAX_BATCH, |most| most.clamp(1, MAX_BATCH))
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
