//! That a person may be written to a CRM, and by what.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Basis, Purpose};
use crate::person::Person;

/// That one person may be written to a CRM for one purpose. Only [`clear`](crate::legal::clear) makes one; a test holds the sources to that.
#[derive(Clone)]
pub struct Clearance {
    person: Person,
    purpose: Purpose,
    assessment: u64,
    basis: &'static str,
    review: Date,
}

impl Clearance {
    /// What an assessment of the person clears.
    pub(crate) fn by_assessment(person: &Person, number: u64, assessment: &Assessment) -> Self {
        Self {
            person: person.clone(),
            purpose: assessment.purpose.clone(),
            assessment: number,
            basis: Basis::name(&assessment.basis),
            review: assessment.review,
        }
    }

    /// Whether it is for this very person.
    pub fn is_for(&self, person: &Person) -> bool {
        self.person == *person
    }

    /// What for.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The number of the assessment behind it.
    pub fn assessment(&self) -> u64 {
        self.assessment
    }

    /// The basis: `contract`, `legitimate_interest` or `consent`.
    pub fn basis(&self) -> &'static str {
        self.basis
    }

    /// The last day that the assessment clears.
    pub fn review(&self) -> Date {
        self.review
    }

    /// What cleared the person, without the person.
    pub fn by(&self) -> ClearedBy {
        ClearedBy {
            basis: self.basis.into(),
            purpose: self.purpose.clone(),
            assessment: self.assessment,
            review: self.review,
        }
    }
}

/// What cleared somebody. Tells nothing of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedBy {
    basis: Box<str>,
    purpose: Purpose,
    assessment: u64,
    review: Date,
}

impl ClearedBy {
    /// The basis: `contract`, `legitimate_interest` or `consent`.
    pub fn basis(&self) -> &str {
        &self.basis
    }

    /// The number of the assessment.
    pub fn assessment(&self) -> u64 {
        self.assessment
    }
}

/// As it is written into a CRM.
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
