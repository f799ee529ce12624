//! The operator's app at Salesforce, at which users consent.

use super::{
    super::client::consent::{App, VendorApp},
    provider::{ABILITIES, CONSENTS, VENDOR},
    settings::Options,
};

/// Returns the operator's app, if there is one. It sends no request.
pub fn app(app: Option<App>, options: &Options) -> VendorApp {
    let settings = options.client.clone();
    VendorApp::new(&VENDOR, &CONSENTS, ABILITIES.grants, app, settings)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::{fault::Code, ports::Ask};
    use url::Url;

    use super::{super::super::client::Client, *};

    fn apps() -> VendorApp {
        let registered = App {
            clients: vec![Client {
                id: "an app&co".to_owned(),
                secret: None,
            }],
            redirect_url: "https://app.example.com/connected?from=crm".to_owned(),
            login_urls: vec![
                "https://login.salesforce.com".to_owned(),
                "https://test.salesforce.com".to_owned(),
            ],
        };
        app(Some(registered), &Options::default())
    }

    #[test]
    fn a_login_begins_where_the_operator_says_or_at_a_customer_s_own_domain() {
        let url = |wanted| {
            apps()
                .login_url(wanted)
                .map_err(|fault| fault.code().to_string())
        };
        assert_eq!(url(None).unwrap(), "https://login.salesforce.com");
        for wanted in [
            "https://test.salesforce.com",
            "https://acme.my.salesforce.com",
            "https://acme--dev.sandbox.my.salesforce.com",
        ] {
            assert_eq!(url(Some(wanted)).unwrap(), wanted);
        }
        for wanted in [
            "https://evil.example",
            "https://evil.example/.my.salesforce.com",
            "https://evil.example#.my.salesforce.com",
            "http://acme.my.salesforce.com",
            "https://127.0.0.1",
            "https://user@acme.my.salesforce.com",
            "https://other.salesforce.com",
            "",
        ] {
            assert_eq!(url(Some(wanted)).unwrap_err(), "login.refused", "{wanted}");
        }
    }

    #[test]
    fn the_page_to_consent_on_has_the_challenge_and_not_the_verifier() {
        let ask = Ask {
            login_url: "https://login.salesforce.com",
            environment: None,
            state: "st",
            challenge: Some("ch"),
        };
        let url = apps().authorization_url(&ask).unwrap();
        let url = Url::parse(&url).unwrap();
        assert_eq!(url.path(), "/services/oauth2/authorize");
        let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["client_id"], "an app&co");
        assert_eq!(
            query["redirect_uri"],
            "https://app.example.com/connected?from=crm"
        );
        assert_eq!(
            (&*query["code_challenge"], &*query["code_challenge_method"]),
            ("ch", "S256")
        );
        assert_eq!(
            (&*query["state"], &*query["response_type"], &*query["scope"]),
            ("st", "code", "api refresh_token")
        );
    }

    #[test]
    fn without_an_app_nothing_begins() {
        let none = app(None, &Options::default());
        assert_eq!(
            *none.login_url(None).unwrap_err().code(),
            Code::ProviderNotSetUp
        );
    }
}
