//! HubSpot's data for the kit, and the functions that read its answers.

use std::{borrow::Cow, sync::LazyLock};

use domain::{
    ports::{
        Abilities, BasisPlace, Counting, Creating, Deletions, Granting, Parents, ReadingOf,
        Recognising, Rehearsing, Resuming,
    },
    progress::{Budget, Per},
    record::Object,
};
use jiff::SignedDuration;
use reqwest::header::HeaderMap;

use super::{
    super::client::{
        consent::{Consents, Page},
        vendor::{Hosts, Revoking, Tokens, Vendor},
    },
    errors::{NAME, judge, judge_login},
};

/// The host of the token endpoint, for all customers.
pub(super) const LOGIN: &str = "https://api.hubapi.com";

/// HubSpot. There is one API host for all customers and regions. Links in its answers are never followed.
pub(in crate::crm) static VENDOR: Vendor = Vendor {
    name: NAME,
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
    budgets,
};

/// The scopes for reading. The scope of contacts includes tasks.
pub(super) const READING: [&str; 5] = [
    "oauth",
    "crm.objects.companies.read",
    "crm.objects.contacts.read",
    "crm.objects.deals.read",
    LEADS,
];

/// The scope of leads. An account without Sales Hub cannot grant it, so a consent may come back without it.
pub(super) const LEADS: &str = "crm.objects.leads.read";

/// The page for the consent is the only address on HubSpot's website. No token is sent there.
pub(in crate::crm) static CONSENTS: Consents = Consents {
    page: Page::At("https://app.hubspot.com/oauth/authorize"),
    // The operator sets them, since an app that creates records needs more than one that reads.
    scope: |_| None,
    own_logins: &[],
    environments: None,
};

/// HubSpot's abilities.
pub(super) static ABILITIES: LazyLock<Abilities> = LazyLock::new(|| {
    // Contacts and leads have properties that mirror their parents, and companies have none.
    let reading = ReadingOf {
        lag: LAG,
        resuming: Resuming::ByTime,
        deletions: Deletions::ListedInPart,
        // The total of a search comes from the index and lags like the index.
        counting: Counting::Late,
        names_survivors: true,
        parents: Parents::InRecord,
        per_request: 100,
    };
    let linked = ReadingOf {
        parents: Parents::Associated {
            at_most: LINKS_PER_REQUEST,
        },
        ..reading.clone()
    };
    Abilities {
        reading,
        exceptions: Object::ALL
            .into_iter()
            .filter(|object| is_linked(*object))
            .map(|object| (object, linked.clone()))
            .collect(),
        grants: GRANTS,
        creating: Creating {
            creates: true,
            rehearsing: Rehearsing::UniqueValues,
            basis: BasisPlace::InRecord,
            nested: false,
            recognising: Recognising::ByContent,
            // Of two contacts with one e-mail address, and of two records with one value of a unique property.
            judges_duplicates: true,
            names_duplicates: true,
            saves_duplicates: false,
            account_links: vec![
                (Object::Contact, false),
                (Object::Lead, true),
                (Object::Task, true),
                (Object::Opportunity, true),
            ],
        },
    }
});

/// Returns whether only associations tell an object's parents. Contacts and leads have a property that mirrors theirs.
pub(super) const fn is_linked(object: Object) -> bool {
    match object {
        Object::Task | Object::Opportunity => true,
        Object::Account | Object::Contact | Object::Lead => false,
    }
}

/// How grants are had.
pub(super) const GRANTS: Granting = Granting {
    pkce: true,
    expiring: true,
    shared: true,
};

/// The most records in one request for associations.
pub(super) const LINKS_PER_REQUEST: usize = 1_000;

/// How long the search index may lag. HubSpot says "a few moments". Estuary stays an hour behind to be complete.
pub(super) const LAG: SignedDuration = SignedDuration::from_hours(1);

/// How long an access token stays valid that was issued before the grant was revoked, in minutes.
pub(super) const TOKEN_MINUTES: u32 = 30;

/// What the headers say: the day's budget, which only private apps have, and the burst's.
fn budgets(headers: &HeaderMap) -> Vec<Budget> {
    let number = |name: &str| {
        let text = headers.get(format!("x-hubspot-ratelimit-{name}"))?;
        text.to_str().ok()?.trim().parse::<u64>().ok()
    };
    let budget = |name: &'static str, total: Option<u64>, left: Option<u64>, per| {
        let total = total?;
        Some(Budget {
            name: name.into(),
            used: total.saturating_sub(left?),
            total,
            per,
            is_ours: false,
        })
    };
    let seconds = number("interval-milliseconds").map(|millis| millis.div_ceil(1_000));
    let day = budget(
        "daily",
        number("daily"),
        number("daily-remaining"),
        Per::Day,
    );
    let burst = seconds.and_then(|seconds| {
        let per = Per::Seconds(seconds);
        budget("rolling", number("max"), number("remaining"), per)
    });
    day.into_iter().chain(burst).collect()
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
    fn budgets_are_read_where_the_headers_tell_of_them() {
        let mut headers = HeaderMap::new();
        assert_eq!(budgets(&headers), []);
        let mut tell = |name: &'static str, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
            budgets(&headers)
        };
        assert_eq!(tell("x-hubspot-ratelimit-daily", "250000"), []);
        let day = Budget {
            name: "daily".into(),
            used: 250,
            total: 250_000,
            per: Per::Day,
            is_ours: false,
        };
        let told = tell("x-hubspot-ratelimit-daily-remaining", "249750");
        assert_eq!(told, std::slice::from_ref(&day));
        tell("x-hubspot-ratelimit-max", "110");
        tell("x-hubspot-ratelimit-remaining", "100");
        let burst = Budget {
            name: "rolling".into(),
            used: 10,
            total: 110,
            per: Per::Seconds(10),
            is_ours: false,
        };
        let told = tell("x-hubspot-ratelimit-interval-milliseconds", "10000");
        assert_eq!(told, [day, burst]);
    }
}
