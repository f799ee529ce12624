//! The states of one record of a request, and the transitions between them.
//!
//! ```text
//! unsent --sent--> sent --created, found--> made --kept--> done
//!   |               |
//!   +---refused-----+--refused--> done
//! ```
//!
//! Three transitions lead back, each after a proof: `not_sent` and `not_made` from sent to unsent, if nothing was created, and
//! `confirmed_as_anothers` from made to sent, if another request created the record that a lookup found.
//!
//! The fields are private to this folder, so no other file can assign a state. A transition is a method of its first state
//! (`steps`), and it takes that state by value. The state of a record that is done has no method that leads to sending it.

mod basis;
mod steps;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use matching::CompanyId;
use serde::{Deserialize, Serialize};

pub(super) use self::{
    basis::{Basis, BasisDue},
    steps::{AsSent, Sent, Step},
};
use super::{CreateOutcome, Known, Noted, Wanted};
use crate::{
    fault::Code,
    ports::Draft,
    record::{Object, RecordId},
};

/// One record of a request.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Item {
    /// The wanted record. It is dropped when the item is done, because the outcome needs no personal data.
    wanted: Option<Wanted>,
    /// The company for which it is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company: Option<CompanyId>,
    /// The basis to note in the CRM, if the record is a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basis: Option<Basis>,
    /// The object of the record that a lookup assigned to this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found: Option<Object>,
    /// The object of the created record, until the bus has its event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    untold: Option<Object>,
    /// The CRM's id of the record, if we chose it before it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chosen_id: Option<RecordId>,
    /// Whether it was sent without an external id. A lookup by an id that was never sent would find nothing, and prove nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lacks_external_id: bool,
    state: State,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Nothing was sent.
    Begun,
    /// It did not reach the CRM, for this reason. Otherwise the same as `Begun`.
    NotSent(String),
    /// It may have been sent, at the earliest at this time.
    Sent(Timestamp),
    /// It is in the CRM, and the outcome is not stored yet. The next caller continues from here.
    Made {
        object: Object,
        id: RecordId,
        /// The earliest time at which it may have been sent, if a lookup found it. `None` if the CRM's answer named it.
        sent: Option<Timestamp>,
    },
    /// It is over.
    Done(CreateOutcome),
}

impl Item {
    /// Creates an item that was not sent.
    pub(super) fn begun(wanted: Wanted) -> Self {
        Self {
            company: wanted.company.clone(),
            wanted: Some(wanted),
            basis: None,
            found: None,
            untold: None,
            chosen_id: None,
            lacks_external_id: false,
            state: State::Begun,
        }
    }

    /// Returns the company for which it is created.
    pub(super) fn company(&self) -> Option<&CompanyId> {
        self.company.as_ref()
    }

    /// Returns the wanted record, if it may be sent.
    pub(super) fn unsent(&self) -> Option<&Wanted> {
        let is_unsent = matches!(self.state, State::Begun | State::NotSent(_));
        self.wanted.as_ref().filter(|_| is_unsent)
    }

    /// Returns the draft that may have been sent, and the earliest time at which it can have been.
    pub(super) fn sent(&self) -> Option<(&Draft, Timestamp)> {
        match &self.state {
            State::Sent(at) => Some((&self.wanted.as_ref()?.draft, *at)),
            _ => None,
        }
    }

    /// Returns the CRM's id that we chose for it.
    pub(super) fn chosen_id(&self) -> Option<&RecordId> {
        self.chosen_id.as_ref()
    }

    /// Returns whether it was sent with an external id. Rows of earlier versions do not say so, and are looked up by it as before.
    pub(super) fn has_external_id(&self) -> bool {
        !self.lacks_external_id
    }

    /// Returns the created record that is not kept yet, and whether a lookup found it.
    pub(super) fn made(&self) -> Option<(Object, &RecordId, bool)> {
        match &self.state {
            State::Made { object, id, sent } => Some((*object, id, sent.is_some())),
            _ => None,
        }
    }

    /// Returns the record that a lookup found and that was kept as ours.
    pub(super) fn kept_as_found(&self) -> Option<(Object, &RecordId)> {
        Some((self.found?, self.created_id()?))
    }

    /// Returns the kept record whose event the bus may not have yet.
    pub(super) fn untold(&self) -> Option<(Object, &RecordId)> {
        Some((self.untold?, self.created_id()?))
    }

    fn created_id(&self) -> Option<&RecordId> {
        match &self.state {
            State::Done(CreateOutcome::Created { id, .. }) => Some(id),
            _ => None,
        }
    }

    /// Returns whether nothing more is to be done for it.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_)) && !self.has_basis_due()
    }

    /// Returns the outcome, as far as it is known.
    pub(super) fn outcome(&self) -> CreateOutcome {
        match &self.state {
            State::Done(outcome) => outcome.clone(),
            State::Begun => CreateOutcome::NotSent {
                code: Code::CreateInterrupted.to_string(),
            },
            State::NotSent(code) => CreateOutcome::NotSent {
                code: Code::public_of(code),
            },
            State::Sent(_) => CreateOutcome::Unknown,
            State::Made { id, .. } => self.created(id.clone(), false),
        }
    }

    /// Returns what is known of it. `None` if no call has come to anything yet.
    pub(super) fn known(&self) -> Option<Known> {
        let is_begun = matches!(self.state, State::Begun);
        (!is_begun).then(|| self.outcome().known())
    }

    fn created(&self, id: RecordId, in_copy: bool) -> CreateOutcome {
        CreateOutcome::Created {
            id,
            in_copy,
            basis: self.basis.as_ref().map(|_| Noted::NotYet),
        }
    }

    fn end(&mut self, outcome: CreateOutcome) {
        self.state = State::Done(outcome);
        self.wanted = None;
    }

    /// Returns the transitions from its state.
    pub(super) fn step(&mut self) -> Step<'_> {
        Step::of(self)
    }
}
