//! The operator's app at a CRM. Its secret stays in the settings and is sealed into no grant, so that it can be
//! rotated. While the CRM may know either client, the current one is tried first and then the previous one.

use domain::fault::Outcome;
use infra::crm::client::Client;

use super::{
    Getter, together,
    values::{text, yes_or_no},
};

/// The operator's app, as registered at a CRM.
#[derive(Clone, Debug)]
pub struct AppSettings {
    /// The app's clients: the current one, then the previous one if there is one.
    pub clients: Vec<Client>,
    /// The URLs at which a login may begin. The first one is the default.
    pub login_urls: Vec<String>,
    /// The URL to which a consent returns.
    pub redirect_url: String,
}

impl AppSettings {
    /// Reads `SALESFORCE_LOGIN_URLS` and `OAUTH_REDIRECT_URL`, and what [`clients`] reads. Returns `None` without a client.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing setting, or the settings that contradict each other.
    pub fn salesforce(get: &Getter<'_>) -> Outcome<Option<Self>> {
        let app = Self {
            clients: clients(get)?,
            login_urls: text(get, "SALESFORCE_LOGIN_URLS")?
                .split(',')
                .map(|url| url.trim().to_owned())
                .collect(),
            redirect_url: text(get, "OAUTH_REDIRECT_URL")?,
        };
        together::consents(
            &text(get, "SALESFORCE_CLIENT_ID")?,
            text(get, "SALESFORCE_CLIENT_SECRET")? != "none",
            &app.login_urls,
            &app.redirect_url,
            yes_or_no(get, "CRM_LOOPBACK")?,
        )?;
        Ok(Some(app).filter(|app| !app.clients.is_empty()))
    }
}

/// Reads `SALESFORCE_CLIENT_ID`, `SALESFORCE_CLIENT_SECRET`, `SALESFORCE_PREVIOUS_CLIENT_ID` and
/// `SALESFORCE_PREVIOUS_CLIENT_SECRET`. A client id of `none` means that there is no app. A previous secret without a
/// previous id means that only the secret was rotated.
///
/// # Errors
/// Returns a permanent fault that names the missing setting.
pub(super) fn clients(get: &Getter<'_>) -> Outcome<Vec<Client>> {
    let optional = |name| text(get, name).map(|value| Some(value).filter(|value| value != "none"));
    let id = optional("SALESFORCE_CLIENT_ID")?;
    let secret = optional("SALESFORCE_CLIENT_SECRET")?;
    let previous_id = optional("SALESFORCE_PREVIOUS_CLIENT_ID")?;
    let previous_secret = optional("SALESFORCE_PREVIOUS_CLIENT_SECRET")?;
    let Some(id) = id else {
        return Ok(Vec::new());
    };
    let has_previous = previous_id.is_some() || previous_secret.is_some();
    let previous = has_previous.then(|| Client {
        id: previous_id.unwrap_or_else(|| id.clone()),
        secret: previous_secret,
    });
    let current = Client { id, secret };
    let previous = previous.filter(|previous| *previous != current);
    Ok([current].into_iter().chain(previous).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(given: [&str; 4]) -> Vec<(String, Option<String>)> {
        let names = [
            "SALESFORCE_CLIENT_ID",
            "SALESFORCE_CLIENT_SECRET",
            "SALESFORCE_PREVIOUS_CLIENT_ID",
            "SALESFORCE_PREVIOUS_CLIENT_SECRET",
        ];
        let get = |name: &str| {
            let at = names.iter().position(|known| *known == name)?;
            Some(given[at].to_owned())
        };
        let clients = clients(&get).unwrap();
        clients
            .into_iter()
            .map(|client| (client.id, client.secret))
            .collect()
    }

    #[test]
    fn the_current_client_comes_before_the_previous_one() {
        let client = |id: &str, secret: Option<&str>| (id.to_owned(), secret.map(str::to_owned));
        let (new, old) = (client("app", Some("new")), client("app", Some("old")));
        assert_eq!(read(["none"; 4]), []);
        assert_eq!(read(["none", "s", "before", "old"]), []);
        assert_eq!(read(["app", "none", "none", "none"]), [client("app", None)]);
        assert_eq!(
            read(["app", "new", "none", "none"]),
            std::slice::from_ref(&new)
        );
        assert_eq!(read(["app", "new", "none", "old"]), [new.clone(), old]);
        let other = client("before", Some("old"));
        assert_eq!(read(["app", "new", "before", "old"]), [new.clone(), other]);
        assert_eq!(read(["app", "new", "app", "new"]), [new], "the same twice");
    }

    #[test]
    fn a_secret_is_not_shown_by_accident() {
        let client = Client {
            id: "app".to_owned(),
            secret: Some("hidden".to_owned()),
        };
        assert!(!format!("{client:?}").contains("hidden"));
    }
}
