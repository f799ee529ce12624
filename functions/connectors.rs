//! The connectors to CRMs, made from settings.

use std::{sync::Arc, time::Duration};

use domain::ports::{Apps, ConnectCrm};
use infra::crm::{
    Connectors, OperatorApps, RegisteredApps,
    client::{ClientSettings, Retry, Told, consent::App, deployed::Deployed},
};

use crate::{
    clock,
    metrics::{self, Metric},
    settings::{self, AppsSettings, CrmSettings},
};

/// Makes the connectors of a function that works in slices, with the apps that the function is given.
pub(crate) fn for_slices(settings: &CrmSettings, apps: &AppsSettings) -> Arc<ConnectCrm> {
    counted(connectors(settings, apps, |client| client))
}

/// Makes the connectors behind the API, and the apps that consents are asked for with.
pub(crate) fn for_answers(settings: &settings::Api) -> (Arc<ConnectCrm>, Arc<dyn Apps>) {
    let connectors = connectors(&settings.crm, &settings.apps, impatient);
    let apps = RegisteredApps::new(&registered(&settings.apps), &connectors);
    (counted(connectors), Arc::new(apps))
}

/// Returns the connectors as a port. Which CRM an invocation works with is noted for its metrics.
fn counted(connectors: Connectors) -> Arc<ConnectCrm> {
    let connect = connectors.into_port();
    Arc::new(move |access| {
        metrics::touch(access.provider);
        connect(access)
    })
}

/// Counts what a connector tells of its requests.
fn count(told: Told) {
    let metric = match told {
        Told::Request => Metric::CrmRequests,
        Told::Throttle => Metric::CrmThrottles,
    };
    metrics::add(metric, 1);
}

fn connectors(
    settings: &CrmSettings,
    apps: &AppsSettings,
    patience: fn(ClientSettings) -> ClientSettings,
) -> Connectors {
    Connectors::deployed(|provider| {
        let app = apps.of.get(&provider).cloned().unwrap_or_default();
        Deployed {
            client: patience(ClientSettings {
                clients: app.clients,
                allow_loopback: settings.loopback,
                now: clock::now,
                told: count,
                ..ClientSettings::default()
            }),
            bulk_threshold: settings.bulk_threshold,
            own: app.own,
        }
    })
}

/// Returns the apps at which users can consent: those that have a client.
fn registered(apps: &AppsSettings) -> OperatorApps {
    let Some(redirect_url) = &apps.redirect_url else {
        return OperatorApps::new();
    };
    let with_client = apps.of.iter().filter(|(_, app)| !app.clients.is_empty());
    let registered = with_client.map(|(provider, app)| {
        let app = App {
            clients: app.clients.clone(),
            redirect_url: redirect_url.clone(),
            login_urls: app.login_urls.clone(),
        };
        (*provider, app)
    });
    registered.collect()
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
        is_awaited: true,
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
        let crm = for_slices(&settings, &AppsSettings::default());
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
