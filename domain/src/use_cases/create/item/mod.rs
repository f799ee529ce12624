//! The states of one record of a request, and the ways from one state to the next.
//!
//! ```text
//! unsent --sent--> sent --created, found--> made --kept--> done
//!   |               |
//!   +---refused-----+--refused--> done
//! ```
//!
//! Three ways lead back, each after a proof: `not_sent` and `not_made` from sent to unsent, when nothing was made, and
//! `confirmed_as_anothers` from made to sent, when another request made the record that a lookup found.
//!
//! The fields are private to this folder, so no other file can assign a state. A way is a method of the state that it begins at
//! (`steps`), and it takes that state by value: from a record that is done there is no method that leads to sending it.

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
use super::{CreateOutcome, Noted, Wanted};
use crate::{
    fault::Code,
    ports::Draft,
    record::{Object, RecordId},
};

/// One record of a request.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Item {
    /// What is wanted. It goes when the item is done: the outcome needs no personal data.
    wanted: Option<Wanted>,
    /// The company that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company: Option<CompanyId>,
    /// The basis to note in the CRM, where the record is a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basis: Option<Basis>,
    /// The object of the record that a lookup took for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found: Option<Object>,
    /// The object of the record that was made, until the bus has heard of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    untold: Option<Object>,
    /// The CRM's id of the record, which we chose before it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chosen_id: Option<RecordId>,
    state: State,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Nothing was sent.
    Begun,
    /// It did not reach the CRM, for this reason: as good as begun.
    NotSent(String),
    /// It may have been sent, at this time at the earliest.
    Sent(Timestamp),
    /// It is in the CRM, and what follows from that is not stored yet. The next caller goes on there.
    Made {
        object: Object,
        id: RecordId,
        /// Since when it may have been sent, where a lookup found it; none: the CRM itself said so.
        sent: Option<Timestamp>,
    },
    /// It is over.
    Done(CreateOutcome),
}

impl Item {
    /// An item of which nothing was sent.
    pub(super) fn begun(wanted: Wanted) -> Self {
        Self {
            company: wanted.company.clone(),
            wanted: Some(wanted),
            basis: None,
            found: None,
            untold: None,
            chosen_id: None,
            state: State::Begun,
        }
    }

    /// The company that it is for.
    pub(super) fn company(&self) -> Option<&CompanyId> {
        self.company.as_ref()
    }

    /// What may be sent.
    pub(super) fn unsent(&self) -> Option<&Wanted> {
        let is_unsent = matches!(self.state, State::Begun | State::NotSent(_));
        self.wanted.as_ref().filter(|_| is_unsent)
    }

    /// What may have been sent, and the earliest time at which it can have been.
    pub(super) fn sent(&self) -> Option<(&Draft, Timestamp)> {
        match &self.state {
            State::Sent(at) => Some((&self.wanted.as_ref()?.draft, *at)),
            _ => None,
        }
    }

    /// The CRM's id that we chose for it.
    pub(super) fn chosen_id(&self) -> Option<&RecordId> {
        self.chosen_id.as_ref()
    }

    /// The record that was made and is not kept yet, and whether a lookup found it.
    pub(super) fn made(&self) -> Option<(Object, &RecordId, bool)> {
        match &self.state {
            State::Made { object, id, sent } => Some((*object, id, sent.is_some())),
            _ => None,
        }
    }

    /// The record that a lookup found and that was kept as ours.
    pub(super) fn kept_as_found(&self) -> Option<(Object, &RecordId)> {
        Some((self.found?, self.created_id()?))
    }

    /// The record that was kept and of which the bus has not heard yet.
    pub(super) fn untold(&self) -> Option<(Object, &RecordId)> {
        Some((self.untold?, self.created_id()?))
    }

    fn created_id(&self) -> Option<&RecordId> {
        match &self.state {
            State::Done(CreateOutcome::Created { id, .. }) => Some(id),
            _ => None,
        }
    }

    /// Whether nothing more is to be done for it.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_)) && !self.has_basis_due()
    }

    /// What became of it, as far as that is known.
    pub(super) fn outcome(&self) -> CreateOutcome {
        match &self.state {
            State::Done(outcome) => outcome.clone(),
            State::Begun => CreateOutcome::NotSent {
                code: Code::CreateInterrupted.to_string(),
            },
            State::NotSent(code) => CreateOutcome::NotSent {
                code: Code::parse(code).public().into_owned(),
            },
            State::Sent(_) => CreateOutcome::Unknown,
            State::Made { id, .. } => self.created(id.clone(), false),
        }
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

    /// The ways that begin at its state.
    pub(super) fn step(&mut self) -> Step<'_> {
        Step::of(self)
    }
}
