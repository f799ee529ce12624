//! Fetches access tokens. They are stored before they are used, and one caller renews them at a time.

use std::sync::Arc;

use domain::{
    fault::CrmCode,
    integration::{Credentials, Grant},
    ports::Renewal,
};
use jiff::SignedDuration;
use tokio::sync::Mutex;
use url::Url;

use super::super::{
    http::Http,
    oauth,
    refusal::{Action, Refusal},
    retry::Attempts,
    settings::{Client, ClientSettings},
    vendor::Vendor,
};
use super::access::{Access, State, before_its_end};

/// Fetches and stores access tokens.
pub(super) struct Login {
    pub(super) http: Arc<Http>,
    pub(super) settings: Arc<ClientSettings>,
    pub(super) url: Url,
    pub(super) renewal: Arc<dyn Renewal>,
    /// Locked while a token is fetched. With rotation, two concurrent renewals would invalidate each other's tokens.
    pub(super) state: Mutex<State>,
}

impl Login {
    fn vendor(&self) -> &'static Vendor {
        self.http.vendor
    }

    /// Returns an access token other than `refused`.
    pub(super) async fn access(
        self: &Arc<Self>,
        refused: Option<&Access>,
    ) -> Result<Access, Refusal> {
        if let Some(access) = self
            .state
            .lock()
            .await
            .usable(refused, (self.settings.now)())
        {
            return Ok(access);
        }
        // The renewal is a task of its own, which goes on if the caller is dropped. Stopping between the moment at
        // which the CRM changes the refresh token and the moment at which the new one is stored would lose the grant.
        let (own, refused) = (Arc::clone(self), refused.cloned());
        let renewed = tokio::spawn(async move { own.renewed(refused.as_ref()).await });
        renewed
            .await
            .map_err(|_| self.vendor().refusal(CrmCode::LoginInterrupted))?
    }

    async fn renewed(&self, refused: Option<&Access>) -> Result<Access, Refusal> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await?;
        if let Some(access) = state.usable(refused, (self.settings.now)()) {
            return Ok(access);
        }
        self.begin(&mut state).await?;
        // Another caller may have renewed it meanwhile.
        if let Some(access) = state.usable(refused, (self.settings.now)()) {
            self.renewal.abandon().await;
            return Ok(access);
        }
        let (fresh, client) = match self.fresh(&state.credentials).await {
            Ok(fresh) => fresh,
            Err(refusal) => {
                self.renewal.abandon().await;
                return Err(refusal);
            }
        };
        // If the token endpoint does not tell the host, the host stays what it was.
        let tokens = &self.vendor().tokens;
        let host = match (tokens.tells_host, tokens.at_login) {
            (true, _) => fresh.instance_url.clone(),
            (false, true) => Some(state.credentials.login_url.clone()),
            (false, false) => state.credentials.instance_url.clone(),
        };
        let host = host.unwrap_or_default();
        let instance = self.vendor().origin(&host, self.settings.allow_loopback);
        let now = (self.settings.now)();
        let seconds = fresh
            .expires_in
            .map(i64::from)
            .map(SignedDuration::from_secs);
        let expires = seconds.and_then(|seconds| now.checked_add(seconds).ok());
        if let Grant::RefreshToken {
            refresh_token,
            client_secret,
        } = &mut state.credentials.grant
        {
            if let Some(new) = fresh.refresh_token {
                *refresh_token = new;
            }
            // The deployment has the secret.
            if self.settings.clients.contains(&client) {
                *client_secret = None;
            }
        }
        state.credentials.client_id = client.id;
        // A refresh token that came with a bad host still replaces the old one, which is dead.
        state.access = instance.as_ref().ok().map(|instance| Access {
            token: fresh.access_token.as_str().into(),
            instance: instance.clone(),
            expires: expires.map(before_its_end),
        });
        state.credentials.expires = expires;
        state.credentials.access_token = state.access.as_ref().map(|_| fresh.access_token);
        if state.access.is_some() {
            state.credentials.instance_url = Some(host);
        }
        state.credentials.scope = fresh.scope.or(state.credentials.scope.take());
        state.unkept = true;
        self.settle(&mut state).await?;
        instance.map_err(|fault| Refusal::new(Action::Stop, fault))?;
        state
            .usable(None, (self.settings.now)())
            .ok_or_else(|| self.vendor().refusal(CrmCode::HostRefused))
    }

    /// Fetches a token from the login host. If that does not answer like a login host, it asks the organisation's own host.
    async fn fresh(
        &self,
        credentials: &Credentials,
    ) -> Result<(oauth::NewTokens, Client), Refusal> {
        let first = oauth::renew(&self.http, &self.settings, &self.url, credentials).await;
        match (first, self.second_host(credentials)) {
            (Err(refusal), Some(second)) if refusal.no_api => {
                let second = oauth::renew(&self.http, &self.settings, &second, credentials).await;
                second.map_err(|at_second| if at_second.no_api { refusal } else { at_second })
            }
            (first, _) => first,
        }
    }

    /// Returns the organisation's own host, where it has the endpoints of a login host, too. So it is at vendors whose tokens name
    /// the host. Elsewhere a secret has no business there.
    fn second_host(&self, credentials: &Credentials) -> Option<Url> {
        if !self.vendor().tokens.tells_host {
            return None;
        }
        let instance = credentials.instance_url.as_deref()?;
        let instance = self
            .vendor()
            .origin(instance, self.settings.allow_loopback)
            .ok()?;
        (instance != self.url).then_some(instance)
    }

    /// Takes the lease for renewing, and waits while another caller has it. Takes over what the other caller stored.
    async fn begin(&self, state: &mut State) -> Result<(), Refusal> {
        let stop = |fault| Refusal::new(Action::Stop, fault);
        let mut attempts = Attempts::new(&self.settings.retry);
        let stored = loop {
            let begun = self.renewal.begin((self.settings.now)()).await;
            if let Some(stored) = begun.map_err(stop)? {
                break stored;
            }
            if !attempts.again(None).await {
                return Err(self.vendor().refusal(CrmCode::LoginBusy));
            }
        };
        if stored.access_token != state.credentials.access_token {
            state.access = Access::last(self.vendor(), &stored, &self.settings).map_err(stop)?;
        }
        state.credentials = stored;
        Ok(())
    }

    /// Stores renewed credentials, before anything is sent with them.
    async fn settle(&self, state: &mut State) -> Result<(), Refusal> {
        if state.unkept {
            self.renewal
                .keep(state.credentials.clone())
                .await
                .map_err(|fault| Refusal::new(Action::Stop, fault))?;
            state.unkept = false;
        }
        Ok(())
    }

    pub(super) async fn revoke(&self) -> Result<(), Refusal> {
        let state = self.state.lock().await;
        let credentials = &state.credentials;
        let token = match &credentials.grant {
            Grant::RefreshToken { refresh_token, .. } => Some(refresh_token),
            // Only access tokens can be revoked, and without one there is nothing to revoke.
            Grant::JwtBearer { .. } | Grant::ClientCredentials { .. } => {
                credentials.access_token.as_ref()
            }
            Grant::Token { token } => Some(token),
        };
        let Some(token) = token else {
            return Ok(());
        };
        let first = oauth::revoke(&self.http, &self.settings, &self.url, credentials, token).await;
        match (first, self.second_host(credentials)) {
            (Err(refusal), Some(second)) if refusal.no_api => {
                oauth::revoke(&self.http, &self.settings, &second, credentials, token).await
            }
            (first, _) => first,
        }
    }
}
