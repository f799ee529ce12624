//! The legal bases of the people that records were made of, noted in the CRM: each once, by the protocol of the records
//! themselves.

use super::{
    CreateContext, CreateOutcome, Noted,
    clock::crm_clock,
    intent::{Basis, Intent, Item, State},
    resolve::SKEW,
};
use crate::{
    fault::Outcome,
    ports::{BasisOf, Written},
};

/// Notes what is due, or with `may_send` unset only looks up what was sent; then stores how far that came, and lets others go
/// on with the request.
pub(super) async fn note(
    context: &CreateContext<'_>,
    intent: &mut Intent,
    may_send: bool,
) -> Outcome<()> {
    if !intent.body.has_basis_due() {
        return Ok(());
    }
    let noted = step(context, intent, may_send).await;
    intent.released = true;
    intent.store(context).await?;
    noted
}

async fn step(context: &CreateContext<'_>, intent: &mut Intent, may_send: bool) -> Outcome<()> {
    if !context.crm.has_bases().await? {
        for item in intent
            .body
            .items
            .iter_mut()
            .filter(|item| item.has_basis_due())
        {
            let in_record = item.basis.as_ref().is_some_and(|basis| basis.in_record);
            tell(
                item,
                if in_record {
                    Noted::Written
                } else {
                    Noted::NoPlace
                },
            );
        }
        return Ok(());
    }
    look(context, intent).await?;
    let (places, bases) = due(intent, |basis| basis.sent.is_none());
    if !may_send || bases.is_empty() {
        return Ok(());
    }
    let sent = crm_clock(context).await?;
    for at in &places {
        mark(&mut intent.body.items[*at], |basis| basis.sent = Some(sent));
    }
    intent.store(context).await?;
    let written = match context.crm.note_bases(&bases).await {
        Ok(written) if written.len() == bases.len() => written,
        // The answer was lost, or cannot be read: a look may tell.
        _ => return look(context, intent).await,
    };
    for (at, written) in places.into_iter().zip(written) {
        let item = &mut intent.body.items[at];
        match written {
            Written::Created(_) => tell(item, Noted::Written),
            Written::NotSent(_) => mark(item, |basis| basis.sent = None),
            // It stays sent: the next look tells.
            Written::Unknown(_) => {}
            Written::Duplicate { .. } | Written::Refused { .. } | Written::Rehearsed => {
                tell(item, Noted::Refused);
            }
        }
    }
    Ok(())
}

/// Looks up what may have been sent. What is not there, and cannot appear any more, may be sent.
async fn look(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let (places, bases) = due(intent, |basis| basis.sent.is_some());
    if bases.is_empty() {
        return Ok(());
    }
    let looked = crm_clock(context).await?;
    let found = context.crm.find_bases(&bases).await?;
    let settles = context.crm.settles();
    for (at, is_there) in places.into_iter().zip(found) {
        let item = &mut intent.body.items[at];
        if is_there {
            tell(item, Noted::Written);
            continue;
        }
        mark(item, |basis| {
            let over = |sent: jiff::Timestamp| sent.checked_add(settles + SKEW);
            basis.sent = basis
                .sent
                .filter(|sent| looked <= over(*sent).unwrap_or(*sent));
        });
    }
    Ok(())
}

/// The bases that are due and fit, with the places of their items.
fn due(intent: &Intent, fits: impl Fn(&Basis) -> bool) -> (Vec<usize>, Vec<BasisOf>) {
    let items = intent.body.items.iter().enumerate();
    items
        .filter(|(_, item)| item.has_basis_due())
        .filter_map(|(at, item)| {
            let basis = item.basis.as_ref().filter(|basis| fits(basis))?;
            let State::Done(CreateOutcome::Created { id, .. }) = &item.state else {
                return None;
            };
            let of = BasisOf {
                object: basis.object,
                id: id.clone(),
                by: basis.by.clone(),
            };
            Some((at, of))
        })
        .unzip()
}

fn mark(item: &mut Item, how: impl FnOnce(&mut Basis)) {
    if let Some(basis) = &mut item.basis {
        how(basis);
    }
}

fn tell(item: &mut Item, noted: Noted) {
    if let State::Done(CreateOutcome::Created { basis, .. }) = &mut item.state {
        *basis = Some(noted);
    }
}
