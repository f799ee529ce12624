//! Creating records. Each has an id that we chose, so a record whose answer was lost is found by reading that id, and is never made
//! twice.
//!
//! | file | what |
//! | --- | --- |
//! | `bases` | the legal bases of people, as notes beside their records |
//! | `shape`, `details` | the columns with which an object's records can be created, and their bounds |
//! | `value` | which values a column takes: pure |
//! | `check`, `persons` | the content of a draft, whom it names, what is missing: pure |
//! | `links` | links to other records, by the names that the metadata have for them |
//! | `send` | one request for one record, and its answer |
//! | `find` | lookup of records by the ids that were chosen |
//! | `usual` | the columns that a record's company fills |

mod bases;
mod check;
mod details;
mod find;
mod links;
mod persons;
mod send;
mod shape;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod usual;
mod value;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Checked, Draft, Duplicates, LookedUp, NewRecord, Sought, Writing, Written},
};
use jiff::SignedDuration;

pub(super) use self::shape::WriteShape;
use super::{Dynamics, provider::SETTLES};

#[async_trait]
impl Writing for Dynamics {
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>> {
        let mut checked = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let shape = self.write_shape(draft.object).await?;
            let mut one = check::check(&shape, draft);
            self.accept_companies(draft, &mut one.refused_links).await?;
            checked.push(one);
        }
        Ok(checked)
    }

    async fn create(&self, records: &[NewRecord], duplicates: Duplicates) -> Outcome<Vec<Written>> {
        Ok(self.created(records, duplicates).await)
    }

    /// Dataverse has no request that only judges, and the abilities say so.
    async fn rehearse(&self, records: &[NewRecord], _: Duplicates) -> Outcome<Vec<Written>> {
        Ok(records.iter().map(|_| send::never_rehearsed()).collect())
    }

    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
        self.found(sought).await
    }

    fn settles(&self) -> SignedDuration {
        SETTLES
    }
}
