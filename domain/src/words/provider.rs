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
}
