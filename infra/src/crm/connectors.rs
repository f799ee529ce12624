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
    salesforce::{self, Salesforce},
};

/// Settings of all connectors.
#[derive(Clone, Debug, Default)]
pub struct Connectors {
    /// The settings of the Salesforce connector.
    pub salesforce: salesforce::Options,
}

impl Connectors {
    /// Makes the connector for an integration's provider.
    ///
    /// # Errors
    /// Returns the connector's fault about its hosts or settings.
    pub fn connect(&self, access: CrmAccess) -> Outcome<Arc<dyn Crm>> {
        match access.provider {
            Provider::Salesforce => Salesforce::connect(access, self.salesforce.clone()),
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
}

impl RegisteredApps {
    /// Stores the apps. It sends no request.
    pub fn new(salesforce: Option<App>, settings: ClientSettings) -> Self {
        Self {
            salesforce: salesforce::auth::app(salesforce, settings),
        }
    }

    fn of(&self, provider: Provider) -> &VendorApp {
        match provider {
            Provider::Salesforce => &self.salesforce,
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
