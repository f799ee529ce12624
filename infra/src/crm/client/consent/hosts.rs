//! The login and the environment that an administrator may name.

use domain::fault::{Code, Fault, Outcome};

use super::{super::deployed, VendorApp};

impl VendorApp {
    /// Returns the URL at which a login begins.
    pub(in crate::crm) fn login_url(&self, wanted: Option<&str>) -> Outcome<String> {
        let app = self.app()?;
        let refused = || Fault::of(Code::LoginRefused).with_field("/loginUrl");
        let is_own = |wanted: &str| {
            let host = wanted.trim_end_matches('/');
            let mut domains = self.consents.own_logins.iter();
            domains.any(|domain| host.ends_with(&format!(".{domain}")))
        };
        let url = match wanted {
            None => app.login_urls.first().ok_or_else(refused)?,
            Some(wanted) if app.login_urls.iter().any(|known| known == wanted) => wanted,
            // A customer may log in at a domain of its own.
            Some(wanted) if is_own(wanted) => wanted,
            Some(_) => return Err(refused()),
        };
        let origin = self.origin(url).map_err(|_| refused())?;
        Ok(origin.as_str().trim_end_matches('/').to_owned())
    }

    /// Returns the environment of a grant.
    pub(in crate::crm) fn environment(&self, wanted: Option<&str>) -> Outcome<Option<String>> {
        let hosts = self.consents.environments.as_ref();
        deployed::environment(hosts, wanted, self.settings.allow_loopback)
            .map_err(|what| Fault::of(Code::EnvironmentRefused).at("/environment", what))
    }
}
