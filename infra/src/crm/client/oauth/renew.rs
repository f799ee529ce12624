//! Fetches an access token for a grant.

use domain::{
    fault::{CrmCode, Kind},
    integration::{Credentials, Grant},
};
use url::Url;

use super::{
    super::{
        http::Http,
        jwt,
        refusal::{Action, Refusal},
        settings::{Client, ClientSettings},
    },
    NewTokens,
    clients::{clients, identify},
    post::{Form, Request, post},
};

/// Fetches an access token with the operator's present app. Returns also the client that succeeded. Only if a client is
/// refused is another one tried.
pub(in crate::crm::client) async fn renew(
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

/// Returns the form that asks for a token, by the kind of the grant.
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
