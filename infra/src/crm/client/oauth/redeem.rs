//! Turns a consent into a grant.

use url::Url;

use super::{
    super::{
        http::Http,
        refusal::Refusal,
        settings::{Client, ClientSettings, Retry},
    },
    NewTokens,
    clients::identify,
    post::{Request, post},
};

/// What is needed to redeem a consent.
#[derive(Clone, Copy)]
pub(in crate::crm::client) struct Redeemed<'a> {
    pub(in crate::crm::client) client: &'a Client,
    pub(in crate::crm::client) redirect_url: &'a str,
    pub(in crate::crm::client) code: &'a str,
    /// The PKCE verifier, which proves that the request came from us. `None` if the vendor does not support PKCE.
    pub(in crate::crm::client) verifier: Option<&'a str>,
}

/// Redeems an authorization code for a grant. It is sent only once, since a code works once. If the answer is lost, the
/// user has to begin again.
pub(in crate::crm::client) async fn redeem(
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
