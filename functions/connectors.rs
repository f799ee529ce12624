//! The connectors to CRMs, made from settings.

use std::{sync::Arc, time::Duration};

use domain::ports::{Apps, ConnectCrm};
use infra::crm::{
    Connectors, OperatorApps, RegisteredApps,
    client::{Client, ClientSettings, Retry, consent::App},
    hubspot, salesforce,
};

use crate::{
    clock,
    settings::{self, CrmSettings},
};

/// Makes the connectors of a function that works in slices. `clients` are the operator's app as the CRM may know it: the
/// current client, then the previous one.
pub(crate) fn for_slices(settings: &CrmSettings, clients: Vec<Client>) -> Arc<ConnectCrm> {
    let connectors = Connectors {
        salesforce: salesforce::Options {
            client: client(settings, clients),
            bulk_threshold: settings.bulk_threshold,
            ..salesforce::Options::default()
        },
        hubspot: hubspot::Options::of(client(settings, Vec::new())),
    };
    connectors.into_port()
}

/// Makes the connectors behind the API, and the apps that consents are asked for with.
pub(crate) fn for_answers(settings: &settings::Api) -> (Arc<ConnectCrm>, Arc<dyn Apps>) {
    let app = settings.salesforce.clone();
    let clients = app.as_ref().map(|app| app.clients.clone());
    let client = |clients| impatient(client(&settings.crm, clients));
    let of_salesforce = client(clients.unwrap_or_default());
    let connectors = Connectors {
        salesforce: salesforce::Options {
            client: of_salesforce.clone(),
            bulk_threshold: settings.crm.bulk_threshold,
            external_id_field: settings.external_id_field.clone(),
            basis_field: settings.basis_field.clone(),
            ..salesforce::Options::default()
        },
        // The settings have no app at HubSpot.
        hubspot: hubspot::Options::of(client(Vec::new())),
    };
    let app = app.map(|app| App {
        clients: app.clients,
        redirect_url: app.redirect_url,
        login_urls: app.login_urls,
    });
    let apps = OperatorApps {
        salesforce: app,
        ..OperatorApps::default()
    };
    (
        connectors.into_port(),
        Arc::new(RegisteredApps::new(apps, of_salesforce)),
    )
}

/// The settings that every connector shares.
fn client(settings: &CrmSettings, clients: Vec<Client>) -> ClientSettings {
    ClientSettings {
        clients,
        allow_loopback: settings.loopback,
        now: clock::now,
        ..ClientSettings::default()
    }
}

/// Shortens the patience: a caller of the API has an answer in less than half a minute.
fn impatient(settings: ClientSettings) -> ClientSettings {
    ClientSettings {
        request_timeout: Duration::from_secs(15),
        read_timeout: Duration::from_secs(15),
        retry: Retry {
            tries: 3,
            longest: Duration::from_secs(2),
            longest_asked: Duration::from_secs(3),
            total: Duration::from_secs(8),
            ..settings.retry.clone()
        },
        ..settings
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{
        fault::Outcome,
        grant::Unstored,
        integration::{Credentials, Grant, Provider},
        ports::CrmAccess,
    };

    use super::*;

    fn credentials() -> Credentials {
        Credentials {
            login_url: "http://127.0.0.1:1".to_owned(),
            instance_url: None,
            client_id: "app".to_owned(),
            grant: Grant::RefreshToken {
                refresh_token: "r".to_owned(),
                client_secret: None,
            },
            access_token: None,
            expires: None,
            scope: None,
        }
    }

    fn connect(loopback: bool) -> Outcome<()> {
        let settings = CrmSettings {
            bulk_threshold: 1,
            loopback,
        };
        let crm = for_slices(&settings, Vec::new());
        crm(CrmAccess {
            provider: Provider::Salesforce,
            credentials: credentials(),
            renewal: Arc::new(Unstored::new(credentials())),
            fields: BTreeMap::new(),
        })
        .map(drop)
    }

    #[test]
    fn a_crm_on_this_very_machine_is_refused_unless_the_settings_allow_it() {
        assert!(connect(false).is_err());
        assert!(connect(true).is_ok());
    }
}
