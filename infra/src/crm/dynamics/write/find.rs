//! Finds records by the ids that were chosen for them. The table itself is read, so nothing lags.

use std::collections::{BTreeSet, HashMap};

use domain::{
    fault::Outcome,
    ports::{LookedUp, Sought},
    record::{Object, RecordId},
};
use jiff::SignedDuration;

use super::super::{
    super::client::session::Call,
    Dynamics,
    names::{id, id_name, set},
    page::{Row, parse},
    read::{data, one_of},
};

/// The most ids in one request.
const MOST: usize = 100;

impl Dynamics {
    pub(super) async fn found(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
        let mut wanted: HashMap<Object, Vec<RecordId>> = HashMap::new();
        for one in sought {
            if let Some(chosen) = chosen(one) {
                wanted.entry(one.draft.object).or_default().push(chosen);
            }
        }
        let mut there = HashMap::new();
        for (object, ids) in wanted {
            let found = self.there(set(object), id_name(object), &ids).await?;
            there.insert(object, found);
        }
        let found = sought.iter().map(|one| {
            let found = chosen(one).map(|chosen| {
                let there = there.get(&one.draft.object);
                let is_there = there.is_some_and(|there| there.contains(&chosen));
                is_there.then_some(chosen).into_iter().collect()
            });
            LookedUp {
                found,
                lag: SignedDuration::ZERO,
            }
        });
        Ok(found.collect())
    }

    /// Returns those of these ids that records have.
    pub(super) async fn there(
        &self,
        set: &str,
        column: &str,
        ids: &[RecordId],
    ) -> Outcome<BTreeSet<RecordId>> {
        let mut there = BTreeSet::new();
        for ids in ids.chunks(MOST) {
            let call = data(Call::get(self.options.path(set)))
                .with("$select", column)
                .with("$filter", one_of(column, ids));
            let read = self.session.run(&call, |reply| {
                let rows = parse(&reply.body)?.rows.into_iter();
                let ids = rows.filter_map(|row| id(&Row::parse(row)?.text(column)?));
                Ok(ids.collect::<Vec<RecordId>>())
            });
            there.extend(read.await?);
        }
        Ok(there)
    }
}

fn chosen(sought: &Sought) -> Option<RecordId> {
    id(sought.chosen_id.as_ref()?.as_str())
}
