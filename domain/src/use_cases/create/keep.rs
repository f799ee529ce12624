//! The end of a request: outcomes, created records, and relations to the companies that they were created for, stored together.

use std::collections::HashMap;

use matching::RelationStatus;

use super::{
    CreateContext,
    body::Uncopied,
    copy::{self, Decisions},
    intent::Intent,
    item::Item,
};
use crate::{
    decision::{self, Decision},
    fault::Outcome,
    ports::{MAX_MADE, Made, StoredRecord},
    record::{Object, RecordId},
};

/// A record on its way into the copy.
struct Bringing {
    /// Its place in the request.
    at: usize,
    object: Object,
    id: RecordId,
    /// The record for the copy. `None` if it cannot be read yet, or if the copy has it.
    record: Option<StoredRecord>,
    /// The decision for the company that it was created for, until the decision is stored.
    decision: Option<Decision>,
    /// Whether the copy has it already.
    is_known: bool,
}

/// Stores the outcomes and brings the created records into the copy.
pub(super) async fn keep(
    context: &CreateContext<'_>,
    intent: &mut Intent,
    uncopied: &[Uncopied],
) -> Outcome<()> {
    let decided = decided(context, intent, uncopied);
    // The next run brings records that cannot be read now.
    let copies = copy::copies(context, uncopied, &decided).await;
    let mut copies: HashMap<usize, Option<StoredRecord>> =
        copies.unwrap_or_default().into_iter().collect();
    let mut waiting: Vec<Bringing> = Vec::with_capacity(uncopied.len());
    for Uncopied { at, object, id, .. } in uncopied.iter().rev() {
        let copied = copies.remove(at);
        let is_known = matches!(copied, Some(None));
        let decision = decided.get(&(*object, id.clone()));
        let mut one = Bringing {
            at: *at,
            object: *object,
            id: id.clone(),
            record: copied.flatten(),
            decision: decision.and_then(|all| all.first()).cloned(),
            is_known,
        };
        one.relate_known(context).await?;
        waiting.push(one);
    }
    let mut most = MAX_MADE;
    loop {
        let some = waiting.split_off(waiting.len().saturating_sub(most));
        let kept = |one: &Bringing| (one.at, one.is_known || one.record.is_some());
        let kept: Vec<(usize, bool)> = some.iter().map(kept).collect();
        let made = some.iter().map(|one| one.made(context));
        let made = made.collect::<Outcome<Vec<_>>>()?;
        let is_last = waiting.is_empty();
        let is_kept = intent.conclude(context, &kept, &made, is_last).await?;
        if is_kept && is_last {
            return Ok(());
        }
        if !is_kept {
            // A run brought one of them meanwhile. Stored one by one, they show which.
            waiting.extend(some);
            if most == 1
                && let Some(mut last) = waiting.pop()
            {
                last.record = None;
                last.is_known = true;
                last.relate_known(context).await?;
                waiting.push(last);
            }
            most = 1;
        }
    }
}

/// A user who creates a record for a company has decided which company the record is.
fn decided(context: &CreateContext<'_>, intent: &Intent, uncopied: &[Uncopied]) -> Decisions {
    let at = (context.clock)();
    let mut decisions = Decisions::new();
    for one in uncopied {
        let company = intent.body().item(one.at).and_then(Item::company);
        if let (Some(company), true) = (company, one.object.is_matched()) {
            let decision = Decision {
                object: one.object,
                id: one.id.clone(),
                company: company.clone(),
                verdict: Some(RelationStatus::Approved),
                by: intent.body().by().to_owned(),
                at,
            };
            decisions.insert((one.object, one.id.clone()), vec![decision]);
        }
    }
    decisions
}

impl Bringing {
    /// Relates a record that the copy has already.
    async fn relate_known(&mut self, context: &CreateContext<'_>) -> Outcome<()> {
        let (true, Some(decision)) = (self.is_known, &self.decision) else {
            return Ok(());
        };
        let store = context.store;
        let (keys, scope) = (&context.keys, &context.integration.scope);
        let record = (self.object, &self.id);
        match decision::settle(store, keys, scope, record, Some(decision)).await? {
            Some(_) => self.decision = None,
            // The record is gone again. The decision waits for it in the Ledger.
            None => self.is_known = false,
        }
        Ok(())
    }

    fn made(&self, context: &CreateContext<'_>) -> Outcome<Made> {
        let (keys, scope) = (&context.keys, &context.integration.scope);
        Ok(Made {
            object: self.object,
            record: self.record.clone(),
            decision: self
                .decision
                .as_ref()
                .map(|decision| decision.seal(keys, scope))
                .transpose()?,
        })
    }
}
