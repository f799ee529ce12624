//! The table of CRMs. `infra/src/crm/mod.rs` has the recipe for another one. What each can is in its connector; how it spells
//! ids is in [`integration`](crate::integration).

use super::named::named;

named! {
    /// A CRM that has a connector. Its name stands in the store and in the API; settings, parameters of the template and codes of
    /// faults begin with it.
    Provider;
    /// Salesforce.
    Salesforce = "salesforce";
    /// HubSpot.
    HubSpot = "hubspot";
    /// Dynamics 365.
    Dynamics = "dynamics";
}

impl Provider {
    /// Returns whether an id alone names a record, because no two objects of one organisation share an id. It never changes for a
    /// CRM: keys of stored rows depend on it ([`parent`](crate::parent)).
    pub const fn ids_name_records(self) -> bool {
        match self {
            Self::Salesforce => true,
            // Numbers that are unique within an object.
            Self::HubSpot => false,
            // GUIDs that nobody shares by chance. But a client may choose them, and a lookup names the table beside the id.
            Self::Dynamics => false,
        }
    }
}
