//! Requests with an access token: the last slice's first, renewed when it is refused, and tried again when it makes sense.

use std::sync::Arc;

use domain::{
    fault::Outcome,
    integration::{Credentials, Grant},
    ports::{CrmAccess, Renewal},
};
use reqwest::{Method, RequestBuilder};
use tokio::sync::Mutex;
use url::Url;

use super::{
    faults::{Action, Refusal},
    gate,
    http::{Http, Reply},
    oauth,
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

/// How tokens are had.
struct Login {
    http: Arc<Http>,
    options: Arc<Options>,
    url: Url,
    renewal: Arc<dyn Renewal>,
    /// Locked while a token is fetched: with rotation, two at a time would kill each other's.
    state: Mutex<State>,
}

struct State {
    credentials: Credentials,
    access: Option<Access>,
    /// Whether `credentials` hold something that only memory has. Nothing is sent with it before it is kept.
    unkept: bool,
}

impl State {
    fn usable(&self, refused: Option<&Access>) -> Option<Access> {
        let is_new = |access: &Access| refused.is_none_or(|refused| refused.token != access.token);
        self.access
            .clone()
            .filter(|access| !self.unkept && is_new(access))
    }
}

#[derive(Clone)]
struct Access {
    token: Arc<str>,
    instance: Url,
}

impl Access {
    /// The access token that was had last, where there is one.
    fn last(credentials: &Credentials, options: &Options) -> Outcome<Option<Self>> {
        let instance = credentials.instance_url.as_deref();
        let instance = instance
            .map(|url| gate::origin(url, options.allow_loopback))
            .transpose()?;
        let last = credentials.access_token.as_deref().zip(instance);
        Ok(last.map(|(token, instance)| Self {
            token: token.into(),
            instance,
        }))
    }
}

/// A request to the organisation's API.
pub(super) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    accept: &'static str,
    json: Option<String>,
    batch: Option<u32>,
    /// Whether to save what a rule about duplicates lets be saved.
    save_duplicates: Option<bool>,
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

impl Call {
    fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            accept: "application/json",
            json: None,
            batch: None,
            save_duplicates: None,
        }
    }

    pub(super) fn get(path: String) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn delete(path: String) -> Self {
        Self::new(Method::DELETE, path)
    }

    pub(super) fn post(path: String, json: String) -> Self {
        Self {
            json: Some(json),
            ..Self::new(Method::POST, path)
        }
    }

    pub(super) fn patch(path: String, json: String) -> Self {
        Self {
            json: Some(json),
            ..Self::new(Method::PATCH, path)
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn accept(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// Asks for pages of so many records. 2,000 is what Salesforce does anyway.
    pub(super) fn batch(self, size: u32) -> Self {
        Self {
            batch: (size != 2_000).then_some(size),
            ..self
        }
    }

    /// What Salesforce's rules about duplicates are told; a rule runs as the user that we are.
    pub(super) fn duplicates(self, save: bool) -> Self {
        Self {
            save_duplicates: Some(save),
            ..self
        }
    }

    fn request(&self, http: &Http, access: &Access) -> RequestBuilder {
        let mut url = access.instance.clone();
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = http
            .client
            .request(self.method.clone(), url)
            .bearer_auth(&access.token)
            .header("accept", self.accept);
        if let Some(size) = self.batch {
            request = request.header("sforce-query-options", format!("batchSize={size}"));
        }
        if let Some(save) = self.save_duplicates {
            let rule =
                format!("allowSave={save}; includeRecordDetails=false; runAsCurrentUser=true");
            request = request.header("sforce-duplicate-rule-header", rule);
        }
        if let Some(json) = &self.json {
            request = request
                .header("content-type", "application/json")
                .body(json.clone());
        }
        request
    }
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

impl Login {
    /// An access token that is not `refused`.
    async fn access(self: &Arc<Self>, refused: Option<&Access>) -> Result<Access, Refusal> {
        if let Some(access) = self.state.lock().await.usable(refused) {
            return Ok(access);
        }
        // In a task of its own, which goes on when the caller is dropped: between the moment that Salesforce changes the
        // refresh token and the moment that the new one is kept, giving up would lose the grant.
        let (own, refused) = (Arc::clone(self), refused.cloned());
        let renewed = tokio::spawn(async move { own.renewed(refused.as_ref()).await });
        renewed
            .await
            .map_err(|_| Refusal::passing("salesforce.login_interrupted"))?
    }

    async fn renewed(&self, refused: Option<&Access>) -> Result<Access, Refusal> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await?;
        if let Some(access) = state.usable(refused) {
            return Ok(access);
        }
        self.begin(&mut state).await?;
        // Somebody else may have renewed it meanwhile.
        if let Some(access) = state.usable(refused) {
            self.renewal.abandon().await;
            return Ok(access);
        }
        let fresh = oauth::renew(&self.http, &self.options, &self.url, &state.credentials).await;
        let fresh = match fresh {
            Ok(fresh) => fresh,
            Err(refusal) => {
                self.renewal.abandon().await;
                return Err(refusal);
            }
        };
        let instance = gate::origin(&fresh.instance_url, self.options.allow_loopback);
        if let (Some(new), Grant::RefreshToken { refresh_token, .. }) =
            (fresh.refresh_token, &mut state.credentials.grant)
        {
            *refresh_token = new;
        }
        // A refresh token that came with a bad host still replaces the old one, which is dead.
        state.access = instance.as_ref().ok().map(|instance| Access {
            token: fresh.access_token.as_str().into(),
            instance: instance.clone(),
        });
        state.credentials.access_token = state.access.as_ref().map(|_| fresh.access_token);
        if state.access.is_some() {
            state.credentials.instance_url = Some(fresh.instance_url);
        }
        state.credentials.scope = fresh.scope.or(state.credentials.scope.take());
        state.unkept = true;
        self.settle(&mut state).await?;
        instance.map_err(|fault| Refusal::new(Action::Stop, fault))?;
        state
            .usable(None)
            .ok_or_else(|| Refusal::lasting("salesforce.host_refused"))
    }

    /// Takes the right to renew, waiting while somebody else has it, and takes over what they got.
    async fn begin(&self, state: &mut State) -> Result<(), Refusal> {
        let stop = |fault| Refusal::new(Action::Stop, fault);
        let mut pace = Pace::new(&self.options.retry);
        let stored = loop {
            let begun = self.renewal.begin((self.options.now)()).await;
            if let Some(stored) = begun.map_err(stop)? {
                break stored;
            }
            if !pace.again(None).await {
                return Err(Refusal::passing("salesforce.login_busy"));
            }
        };
        if stored.access_token != state.credentials.access_token {
            state.access = Access::last(&stored, &self.options).map_err(stop)?;
        }
        state.credentials = stored;
        Ok(())
    }

    /// Keeps renewed credentials, before anything is sent with them.
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

    async fn revoke(&self) -> Result<(), Refusal> {
        let state = self.state.lock().await;
        let token = match &state.credentials.grant {
            Grant::RefreshToken { refresh_token, .. } => Some(refresh_token),
            // There is nothing but access tokens to give back, and without one there is nothing at all.
            Grant::JwtBearer { .. } => state.credentials.access_token.as_ref(),
        };
        match token {
            Some(token) => oauth::revoke(&self.http, &self.options, &self.url, token).await,
            None => Ok(()),
        }
    }
}
