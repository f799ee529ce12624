//! Requests with an access token: the last slice's first, renewed when it is refused, and tried again when it makes sense.

mod call;
mod login;

use std::sync::Arc;

use domain::{fault::Outcome, integration::Credentials, ports::CrmAccess};
use tokio::sync::Mutex;

pub(super) use self::call::Call;
use self::login::{Access, Login, State};
use super::{
    faults::{Action, Refusal},
    gate,
    http::{Http, Reply},
    options::Options,
    retry::Pace,
    usage::Meter,
};

/// Faults of requests that nobody received.
const NEVER_ARRIVED: [&str; 3] = [
    "salesforce.unreachable",
    "salesforce.host_refused",
    "salesforce.request_malformed",
];
const SERVER_UNAVAILABLE: &str = "salesforce.server_unavailable";
const REQUEST_LIMIT: &str = "salesforce.request_limit";

/// The grant, and requests with the tokens it gives.
pub(super) struct Session {
    http: Arc<Http>,
    options: Arc<Options>,
    login: Arc<Login>,
}

/// What became of a request that must not be sent twice.
pub(super) enum Sent {
    /// It was done, and this is the answer.
    Answer(Reply),
    /// It was not done: it never arrived, or was refused as a whole.
    Nothing(Refusal),
    /// No answer that can be read: it may have been done.
    Unknown(Refusal),
}

impl Session {
    /// Sends nothing yet.
    pub(super) fn new(
        access: CrmAccess,
        options: Arc<Options>,
        meter: Arc<Meter>,
    ) -> Outcome<Self> {
        let CrmAccess {
            credentials,
            renewal,
            ..
        } = access;
        let login = gate::origin(&credentials.login_url, options.allow_loopback)?;
        let last = Access::last(&credentials, &options)?;
        let http = Arc::new(Http::new(&options, meter)?);
        let state = State {
            credentials,
            access: last,
            unkept: false,
        };
        let login = Arc::new(Login {
            http: Arc::clone(&http),
            options: Arc::clone(&options),
            url: login,
            renewal,
            state: Mutex::new(state),
        });
        Ok(Self {
            http,
            options,
            login,
        })
    }

    /// Sends a request until its answer can be read, a bound is reached, or trying again makes no sense.
    pub(super) async fn run<T>(
        &self,
        call: &Call,
        read: impl Fn(Reply) -> Result<T, Refusal> + Send,
    ) -> Result<T, Refusal> {
        let mut pace = Pace::new(&self.options.retry);
        let mut renewed = false;
        let mut access = self.login.access(None).await?;
        loop {
            let answer = self.http.once(call.request(&self.http, &access)).await;
            let refusal = match answer.and_then(Reply::success).and_then(&read) {
                Ok(value) => return Ok(value),
                Err(refusal) => refusal,
            };
            match refusal.action {
                Action::Renew if !renewed => {
                    renewed = true;
                    access = self.login.access(Some(&access)).await?;
                }
                Action::Retry if pace.again(refusal.wait).await => {}
                _ => return Err(refusal),
            }
        }
    }

    /// The access token in use; one is fetched where there is none.
    pub(super) async fn token(&self) -> Result<Arc<str>, Refusal> {
        Ok(self.login.access(None).await?.token)
    }

    /// The grant as it stands, once it has given a token.
    pub(super) async fn credentials(&self) -> Result<Credentials, Refusal> {
        self.login.access(None).await?;
        Ok(self.login.state.lock().await.credentials.clone())
    }

    /// Sends a request that must not be done twice: again only after an answer that says it was not done.
    pub(super) async fn send(&self, call: &Call) -> Sent {
        let mut access = match self.login.access(None).await {
            Ok(access) => access,
            Err(refusal) => return Sent::Nothing(refusal),
        };
        let mut renewed = false;
        loop {
            let reply = match self.http.once(call.request(&self.http, &access)).await {
                Ok(reply) => reply,
                Err(refusal) if NEVER_ARRIVED.contains(&refusal.fault.code()) => {
                    return Sent::Nothing(refusal);
                }
                Err(refusal) => return Sent::Unknown(refusal),
            };
            let status = reply.status.as_u16();
            let refusal = match reply.success() {
                Ok(reply) => return Sent::Answer(reply),
                Err(refusal) => refusal,
            };
            if refusal.action == Action::Renew && !renewed {
                renewed = true;
                match self.login.access(Some(&access)).await {
                    Ok(fresh) => access = fresh,
                    Err(refusal) => return Sent::Nothing(refusal),
                }
                continue;
            }
            // A server in trouble, or one behind it, says nothing of what it had done by then; one that says it is too
            // busy has not begun.
            let busy = [SERVER_UNAVAILABLE, REQUEST_LIMIT].contains(&refusal.fault.code());
            return if (status >= 500 || status == 408) && !busy {
                Sent::Unknown(refusal)
            } else {
                Sent::Nothing(refusal)
            };
        }
    }

    /// Gives the grant back.
    pub(super) async fn revoke(&self) -> Result<(), Refusal> {
        self.login.revoke().await
    }
}
