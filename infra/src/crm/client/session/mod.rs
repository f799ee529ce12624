//! Requests with an access token. They begin with the last slice's token, renew it if it is refused, and retry if that
//! makes sense. An organisation may move to another host or be renamed. If a host does not answer like the API, the
//! token endpoint is asked once for the organisation's host.

mod access;
mod call;
mod login;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::{collections::HashSet, sync::Arc};

use domain::{fault::Outcome, integration::Credentials, ports::CrmAccess};
use tokio::sync::Mutex;
use url::Url;

pub(in crate::crm) use self::call::Call;
use self::{
    access::{Access, State},
    login::Login,
};
use super::{
    http::{Http, Reply},
    meter::Meter,
    refusal::{Action, Cause, Refusal},
    retry::Attempts,
    settings::{ClientSettings, Told},
    vendor::Vendor,
};

/// The grant, and requests with its tokens.
pub(in crate::crm) struct Session {
    http: Arc<Http>,
    settings: Arc<ClientSettings>,
    login: Arc<Login>,
    /// Hosts that did not answer like the API, and about which the token endpoint was asked.
    doubted: Mutex<HashSet<Url>>,
}

/// The result of a request that must not be sent twice.
pub(in crate::crm) enum Sent {
    /// It took effect, and this is the answer.
    Answer(Reply),
    /// It had no effect: it never arrived, or was refused as a whole.
    Nothing(Refusal),
    /// There is no readable answer, so it may have taken effect.
    Unknown(Refusal),
}

impl Session {
    /// Makes the session of an integration, and the meter of its requests. It sends no request. `page` is a hint: the
    /// number of records per page.
    pub(in crate::crm) fn open(
        access: CrmAccess,
        vendor: &'static Vendor,
        settings: &ClientSettings,
        page: u32,
    ) -> Outcome<(Self, Arc<Meter>)> {
        let meter = Arc::new(Meter::default());
        let http = Http::new(vendor, settings, page, Arc::clone(&meter))?;
        let session = Self::new(access, http, Arc::new(settings.clone()))?;
        Ok((session, meter))
    }

    fn new(access: CrmAccess, http: Http, settings: Arc<ClientSettings>) -> Outcome<Self> {
        let CrmAccess {
            credentials,
            renewal,
            ..
        } = access;
        let login = http
            .vendor
            .origin(&credentials.login_url, settings.allow_loopback)?;
        let last = Access::last(http.vendor, &credentials, &settings)?;
        let http = Arc::new(http);
        let state = State {
            credentials,
            access: last,
            unkept: false,
        };
        let login = Arc::new(Login {
            http: Arc::clone(&http),
            settings: Arc::clone(&settings),
            url: login,
            renewal,
            state: Mutex::new(state),
        });
        Ok(Self {
            http,
            settings,
            login,
            doubted: Mutex::default(),
        })
    }

    /// Sends a request until its answer can be read, a bound is reached, or a retry makes no sense.
    pub(in crate::crm) async fn run<T>(
        &self,
        call: &Call,
        read: impl Fn(Reply) -> Result<T, Refusal> + Send,
    ) -> Result<T, Refusal> {
        let mut attempts = Attempts::new(&self.settings.retry);
        let (mut renewed, mut failed) = (false, 0);
        let mut access = self.login.access(None).await?;
        loop {
            let answer = self.http.once(call.request(&self.http, &access)).await;
            let refusal = match answer
                .and_then(|reply| reply.success(self.http.vendor))
                .and_then(&read)
            {
                Ok(value) => return Ok(value),
                Err(refusal) => refusal,
            };
            failed += 1;
            if refusal.is_throttle() {
                (self.settings.told)(Told::Throttle);
            }
            // A failure that may be transient is retried before the token endpoint is asked.
            let is_doubtful = refusal.no_api && (refusal.action != Action::Retry || failed > 1);
            if is_doubtful && let Some(moved) = self.moved(&access).await? {
                access = moved;
                failed = 0;
                attempts = Attempts::new(&self.settings.retry);
                continue;
            }
            match refusal.action {
                Action::Renew if !renewed => {
                    renewed = true;
                    access = self.login.access(Some(&access)).await?;
                }
                Action::Retry if attempts.again(refusal.wait).await => {}
                _ => return Err(refusal),
            }
        }
    }

    /// Returns the organisation's new host and a token for it. `None` if the organisation has not moved. The token
    /// endpoint is asked once for each host.
    async fn moved(&self, from: &Access) -> Result<Option<Access>, Refusal> {
        let mut doubted = self.doubted.lock().await;
        let known = if doubted.insert(from.instance.clone()) {
            self.login.access(Some(from)).await
        } else {
            self.login.access(None).await
        };
        match known {
            Ok(access) => Ok((access.instance != from.instance).then_some(access)),
            // The new host cannot be told at the moment, so the first host's own answer counts.
            Err(refusal) if refusal.fault.is_transient() => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Returns the access token in use. Fetches one if there is none.
    pub(in crate::crm) async fn token(&self) -> Result<Arc<str>, Refusal> {
        Ok(self.login.access(None).await?.token)
    }

    /// Returns the present grant, once it has given a token.
    pub(in crate::crm) async fn credentials(&self) -> Result<Credentials, Refusal> {
        self.login.access(None).await?;
        Ok(self.login.state.lock().await.credentials.clone())
    }

    /// Sends a request that must not take effect twice. It is sent again only after an answer that says that it had no effect.
    pub(in crate::crm) async fn send(&self, call: &Call) -> Sent {
        let mut access = match self.login.access(None).await {
            Ok(access) => access,
            Err(refusal) => return Sent::Nothing(refusal),
        };
        let mut renewed = false;
        loop {
            let (status, refusal) = match self.http.once(call.request(&self.http, &access)).await {
                Ok(reply) => {
                    let status = reply.status.as_u16();
                    match reply.success(self.http.vendor) {
                        Ok(reply) => return Sent::Answer(reply),
                        Err(refusal) => (Some(status), refusal),
                    }
                }
                Err(refusal) => (None, refusal),
            };
            let never_arrived =
                status.is_none() && matches!(refusal.cause, Cause::Unreachable | Cause::NeverSent);
            // An error status from something other than the API means that the request had no effect.
            let did_nothing = status.is_some_and(|status| (300..500).contains(&status));
            if refusal.no_api && (never_arrived || did_nothing) {
                match self.moved(&access).await {
                    Ok(Some(moved)) => {
                        access = moved;
                        continue;
                    }
                    Ok(None) => {}
                    Err(refusal) => return Sent::Nothing(refusal),
                }
            }
            let status = match status {
                Some(status) => status,
                None if never_arrived => return Sent::Nothing(refusal),
                None => return Sent::Unknown(refusal),
            };
            if refusal.action == Action::Renew && !renewed {
                renewed = true;
                match self.login.access(Some(&access)).await {
                    Ok(fresh) => access = fresh,
                    Err(refusal) => return Sent::Nothing(refusal),
                }
                continue;
            }
            // A server in trouble, or one behind it, does not say what it had done by then, and neither does a web page
            // for people. A server that says that it is too busy has not begun.
            let says_nothing = matches!(status, 200..=299 | 408 | 500..);
            return if says_nothing && refusal.cause != Cause::Busy {
                Sent::Unknown(refusal)
            } else {
                Sent::Nothing(refusal)
            };
        }
    }

    /// Revokes the grant.
    pub(in crate::crm) async fn revoke(&self) -> Result<(), Refusal> {
        self.login.revoke().await
    }
}
