//! A CRM under a test's control: the port, and what users and accidents do behind it.

use std::{future::Future, pin::Pin, sync::Arc};

use domain::{
    ports::{Abilities, Crm, Draft},
    record::{Object, RecordId},
};
use jiff::SignedDuration;

use super::{dynamics, hubspot, memory, salesforce};

/// A CRM, and what a test does to it behind the connector's back.
pub(crate) trait Stage: Send + Sync {
    /// Makes a connector as the next slice would: with the grant that was stored last.
    fn connect(&self) -> Arc<dyn Crm>;

    /// Returns the largest number of records on a page.
    fn page(&self) -> usize;

    /// Moves the CRM's clock on. It stands still otherwise.
    fn advance(&self, by: SignedDuration);

    /// Creates a record, now, as a user would. Names are texts that tell records apart.
    fn make(&self, object: Object, name: &str) -> RecordId;

    /// Changes a record's name, now, as a user would.
    fn rename(&self, object: Object, id: &RecordId, name: &str);

    /// Creates a record that becomes visible only `late` later, with the present time stamp.
    fn make_late(&self, object: Object, name: &str, late: SignedDuration) -> RecordId;

    /// Deletes a record, now, as a user would.
    fn delete(&self, object: Object, id: &RecordId);

    /// Deletes a record so that it cannot be restored.
    fn delete_for_good(&self, object: Object, id: &RecordId);

    /// Restores a deleted record, now, as a user would.
    fn restore(&self, object: Object, id: &RecordId);

    /// Merges two records, now, as a user would. Returns the id of the result, which may be a new one.
    fn merge(&self, object: Object, loser: &RecordId, survivor: &RecordId) -> RecordId;

    /// Gives a record these parents, the primary one first, as a user would. Only for CRMs whose parents are associations.
    fn associate(&self, _object: Object, _id: &RecordId, _parents: &[RecordId]) {
        panic!("parents are in the record");
    }

    /// Hides a record that is others' parent from the connected user. Only for CRMs whose parents are associations.
    fn hide(&self, _object: Object, _id: &RecordId) {
        panic!("parents are in the record");
    }

    /// The CRM forgets all page tokens that it gave. Returns false if it keeps nothing for them, so that none can be lost.
    fn lose_tokens(&self) -> bool;

    /// Makes the CRM forget where windows ended.
    fn lose_resumes(&self) {}

    /// Empties the CRM's list of deletions.
    fn purge_deletions(&self);

    /// Expires all access tokens that were issued.
    fn end_access_tokens(&self);

    /// Refuses the next `n` requests as too many, and not the one after them.
    fn throttle(&self, n: u32);

    /// Answers the next `n` requests as a server in trouble.
    fn trouble(&self, n: u32);

    /// Uses up the day's quota.
    fn use_up_quota(&self);

    /// Revokes the grant, as the customer would.
    fn take_grant_back(&self);

    /// Removes an object from the organisation.
    fn take_away(&self, object: Object);

    /// Loses the answer to the next creation, which takes effect.
    fn lose_next_answer(&self);

    /// From now on takes an account with the name of another one for a duplicate. It may be saved all the same.
    fn refuse_duplicates(&self);

    /// Makes a record that the CRM accepts.
    fn draft(&self, object: Object, name: &str) -> Draft;

    /// A field of accounts that takes lists, where the CRM has nested fields.
    fn nested_field(&self) -> Option<&'static str> {
        None
    }

    /// Returns how many records of an object there are.
    fn n_records(&self, object: Object) -> usize;

    /// Returns the connector's abilities.
    fn abilities(&self) -> Abilities {
        self.connect().abilities().clone()
    }
}

/// A boxed future.
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How to set up a stage.
pub(crate) struct Backend {
    /// The name of the column.
    pub(crate) name: &'static str,
    pub(crate) set: fn() -> BoxFuture<Box<dyn Stage>>,
}

/// Returns all backends. A new connector adds a line.
pub(crate) fn all() -> Vec<Backend> {
    vec![
        Backend {
            name: "memory",
            set: || Box::pin(async { memory::ordered() }),
        },
        Backend {
            name: "memory jobs",
            set: || Box::pin(async { memory::unordered() }),
        },
        Backend {
            name: "memory tracked",
            set: || Box::pin(async { memory::tracked() }),
        },
        Backend {
            name: "memory linked",
            set: || Box::pin(async { memory::linked(false) }),
        },
        Backend {
            name: "memory linking",
            set: || Box::pin(async { memory::linked(true) }),
        },
        Backend {
            name: "memory chosen",
            set: || Box::pin(async { memory::chosen() }),
        },
        Backend {
            name: "salesforce",
            set: || Box::pin(salesforce::by_rest()),
        },
        Backend {
            name: "salesforce bulk",
            set: || Box::pin(salesforce::in_bulk()),
        },
        Backend {
            name: "hubspot",
            set: || Box::pin(hubspot::account(false)),
        },
        Backend {
            name: "hubspot new id",
            set: || Box::pin(hubspot::account(true)),
        },
        Backend {
            name: "dynamics",
            set: || Box::pin(dynamics::environment()),
        },
    ]
}
