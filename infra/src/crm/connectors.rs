//! Chooses the connector of an integration and the app of a consent. This is the one place that tells providers apart.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::{Credentials, Provider},
    ports::{Apps, Ask, ConnectCrm, Consent, Crm, CrmAccess, Granting},
};

use super::{
    client::{
        consent::{App, VendorApp},
        deployed::{Deployed, Wanted},
    },
    dynamics::{self, Dynamics},
    hubspot::{self, HubSpot},
    salesforce::{self, Salesforce},
};

/// Returns what a provider wants the operator to set.
pub fn wanted(provider: Provider) -> &'static Wanted {
    match provider {
        Provider::Salesforce => &salesforce::settings::WANTED,
        Provider::HubSpot => &hubspot::settings::WANTED,
        Provider::Dynamics => &dynamics::settings::WANTED,
    }
}

/// Settings of all connectors.
#[derive(Clone, Debug, Default)]
pub struct Connectors {
    /// The settings of the Salesforce connector.
    pub salesforce: salesforce::Options,
    /// The settings of the HubSpot connector.
    pub hubspot: hubspot::Options,
    /// The settings of the Dynamics connector.
    pub dynamics: dynamics::Options,
}

impl Connectors {
    /// Returns the settings of a deployment.
    pub fn deployed(of: impl Fn(Provider) -> Deployed) -> Self {
        Self {
            salesforce: salesforce::Options::deployed(of(Provider::Salesforce)),
            hubspot: hubspot::Options::deployed(of(Provider::HubSpot)),
            dynamics: dynamics::Options::deployed(of(Provider::Dynamics)),
        }
    }

    /// Makes the connector for an integration's provider.
    ///
    /// # Errors
    /// Returns the connector's fault about its hosts or settings.
    pub fn connect(&self, access: CrmAccess) -> Outcome<Arc<dyn Crm>> {
        match access.provider {
            Provider::Salesforce => Salesforce::connect(access, self.salesforce.clone()),
            Provider::HubSpot => HubSpot::connect(access, self.hubspot.clone()),
            Provider::Dynamics => Dynamics::connect(access, self.dynamics.clone()),
        }
    }

    /// Returns the same as a port for the rules.
    pub fn into_port(self) -> Arc<ConnectCrm> {
        Arc::new(move |access| self.connect(access))
    }
}

/// The apps that the operator registered, by provider.
pub type OperatorApps = BTreeMap<Provider, App>;

/// The apps that the operator registered, as a port for the rules.
pub struct RegisteredApps {
    salesforce: VendorApp,
    hubspot: VendorApp,
    dynamics: VendorApp,
}

impl RegisteredApps {
    /// Stores the apps. It sends no request.
    pub fn new(apps: &OperatorApps, connectors: &Connectors) -> Self {
        let app = |provider| apps.get(&provider).cloned();
        Self {
            salesforce: salesforce::auth::app(app(Provider::Salesforce), &connectors.salesforce),
            hubspot: hubspot::auth::app(app(Provider::HubSpot), &connectors.hubspot),
            dynamics: dynamics::auth::app(app(Provider::Dynamics), &connectors.dynamics),
        }
    }

    fn of(&self, provider: Provider) -> &VendorApp {
        match provider {
            Provider::Salesforce => &self.salesforce,
            Provider::HubSpot => &self.hubspot,
            Provider::Dynamics => &self.dynamics,
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
