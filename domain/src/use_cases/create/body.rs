//! What is sealed of a request's row: its records, and how far each has come.

use serde::{Deserialize, Serialize};

use super::{
    CreateOutcome, Request,
    item::{Item, Step},
};
use crate::record::{Object, RecordId};

/// What is sealed of an intent.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Body {
    allow_duplicate: bool,
    /// Who asked first.
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
    /// Whether a lookup took it for ours; else the CRM itself said so.
    pub(super) is_found: bool,
}

impl Body {
    /// A request of which nothing was sent.
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

    /// Who asked first.
    pub(super) fn by(&self) -> &str {
        &self.by
    }

    pub(super) fn item(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    /// The ways from the state of the record at a place of the request.
    pub(super) fn step(&mut self, at: usize) -> Option<Step<'_>> {
        self.items.get_mut(at).map(Item::step)
    }

    /// The records of which something is known, each with its place in the request.
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

    /// What is in the CRM, and whose outcome is not stored yet.
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

    /// What was made and kept, and of which the bus has not heard yet.
    pub(super) fn untold(&self) -> Vec<(Object, RecordId)> {
        let untold = self.items.iter().filter_map(Item::untold);
        untold.map(|(object, id)| (object, id.clone())).collect()
    }

    /// Whether the basis of a record that was made is still to be noted.
    pub(super) fn has_basis_due(&self) -> bool {
        self.items.iter().any(Item::has_basis_due)
    }

    /// What became of each record, as far as that is known.
    pub(super) fn outcomes(&self) -> Vec<CreateOutcome> {
        self.items.iter().map(Item::outcome).collect()
    }

    /// Whether nothing was made, and nothing can still come of it.
    pub(super) fn is_void(&self) -> bool {
        self.outcomes().iter().all(CreateOutcome::is_void)
    }
}
