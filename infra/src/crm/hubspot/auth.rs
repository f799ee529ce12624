//! The operator's app at HubSpot, at which users consent.

use super::{
    super::client::consent::{App, Scopes, VendorApp},
    provider::{CONSENTS, GRANTS, VENDOR},
    settings::Options,
};

/// Returns the operator's app, if there is one. It sends no request.
pub fn app(app: Option<App>, options: &Options) -> VendorApp {
    let settings = options.client.clone();
    VendorApp::new(&VENDOR, &CONSENTS, GRANTS, app, settings).with_scopes(Scopes {
        required: options.scopes.join(" "),
        optional: options.optional_scopes.join(" "),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{fault::Code, ports::Ask};
    use url::Url;

    use super::{
        super::{
            super::client::Client,
            provider::{LEADS, LOGIN},
        },
        *,
    };

    fn registered() -> VendorApp {
        with(&Options::default())
    }

    fn with(options: &Options) -> VendorApp {
        let registered = App {
            clients: vec![Client {
                id: "an-app".to_owned(),
                secret: Some("secret".to_owned()),
            }],
            redirect_url: "https://app.example.com/connected".to_owned(),
            login_urls: vec![LOGIN.to_owned()],
        };
        app(Some(registered), options)
    }

    #[test]
    fn a_user_consents_on_hubspot_s_website_to_reading_and_to_leads_where_there_are_any() {
        let ask = Ask {
            login_url: LOGIN,
            environment: None,
            state: "st",
            challenge: Some("ch"),
        };
        let url = registered().authorization_url(&ask).unwrap();
        assert!(url.starts_with("https://app.hubspot.com/oauth/authorize?"));
        let url = Url::parse(&url).unwrap();
        let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(
            query["scope"],
            "oauth crm.objects.companies.read crm.objects.contacts.read crm.objects.deals.read"
        );
        assert_eq!(query["optional_scope"], LEADS);
        assert_eq!((&*query["state"], &*query["code_challenge"]), ("st", "ch"));
        assert!(!url.as_str().contains("secret"));
    }

    #[test]
    fn a_user_is_asked_for_the_scopes_that_the_operator_has_set() {
        let ask = Ask {
            login_url: LOGIN,
            environment: None,
            state: "st",
            challenge: None,
        };
        let options = Options {
            scopes: vec!["oauth".to_owned(), "crm.objects.deals.write".to_owned()],
            optional_scopes: Vec::new(),
            ..Options::default()
        };
        let url = with(&options).authorization_url(&ask).unwrap();
        assert!(
            url.contains("&scope=oauth%20crm.objects.deals.write&"),
            "{url}"
        );
        assert!(!url.contains("optional_scope"), "{url}");
    }

    #[test]
    fn blanks_between_scopes_are_written_as_hubspot_wants_them() {
        let ask = Ask {
            login_url: LOGIN,
            environment: None,
            state: "st",
            challenge: None,
        };
        let url = registered().authorization_url(&ask).unwrap();
        assert!(url.contains("scope=oauth%20crm"), "{url}");
    }

    #[test]
    fn there_is_one_login_for_all_customers() {
        assert_eq!(registered().login_url(None).unwrap(), LOGIN);
        let other = registered().login_url(Some("https://acme.hubapi.com"));
        assert_eq!(*other.unwrap_err().code(), Code::LoginRefused);
    }
}
