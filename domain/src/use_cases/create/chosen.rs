//! The id that we choose for a record, if the CRM allows that.

use super::{
    CreateContext,
    intent::{Intent, external_id},
};
use crate::{fault::Outcome, ports::Recognising, record::RecordId};

/// Returns the id of the `n`-th record of a request as a UUID (RFC 9562, version 8), the form of CRMs that let us choose. `None` if
/// the CRM chooses the id. The same request always gets the same id, so a record that is sent again cannot become a second
/// record.
pub(super) fn chosen_id(
    context: &CreateContext<'_>,
    intent: &Intent,
    n: usize,
) -> Outcome<Option<RecordId>> {
    match context.crm.abilities().creating.recognising {
        Recognising::ByContent => Ok(None),
        Recognising::ByChosenId => {
            let name = external_id(intent, n);
            let digest = context.keys.index.digest(name.as_bytes());
            let mut bytes = *digest.as_bytes();
            bytes[6] = bytes[6] & 0x0f | 0x80;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
            let groups = groups.map(|group| hex.get(group).unwrap_or_default());
            RecordId::parse(&groups.join("-")).map(Some)
        }
    }
}
