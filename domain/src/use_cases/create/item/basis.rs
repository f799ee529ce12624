//! The note of a person's legal basis beside the record: its states and the transitions between them.
//!
//! A note is unsent, then sent, then done. `not_made` leads back, after a proof that nothing was noted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Item, State};
use crate::{
    create::{CreateOutcome, Noted},
    legal::ClearedBy,
    ports::BasisOf,
    record::Object,
};

/// A basis that must be noted.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Basis {
    object: Object,
    by: ClearedBy,
    /// Whether the record itself has the basis, too.
    in_record: bool,
    /// The earliest time at which the note may have been sent. `None` if it was not sent.
    sent: Option<Timestamp>,
}

impl Basis {
    /// Creates a basis whose note was not sent.
    pub(in super::super) fn unsent(object: Object, by: ClearedBy, in_record: bool) -> Self {
        Self {
            object,
            by,
            in_record,
            sent: None,
        }
    }
}

impl Item {
    /// Returns whether its record is kept and the basis must still be noted.
    pub(in super::super) fn has_basis_due(&self) -> bool {
        self.basis_of().is_some()
    }

    /// Returns the basis that is due.
    fn basis_of(&self) -> Option<(&Basis, BasisOf)> {
        let State::Done(CreateOutcome::Created {
            id,
            basis: Some(Noted::NotYet),
            ..
        }) = &self.state
        else {
            return None;
        };
        let basis = self.basis.as_ref()?;
        let of = BasisOf {
            object: basis.object,
            id: id.clone(),
            by: basis.by.clone(),
        };
        Some((basis, of))
    }

    /// Returns the due basis, if its note was not sent.
    pub(in super::super) fn basis_unsent(&self) -> Option<BasisOf> {
        let (basis, of) = self.basis_of()?;
        basis.sent.is_none().then_some(of)
    }

    /// Returns the due basis, if its note may have been sent.
    pub(in super::super) fn basis_sent(&self) -> Option<BasisOf> {
        let (basis, of) = self.basis_of()?;
        basis.sent.is_some().then_some(of)
    }
}

/// A basis that is due, by the state of its note.
pub(in super::super) enum BasisDue<'a> {
    Unsent(UnsentBasis<'a>),
    Sent(SentBasis<'a>),
}

/// A basis whose note was not sent.
pub(in super::super) struct UnsentBasis<'a>(&'a mut Item);

/// A basis whose note may have been sent.
pub(in super::super) struct SentBasis<'a> {
    item: &'a mut Item,
    at: Timestamp,
}

impl<'a> BasisDue<'a> {
    pub(super) fn of(item: &'a mut Item) -> Option<Self> {
        let (basis, _) = item.basis_of()?;
        Some(match basis.sent {
            None => Self::Unsent(UnsentBasis(item)),
            Some(at) => Self::Sent(SentBasis { item, at }),
        })
    }

    /// The CRM has no place for it beside the record.
    pub(in super::super) fn has_no_place(self) {
        let item = match self {
            Self::Unsent(due) => due.0,
            Self::Sent(due) => due.item,
        };
        let in_record = item.basis.as_ref().is_some_and(|basis| basis.in_record);
        note(
            item,
            if in_record {
                Noted::Written
            } else {
                Noted::NoPlace
            },
        );
    }
}

impl UnsentBasis<'_> {
    /// The note may be on its way from `at` on.
    pub(in super::super) fn sent(self, at: Timestamp) {
        set_sent(self.0, Some(at));
    }
}

impl SentBasis<'_> {
    /// Returns the earliest time at which the note may have been sent.
    pub(in super::super) fn since(&self) -> Timestamp {
        self.at
    }

    /// The CRM has the note.
    pub(in super::super) fn written(self) {
        note(self.item, Noted::Written);
    }

    /// The CRM refused the note.
    pub(in super::super) fn refused(self) {
        note(self.item, Noted::Refused);
    }

    /// The note did not reach the CRM, or a lookup proved that it is not there. It may be sent again.
    pub(in super::super) fn not_made(self) {
        set_sent(self.item, None);
    }
}

fn set_sent(item: &mut Item, at: Option<Timestamp>) {
    if let Some(basis) = &mut item.basis {
        basis.sent = at;
    }
}

fn note(item: &mut Item, noted: Noted) {
    if let State::Done(CreateOutcome::Created { basis, .. }) = &mut item.state {
        *basis = Some(noted);
    }
}
