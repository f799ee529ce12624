//! Salesforce's data for the kit, and the functions that read its answers.

use std::borrow::Cow;

use domain::{
    integration::Provider,
    ports::{
        Abilities, BasisPlace, Counting, Creating, Deletions, Granting, Parents, ReadingOf,
        Recognising, Rehearsing, Resuming,
    },
    progress::{Budget, Per},
};
use jiff::SignedDuration;
use reqwest::header::HeaderMap;

use super::{
    super::client::{
        consent::{Consents, Page},
        vendor::{Hosts, Revoking, Tokens, Vendor},
    },
    errors::{judge, judge_login},
};

/// Salesforce.
pub(in crate::crm) static VENDOR: Vendor = Vendor {
    name: Provider::Salesforce.name(),
    // The commercial cloud, sandboxes, government clouds, and the cloud in China.
    hosts: Hosts {
        exact: &[],
        under: &[
            "salesforce.com",
            "force.com",
            "cloudforce.com",
            "salesforce.mil",
            "crmforce.mil",
            "sfcrmproducts.cn",
        ],
    },
    tokens: Tokens {
        redeem_path: "/services/oauth2/token",
        path: |_| Cow::Borrowed("/services/oauth2/token"),
        scope: |_| None,
        revoking: Some(Revoking {
            path: "/services/oauth2/revoke",
            by_client: false,
        }),
        basic: false,
        tells_host: true,
        at_login: false,
        judge: judge_login,
    },
    judge,
    budgets,
};

/// The app asks for the API and a refresh token, nothing of the user's own. Since 2026 Salesforce requires PKCE of every app.
pub(in crate::crm) static CONSENTS: Consents = Consents {
    page: Page::AtLogin("/services/oauth2/authorize"),
    scope: |_| Some(Cow::Borrowed("api refresh_token")),
    own_logins: &["my.salesforce.com"],
    environments: None,
};

/// Salesforce's abilities.
pub(super) static ABILITIES: Abilities = Abilities {
    reading: ReadingOf {
        lag: LAG,
        resuming: Resuming::ByTime,
        // The recycle bin, then a list of fifteen days.
        deletions: Deletions::ListedForGood,
        counting: Counting::Exact,
        names_survivors: true,
        parents: Parents::InRecord,
        per_request: 2_000,
    },
    exceptions: Vec::new(),
    grants: Granting {
        pkce: true,
        expiring: true,
        shared: false,
    },
    creating: Creating {
        creates: true,
        rehearsing: Rehearsing::AllRules,
        recognising: Recognising::ByContent,
        judges_duplicates: true,
        names_duplicates: true,
        saves_duplicates: true,
        account_links: Vec::new(),
        basis: BasisPlace::Beside,
        nested: false,
    },
};

/// How long a change may stay invisible: twice the 5 minutes that Fivetran and Estuary read again and stay behind.
pub(super) const LAG: SignedDuration = SignedDuration::from_mins(10);

/// Salesforce ends every request after ten minutes.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_mins(10);

/// The name of the organisation's budget in the header `Sforce-Limit-Info`.
pub(super) const ORGANISATION_BUDGET: &str = "api-usage";

/// The name of the app's own budget there, where an administrator gave it one.
const APP_BUDGET: &str = "per-app-api-usage";

fn budgets(headers: &HeaderMap) -> Vec<Budget> {
    let header = headers.get("sforce-limit-info");
    let text = header.and_then(|value| value.to_str().ok());
    text.map(limit_info).unwrap_or_default()
}

/// Parses `api-usage=18/5000; per-app-api-usage=17/250(appName=sample-app)`: the requests of the last 24 hours.
fn limit_info(header: &str) -> Vec<Budget> {
    let budget = |part: &str| {
        let (name, value) = part.trim().split_once('=')?;
        let known = [ORGANISATION_BUDGET, APP_BUDGET];
        let name = known.into_iter().find(|known| *known == name)?;
        let (used, rest) = value.split_once('/')?;
        let total: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(Budget {
            name: name.into(),
            used: used.trim().parse().ok()?,
            total: total.parse().ok()?,
            per: Per::Day,
            is_ours: name == APP_BUDGET,
        })
    };
    header.split(';').filter_map(budget).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::fault::CrmCode;

    use super::*;

    #[test]
    fn hosts_of_salesforce_are_admitted() {
        for text in [
            "https://login.salesforce.com",
            "https://acme--dev.sandbox.my.salesforce.com/",
            "https://ACME.my.salesforce.com",
            "https://acme.my.salesforce.mil",
            "https://eu5.force.com",
        ] {
            assert!(VENDOR.origin(text, false).is_ok(), "{text}");
        }
    }

    #[test]
    fn hostile_urls_are_refused() {
        for text in [
            "",
            "https://",
            "login.salesforce.com",
            "http://login.salesforce.com",
            "HTTPS://login.salesforce.com",
            "ftp://login.salesforce.com",
            "https:/login.salesforce.com",
            "https:\\\\login.salesforce.com",
            "https://salesforce.com.evil.example",
            "https://evilsalesforce.com",
            "https://evil.example/salesforce.com",
            "https://evil.example?.salesforce.com",
            "https://evil.example#.salesforce.com",
            "https://evil.example\\.salesforce.com",
            "https://user@login.salesforce.com",
            "https://user:secret@login.salesforce.com",
            "https://login.salesforce.com@evil.example",
            "https://login.salesforce.com:443",
            "https://login.salesforce.com:8443",
            "https://login.salesforce.com/x",
            "https://login.salesforce.com//",
            "https://login.salesforce.com/?q",
            "https://login.salesforce.com/#f",
            "https://login.salesforce.com.",
            "https://.salesforce.com",
            "https://a..salesforce.com",
            "https://-a.salesforce.com",
            "https://a-.salesforce.com",
            "https://a_b.salesforce.com",
            "https://xn--sl-eka.salesforce.com",
            "https://salesförce.com",
            "https://sälesforce.salesforce.com",
            "https://%6cogin.salesforce.com",
            "https://login.salesforce.com%00.evil.example",
            "https://login.salesforce.com\n.evil.example",
            "https://log\tin.salesforce.com",
            " https://login.salesforce.com",
            "https://login.salesforce.com ",
            "https://127.0.0.1",
            "https://[::1]",
            "https://2130706433",
            "https://0x7f.1",
            "https://localhost",
            "https://169.254.169.254",
            "https://salesforce.com",
            "https://[::ffff:127.0.0.1]",
            "http://127.0.0.1:9001",
            "http://localhost:9001",
            "file:///etc/passwd",
            "https://login.salesforce.com\u{ff0e}evil",
        ] {
            assert_eq!(
                VENDOR.origin(text, false).unwrap_err().crm_code(),
                Some(&CrmCode::HostRefused),
                "{text:?}"
            );
        }
        let long = format!("https://{}.salesforce.com", "a".repeat(64));
        assert!(VENDOR.origin(&long, false).is_err());
    }

    #[test]
    fn both_forms_of_the_header_are_read() {
        let budget = |name: &'static str, used, total| Budget {
            name: name.into(),
            used,
            total,
            per: Per::Day,
            is_ours: name == APP_BUDGET,
        };
        assert_eq!(
            limit_info("api-usage=18/5000"),
            [budget("api-usage", 18, 5000)]
        );
        assert_eq!(
            limit_info("api-usage=4900/5000; per-app-api-usage=17/250(appName=a;b=c)"),
            [
                budget("api-usage", 4900, 5000),
                budget("per-app-api-usage", 17, 250)
            ]
        );
        assert_eq!(
            limit_info("per-app-api-usage=17/250(appName=sample-app)"),
            [budget("per-app-api-usage", 17, 250)]
        );
        for odd in [
            "",
            "api-usage",
            "api-usage=x/y",
            "api-usage=1",
            "something=1/2",
        ] {
            assert!(limit_info(odd).is_empty(), "{odd}");
        }
    }
}
