//! A CRM in a test's hands: the port in front, and what people and bad luck do behind it.

use std::{future::Future, pin::Pin, sync::Arc};

use domain::{
    ports::{Abilities, Crm, Draft},
    record::{Object, RecordId},
};
use jiff::SignedDuration;

use super::{memory, salesforce};

/// A CRM, and what a test does to it behind the connector's back.
pub(crate) trait Stage: Send + Sync {
    /// A connector as the next slice makes it: with the grant that was kept last.
    fn connect(&self) -> Arc<dyn Crm>;

    /// Records on a page at most.
    fn page(&self) -> usize;

    /// The CRM's clock moves on. It stands still otherwise.
    fn advance(&self, by: SignedDuration);

    /// Somebody makes a record, now. Names are texts that tell records apart.
    fn make(&self, object: Object, name: &str) -> RecordId;

    /// Somebody changes a record's name, now.
    fn rename(&self, object: Object, id: &RecordId, name: &str);

    /// A record that was made now shows only `late` later, under the time stamp of now.
    fn make_late(&self, object: Object, name: &str, late: SignedDuration) -> RecordId;

    /// Somebody deletes a record, now.
    fn delete(&self, object: Object, id: &RecordId);

    /// The same, so that it cannot be restored.
    fn delete_for_good(&self, object: Object, id: &RecordId);

    /// Somebody takes a deleted record back, now.
    fn restore(&self, object: Object, id: &RecordId);

    /// Somebody merges two records, now.
    fn merge(&self, object: Object, loser: &RecordId, survivor: &RecordId);

    /// The CRM forgets all page tokens that it gave.
    fn lose_tokens(&self);

    /// The CRM forgets where windows ended.
    fn lose_resumes(&self) {}

    /// The CRM's list of deletions begins anew.
    fn purge_deletions(&self);

    /// Access tokens that were given out end.
    fn end_access_tokens(&self);

    /// The next `n` requests are refused as too many, and the one after them is not.
    fn throttle(&self, n: u32);

    /// The next `n` requests find a server in trouble.
    fn trouble(&self, n: u32);

    /// The day's quota is used up.
    fn use_up_quota(&self);

    /// The customer takes the grant back.
    fn take_grant_back(&self);

    /// The organisation has no such object.
    fn take_away(&self, object: Object);

    /// The next creation is done, and its answer lost.
    fn lose_next_answer(&self);

    /// An account with the name of another is taken for a duplicate from now on, and may be saved all the same.
    fn refuse_duplicates(&self);

    /// A record that the CRM takes.
    fn draft(&self, object: Object, name: &str) -> Draft;

    /// How many records of an object there are.
    fn n_records(&self, object: Object) -> usize;

    /// What the connector says that it can.
    fn abilities(&self) -> Abilities {
        self.connect().abilities().clone()
    }
}

/// What is still to come.
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How a stage is set.
pub(crate) struct Backend {
    /// The column's name.
    pub(crate) name: &'static str,
    pub(crate) set: fn() -> BoxFuture<Box<dyn Stage>>,
}

/// All backends. A new connector adds a line.
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
            name: "salesforce",
            set: || Box::pin(salesforce::by_rest()),
        },
        Backend {
            name: "salesforce bulk",
            set: || Box::pin(salesforce::in_bulk()),
        },
    ]
}
