//! Creating records.
//!
//! | file | what |
//! | --- | --- |
//! | [`bases`] | the legal bases of people, beside their records |
//! | [`shape`] | the fields with which an object's records can be created |
//! | [`check`] | the content of a draft, whom it names, what is missing: pure |
//! | [`links`] | links to other records, as the fields that Salesforce keeps them in |
//! | [`send`] | one request for up to 200 records, and its answer |
//! | [`find`] | lookup of records after a lost answer |
//! | [`usual`] | the standard fields that identify a record's company |

mod bases;
mod check;
mod find;
mod links;
mod send;
pub(super) mod shape;
mod usual;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Checked, Draft, Duplicates, LookedUp, NewRecord, Sought, Writing, Written},
};
use jiff::SignedDuration;

use super::{Salesforce, provider::SETTLES};

#[async_trait]
impl Writing for Salesforce {
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>> {
        let mut checked = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let shape = self.write_shape(draft.object).await?;
            checked.push(check::check(&shape, draft));
        }
        Ok(checked)
    }

    async fn create(&self, records: &[NewRecord], duplicates: Duplicates) -> Outcome<Vec<Written>> {
        self.created(records, duplicates).await
    }

    async fn rehearse(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>> {
        self.rehearsed(records, duplicates).await
    }

    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
        self.found(sought).await
    }

    fn settles(&self) -> SignedDuration {
        SETTLES
    }
}
