//! Tokens: the refresh-token grant, the JWT bearer grant, and giving a grant back.

use domain::{
    fault::{CrmCode, Kind},
    integration::{Credentials, Grant},
};
use serde::Deserialize;
use url::Url;

use super::{
    faults::{Action, Refusal, fault, is_no_api, tidy},
    http::{Http, Reply},
    jwt,
    options::{Client, Options, Retry},
    retry::Pace,
};

/// What the token endpoint gave.
#[derive(Deserialize)]
pub(super) struct Fresh {
    pub(super) access_token: String,
    pub(super) instance_url: String,
    /// With rotation: the one that replaces the one just used.
    pub(super) refresh_token: Option<String>,
    /// What the grant allows.
    pub(super) scope: Option<String>,
}

/// Fetches an access token with the operator's app as it is set now, and answers which client did it. Only a refusal of the
/// client makes another one be tried.
pub(super) async fn renew(
    http: &Http,
    options: &Options,
    login: &Url,
    credentials: &Credentials,
) -> Result<(Fresh, Client), Refusal> {
    let mut refused: Option<Refusal> = None;
    for client in clients(credentials, &options.clients) {
        let fresh = post(
            http,
            options,
            login,
            "/services/oauth2/token",
            || form(&credentials.grant, &client, options),
            |reply| {
                serde_json::from_slice(&reply.body)
                    .map_err(|_| Refusal::of(CrmCode::TokenUnreadable))
            },
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
    Err(refused.unwrap_or_else(|| Refusal::of(CrmCode::NoClient)))
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
                Grant::JwtBearer { .. } => None,
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
    pub(super) verifier: &'a str,
}

/// Turns an authorization code into a grant. It is sent once: a code works once, and whether it did is not known when the
/// answer was lost, so that the user has to begin again.
pub(super) async fn redeem(
    http: &Http,
    options: &Options,
    login: &Url,
    with: &Redeemed<'_>,
) -> Result<Fresh, Refusal> {
    let once = Options {
        retry: Retry {
            tries: 1,
            ..options.retry.clone()
        },
        ..options.clone()
    };
    let form = || {
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("client_id", with.client.id.clone()),
            ("code", with.code.to_owned()),
            ("code_verifier", with.verifier.to_owned()),
            ("redirect_uri", with.redirect_url.to_owned()),
        ];
        if let Some(secret) = &with.client.secret {
            form.push(("client_secret", secret.clone()));
        }
        Ok(form)
    };
    post(
        http,
        &once,
        login,
        "/services/oauth2/token",
        form,
        |reply| {
            serde_json::from_slice(&reply.body).map_err(|_| Refusal::of(CrmCode::TokenUnreadable))
        },
    )
    .await
}

/// Gives a token back; revoking a refresh token kills its access tokens, too. A token that is dead already is fine.
pub(super) async fn revoke(
    http: &Http,
    options: &Options,
    login: &Url,
    token: &str,
) -> Result<(), Refusal> {
    let form = || Ok(vec![("token", token.to_owned())]);
    match post(
        http,
        options,
        login,
        "/services/oauth2/revoke",
        form,
        |_| Ok(()),
    )
    .await
    {
        Err(refusal)
            if matches!(
                refusal.fault.crm_code(),
                Some(CrmCode::InvalidToken | CrmCode::UnsupportedTokenType)
            ) =>
        {
            Ok(())
        }
        Err(refusal) if refusal.fault.kind() == Kind::Revoked => Ok(()),
        other => other,
    }
}

type Form = Vec<(&'static str, String)>;

fn form(grant: &Grant, client: &Client, options: &Options) -> Result<Form, Refusal> {
    let client_id = client.id.clone();
    Ok(match grant {
        Grant::RefreshToken { refresh_token, .. } => {
            let mut form = vec![
                ("grant_type", "refresh_token".to_owned()),
                ("client_id", client_id),
                ("refresh_token", refresh_token.clone()),
            ];
            form.extend(
                client
                    .secret
                    .iter()
                    .map(|secret| ("client_secret", secret.clone())),
            );
            form
        }
        Grant::JwtBearer {
            subject,
            private_key,
            audience,
        } => {
            let assertion =
                jwt::assertion(&client_id, subject, audience, private_key, (options.now)())
                    .map_err(|fault| Refusal::new(Action::Stop, fault))?;
            vec![
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned(),
                ),
                ("assertion", assertion),
            ]
        }
    })
}

async fn post<T>(
    http: &Http,
    options: &Options,
    login: &Url,
    path: &str,
    form: impl Fn() -> Result<Form, Refusal>,
    read: impl Fn(Reply) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut url = login.clone();
    url.set_path(path);
    let mut pace = Pace::new(&options.retry);
    loop {
        let request = http
            .client
            .post(url.clone())
            .header("accept", "application/json")
            .form(&form()?);
        let answer = match http.once(request).await {
            Ok(reply) if reply.status.is_success() => reply.success().and_then(&read),
            Ok(reply) => {
                let refusal = judge(reply.status.as_u16(), &reply.body);
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
            Err(refusal) if refusal.is(&CrmCode::Unreachable) => {
                Err(Refusal::of(CrmCode::LoginUnreachable).by_no_api())
            }
            Err(refusal) => Err(refusal),
        };
        match answer {
            Err(refusal) if refusal.action == Action::Retry && pace.again(refusal.wait).await => {}
            other => return other,
        }
    }
}

#[derive(Deserialize)]
struct Said {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// What a refusal of the token or the revoke endpoint means.
fn judge(status: u16, body: &[u8]) -> Refusal {
    let Ok(Said {
        error,
        error_description,
    }) = serde_json::from_slice::<Said>(body)
    else {
        let refusal = match status {
            408 | 429 | 500.. => Refusal::of(CrmCode::LoginUnavailable),
            _ => Refusal::of(CrmCode::LoginRefused),
        };
        return if is_no_api(status) {
            refusal.by_no_api()
        } else {
            refusal
        };
    };
    let said = fault(CrmCode::said(tidy(&error)));
    let (action, fault) = match error.as_str() {
        // Two requests at one moment, or too many: the grant is as good as before.
        "invalid_grant"
            if error_description.contains("already being processed")
                || error_description.contains("rate exceeded") =>
        {
            (Action::Retry, fault(CrmCode::LoginBusy))
        }
        // Seen under this code, too.
        "invalid_grant"
            if error_description.contains("client credentials")
                || error_description.contains("client identifier") =>
        {
            (Action::Stop, fault(CrmCode::InvalidClient))
        }
        "invalid_grant"
        | "inactive_user"
        | "inactive_org"
        | "access_denied"
        | "unauthorized_client"
        | "invalid_app_access" => (Action::Stop, said.with_kind(Kind::Revoked)),
        // OAUTH_APP_BLOCKED and the like: an administrator shut the app out.
        error if error.starts_with("OAUTH_") => (Action::Stop, said.with_kind(Kind::Revoked)),
        // The operator's app is not known, its secret is another one, or it may not do this.
        "invalid_client"
        | "invalid_client_id"
        | "invalid_client_credentials"
        | "redirect_uri_mismatch"
        | "unsupported_grant_type" => (Action::Stop, said.with_kind(Kind::Operator)),
        "server_error" | "temporarily_unavailable" | "unknown_error" | "rate_limit_exceeded" => {
            (Action::Retry, said.with_kind(Kind::Transient))
        }
        _ if matches!(status, 408 | 429 | 500..) => {
            (Action::Retry, said.with_kind(Kind::Transient))
        }
        // A request that the CRM takes for malformed, or a word that nobody has read yet.
        _ => (Action::Stop, said.with_kind(Kind::Permanent)),
    };
    Refusal::new(action, fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_grant_is_told_from_a_wrong_app_and_from_bad_weather() {
        for (status, body, action, kind) in [
            (
                400,
                r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#,
                Action::Stop,
                Kind::Revoked,
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}"#,
                Action::Stop,
                Kind::Revoked,
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"token request is already being processed"}"#,
                Action::Retry,
                Kind::Transient,
            ),
            (
                400,
                r#"{"error":"inactive_user","error_description":"user is inactive"}"#,
                Action::Stop,
                Kind::Revoked,
            ),
            (
                400,
                r#"{"error":"inactive_org"}"#,
                Action::Stop,
                Kind::Revoked,
            ),
            (
                401,
                r#"{"error":"OAUTH_APP_BLOCKED"}"#,
                Action::Stop,
                Kind::Revoked,
            ),
            (
                401,
                r#"{"error":"invalid_client"}"#,
                Action::Stop,
                Kind::Operator,
            ),
            (
                400,
                r#"{"error":"invalid_client_id"}"#,
                Action::Stop,
                Kind::Operator,
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"invalid client credentials"}"#,
                Action::Stop,
                Kind::Operator,
            ),
            (
                400,
                r#"{"error":"invalid_request"}"#,
                Action::Stop,
                Kind::Permanent,
            ),
            (
                400,
                r#"{"error":"unknown_error","error_description":"retry your request"}"#,
                Action::Retry,
                Kind::Transient,
            ),
            (503, "<html>", Action::Retry, Kind::Transient),
            (429, "", Action::Retry, Kind::Transient),
            (403, "<html>", Action::Stop, Kind::Permanent),
        ] {
            let refusal = judge(status, body.as_bytes());
            assert_eq!(
                (refusal.action, refusal.fault.kind()),
                (action, kind),
                "{body}"
            );
        }
    }
}
