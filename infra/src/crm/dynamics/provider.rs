//! Dynamics' data for the kit: hosts, tokens, consents, abilities.

use std::borrow::Cow;

use domain::{
    integration::{Credentials, Grant},
    ports::{
        Abilities, BasisPlace, Counting, Creating, Deletions, Granting, Parents, ReadingOf,
        Recognising, Rehearsing, Resuming,
    },
    record::Object,
};
use jiff::SignedDuration;

use super::{
    super::client::{
        consent::{Consents, Page},
        vendor::{Hosts, Tokens, Vendor},
    },
    errors::{NAME, judge, judge_login},
    hosts::{DOMAINS, ENVIRONMENTS, LOGINS},
};

/// Where the customers of the commercial cloud log in.
pub(super) const LOGIN: &str = "https://login.microsoftonline.com";

/// The token endpoint for a grant of any directory. A consent tells the directory only by a token that we do not read.
const TOKEN_PATH: &str = "/organizations/oauth2/v2.0/token";

/// Dynamics 365, as the Dataverse Web API has it.
pub(in crate::crm) static VENDOR: Vendor = Vendor {
    name: NAME,
    hosts: Hosts {
        exact: &LOGINS,
        under: &DOMAINS,
    },
    tokens: Tokens {
        redeem_path: TOKEN_PATH,
        path: token_path,
        scope: token_scope,
        // Entra has no endpoint at which an app ends a grant of its own.
        revoking: None,
        basic: false,
        tells_host: false,
        at_login: false,
        judge: judge_login,
    },
    judge,
    // What is left of the limits is told by headers for debugging, which Microsoft asks not to build on.
    budgets: |_| Vec::new(),
};

/// A consent is for one environment, which its scope names. It is all that the user may do: Dataverse has no narrower scope.
pub(in crate::crm) static CONSENTS: Consents = Consents {
    page: Page::AtLogin("/organizations/oauth2/v2.0/authorize"),
    scope: |environment| {
        let environment = environment?;
        Some(Cow::Owned(format!(
            "{environment}/user_impersonation offline_access"
        )))
    },
    own_logins: &[],
    environments: Some(ENVIRONMENTS),
};

/// With client credentials each directory has its own token endpoint, since the app acts for itself there.
fn token_path(credentials: &Credentials) -> Cow<'static, str> {
    match &credentials.grant {
        Grant::ClientCredentials {
            directory: Some(directory),
        } if is_directory(directory) => Cow::Owned(format!("/{directory}/oauth2/v2.0/token")),
        _ => Cow::Borrowed(TOKEN_PATH),
    }
}

/// Returns whether a text may be the id of a directory or one of its domains. Anything else might lead to another path.
pub(super) fn is_directory(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    (1..=253).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(fits)
}

fn token_scope(credentials: &Credentials) -> Option<String> {
    let environment = credentials.instance_url.as_deref()?;
    Some(format!("{}/.default", environment.trim_end_matches('/')))
}

/// How grants are had. A user's grant is the user's own, and ends nobody else's.
pub(super) const GRANTS: Granting = Granting {
    pkce: true,
    expiring: true,
    shared: false,
};

/// How long a change may stay invisible where a table is read by time: a long transaction commits with an earlier stamp.
pub(super) const LAG: SignedDuration = SignedDuration::from_mins(10);

/// How long a request may still take effect. Dataverse ends what runs for more than two minutes, and a batch of such after ten.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_mins(10);

/// The abilities. Most tables are tracked. Of one that is not, the connector says with each window that deletions are unknown.
pub(super) static ABILITIES: std::sync::LazyLock<Abilities> =
    std::sync::LazyLock::new(|| Abilities {
        reading: ReadingOf {
            lag: LAG,
            resuming: Resuming::ByToken,
            deletions: Deletions::AmongChanges,
            counting: Counting::Exact,
            names_survivors: true,
            parents: Parents::InRecord,
            per_request: 2_000,
        },
        exceptions: Vec::new(),
        grants: GRANTS,
        creating: Creating {
            creates: true,
            rehearsing: Rehearsing::Never,
            recognising: Recognising::ByChosenId,
            judges_duplicates: true,
            names_duplicates: false,
            saves_duplicates: true,
            account_links: vec![
                (Object::Contact, false),
                (Object::Lead, false),
                (Object::Task, true),
                (Object::Opportunity, true),
            ],
            basis: BasisPlace::Beside,
            nested: false,
        },
    });

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn credentials(directory: Option<&str>) -> Credentials {
        Credentials {
            login_url: LOGIN.to_owned(),
            instance_url: Some("https://acme.crm4.dynamics.com".to_owned()),
            client_id: "app".to_owned(),
            grant: Grant::ClientCredentials {
                directory: directory.map(str::to_owned),
            },
            access_token: None,
            expires: None,
            scope: None,
        }
    }

    #[test]
    fn environments_of_all_clouds_are_spoken_to_and_no_other_host() {
        for text in [
            "https://acme.crm.dynamics.com",
            "https://acme.crm4.dynamics.com/",
            "https://acme.api.crm16.dynamics.com",
            "https://acme.crm9.dynamics.com",
            "https://acme.crm.microsoftdynamics.us",
            "https://acme.crm.appsplatform.us",
            "https://acme.crm.dynamics.cn",
            "https://login.microsoftonline.com",
            "https://login.microsoftonline.us",
            "https://login.partner.microsoftonline.cn",
        ] {
            assert!(VENDOR.origin(text, false).is_ok(), "{text}");
        }
        for text in [
            "https://dynamics.com",
            "https://crm4.dynamics.com",
            "https://acme.dynamics.com",
            "https://acme.operations.dynamics.com",
            "https://evilcrm4.dynamics.com",
            "https://acme.crm4.dynamics.com.evil.example",
            "https://acme.crm99.dynamics.com",
            "http://acme.crm4.dynamics.com",
            "https://acme.crm4.dynamics.com:8443",
            "https://evil.login.microsoftonline.com",
            "https://microsoftonline.com",
            "http://127.0.0.1:9001",
        ] {
            assert!(VENDOR.origin(text, false).is_err(), "{text}");
        }
        assert!(
            ENVIRONMENTS.origin(LOGIN, false).is_none(),
            "a login is no environment"
        );
    }

    #[test]
    fn an_app_that_acts_for_itself_asks_at_the_customers_directory_for_the_environment() {
        let own = credentials(Some("6e2f5b36-0000-4000-8000-000000000001"));
        assert_eq!(
            token_path(&own),
            "/6e2f5b36-0000-4000-8000-000000000001/oauth2/v2.0/token"
        );
        assert_eq!(
            token_scope(&own).unwrap(),
            "https://acme.crm4.dynamics.com/.default"
        );
        for odd in [
            None,
            Some(""),
            Some("../x"),
            Some("a/b"),
            Some("a?b"),
            Some("."),
        ] {
            assert_eq!(token_path(&credentials(odd)), TOKEN_PATH, "{odd:?}");
        }
    }
}
