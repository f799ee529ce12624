//! Creating records.
//!
//! | file | what |
//! | --- | --- |
//! | `bases` | the legal bases of people, in their records |
//! | [`shape`] | the properties with which an object's records can be created |
//! | [`value`] | which values a property takes, and how HubSpot writes them: pure |
//! | [`check`], `persons` | the content of a draft, whom it names, what is missing: pure |
//! | [`links`] | links to other records, as associations |
//! | [`send`] | requests for up to 100 records |
//! | [`answer`], `said` | what HubSpot answered about each record: pure |
//! | `apart` | which record of a batch a result without a trace id is: pure |
//! | [`find`], [`content`], [`natural`] | lookup of records after a lost answer |
//! | `unique` | lookup of records by the values of unique properties |
//! | `rehearse` | what can be known before a record is sent |
//! | `usual` | the properties and the link that identify a record's company |

mod answer;
mod apart;
mod bases;
mod check;
mod content;
mod find;
mod links;
mod natural;
mod persons;
mod rehearse;
mod said;
mod send;
mod shape;
mod unique;
mod usual;
mod value;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Checked, Draft, Duplicates, LookedUp, NewRecord, Sought, Writing, Written},
    record::Object,
};
use jiff::SignedDuration;

pub(super) use self::{links::KnownTypes, shape::WriteShape};
use super::HubSpot;

/// How long a request may still take effect after it was sent. HubSpot ends requests after about half a minute.
const SETTLES: SignedDuration = SignedDuration::from_mins(10);

/// Returns the property with the time of creation that every record has.
fn created_name(object: Object) -> &'static str {
    match object {
        Object::Task | Object::Lead => "hs_createdate",
        Object::Account | Object::Contact | Object::Opportunity => "createdate",
    }
}

#[async_trait]
impl Writing for HubSpot {
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>> {
        let mut checked = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let shape = self.write_shape(draft.object).await?;
            checked.push(check::check(&shape, draft));
        }
        Ok(checked)
    }

    /// HubSpot saves no record that its rules take for a duplicate, so both ways of treating duplicates are one.
    async fn create(&self, records: &[NewRecord], _: Duplicates) -> Outcome<Vec<Written>> {
        Ok(self.created(records).await)
    }

    /// HubSpot has no request that only judges, but can be asked for unique values.
    async fn rehearse(&self, records: &[NewRecord], _: Duplicates) -> Outcome<Vec<Written>> {
        self.rehearsed(records).await
    }

    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
        self.found(sought).await
    }

    fn settles(&self) -> SignedDuration {
        SETTLES
    }
}
