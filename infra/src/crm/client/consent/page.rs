//! The page at which a user consents.

use std::borrow::Cow;

use domain::{
    fault::{CrmCode, Outcome},
    ports::Ask,
};
use url::Url;

use super::VendorApp;

/// The page for a consent.
pub(in crate::crm) enum Page {
    /// A path at the host of the login.
    AtLogin(&'static str),
    /// An address of the vendor's website. No token is ever sent there.
    At(&'static str),
}

impl VendorApp {
    /// Returns the page at which a user consents.
    pub(in crate::crm) fn authorization_url(&self, ask: &Ask<'_>) -> Outcome<String> {
        let app = self.app()?;
        let login = self.origin(ask.login_url)?;
        let mut url = match self.consents.page {
            Page::AtLogin(path) => {
                let mut url = login;
                url.set_path(path);
                url
            }
            Page::At(page) => {
                let page = Url::parse(page);
                let mut page =
                    page.map_err(|_| self.vendor.fault(CrmCode::said("page_malformed")))?;
                // A simulator has its own page.
                if self.settings.allow_loopback && self.vendor.origin(ask.login_url, false).is_err()
                {
                    let query = page.query().map(str::to_owned);
                    let path = page.path().to_owned();
                    page = login;
                    page.set_path(&path);
                    page.set_query(query.as_deref());
                }
                page
            }
        };
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", app.current()?.id.as_str()),
            ("redirect_uri", &app.redirect_url),
        ]);
        let required = match &self.scopes {
            Some(scopes) => Some(Cow::Borrowed(scopes.required.as_str())),
            None => (self.consents.scope)(ask.environment),
        };
        if let Some(scope) = required {
            url.query_pairs_mut().append_pair("scope", &scope);
        }
        let optional = self.scopes.as_ref().map(|scopes| &scopes.optional);
        if let Some(optional) = optional.filter(|optional| !optional.is_empty()) {
            url.query_pairs_mut()
                .append_pair("optional_scope", optional);
        }
        url.query_pairs_mut().append_pair("state", ask.state);
        if let Some(challenge) = ask.challenge {
            url.query_pairs_mut().extend_pairs([
                ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ]);
        }
        // Some vendors read blanks in one of the two ways only, and each reads this one.
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
        Ok(url.into())
    }
}
