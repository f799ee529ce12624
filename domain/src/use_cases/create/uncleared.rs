//! Says of a person in a record what is missing for the clearance.

use std::fmt;

use serde::Serialize;

use super::judged::Judged;
use crate::{
    legal::Missing,
    record::{Object, RecordId},
};

/// Where a record names a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// The record is the person's own.
    Own,
    /// Another field has an address of the person.
    Field,
    /// The record belongs to the person's record, or points at it.
    Record,
}

/// A person without a clearance. Personal data: `Debug` prints no address.
#[derive(Clone, PartialEq, Serialize)]
pub struct Uncleared {
    /// Where the record names the person.
    pub whom: Whom,
    /// The object of the person's record in the CRM, if the record points at one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// The id of that record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RecordId>,
    /// The person's addresses in the record that would be created. Those of a record in the CRM are not told.
    pub emails: Vec<String>,
    /// What is missing. Never empty.
    pub missing: Vec<Missing>,
}

impl fmt::Debug for Uncleared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uncleared({:?}, {:?})", self.whom, self.missing)
    }
}

impl Uncleared {
    /// Makes it of the person at a place of `named`: the record's own person comes first, then those in other fields, then those whom
    /// it points at.
    pub(super) fn of(judged: &Judged, nth: usize, missing: Vec<Missing>) -> Self {
        let checked = &judged.checked;
        let own = usize::from(checked.person.is_some());
        let pointed = nth
            .checked_sub(own + checked.others.len())
            .and_then(|at| checked.people.get(at).cloned());
        let whom = match &pointed {
            Some(_) => Whom::Record,
            None if nth < own => Whom::Own,
            None => Whom::Field,
        };
        let emails = match (&pointed, judged.named.get(nth)) {
            (None, Some(named)) => named.person.emails.clone(),
            _ => Vec::new(),
        };
        let (object, id) = pointed.unzip();
        Self {
            whom,
            object,
            id,
            emails,
            missing,
        }
    }
}
