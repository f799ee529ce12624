//! Activity templates: what is the same for everybody whom an activity is about.
//!
//! A template prefills purpose and necessity. It has no field of the balance: that is made for each person anew.

use serde::{Deserialize, Serialize};

use super::assessment::{Purpose, text};
use crate::fault::Outcome;

/// One version of an activity's template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Template {
    /// The activity: also the purpose that its assessments are for.
    pub name: Purpose,
    /// Purpose: what is to be achieved.
    pub interest: String,
    /// Purpose: whose interest it is.
    pub whose_interest: String,
    /// Purpose: what it is good for.
    pub benefit: String,
    /// Purpose: why it is lawful.
    pub legality: String,
    /// Necessity: why this data.
    pub necessity: String,
    /// Necessity: less intrusive means that were considered.
    pub alternatives: String,
}

impl Template {
    /// Holds what a caller gave to what a template has to have.
    ///
    /// # Errors
    /// Permanent, naming the field.
    pub fn check(&self) -> Outcome<()> {
        [
            ("/interest", &self.interest),
            ("/whoseInterest", &self.whose_interest),
            ("/benefit", &self.benefit),
            ("/legality", &self.legality),
            ("/necessity", &self.necessity),
            ("/alternatives", &self.alternatives),
        ]
        .into_iter()
        .try_for_each(|(place, value)| text(place, value))
    }
}
