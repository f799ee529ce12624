//! Ends a grant.

use domain::{fault::Kind, integration::Credentials};
use url::Url;

use super::{
    super::{
        http::Http,
        refusal::{Cause, Refusal},
        settings::{Client, ClientSettings},
    },
    clients::{clients, identify},
    post::{Request, post},
};

/// Revokes a token of a grant. It is no fault if the token is dead already. If the client has to identify itself, the
/// clients are tried as for a renewal.
pub(in crate::crm::client) async fn revoke(
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
