//! Exchanges a consent's code for a grant.

use std::sync::Arc;

use domain::{
    fault::{CrmCode, Kind, Outcome},
    integration::{Credentials, Grant},
    ports::Consent,
};
use jiff::SignedDuration;
use url::Url;

use super::{
    super::{http::Http, meter::Meter, oauth, settings::Client},
    App, VendorApp,
};

impl VendorApp {
    /// Exchanges a consent's code for a grant.
    pub(in crate::crm) async fn exchange(&self, consent: Consent<'_>) -> Outcome<Credentials> {
        let app = self.app()?;
        let login = self.origin(consent.login_url)?;
        let http = Http::new(self.vendor, &self.settings, 0, Arc::new(Meter::default()))?;
        let (fresh, client) = self.redeem(app, &http, &login, &consent).await?;
        let instance = match (self.vendor.tokens.tells_host, self.vendor.tokens.at_login) {
            (true, _) => fresh.instance_url.as_deref().unwrap_or_default(),
            (false, true) => consent.login_url,
            (false, false) => consent.environment.unwrap_or_default(),
        };
        let allowed = self.origin(instance);
        let refresh_token = match fresh.refresh_token {
            None if self.granting.expiring => {
                return Err(self.vendor.fault(CrmCode::NoRefreshToken));
            }
            token => token.unwrap_or_default(),
        };
        let seconds = fresh.expires_in.map(i64::from);
        let expires = seconds.and_then(|seconds| {
            (self.settings.now)()
                .checked_add(SignedDuration::from_secs(seconds))
                .ok()
        });
        let credentials = Credentials {
            login_url: consent.login_url.to_owned(),
            instance_url: Some(instance.to_owned()),
            client_id: client.id.clone(),
            grant: Grant::RefreshToken {
                refresh_token: refresh_token.clone(),
                // The deployment has the secret, and it is rotated there.
                client_secret: None,
            },
            access_token: Some(fresh.access_token),
            expires,
            scope: fresh.scope,
        };
        if let Err(fault) = allowed {
            // The host in the answer must not be contacted, so the grant is revoked at the login host.
            let _ =
                oauth::revoke(&http, &self.settings, &login, &credentials, &refresh_token).await;
            return Err(fault);
        }
        Ok(credentials)
    }

    /// Redeems the code. A client that is refused leaves the code unused, so the previous client of the same id may try it, too.
    async fn redeem<'a>(
        &self,
        app: &'a App,
        http: &Http,
        login: &Url,
        consent: &Consent<'_>,
    ) -> Outcome<(oauth::NewTokens, &'a Client)> {
        let mut client = app.current()?;
        let mut others = app
            .clients
            .iter()
            .skip(1)
            .filter(|other| other.id == client.id);
        loop {
            let redeemed = oauth::Redeemed {
                client,
                redirect_url: &app.redirect_url,
                code: consent.code,
                verifier: consent.verifier,
            };
            let fresh = oauth::redeem(http, &self.settings, login, &redeemed).await;
            match (fresh, others.next()) {
                (Ok(fresh), _) => return Ok((fresh, client)),
                (Err(refusal), Some(other)) if refusal.fault.kind() == Kind::Operator => {
                    client = other;
                }
                (Err(refusal), _) => return Err(refusal.into()),
            }
        }
    }
}
