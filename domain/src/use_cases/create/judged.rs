//! What is known of one record that is wanted.

use super::{DuplicateCandidate, Wanted, company::Filled, fetch::beside};
use crate::{
    fault::{CrmCode, Fault, Outcome},
    legal::{Clearance, Missing, Named, Person, assessment::Purpose},
    ports::{Checked, NewRecord},
};

/// What is known of one record that is wanted. Each step of the judgement adds its part.
pub(super) struct Judged {
    /// The record as it would be sent, and its company.
    pub(super) filled: Filled,
    /// What the people in it are to be written to the CRM for.
    pub(super) purpose: Option<Purpose>,
    /// What the connector makes of the draft.
    pub(super) checked: Checked,
    /// Further addresses and numbers of the person that the record is.
    pub(super) beside: Person,
    /// Everybody whom it names.
    pub(super) named: Vec<Named>,
    /// Their clearances, or what is missing.
    pub(super) cleared: Result<Vec<Clearance>, Vec<Missing>>,
    /// Records of the copy that look like it.
    pub(super) duplicates: Vec<DuplicateCandidate>,
}

impl Judged {
    /// Pairs records with what the connector made of them. Nobody is cleared yet.
    ///
    /// # Errors
    /// Permanent, when the connector answers about more or fewer records than it was asked about: a mistake of ours.
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
                    duplicates: Vec::new(),
                }
            })
            .collect())
    }

    /// Whether the CRM would take it.
    pub(super) fn is_fit(&self) -> bool {
        let checked = &self.checked;
        !self.filled.is_unknown
            && checked.missing.is_empty()
            && checked.refused.is_empty()
            && checked.refused_links.is_empty()
    }

    /// The record that may be sent.
    ///
    /// # Errors
    /// As [`NewRecord::cleared`].
    pub(super) fn record(&self, clearances: Vec<Clearance>) -> Outcome<NewRecord> {
        let people: Vec<Person> = self.named.iter().map(|one| one.person.clone()).collect();
        NewRecord::cleared(&self.filled.draft, &self.checked, &people, clearances)
    }
}
