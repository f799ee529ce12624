//! The judgement of one wanted record.

use std::collections::BTreeMap;

use super::{DuplicateCandidate, Uncleared, Wanted, company::Filled, fetch::beside};
use crate::{
    fault::{CrmCode, Fault, Outcome},
    legal::{Clearance, Missing, Named, Person, assessment::Purpose},
    ports::{Checked, NewRecord},
    record::{Object, OptOut, RecordId},
};

/// The judgement of one wanted record. Each step of [`judge()`](super::judge::judge) adds its part.
pub(super) struct Judged {
    /// The record as it would be sent, and its company.
    pub(super) filled: Filled,
    /// The purpose for which the people in it are written to the CRM.
    pub(super) purpose: Option<Purpose>,
    /// The connector's check of the draft.
    pub(super) checked: Checked,
    /// Further addresses and numbers in the record of a person.
    pub(super) beside: Person,
    /// Everybody whom it names.
    pub(super) named: Vec<Named>,
    /// Their clearances, or what is missing.
    pub(super) cleared: Result<Vec<Clearance>, Vec<Missing>>,
    /// Those of them who have none, with what is missing for each.
    pub(super) uncleared: Vec<Uncleared>,
    /// People whom it points at and who opted out in the CRM. This is shown, and stops nothing.
    pub(super) opted_out: BTreeMap<(Object, RecordId), Vec<OptOut>>,
    /// Records of the copy that look like it.
    pub(super) duplicates: Vec<DuplicateCandidate>,
}

impl Judged {
    /// Pairs records with the connector's checks. Nobody is cleared yet.
    ///
    /// # Errors
    /// Permanent if the connector checked more or fewer records than it was given, which is a bug.
    pub(super) fn all(
        wanted: &[&Wanted],
        filled: Vec<Filled>,
        checked: Vec<Checked>,
    ) -> Outcome<Vec<Self>> {
        if checked.len() != wanted.len() || filled.len() != wanted.len() {
            return Err(Fault::crm("crm", CrmCode::AnswerUnreadable));
        }
        let pairs = wanted.iter().zip(filled).zip(checked);
        Ok(pairs
            .map(|((wanted, filled), mut checked)| {
                checked.add_links(&filled.draft.links);
                Self {
                    filled,
                    purpose: wanted.purpose.clone(),
                    beside: beside(&checked.reached),
                    checked,
                    named: Vec::new(),
                    cleared: Err(vec![Missing::Basis]),
                    uncleared: Vec::new(),
                    opted_out: BTreeMap::new(),
                    duplicates: Vec::new(),
                }
            })
            .collect())
    }

    /// Returns whether the CRM accepts the record.
    pub(super) fn is_fit(&self) -> bool {
        let checked = &self.checked;
        !self.filled.is_unknown
            && checked.missing.is_empty()
            && checked.refused.is_empty()
            && checked.refused_links.is_empty()
    }

    /// Returns the record that may be sent.
    ///
    /// # Errors
    /// As for [`NewRecord::cleared`].
    pub(super) fn record(&self, clearances: Vec<Clearance>) -> Outcome<NewRecord> {
        let people: Vec<Person> = self.named.iter().map(|one| one.person.clone()).collect();
        NewRecord::cleared(&self.filled.draft, &self.checked, &people, clearances)
    }
}
