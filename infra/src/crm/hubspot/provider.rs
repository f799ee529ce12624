//! What HubSpot is to the kit: data first, and the functions that read its answers.

use std::borrow::Cow;

use domain::{
    ports::{Abilities, BasisPlace, Counting, Creating, Deletions, Granting, ReadingOf, Recognising, Resuming},
    record::Object,
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

/// HubSpot. There is one API host for all customers and regions. Links in its answers are never followed.
pub(in crate::crm) static VENDOR: Vendor = Vendor {
    name: "hubspot",
    hosts: Hosts {
        exact: &["api.hubapi.com"],
        under: &[],
    },
    tokens: Tokens {
        redeem_path: "/oauth/{version}/token",
        path: |_| Cow::Borrowed("/oauth/{version}/token"),
        scope: |_| None,
        revoking: Some(Revoking {
            path: "/oauth/{version}/token/revoke",
            by_client: true,
        }),
        basic: false,
        tells_host: false,
        at_login: true,
        judge: judge_login,
    },
    judge,
    quota,
};

/// The scopes that reading needs. Tasks are read with the scope of contacts.
pub(super) const READING: [&str; 5] = [
    "oauth",
    "crm.objects.companies.read",
    "crm.objects.contacts.read",
    "crm.objects.deals.read",
    LEADS,
];

/// The scope of leads. An account without Sales Hub cannot grant it, so a consent may come back without it.
pub(super) const LEADS: &str = "crm.objects.leads.read";

/// The page to consent on is the only address on HubSpot's website; no token is sent there.
pub(in crate::crm) static CONSENTS: Consents = Consents {
    page: Page::At("https://app.hubspot.com/oauth/authorize?optional_scope=crm.objects.leads.read"),
    scope: |_| {
        let always = READING.iter().filter(|scope| **scope != LEADS);
        Some(always.copied().collect::<Vec<_>>().join(" ").into())
    },
    own_logins: &[],
    environments: None,
};

/// What HubSpot can.
pub(super) static ABILITIES: Abilities = Abilities {
    reading: ReadingOf {
        lag: LAG,
        resuming: Resuming::ByTime,
        deletions: Deletions::ListedInPart,
        // The total of a search comes from the index, and is as late as the index.
        counting: Counting::Late,
        names_survivors: true,
    },
    exceptions: Vec::new(),
    grants: Granting {
        pkce: true,
        expiring: true,
    },
    creating: Creating {
        // The connector creates nothing.
        creates: false,
        rehearses: false,
        basis: BasisPlace::Nowhere,
        nested: false,
        recognising: Recognising::ByContent,
        judges_duplicates: false,
        index_lag: LAG,
    },
};

/// How long the search index may be behind. HubSpot says "a few moments"; Estuary stays an hour behind to be complete.
pub(super) const LAG: SignedDuration = SignedDuration::from_hours(1);

/// How long an access token lives that was given out before the grant was taken back, in minutes.
pub(super) const TOKEN_MINUTES: u32 = 30;

/// The object's name in paths.
pub(super) fn path_name(object: Object) -> &'static str {
    match object {
        Object::Account => "companies",
        Object::Contact => "contacts",
        Object::Lead => "leads",
        Object::Task => "tasks",
        Object::Opportunity => "deals",
    }
}

/// The object's name in scopes. The scope of contacts covers tasks.
pub(super) fn scope_name(object: Object) -> &'static str {
    match object {
        Object::Task => path_name(Object::Contact),
        object => path_name(object),
    }
}

/// The property that has the time of the last change.
pub(super) fn stamp_name(object: Object) -> &'static str {
    match object {
        // Contacts have `hs_lastmodifieddate`, too, and a search by it finds nothing.
        Object::Contact => "lastmodifieddate",
        _ => "hs_lastmodifieddate",
    }
}

/// The day's quota, which only private apps have: `X-HubSpot-RateLimit-Daily` and what remains of it.
fn quota(headers: &HeaderMap) -> Option<(u64, u64)> {
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let most = number("x-hubspot-ratelimit-daily")?;
    let left = number("x-hubspot-ratelimit-daily-remaining")?;
    Some((most.saturating_sub(left), most))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn exactly_one_host_is_spoken_to() {
        assert!(VENDOR.origin("https://api.hubapi.com", false).is_ok());
        for text in [
            "http://api.hubapi.com",
            "https://api.hubapi.com.evil.example",
            "https://x.api.hubapi.com",
            "https://hubapi.com",
            "https://app.hubspot.com",
            "https://api.hubapi.com:8443",
            "http://127.0.0.1:9001",
        ] {
            assert!(VENDOR.origin(text, false).is_err(), "{text}");
        }
    }

    #[test]
    fn the_day_s_quota_is_read_where_there_is_one() {
        let mut headers = HeaderMap::new();
        assert_eq!(quota(&headers), None);
        headers.insert(
            "x-hubspot-ratelimit-daily",
            HeaderValue::from_static("250000"),
        );
        assert_eq!(quota(&headers), None);
        headers.insert(
            "x-hubspot-ratelimit-daily-remaining",
            HeaderValue::from_static("249750"),
        );
        assert_eq!(quota(&headers), Some((250, 250_000)));
    }
}
