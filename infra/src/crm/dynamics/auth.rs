//! The operator's app at Entra, at which users consent for one environment.

use super::{
    super::client::consent::{App, VendorApp},
    provider::{CONSENTS, GRANTS, VENDOR},
    settings::Options,
};

/// Returns the operator's app, if there is one. It sends no request.
pub fn app(app: Option<App>, options: &Options) -> VendorApp {
    VendorApp::new(&VENDOR, &CONSENTS, GRANTS, app, options.client.clone())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{fault::Code, ports::Ask};
    use url::Url;

    use super::{
        super::{super::client::Client, provider::LOGIN},
        *,
    };

    fn registered() -> VendorApp {
        let registered = App {
            clients: vec![Client {
                id: "an-app".to_owned(),
                secret: Some("secret".to_owned()),
            }],
            redirect_url: "https://app.example.com/connected".to_owned(),
            login_urls: vec![
                LOGIN.to_owned(),
                "https://login.microsoftonline.us".to_owned(),
            ],
        };
        app(Some(registered), &Options::default())
    }

    #[test]
    fn a_user_consents_for_the_environment_that_was_named() {
        let ask = Ask {
            login_url: LOGIN,
            environment: Some("https://acme.crm4.dynamics.com"),
            state: "st",
            challenge: Some("ch"),
        };
        let url = registered().authorization_url(&ask).unwrap();
        assert!(
            url.starts_with(
                "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?"
            )
        );
        let url = Url::parse(&url).unwrap();
        let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(
            query["scope"],
            "https://acme.crm4.dynamics.com/user_impersonation offline_access"
        );
        assert_eq!(
            (
                &*query["state"],
                &*query["code_challenge"],
                &*query["code_challenge_method"]
            ),
            ("st", "ch", "S256")
        );
        assert!(!url.as_str().contains("secret"));
    }

    #[test]
    fn an_environment_is_needed_and_has_a_host_of_dataverse() {
        let environment = |wanted| registered().environment(wanted);
        assert_eq!(
            environment(Some("https://acme.crm4.dynamics.com/"))
                .unwrap()
                .as_deref(),
            Some("https://acme.crm4.dynamics.com")
        );
        for wanted in [
            None,
            Some("https://evil.example"),
            Some("https://login.microsoftonline.com"),
            Some("https://acme.crm4.dynamics.com/main.aspx"),
        ] {
            let fault = environment(wanted).unwrap_err();
            assert_eq!(*fault.code(), Code::EnvironmentRefused, "{wanted:?}");
        }
    }

    #[test]
    fn a_login_of_another_cloud_is_one_that_the_operator_lists() {
        let login = |wanted| registered().login_url(wanted);
        assert_eq!(login(None).unwrap(), LOGIN);
        let us = "https://login.microsoftonline.us";
        assert_eq!(login(Some(us)).unwrap(), us);
        let cn = login(Some("https://login.partner.microsoftonline.cn"));
        assert_eq!(*cn.unwrap_err().code(), Code::LoginRefused);
    }
}
