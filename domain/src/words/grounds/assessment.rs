//! One person's legal basis for one purpose (GDPR Art. 6(1)).

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};

use super::text::{incomplete, text};
pub use super::{
    basis::{Balancing, Basis, Outcome},
    purpose::Purpose,
};
use crate::person::Person;

/// One person's legal basis for one purpose. Personal data: `Debug` prints no content, and it is stored only sealed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// The person whom it is about.
    pub person: Person,
    /// The purpose for which the person's data is to be used, as the short name that clearances ask for.
    pub purpose: Purpose,
    /// The basis.
    pub basis: Basis,
    /// The source of the data.
    pub source: String,
    /// The reviewer: a role, or a person at the tenant.
    pub reviewer: String,
    /// The day of the assessment.
    pub assessed: Date,
    /// The last day on which it clears (UTC). After that day the person has to be assessed again.
    #[serde(rename = "reviewDate")]
    pub review: Date,
    /// The activity template from which it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUse>,
}

/// A template and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateUse {
    /// Its name.
    pub name: Purpose,
    /// Its version.
    pub version: u32,
}

impl Assessment {
    /// Checks a caller's assessment for completeness.
    ///
    /// # Errors
    /// Permanent, with the invalid field.
    pub fn check(&self, now: Timestamp) -> crate::fault::Outcome<()> {
        let person = self.person.check();
        person.map_err(|fault| fault.within("/person"))?;
        text("/source", &self.source)?;
        text("/reviewer", &self.reviewer)?;
        if self.assessed > day(now) {
            return Err(incomplete("/assessed", "not in the future"));
        }
        if self.review <= self.assessed {
            return Err(incomplete("/reviewDate", "after the day of the assessment"));
        }
        let basis = self.basis.check(now);
        basis.map_err(|fault| fault.within("/basis"))
    }

    /// Returns whether it still clears at `now`, apart from its outcome.
    pub fn is_current(&self, now: Timestamp) -> bool {
        (self.assessed..=self.review).contains(&day(now))
    }

    /// Returns whether its outcome clears.
    pub fn clears(&self) -> bool {
        match &self.basis {
            Basis::Contract { ended, .. } => !ended,
            Basis::Consent { withdrawn, .. } => withdrawn.is_none(),
            Basis::LegitimateInterest(balancing) => balancing.outcome == Outcome::InterestPrevails,
        }
    }
}

/// Prints only the basis and the purpose.
impl fmt::Debug for Assessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Assessment({} for {})",
            self.basis.name(),
            self.purpose.as_str()
        )
    }
}

/// Returns the day of a time in UTC.
fn day(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}
