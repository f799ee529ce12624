//! The transitions from each state to the next.

use jiff::Timestamp;

use super::{Basis, BasisDue, Item, State};
use crate::{
    create::CreateOutcome,
    fault::Code,
    ports::Draft,
    record::{Object, RecordId},
};

/// An item, for a transition from its current state.
pub(in super::super) struct Step<'a>(&'a mut Item);

/// An item that was not sent.
pub(in super::super) struct Unsent<'a>(&'a mut Item);

/// The parts of a record that the row keeps while it is sent. After a lost answer the lookup uses them.
pub(in super::super) struct AsSent {
    pub(in super::super) draft: Draft,
    /// The basis to note in the CRM, if the record is a person.
    pub(in super::super) basis: Option<Basis>,
    /// The CRM's id, if we chose it.
    pub(in super::super) chosen_id: Option<RecordId>,
    /// Whether it has an external id.
    pub(in super::super) has_external_id: bool,
}

/// An item that may have been sent.
pub(in super::super) struct Sent<'a> {
    item: &'a mut Item,
    at: Timestamp,
}

/// An item whose record is in the CRM and not kept yet.
pub(in super::super) struct Made<'a> {
    item: &'a mut Item,
    object: Object,
    id: RecordId,
    sent: Option<Timestamp>,
}

/// An item whose record a lookup found, before or after it was kept.
pub(in super::super) struct Found<'a> {
    item: &'a mut Item,
    /// The earliest time at which it may have been sent. `None` if the record is kept.
    sent: Option<Timestamp>,
}

impl<'a> Step<'a> {
    pub(super) fn of(item: &'a mut Item) -> Self {
        Self(item)
    }

    pub(in super::super) fn unsent(self) -> Option<Unsent<'a>> {
        self.0.unsent()?;
        Some(Unsent(self.0))
    }

    pub(in super::super) fn sent(self) -> Option<Sent<'a>> {
        let (_, at) = self.0.sent()?;
        Some(Sent { item: self.0, at })
    }

    pub(in super::super) fn made(self) -> Option<Made<'a>> {
        let State::Made { object, id, sent } = &self.0.state else {
            return None;
        };
        let (object, id, sent) = (*object, id.clone(), *sent);
        let item = self.0;
        Some(Made {
            item,
            object,
            id,
            sent,
        })
    }

    pub(in super::super) fn found(self) -> Option<Found<'a>> {
        let sent = match &self.0.state {
            State::Made {
                sent: Some(sent), ..
            } => Some(*sent),
            _ => self.0.kept_as_found().map(|_| None)?,
        };
        Some(Found { item: self.0, sent })
    }

    pub(in super::super) fn basis_due(self) -> Option<BasisDue<'a>> {
        BasisDue::of(self.0)
    }

    /// The bus has the record's event.
    pub(in super::super) fn told(self) {
        self.0.untold = None;
    }
}

impl Unsent<'_> {
    /// It may be on its way from `at` on.
    pub(in super::super) fn sent(self, at: Timestamp, as_sent: AsSent) {
        if let Some(wanted) = &mut self.0.wanted {
            wanted.draft = as_sent.draft;
        }
        self.0.basis = as_sent.basis;
        self.0.chosen_id = as_sent.chosen_id;
        self.0.lacks_external_id = !as_sent.has_external_id;
        self.0.state = State::Sent(at);
    }

    /// It may not be sent.
    pub(in super::super) fn refused(self, outcome: CreateOutcome) {
        self.0.end(outcome);
    }
}

impl Sent<'_> {
    /// The CRM answered that it created this record.
    pub(in super::super) fn created(self, object: Object, id: RecordId) {
        let sent = None;
        self.item.state = State::Made { object, id, sent };
    }

    /// A lookup found this record, and no other request is known to have created it.
    pub(in super::super) fn found(self, object: Object, id: RecordId) {
        let sent = Some(self.at);
        self.item.state = State::Made { object, id, sent };
    }

    /// The CRM answered that it did not create the record.
    pub(in super::super) fn refused(self, outcome: CreateOutcome) {
        self.item.end(outcome);
    }

    /// The record did not reach the CRM, or the CRM did nothing. It may be sent again.
    pub(in super::super) fn not_sent(self, code: &Code) {
        self.item.state = State::NotSent(code.to_string());
    }

    /// A lookup proved that the record was not created and cannot appear any more. It may be sent again.
    pub(in super::super) fn not_made(self) {
        self.item.state = State::Begun;
    }
}

impl Made<'_> {
    /// The outcome is stored. With `in_copy` the record is in the copy, too.
    pub(in super::super) fn kept(self, in_copy: bool) {
        let created = self.item.created(self.id, in_copy);
        self.item.found = self.sent.map(|_| self.object);
        self.item.untold = Some(self.object);
        self.item.end(created);
    }
}

impl Found<'_> {
    /// Another request created the record, so the outcome of this item is unknown again. If the item was done, its draft is gone,
    /// and no lookup can find out any more.
    pub(in super::super) fn confirmed_as_anothers(self) {
        match self.sent {
            Some(at) => self.item.state = State::Sent(at),
            None => self.item.end(CreateOutcome::Unknown),
        }
    }
}
