//! Carries users' decisions about merged records to the surviving records.
//!
//! Pages say which record was merged into which ([`note`]). The Ledger keeps that, since a chain of merges may come in any order and
//! over several runs. At the end of an object's run each decision about a record that the copy no longer has is carried along the
//! chain, to the first record that the copy has ([`carry`]). If there is no such record yet, the decision waits for the next run.
//!
//! The decision about the merged record stays where it is, for a user who reverts the merge in the CRM. So it is carried again in
//! each run. That changes nothing, because of two decisions about one company the later counts, and the survivor's own wins if it
//! is as late or later. A withdrawn decision is not carried.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    decision::{self, Decision},
    fault::{Code, Outcome},
    ports::{Known, Merged, StoredDecision},
    record::{Object, RecordId},
    seal::{KeyedHash, Opener},
    sync::{context::Context, state::State},
    vanished::Vanished,
};

/// The most merges in one chain. A longer chain is an error of the CRM, or a circle.
const LONGEST_CHAIN: usize = 100;

/// Notes the merges of a page. This comes before the page's checkpoint, so that a page that is stored again notes them again.
pub(super) async fn note(context: &Context<'_>, object: Object, merged: &[Merged]) -> Outcome<()> {
    if merged.is_empty() {
        return Ok(());
    }
    let store = &context.ports().store;
    store.note_merged(context.scope(), object, merged).await
}

/// Carries decisions about merged records to the survivors.
pub(super) async fn carry(
    context: &Context<'_>,
    state: &State,
    decisions: &[StoredDecision],
) -> Outcome<()> {
    let firm = |decision: &&StoredDecision| decision.verdict.is_some();
    let ids: BTreeSet<&RecordId> = decisions.iter().filter(firm).map(|one| &one.id).collect();
    let gone = absent(context, state.object, ids.into_iter().cloned().collect()).await?;
    let mut survivors: HashMap<RecordId, RecordId> = HashMap::new();
    for id in gone {
        if let Some(survivor) = survivor_of(context, state.object, &id).await? {
            survivors.insert(id, survivor);
        }
    }
    if survivors.is_empty() {
        return Ok(());
    }
    for (survivor, decision) in due(decisions, &survivors) {
        take(context, state.object, survivor, decision).await?;
    }
    Ok(())
}

/// Returns the decisions that survivors lack, or have only in an older version: the latest for each survivor and company.
fn due<'d>(
    decisions: &'d [StoredDecision],
    survivors: &'d HashMap<RecordId, RecordId>,
) -> Vec<(&'d RecordId, &'d StoredDecision)> {
    let mut latest: BTreeMap<(&RecordId, KeyedHash), &StoredDecision> = BTreeMap::new();
    for decision in decisions.iter().filter(|one| one.verdict.is_some()) {
        let Some(survivor) = survivors.get(&decision.id) else {
            continue;
        };
        let earlier = latest
            .entry((survivor, decision.company))
            .or_insert(decision);
        if decision.at > earlier.at {
            *earlier = decision;
        }
    }
    // The survivor's own decisions, including withdrawn ones.
    for own in decisions {
        let is_older = |carried: &&StoredDecision| carried.at <= own.at;
        if latest.get(&(&own.id, own.company)).is_some_and(is_older) {
            latest.remove(&(&own.id, own.company));
        }
    }
    let due = latest.into_iter();
    due.map(|((survivor, _), decision)| (survivor, decision))
        .collect()
}

async fn take(
    context: &Context<'_>,
    object: Object,
    survivor: &RecordId,
    stored: &StoredDecision,
) -> Outcome<()> {
    let (store, keys, scope) = (&context.ports().store, &context.keys, context.scope());
    let mut opener = Opener::new(&keys.sealing)?;
    let decision = Decision {
        id: survivor.clone(),
        ..Decision::open(&mut opener, scope, stored)?
    };
    let record = (object, survivor);
    match decision::settle(store.as_ref(), keys, scope, record, Some(&decision)).await {
        // The survivor has the most decisions that a record may have, so users have decided about it often.
        Err(fault) if *fault.code() == Code::RelationTooManyDecisions => Ok(()),
        settled => settled.map(drop),
    }
}

/// Returns the records that the copy lacks or does not display. A merged record is gone even while its deletion waits for a
/// decision.
async fn absent(
    context: &Context<'_>,
    object: Object,
    ids: Vec<RecordId>,
) -> Outcome<Vec<RecordId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let store = &context.ports().store;
    let known = store.known(context.scope(), object, &ids).await?;
    let is_absent = |known: &Option<Known>| {
        let known = known.as_ref();
        known.is_none_or(|known| known.vanished == Some(Vanished::Waiting))
    };
    Ok(ids
        .into_iter()
        .zip(known)
        .filter(|(_, known)| is_absent(known))
        .map(|(id, _)| id)
        .collect())
}

/// Returns the first record of a chain of merges that the copy has.
async fn survivor_of(
    context: &Context<'_>,
    object: Object,
    id: &RecordId,
) -> Outcome<Option<RecordId>> {
    let (store, scope) = (&context.ports().store, context.scope());
    let mut at = id.clone();
    for _ in 0..LONGEST_CHAIN {
        let Some(next) = store.merged_into(scope, object, &at).await? else {
            return Ok(None);
        };
        let absent = absent(context, object, vec![next.clone()]).await?;
        if absent.is_empty() {
            return Ok(Some(next));
        }
        at = next;
    }
    Ok(None)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::seal::{GenerationKeys, HashKind, Sealed};
    use matching::RelationStatus::{self, Approved, Blocked};

    fn id(text: &str) -> RecordId {
        RecordId::parse(text).unwrap()
    }

    fn decision(
        record: &str,
        company: &str,
        verdict: Option<RelationStatus>,
        at: i64,
    ) -> StoredDecision {
        let keys = GenerationKeys::from_bytes(&mut [7; 64]).unwrap();
        StoredDecision {
            object: Object::Account,
            id: id(record),
            company: keys.index.hash(HashKind::Company, company),
            verdict,
            at: Timestamp::from_second(at).unwrap(),
            sealed: Sealed::from_stored(vec![1]),
        }
    }

    /// Returns the decisions that are carried to C, into which A and B were merged.
    fn carried(decisions: &[StoredDecision]) -> Vec<(String, i64)> {
        let survivors = HashMap::from([(id("A"), id("C")), (id("B"), id("C"))]);
        let due = due(decisions, &survivors).into_iter();
        due.map(|(survivor, decision)| {
            assert_eq!(survivor.as_str(), "C");
            (decision.id.to_string(), decision.at.as_second())
        })
        .collect()
    }

    #[test]
    fn the_latest_decision_about_a_company_is_carried() {
        let approved = decision("A", "x", Some(Approved), 1);
        let blocked = decision("B", "x", Some(Blocked), 2);
        assert_eq!(carried(&[approved, blocked]), [("B".to_owned(), 2)]);
    }

    #[test]
    fn the_survivor_s_own_decision_wins_where_it_is_as_late() {
        let of_a = |at| decision("A", "x", Some(Approved), at);
        let own = |verdict| decision("C", "x", verdict, 5);
        assert_eq!(carried(&[of_a(5), own(Some(Blocked))]), []);
        assert_eq!(carried(&[of_a(4), own(None)]), []);
        assert_eq!(
            carried(&[of_a(6), own(Some(Blocked))]),
            [("A".to_owned(), 6)]
        );
        let of_another = decision("C", "y", Some(Approved), 9);
        assert_eq!(carried(&[of_a(6), of_another]), [("A".to_owned(), 6)]);
    }

    #[test]
    fn what_was_taken_back_is_not_carried() {
        let taken_back = decision("A", "x", None, 9);
        let own = decision("C", "x", Some(Approved), 5);
        assert_eq!(carried(&[taken_back.clone(), own]), []);
        assert_eq!(carried(&[taken_back]), []);
    }
}
