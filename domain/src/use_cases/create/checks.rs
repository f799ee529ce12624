//! The conditions for sending a record: the CRM accepts it, everybody in it is cleared, and the CRM does not have it yet.

use super::{
    CreateContext, CreateOutcome, DuplicateCandidate, Unfitting, UnfittingLink, Wanted,
    chosen::chosen_id,
    intent::{Intent, external_id},
    item::{AsSent, Basis, Item, Step},
    judge::judge,
    judged::Judged,
};
use crate::{
    fault::Outcome,
    legal::Clearance,
    ports::{Checked, Duplicates, NewRecord, Rehearsing, Written},
};

/// A record that may be sent.
pub(super) struct Ready {
    /// Its place in the request.
    pub(super) at: usize,
    pub(super) record: NewRecord,
    /// The parts that the row keeps.
    pub(super) sent: AsSent,
}

/// The result of the checks for one record.
enum Verdict {
    Ready(Ready),
    Refused(CreateOutcome),
    /// The copy has duplicate candidates.
    Duplicate(NewRecord, Vec<DuplicateCandidate>),
}

/// Checks the records that were not sent yet. Ends those that may not be sent, and returns those that may. After a fault nothing
/// has changed.
pub(super) async fn check(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<Vec<Ready>> {
    let unsent = intent.body().places(Item::unsent);
    if unsent.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<&Wanted> = unsent.iter().map(|(_, wanted)| *wanted).collect();
    let places: Vec<usize> = unsent.iter().map(|(at, _)| *at).collect();
    let judged = judge(context, &wanted).await?;
    let verdicts = places.into_iter().zip(judged);
    let verdicts = verdicts.map(|(at, judged)| Ok((at, verdict(context, intent, at, judged)?)));
    let verdicts = verdicts.collect::<Outcome<Vec<_>>>()?;
    let (mut ready, mut duplicates) = (Vec::new(), Vec::new());
    for (at, verdict) in verdicts {
        match verdict {
            Verdict::Ready(one) => ready.push(one),
            Verdict::Refused(outcome) => refuse(intent, at, outcome),
            Verdict::Duplicate(record, ours) => duplicates.push((at, record, ours)),
        }
    }
    refuse_duplicates(context, intent, duplicates).await;
    Ok(ready)
}

fn verdict(
    context: &CreateContext<'_>,
    intent: &Intent,
    at: usize,
    mut judged: Judged,
) -> Outcome<Verdict> {
    let company = intent.body().item(at).and_then(Item::company);
    if let (true, Some(company)) = (judged.filled.is_unknown, company) {
        let company = company.clone();
        return Ok(Verdict::Refused(CreateOutcome::UnknownCompany { company }));
    }
    if !judged.is_fit() {
        return Ok(Verdict::Refused(unfit(judged.checked)));
    }
    let clearances = match std::mem::replace(&mut judged.cleared, Ok(Vec::new())) {
        Ok(clearances) => clearances,
        Err(missing) => return Ok(Verdict::Refused(CreateOutcome::NotCleared { missing })),
    };
    let record = judged.record(clearances)?;
    if !judged.duplicates.is_empty() && !intent.body().allow_duplicate() {
        return Ok(Verdict::Duplicate(record, judged.duplicates));
    }
    let Judged {
        filled, checked, ..
    } = judged;
    // The record's own person comes first, before the people whom it points at.
    let by = record.clearances().first().map(Clearance::by);
    let by = by.filter(|_| checked.reached.is_person());
    let basis = by.map(|by| {
        let in_record = checked.kept_bases.has(by.basis());
        Basis::unsent(filled.draft.object, by, in_record)
    });
    let external_id = checked.has_external_id.then(|| external_id(intent, at));
    let chosen_id = chosen_id(context, intent, at)?;
    let record = record.with_external_id(external_id);
    Ok(Verdict::Ready(Ready {
        at,
        record: record.with_chosen_id(chosen_id.clone()),
        sent: AsSent {
            draft: filled.draft,
            basis,
            chosen_id,
            has_external_id: checked.has_external_id,
        },
    }))
}

fn refuse(intent: &mut Intent, at: usize, outcome: CreateOutcome) {
    if let Some(unsent) = intent.step(at).and_then(Step::unsent) {
        unsent.refused(outcome);
    }
}

/// Ends records with duplicate candidates. The outcome also has the verdict of the CRM's own rules, since `allow_duplicate` may
/// not help against those.
async fn refuse_duplicates(
    context: &CreateContext<'_>,
    intent: &mut Intent,
    duplicates: Vec<(usize, NewRecord, Vec<DuplicateCandidate>)>,
) {
    if duplicates.is_empty() {
        return;
    }
    let records: Vec<NewRecord> = duplicates.iter().map(|(_, one, _)| one.clone()).collect();
    // If the CRM cannot judge, our own candidates are reason enough.
    let creating = &context.crm.abilities().creating;
    let asked = match creating.rehearsing != Rehearsing::Never && creating.judges_duplicates {
        true => context.crm.rehearse(&records, Duplicates::Refuse).await,
        false => Ok(Vec::new()),
    };
    let mut verdicts = asked.unwrap_or_default().into_iter();
    for (at, _, ours) in duplicates {
        let (crm, may_save) = match verdicts.next() {
            Some(Written::Duplicate { of, may_save }) => (of, may_save),
            _ => (Vec::new(), true),
        };
        let outcome = CreateOutcome::Duplicate {
            ours,
            crm,
            may_save,
        };
        refuse(intent, at, outcome);
    }
}

fn unfit(checked: Checked) -> CreateOutcome {
    let refused = checked.refused.into_iter();
    CreateOutcome::Unfit {
        missing: checked.missing,
        refused: refused
            .map(|(field, problem)| Unfitting { field, problem })
            .collect(),
        links: checked
            .refused_links
            .into_iter()
            .map(UnfittingLink::from)
            .collect(),
    }
}
