//! Activity templates: the part of an assessment that is the same for everybody in an activity.
//!
//! A template prefills purpose and necessity. It has no field for the balance, which is assessed for each person.

use serde::{Deserialize, Serialize};

use super::{purpose::Purpose, text::texts};
use crate::fault::Outcome;

/// One version of an activity's template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Template {
    /// The activity. It is also the purpose of its assessments.
    pub name: Purpose,
    /// Purpose: what the tenant wants to achieve.
    pub interest: String,
    /// Purpose: whose interest it is.
    pub whose_interest: String,
    /// Purpose: the benefit.
    pub benefit: String,
    /// Purpose: why it is lawful.
    pub legality: String,
    /// Necessity: why this data is needed.
    pub necessity: String,
    /// Necessity: less intrusive means that were considered.
    pub alternatives: String,
}

impl Template {
    /// Checks a caller's template for completeness.
    ///
    /// # Errors
    /// Permanent, with the invalid field.
    pub fn check(&self) -> Outcome<()> {
        texts(&[
            ("/interest", &self.interest),
            ("/whoseInterest", &self.whose_interest),
            ("/benefit", &self.benefit),
            ("/legality", &self.legality),
            ("/necessity", &self.necessity),
            ("/alternatives", &self.alternatives),
        ])
    }
}
