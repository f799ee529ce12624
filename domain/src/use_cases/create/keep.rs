//! The end of a request: the outcome, what was made, and the companies that it was made for, stored together.

use std::collections::HashMap;

use matching::RelationStatus;

use super::{
    CreateContext,
    copy::{self, Decisions},
    intent::{Fresh, Intent},
};
use crate::{
    decision::{self, Decision},
    fault::Outcome,
    ports::{MAX_MADE, Made, StoredRecord},
    record::{Object, RecordId},
    steps::has_relations,
};

/// A record on its way into the copy.
struct Bringing {
    /// Its place in the request.
    at: usize,
    object: Object,
    id: RecordId,
    /// As it comes into the copy; none: it cannot be read yet, or the copy has it.
    record: Option<StoredRecord>,
    /// The company that it was made for, until that is stored.
    decision: Option<Decision>,
    /// Whether the copy has it already.
    is_known: bool,
}

/// Stores what became of it all, and brings what was made into the copy.
pub(super) async fn keep(
    context: &CreateContext<'_>,
    intent: &mut Intent,
    fresh: &[Fresh],
) -> Outcome<()> {
    let decided = decided(context, intent, fresh);
    // What cannot be read now is left to the next run.
    let copies = copy::copies(context, fresh, &decided).await;
    let mut copies: HashMap<usize, Option<StoredRecord>> =
        copies.unwrap_or_default().into_iter().collect();
    let mut waiting: Vec<Bringing> = Vec::with_capacity(fresh.len());
    for (at, object, id) in fresh.iter().rev() {
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
        let before = intent.body.clone();
        for one in &some {
            if let Some(item) = intent.body.items.get_mut(one.at) {
                item.keep(one.is_known || one.record.is_some());
            }
        }
        intent.released = waiting.is_empty() && !intent.body.has_basis_due();
        let made = some
            .iter()
            .map(|one| one.made(context))
            .collect::<Outcome<Vec<_>>>();
        let kept = match made {
            Ok(made) => intent.conclude(context, &made).await,
            Err(fault) => Err(fault),
        };
        match kept {
            Ok(true) if waiting.is_empty() => return Ok(()),
            Ok(true) => {}
            // A run brought one of them meanwhile, in its own right. Which one shows when they come one by one.
            Ok(false) => {
                intent.body = before;
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
            Err(fault) => {
                intent.body = before;
                return Err(fault);
            }
        }
    }
}

/// Who creates a record for a company has said which company it is.
fn decided(context: &CreateContext<'_>, intent: &Intent, fresh: &[Fresh]) -> Decisions {
    let at = (context.clock)();
    let mut decisions = Decisions::new();
    for (place, object, id) in fresh {
        let company = intent
            .body
            .items
            .get(*place)
            .and_then(|item| item.company.clone());
        if let (Some(company), true) = (company, has_relations(*object)) {
            let decision = Decision {
                object: *object,
                id: id.clone(),
                company,
                verdict: Some(RelationStatus::Approved),
                by: intent.body.by.clone(),
                at,
            };
            decisions.insert((*object, id.clone()), vec![decision]);
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
            // It is gone again: the decision waits for it in the Ledger.
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
