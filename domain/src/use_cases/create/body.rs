//! The sealed part of a request's row: its records and their states.

use serde::{Deserialize, Serialize};

use super::{
    CreateOutcome, Request,
    item::{Item, Step},
    known::Known,
};
use crate::record::{Object, RecordId};

/// The sealed part of an intent.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Body {
    allow_duplicate: bool,
    /// The user who sent the request first.
    #[serde(default)]
    by: String,
    items: Vec<Item>,
}

/// A record that is in the CRM, and whose outcome is not stored yet.
pub(super) struct Uncopied {
    /// Its place in the request.
    pub(super) at: usize,
    pub(super) object: Object,
    pub(super) id: RecordId,
    /// Whether a lookup found it. Otherwise the CRM's answer named it.
    pub(super) is_found: bool,
}

impl Body {
    /// Creates the body of a request of which nothing was sent.
    pub(super) fn begun(request: &Request, by: &str) -> Self {
        Self {
            allow_duplicate: request.allow_duplicate,
            by: by.to_owned(),
            items: request.items.iter().cloned().map(Item::begun).collect(),
        }
    }

    pub(super) fn allow_duplicate(&self) -> bool {
        self.allow_duplicate
    }

    /// Returns the user who sent the request first.
    pub(super) fn by(&self) -> &str {
        &self.by
    }

    pub(super) fn item(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    /// Returns the transitions from the state of the record at a place of the request.
    pub(super) fn step(&mut self, at: usize) -> Option<Step<'_>> {
        self.items.get_mut(at).map(Item::step)
    }

    /// Returns the results of `known` that are not `None`, each with the record's place in the request.
    pub(super) fn places<'b, T>(
        &'b self,
        known: impl Fn(&'b Item) -> Option<T>,
    ) -> Vec<(usize, T)> {
        let items = self.items.iter().enumerate();
        items
            .filter_map(|(at, item)| Some((at, known(item)?)))
            .collect()
    }

    pub(super) fn is_done(&self) -> bool {
        self.items.iter().all(Item::is_done)
    }

    /// Returns the records that are in the CRM and whose outcome is not stored yet.
    pub(super) fn uncopied(&self) -> Vec<Uncopied> {
        let made = self.places(Item::made).into_iter();
        made.map(|(at, (object, id, is_found))| Uncopied {
            at,
            object,
            id: id.clone(),
            is_found,
        })
        .collect()
    }

    /// Returns the kept records whose events the bus may not have yet.
    pub(super) fn untold(&self) -> Vec<(Object, RecordId)> {
        let untold = self.items.iter().filter_map(Item::untold);
        untold.map(|(object, id)| (object, id.clone())).collect()
    }

    /// Returns whether the basis of a created record must still be noted.
    pub(super) fn has_basis_due(&self) -> bool {
        self.items.iter().any(Item::has_basis_due)
    }

    /// Returns the outcomes, as far as they are known.
    pub(super) fn outcomes(&self) -> Vec<CreateOutcome> {
        self.items.iter().map(Item::outcome).collect()
    }

    /// Returns what is known of each record.
    pub(super) fn known(&self) -> Vec<Option<Known>> {
        self.items.iter().map(Item::known).collect()
    }

    /// Returns whether nothing was created and nothing can be any more.
    pub(super) fn is_void(&self) -> bool {
        self.outcomes().iter().all(CreateOutcome::is_void)
    }
}
