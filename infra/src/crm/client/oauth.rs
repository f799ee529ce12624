//! The token endpoint (RFC 6749, 7009, 7523, 7636): tokens, their renewal, and giving a grant back.

use domain::{
    fault::{CrmCode, Kind},
    integration::{Credentials, Grant},
};
use serde::Deserialize;
use url::Url;

use super::{
    http::{Http, Reply},
    jwt,
    refusal::{Action, Cause, Refusal},
    retry::Pace,
    settings::{Client, ClientSettings, Retry},
};

/// What the token endpoint gave.
#[derive(Deserialize)]
pub(in crate::crm) struct NewTokens {
    pub(in crate::crm) access_token: String,
    /// The API's host, where it comes with the token.
    #[serde(alias = "api_domain")]
    pub(in crate::crm) instance_url: Option<String>,
    /// With rotation: the one that replaces the one just used.
    pub(in crate::crm) refresh_token: Option<String>,
    /// For how many seconds the access token is good.
    pub(in crate::crm) expires_in: Option<u32>,
    /// What the grant allows.
    pub(in crate::crm) scope: Option<String>,
    /// The same as a list, as some vendors write it.
    #[serde(default)]
    pub(in crate::crm) scopes: Vec<String>,
}

impl NewTokens {
    fn read(http: &Http, reply: &Reply) -> Result<Self, Refusal> {
        let unreadable = || http.vendor.refusal(CrmCode::TokenUnreadable);
        let mut fresh: Self = serde_json::from_slice(&reply.body).map_err(|_| unreadable())?;
        if http.vendor.tokens.tells_host && fresh.instance_url.is_none() {
            return Err(unreadable());
        }
        if fresh.scope.is_none() && !fresh.scopes.is_empty() {
            fresh.scope = Some(fresh.scopes.join(" "));
        }
        Ok(fresh)
    }
}

/// Fetches an access token with the operator's app as it is set now, and answers which client did it. Only a refusal of the
/// client makes another one be tried.
pub(super) async fn renew(
    http: &Http,
    settings: &ClientSettings,
    login: &Url,
    credentials: &Credentials,
) -> Result<(NewTokens, Client), Refusal> {
    let path = (http.vendor.tokens.path)(credentials);
    let mut refused: Option<Refusal> = None;
    for client in clients(credentials, &settings.clients) {
        let request = Request {
            login,
            path: &path,
            client: Some(&client),
        };
        let fresh = post(
            http,
            settings,
            request,
            || form(http, credentials, &client, settings),
            |reply| NewTokens::read(http, &reply),
        )
        .await;
        match (fresh, refused.as_ref()) {
            (Ok(fresh), _) => return Ok((fresh, client)),
            (Err(refusal), _) if refusal.fault.kind() == Kind::Operator => {
                refused.get_or_insert(refusal);
            }
            // A CRM that knows the client, but not this grant of another client, says nothing of the grant.
            (Err(refusal), Some(_))
                if refusal.fault.kind() == Kind::Revoked && client.id != credentials.client_id => {}
            (Err(refusal), _) => return Err(refusal),
        }
    }
    Err(refused.unwrap_or_else(|| http.vendor.refusal(CrmCode::NoClient)))
}

/// The clients that a grant may be renewed with, in order. A grant belongs to the client that it was given to, so the deployment's
/// clients of that id come first. Where the deployment has none, the grant was connected with an app of its own, and only the
/// grant knows that app. The deployment's other clients come last: an app's id may be rotated with its secret.
fn clients(credentials: &Credentials, deployed: &[Client]) -> Vec<Client> {
    let (mut ordered, others): (Vec<_>, Vec<_>) = deployed
        .iter()
        .cloned()
        .partition(|client| client.id == credentials.client_id);
    if ordered.is_empty() {
        ordered.push(Client {
            id: credentials.client_id.clone(),
            secret: match &credentials.grant {
                Grant::RefreshToken { client_secret, .. } => client_secret.clone(),
                Grant::JwtBearer { .. } | Grant::ClientCredentials { .. } | Grant::Token { .. } => {
                    None
                }
            },
        });
    }
    ordered.extend(others);
    if matches!(credentials.grant, Grant::JwtBearer { .. }) {
        // An assertion is signed: no secret goes with it.
        ordered.dedup_by(|later, earlier| later.id == earlier.id);
    }
    ordered
}

/// What a consent is turned into a grant with.
#[derive(Clone, Copy)]
pub(super) struct Redeemed<'a> {
    pub(super) client: &'a Client,
    pub(super) redirect_url: &'a str,
    pub(super) code: &'a str,
    /// What proves that it was us who asked; none: the vendor knows no PKCE.
    pub(super) verifier: Option<&'a str>,
}

/// Turns an authorization code into a grant. It is sent once: a code works once, and whether it did is not known when the
/// answer was lost, so that the user has to begin again.
pub(super) async fn redeem(
    http: &Http,
    settings: &ClientSettings,
    login: &Url,
    with: &Redeemed<'_>,
) -> Result<NewTokens, Refusal> {
    let once = ClientSettings {
        retry: Retry {
            tries: 1,
            ..settings.retry.clone()
        },
        ..settings.clone()
    };
    let form = || {
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", with.code.to_owned()),
            ("redirect_uri", with.redirect_url.to_owned()),
        ];
        form.extend(
            with.verifier
                .map(|verifier| ("code_verifier", verifier.to_owned())),
        );
        identify(&mut form, http, with.client);
        Ok(form)
    };
    let request = Request {
        login,
        path: http.vendor.tokens.redeem_path,
        client: Some(with.client),
    };
    post(http, &once, request, form, |reply| {
        NewTokens::read(http, &reply)
    })
    .await
}

/// Gives a token of a grant back. A token that is dead already is fine. Where the client has to say who it is, the clients are tried
/// as they are for a renewal.
pub(super) async fn revoke(
    http: &Http,
    settings: &ClientSettings,
    login: &Url,
    credentials: &Credentials,
    token: &str,
) -> Result<(), Refusal> {
    let Some(revoking) = &http.vendor.tokens.revoking else {
        return Ok(());
    };
    let clients: Vec<Option<Client>> = if revoking.by_client {
        let clients = clients(credentials, &settings.clients);
        clients.into_iter().map(Some).collect()
    } else {
        vec![None]
    };
    let mut refused = None;
    for client in clients {
        let request = Request {
            login,
            path: revoking.path,
            client: client.as_ref(),
        };
        let form = || {
            let mut form = vec![("token", token.to_owned())];
            if let Some(client) = &client {
                identify(&mut form, http, client);
            }
            Ok(form)
        };
        match post(http, settings, request, form, |_| Ok(())).await {
            Err(refusal) if refusal.cause == Cause::TokenDead => return Ok(()),
            Err(refusal) if refusal.fault.kind() == Kind::Revoked => return Ok(()),
            Err(refusal) if refusal.fault.kind() == Kind::Operator => {
                refused.get_or_insert(refusal);
            }
            other => return other,
        }
    }
    refused.map_or(Ok(()), Err)
}

type Form = Vec<(&'static str, String)>;

/// Adds who the client is, where the form says it.
fn identify(form: &mut Form, http: &Http, client: &Client) {
    if !http.vendor.tokens.basic {
        form.push(("client_id", client.id.clone()));
        form.extend(
            client
                .secret
                .iter()
                .map(|secret| ("client_secret", secret.clone())),
        );
    }
}

fn form(
    http: &Http,
    credentials: &Credentials,
    client: &Client,
    settings: &ClientSettings,
) -> Result<Form, Refusal> {
    let vendor = http.vendor;
    Ok(match &credentials.grant {
        Grant::RefreshToken { refresh_token, .. } => {
            let mut form = vec![
                ("grant_type", "refresh_token".to_owned()),
                ("refresh_token", refresh_token.clone()),
            ];
            identify(&mut form, http, client);
            form
        }
        Grant::JwtBearer {
            subject,
            private_key,
            audience,
        } => {
            let claims = jwt::Claims {
                client_id: &client.id,
                subject,
                audience,
            };
            let assertion = jwt::assertion(vendor, &claims, private_key, (settings.now)())
                .map_err(|fault| Refusal::new(Action::Stop, fault))?;
            vec![
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned(),
                ),
                ("assertion", assertion),
            ]
        }
        Grant::ClientCredentials { .. } => {
            let mut form = vec![("grant_type", "client_credentials".to_owned())];
            let scope = (vendor.tokens.scope)(credentials);
            form.extend(scope.map(|scope| ("scope", scope)));
            identify(&mut form, http, client);
            form
        }
        // There is nothing to fetch: whoever made the token has to make another.
        Grant::Token { .. } => {
            return Err(Refusal::new(
                Action::Stop,
                vendor.fault(CrmCode::TokenRefused),
            ));
        }
    })
}

/// Where a form goes, and who sends it.
#[derive(Clone, Copy)]
struct Request<'a> {
    login: &'a Url,
    path: &'a str,
    client: Option<&'a Client>,
}

async fn post<T>(
    http: &Http,
    settings: &ClientSettings,
    to: Request<'_>,
    form: impl Fn() -> Result<Form, Refusal>,
    read: impl Fn(Reply) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let vendor = http.vendor;
    let mut url = to.login.clone();
    url.set_path(&to.path.replace("{version}", &settings.token_version));
    let mut pace = Pace::new(&settings.retry);
    loop {
        let mut request = http
            .client
            .post(url.clone())
            .header("accept", "application/json")
            .form(&form()?);
        if let (true, Some(client)) = (vendor.tokens.basic, to.client) {
            request = request.basic_auth(&client.id, client.secret.as_deref());
        }
        let answer = match http.once(request).await {
            Ok(reply) if reply.status.is_success() => reply.success(vendor).and_then(&read),
            Ok(reply) => {
                let refusal = (vendor.tokens.judge)(reply.status.as_u16(), &reply.body);
                Err(match reply.retry_after() {
                    Some(wait) => Refusal {
                        fault: refusal.fault.after(wait),
                        wait: Some(wait),
                        ..refusal
                    },
                    None => refusal,
                })
            }
            // The fault says which of two hosts it was.
            Err(refusal) if refusal.cause == Cause::Unreachable => {
                Err(vendor.refusal(CrmCode::LoginUnreachable).by_no_api())
            }
            Err(refusal) => Err(refusal),
        };
        match answer {
            Err(refusal) if refusal.action == Action::Retry && pace.again(refusal.wait).await => {}
            other => return other,
        }
    }
}
