//! Notes the legal bases of people in the CRM, beside the created records. Each is noted once, by the protocol of the records.

use super::{
    CreateContext,
    intent::Intent,
    item::{BasisDue, Item},
    resolve::SKEW,
};
use crate::{
    crm_time,
    fault::Outcome,
    ports::{BasisOf, BasisPlace, Written},
};

/// Notes the bases that are due. Without `may_send` it only looks up those that may have been sent. Then it stores the progress
/// and releases the request.
pub(super) async fn note(
    context: &CreateContext<'_>,
    intent: &mut Intent,
    may_send: bool,
) -> Outcome<()> {
    if !intent.body().has_basis_due() {
        return Ok(());
    }
    let noted = step(context, intent, may_send).await;
    intent.release();
    intent.store(context).await?;
    noted
}

async fn step(context: &CreateContext<'_>, intent: &mut Intent, may_send: bool) -> Outcome<()> {
    let place = context.crm.abilities().creating.basis;
    if place != BasisPlace::Beside || !context.crm.has_bases().await? {
        let due = |item: &Item| item.has_basis_due().then_some(());
        for (at, ()) in intent.body().places(due) {
            if let Some(basis) = basis_due(intent, at) {
                basis.has_no_place();
            }
        }
        return Ok(());
    }
    look_up(context, intent).await?;
    let (places, bases) = due(intent, Item::basis_unsent);
    if !may_send || bases.is_empty() {
        return Ok(());
    }
    let now = crm_time::now(&*context.crm).await?;
    for at in &places {
        if let Some(BasisDue::Unsent(basis)) = basis_due(intent, *at) {
            basis.sent(now);
        }
    }
    intent.store(context).await?;
    let written = match context.crm.note_bases(&bases).await {
        Ok(written) if written.len() == bases.len() => written,
        // The answer was lost or cannot be read. A lookup may find the notes.
        _ => return look_up(context, intent).await,
    };
    for (at, written) in places.into_iter().zip(written) {
        let Some(BasisDue::Sent(basis)) = basis_due(intent, at) else {
            continue;
        };
        match written {
            Written::Created(_) => basis.written(),
            Written::NotSent(_) => basis.not_made(),
            // The state stays "sent" until a lookup settles it.
            Written::Unknown(_) => {}
            Written::Duplicate { .. } | Written::Refused { .. } | Written::Rehearsed => {
                basis.refused();
            }
        }
    }
    Ok(())
}

/// Looks up the notes that may have been sent. A note that is missing and can no longer appear may be sent again.
async fn look_up(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let (places, bases) = due(intent, Item::basis_sent);
    if bases.is_empty() {
        return Ok(());
    }
    let looked_up = crm_time::now(&*context.crm).await?;
    let found = context.crm.find_bases(&bases).await?;
    let settles = context.crm.settles() + SKEW;
    for (at, is_there) in places.into_iter().zip(found) {
        let Some(BasisDue::Sent(basis)) = basis_due(intent, at) else {
            continue;
        };
        let since = basis.since();
        if is_there {
            basis.written();
        } else if looked_up > since.checked_add(settles).unwrap_or(since) {
            basis.not_made();
        }
    }
    Ok(())
}

/// Returns the due bases, with the places of their items.
fn due(intent: &Intent, which: impl Fn(&Item) -> Option<BasisOf>) -> (Vec<usize>, Vec<BasisOf>) {
    intent.body().places(which).into_iter().unzip()
}

fn basis_due(intent: &mut Intent, at: usize) -> Option<BasisDue<'_>> {
    intent.step(at)?.basis_due()
}
