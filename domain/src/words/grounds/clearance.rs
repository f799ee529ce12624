//! The proof that a person may be written to a CRM, and the assessment behind it.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    grounds::assessment::{Assessment, Basis, Purpose},
    person::Person,
};

/// The proof that one person may be written to a CRM for one purpose. Only [`clear`](crate::legal::clear) makes one; a test checks
/// this.
#[derive(Clone)]
pub struct Clearance {
    person: Person,
    purpose: Purpose,
    assessment: u64,
    basis: &'static str,
    review: Date,
}

impl Clearance {
    /// Makes the clearance that an assessment of the person gives.
    pub(super) fn by_assessment(person: &Person, number: u64, assessment: &Assessment) -> Self {
        Self {
            person: person.clone(),
            purpose: assessment.purpose.clone(),
            assessment: number,
            basis: Basis::name(&assessment.basis),
            review: assessment.review,
        }
    }

    /// Returns whether it is for exactly this person.
    pub fn is_for(&self, person: &Person) -> bool {
        self.person == *person
    }

    /// Returns the purpose.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// Returns the number of the assessment behind it.
    pub fn assessment(&self) -> u64 {
        self.assessment
    }

    /// Returns the basis: `contract`, `legitimate_interest` or `consent`.
    pub fn basis(&self) -> &'static str {
        self.basis
    }

    /// Returns the last day on which the assessment clears.
    pub fn review(&self) -> Date {
        self.review
    }

    /// Returns the assessment's reference, without the person.
    pub fn by(&self) -> ClearedBy {
        ClearedBy {
            basis: self.basis.into(),
            purpose: self.purpose.clone(),
            assessment: self.assessment,
            review: self.review,
        }
    }
}

/// The reference of an assessment that cleared somebody. It reveals nothing about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedBy {
    basis: Box<str>,
    purpose: Purpose,
    assessment: u64,
    review: Date,
}

impl ClearedBy {
    /// Returns the basis: `contract`, `legitimate_interest` or `consent`.
    pub fn basis(&self) -> &str {
        &self.basis
    }

    /// Returns the number of the assessment.
    pub fn assessment(&self) -> u64 {
        self.assessment
    }
}

/// The form in which it is written to a CRM.
impl fmt::Display for ClearedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (basis, purpose) = (&self.basis, self.purpose.as_str());
        let (assessment, review) = (self.assessment, self.review);
        write!(
            f,
            "{basis}; {purpose}; assessment {assessment}; until {review}"
        )
    }
}

impl fmt::Debug for Clearance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Clearance({}, assessment {})",
            self.basis, self.assessment
        )
    }
}
