//! The records of the CRM.

use std::collections::BTreeMap;

use domain::{
    ports::Link,
    record::{Object, RecordId},
};
use jiff::Timestamp;

/// A record of the CRM.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) modified: Timestamp,
    /// When it becomes visible.
    pub(super) shows: Timestamp,
    /// The number of its last change.
    pub(super) version: u64,
    pub(super) fields: BTreeMap<String, String>,
    /// The records to which it belongs, in order.
    pub(super) links: Vec<Link>,
    /// When a connector created it. `None` if a user did.
    pub(super) made: Option<Timestamp>,
    /// Set if it is deleted. The inner value is the record into which it was merged.
    pub(super) gone: Option<Option<RecordId>>,
    /// The records that were merged into it, if they have no rows of their own.
    pub(super) absorbed: Vec<RecordId>,
    pub(super) bad: bool,
}

impl Row {
    /// Returns the account to which it is linked.
    pub(super) fn account(&self) -> Option<&RecordId> {
        let mut links = self.links.iter();
        let link = links.find(|link| link.object == Object::Account)?;
        Some(&link.id)
    }
}
