//! Which connector an integration has, and which app a consent is for: the one place that tells providers apart.

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
    /// Salesforce's.
    pub salesforce: salesforce::Options,
}

impl Connectors {
    /// Makes the connector that an integration's provider needs.
    ///
    /// # Errors
    /// What the connector says of its hosts and settings.
    pub fn connect(&self, access: CrmAccess) -> Outcome<Arc<dyn Crm>> {
        match access.provider {
            Provider::Salesforce => Salesforce::connect(access, self.salesforce.clone()),
        }
    }

    /// The same as the rules take it.
    pub fn into_port(self) -> Arc<ConnectCrm> {
        Arc::new(move |access| self.connect(access))
    }
}

/// The apps that the operator registered.
pub struct RegisteredApps {
    salesforce: VendorApp,
}

impl RegisteredApps {
    /// Holds them; no request is sent yet.
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
