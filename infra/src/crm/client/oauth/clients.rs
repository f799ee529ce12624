//! The operator's clients, and how a request names one.

use domain::integration::{Credentials, Grant};

use super::{
    super::{http::Http, settings::Client},
    post::Form,
};

/// Returns the clients with which a grant may be renewed, in order. A grant belongs to the client that received it, so
/// the deployment's clients with that id come first. If the deployment has none, the grant was connected with an app of
/// its own, and only the grant knows that app. The deployment's other clients come last, since an app's id may be
/// rotated with its secret.
pub(super) fn clients(credentials: &Credentials, deployed: &[Client]) -> Vec<Client> {
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

/// Adds the client's id and secret, if they go into the form.
pub(super) fn identify(form: &mut Form, http: &Http, client: &Client) {
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
