//! The token endpoint (RFC 6749, 7009, 7523, 7636): getting tokens, renewing them, and revoking a grant.

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
    retry::Attempts,
    settings::{Client, ClientSettings, Retry},
};

/// The answer of the token endpoint.
#[derive(Deserialize)]
pub(in crate::crm) struct NewTokens {
    pub(in crate::crm) access_token: String,
    /// The API's host, if it comes with the token.
    #[serde(alias = "api_domain")]
    pub(in crate::crm) instance_url: Option<String>,
    /// The next refresh token, if the vendor rotates them.
    pub(in crate::crm) refresh_token: Option<String>,
    /// The lifetime of the access token in seconds.
    pub(in crate::crm) expires_in: Option<u32>,
    /// The scope of the grant.
    pub(in crate::crm) scope: Option<String>,
    /// The scope as a list, as some vendors send it.
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

/// Fetches an access token with the operator's present app. Returns also the client that succeeded. Only if a client is
/// refused is another one tried.
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
            // A CRM that knows the client may still reject another client's grant. That says nothing about the grant itself.
            (Err(refusal), Some(_))
                if refusal.fault.kind() == Kind::Revoked && client.id != credentials.client_id => {}
            (Err(refusal), _) => return Err(refusal),
        }
    }
    Err(refused.unwrap_or_else(|| http.vendor.refusal(CrmCode::NoClient)))
}

/// Returns the clients with which a grant may be renewed, in order. A grant belongs to the client that received it, so
/// the deployment's clients with that id come first. If the deployment has none, the grant was connected with an app of
/// its own, and only the grant knows that app. The deployment's other clients come last, since an app's id may be
/// rotated with its secret.
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
        // An assertion is signed, so no secret goes with it.
        ordered.dedup_by(|later, earlier| later.id == earlier.id);
    }
    ordered
}

/// What is needed to redeem a consent.
#[derive(Clone, Copy)]
pub(super) struct Redeemed<'a> {
    pub(super) client: &'a Client,
    pub(super) redirect_url: &'a str,
    pub(super) code: &'a str,
    /// The PKCE verifier, which proves that the request came from us. `None` if the vendor does not support PKCE.
    pub(super) verifier: Option<&'a str>,
}

/// Redeems an authorization code for a grant. It is sent only once, since a code works once. If the answer is lost, the
/// user has to begin again.
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

/// Revokes a token of a grant. It is no fault if the token is dead already. If the client has to identify itself, the
/// clients are tried as for a renewal.
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

/// Adds the client's id and secret, if they go into the form.
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
        // There is no token to fetch. The person who made the token has to make another one.
        Grant::Token { .. } => {
            return Err(Refusal::new(
                Action::Stop,
                vendor.fault(CrmCode::TokenRefused),
            ));
        }
    })
}

/// The target of a form, and the client that sends it.
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
    let mut attempts = Attempts::new(&settings.retry);
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
            // The fault tells which of the two hosts it was.
            Err(refusal) if refusal.cause == Cause::Unreachable => {
                Err(vendor.refusal(CrmCode::LoginUnreachable).by_no_api())
            }
            Err(refusal) => Err(refusal),
        };
        match answer {
            Err(refusal)
                if refusal.action == Action::Retry && attempts.again(refusal.wait).await => {}
            other => return other,
        }
    }
}
