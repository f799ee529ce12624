//! Chooses the connector of an integration and the app of a consent. This is the one place that tells providers apart.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::{Credentials, Provider},
    ports::{Apps, Ask, ConnectCrm, Consent, Crm, CrmAccess, Granting},
};

use super::{
    client::{
        ClientSettings,
        consent::{App, VendorApp},
    },
    hubspot::{self, HubSpot},
    salesforce::{self, Salesforce},
};

/// Settings of all connectors.
#[derive(Clone, Debug, Default)]
pub struct Connectors {
    /// The settings of the Salesforce connector.
    pub salesforce: salesforce::Options,
    /// The settings of the HubSpot connector.
    pub hubspot: hubspot::Options,
}

impl Connectors {
    /// Makes the connector for an integration's provider.
    ///
    /// # Errors
    /// Returns the connector's fault about its hosts or settings.
    pub fn connect(&self, access: CrmAccess) -> Outcome<Arc<dyn Crm>> {
        match access.provider {
            Provider::Salesforce => Salesforce::connect(access, self.salesforce.clone()),
            Provider::HubSpot => HubSpot::connect(access, self.hubspot.clone()),
        }
    }

    /// Returns the same as a port for the rules.
    pub fn into_port(self) -> Arc<ConnectCrm> {
        Arc::new(move |access| self.connect(access))
    }
}

/// The apps that the operator registered.
pub struct RegisteredApps {
    salesforce: VendorApp,
    hubspot: VendorApp,
}

/// What the operator registered at each provider.
#[derive(Default)]
pub struct OperatorApps {
    /// At Salesforce.
    pub salesforce: Option<App>,
    /// At HubSpot.
    pub hubspot: Option<App>,
}

impl RegisteredApps {
    /// Stores the apps. It sends no request.
    pub fn new(apps: OperatorApps, settings: ClientSettings) -> Self {
        Self {
            salesforce: salesforce::auth::app(apps.salesforce, settings.clone()),
            hubspot: hubspot::auth::app(apps.hubspot, settings),
        }
    }

    fn of(&self, provider: Provider) -> &VendorApp {
        match provider {
            Provider::Salesforce => &self.salesforce,
            Provider::HubSpot => &self.hubspot,
        }
    }
}

#[async_trait]
impl Apps for RegisteredApps {
    fn granting(&self, provider: Provider) -> Granting {
        self.of(provider).granting()
    }

    fn login_url(&self, provider: Provider, wanted: Option<&str>) -> Outcome<String> {
        self.of(provider).login_url(wanted)
    }

    fn environment(&self, provider: Provider, wanted: Option<&str>) -> Outcome<Option<String>> {
        self.of(provider).environment(wanted)
    }

    fn authorization_url(&self, provider: Provider, ask: &Ask<'_>) -> Outcome<String> {
        self.of(provider).authorization_url(ask)
    }

    async fn exchange(&self, provider: Provider, consent: Consent<'_>) -> Outcome<Credentials> {
        self.of(provider).exchange(consent).await
    }
}
