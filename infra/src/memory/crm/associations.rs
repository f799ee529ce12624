//! Parents that are associations: beside the records, and without a time stamp.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    fault::{CrmCode, Fault, Outcome},
    record::{Object, Parent, RecordId},
};

use super::MemoryCrm;

/// The associations of a CRM.
#[derive(Default)]
pub(super) struct Associations {
    /// The most ids in one request.
    pub(super) at_most: usize,
    /// Whether pages of changes have the parents, too.
    pub(super) on_pages: bool,
    /// The parents of a record, the primary one first.
    parents: BTreeMap<(Object, RecordId), Vec<Parent>>,
    /// Parents that the connected user may not see.
    hidden: BTreeSet<RecordId>,
    /// Whether responses lack the last parent.
    are_cut: bool,
}

impl Associations {
    /// Gives a record these parents, the primary one first.
    pub(super) fn associate(&mut self, object: Object, id: &RecordId, parents: Vec<Parent>) {
        self.parents.insert((object, id.clone()), parents);
    }

    /// Returns the primary parent if the connected user may see it.
    pub(super) fn parent_of(&self, object: Object, id: &RecordId) -> Option<Parent> {
        let parents = self.parents.get(&(object, id.clone()))?;
        let primary = parents.first()?;
        (!self.hidden.contains(primary.id())).then(|| primary.clone())
    }

    /// Returns the parents of records, in the order of `ids`. A record that `is_there` does not know has no parent.
    pub(super) fn parents(
        &self,
        object: Object,
        ids: &[RecordId],
        is_there: impl Fn(&RecordId) -> bool,
    ) -> Outcome<Vec<Option<Parent>>> {
        if ids.len() > self.at_most {
            return Err(Fault::crm("crm", CrmCode::said("too_many_ids")));
        }
        let parent = |id: &RecordId| is_there(id).then(|| self.parent_of(object, id)).flatten();
        let n = ids.len() - usize::from(self.are_cut && !ids.is_empty());
        Ok(ids.iter().take(n).map(parent).collect())
    }
}

impl MemoryCrm {
    /// Keeps parents as associations. Connectors that are made from now on ask for `at_most` ids in a request. With
    /// `on_pages`, pages of changes have the parents, too.
    pub fn keep_associations(&self, at_most: usize, on_pages: bool) {
        self.lock().associations = Some(Associations {
            at_most,
            on_pages,
            ..Associations::default()
        });
    }

    /// Gives a record these accounts as parents, the primary one first. No time stamp moves.
    pub fn associate(&self, object: Object, id: &RecordId, accounts: &[RecordId]) {
        let accounts = accounts.iter().cloned();
        let parents = accounts.map(|id| Parent::of(Object::Account, id));
        self.associate_with(object, id, parents.collect());
    }

    /// Gives a record these parents, the primary one first. No time stamp moves.
    pub fn associate_with(&self, object: Object, id: &RecordId, parents: Vec<Parent>) {
        if let Some(associations) = &mut self.lock().associations {
            associations.associate(object, id, parents);
        }
    }

    /// Leaves the last parent out of responses, or completes responses again.
    pub fn cut_parents(&self, cut: bool) {
        if let Some(associations) = &mut self.lock().associations {
            associations.are_cut = cut;
        }
    }

    /// Hides a parent from the connected user, or shows it again.
    pub fn hide_parent(&self, id: &RecordId, hidden: bool) {
        if let Some(associations) = &mut self.lock().associations {
            if hidden {
                associations.hidden.insert(id.clone());
            } else {
                associations.hidden.remove(id);
            }
        }
    }
}
