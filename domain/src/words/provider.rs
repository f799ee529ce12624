//! The table of CRMs. What each can is in its connector; how it spells ids is in [`integration`](crate::integration).

use serde::{Deserialize, Serialize};

/// A CRM that has a connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Salesforce.
    Salesforce,
    /// HubSpot.
    HubSpot,
}

impl Provider {
    /// All providers.
    pub const ALL: [Self; 2] = [Self::Salesforce, Self::HubSpot];

    /// Returns the name used in the store and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Salesforce => "salesforce",
            Self::HubSpot => "hubspot",
        }
    }
}
