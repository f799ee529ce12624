#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]
use domain::{fault::Code, settings::Calendar};

use std::{cell::RefCell, collections::BTreeSet};

use jiff::SignedDuration;

use super::*;

fn good(name: &str) -> Option<String> {
    let value = match name {
        "COMPANIES_MAX_SHRINK_PERCENT" => "20",
        "CALLER_SECRET" => "0123456789abcdef0123456789abcdef",
        "CRM_LOOPBACK" => "no",
        "CRM_RESERVE_PERCENT" => "20",
        "CRM_SHARE_PERCENT" => "25",
        "LOG_LEVEL" => "info",
        "REMOVAL_DELETES_PER_SECOND" => "1000",
        "REMOVAL_SETTLE_SECONDS" => "300",
        "SYNC_BULK_THRESHOLD" => "20000",
        "SPREAD_FROM_HOUR" => "3",
        "SPREAD_HOURS" => "0",
        "SYNC_INTERVAL_MINUTES" => "1200",
        "UNVERIFIED_ALARM_HOURS" => "26",
        _ if name.starts_with("TENANT_") => "20",
        "PAGE_RETENTION_DAYS" => "7",
        "LOG_RETENTION_DAYS" => "14",
        "SUBPROCESSORS" => "Cloud Ltd, hosting, Frankfurt",
        "OPERATOR" => "not stated",
        "OPERATOR_REPRESENTATIVE" => "none",
        "OPERATOR_DATA_PROTECTION_OFFICER" => "Erika Muster; dpo@werk.example",
        "THIRD_COUNTRY_TRANSFERS" => "USA, Cloud Inc., standard contractual clauses",
        "ORGANISATIONAL_MEASURES" => "two people look at every change",
        "SYNC_RESERVE_SECONDS" => "30",
        "SYNC_TIMEOUT_SECONDS" => "900",
        "OAUTH_REDIRECT_URL" => "https://app.werk.example/connected",
        "STAGE" => "test",
        "TOKEN_ISSUER" | "CONSOLE_TOKEN_ORIGIN" => "https://issuer.werk.example/pool",
        "DYNAMICS_API_VERSION" => "v9.2",
        "HUBSPOT_API_VERSION" => "2026-03",
        "HUBSPOT_SCOPES" => {
            "oauth crm.objects.companies.read crm.objects.contacts.read crm.objects.deals.read"
        }
        _ if name.ends_with("_LOGIN_URLS") => "https://login.crm.example",
        _ if Work::Answers.names().iter().any(|known| known == name) => match name {
            _ if name.contains("_CLIENT_") => "a-client",
            _ => "none",
        },
        _ if ALL.iter().any(|(_, names, _)| names.contains(&name)) => "a-place",
        _ => return None,
    };
    Some(value.to_owned())
}

/// Returns each function and the names of all its settings.
fn listed() -> impl Iterator<Item = (&'static str, BTreeSet<String>)> {
    ALL.iter().map(|(function, own, work)| {
        let own = own.iter().map(ToString::to_string);
        (*function, own.chain(work.names()).collect())
    })
}

/// Reads all settings of one function.
fn read(function: &str, get: &Getter<'_>) -> Outcome<()> {
    log_level(get)?;
    match function {
        "dispatch" => Dispatch::read(get).map(drop),
        "sync" => Sync::read(get).map(drop),
        "remove" => Remove::read(get).map(drop),
        "companies" => Companies::read(get).map(drop),
        "api" => Api::read(get).map(drop),
        "console" => Console::read(get).map(drop),
        _ => panic!("no such function: {function}"),
    }
}

#[test]
fn a_function_reads_the_settings_that_its_list_names_and_no_others() {
    for (function, names) in listed() {
        let asked = RefCell::new(BTreeSet::new());
        read(function, &|name| {
            asked.borrow_mut().insert(name.to_owned());
            good(name)
        })
        .unwrap();
        assert_eq!(*asked.borrow(), names, "{function}");
    }
}

#[test]
fn a_setting_that_is_missing_or_blank_is_named() {
    for (function, names) in listed() {
        for missing in &names {
            for blank in [None, Some("  ".to_owned())] {
                let fault = read(function, &|name| {
                    if name == *missing {
                        blank.clone()
                    } else {
                        good(name)
                    }
                })
                .unwrap_err();
                assert_eq!(*fault.code(), Code::SettingMissing);
                assert_eq!(fault.field(), Some(missing.as_str()), "{function}");
            }
        }
    }
}

#[test]
fn a_malformed_setting_is_named_and_its_value_is_not_told() {
    for (function, malformed, value) in [
        ("dispatch", "SYNC_INTERVAL_MINUTES", "daily"),
        ("dispatch", "SYNC_INTERVAL_MINUTES", "-1"),
        ("dispatch", "SPREAD_HOURS", "25"),
        ("api", "SPREAD_FROM_HOUR", "24"),
        ("dispatch", "UNVERIFIED_ALARM_HOURS", "1001"),
        ("dispatch", "LOG_LEVEL", "loud"),
        ("sync", "CRM_SHARE_PERCENT", "101"),
        ("sync", "CRM_RESERVE_PERCENT", "91"),
        ("sync", "SYNC_RESERVE_SECONDS", "-7"),
        ("sync", "SYNC_RESERVE_SECONDS", "900"),
        ("sync", "SYNC_TIMEOUT_SECONDS", "901"),
        ("remove", "REMOVAL_SETTLE_SECONDS", "3601"),
        ("api", "SUBPROCESSORS", "Cloud Ltd, hosting"),
        ("api", "SUBPROCESSORS", "Cloud Ltd, , Frankfurt"),
        ("api", "OPERATOR_REPRESENTATIVE", "Erika Muster"),
        ("api", "PAGE_RETENTION_DAYS", "99"),
        ("api", "CALLER_SECRET", "too short a secret"),
        ("remove", "REMOVAL_DELETES_PER_SECOND", "-3"),
        ("sync", "SYNC_BULK_THRESHOLD", "1e4"),
        ("sync", "CRM_LOOPBACK", "true"),
        ("remove", "DYNAMICS_API_VERSION", "9-2"),
        ("api", "DYNAMICS_BASIS_COLUMN", "new-basis"),
        ("remove", "HUBSPOT_API_VERSION", "v3"),
        ("api", "HUBSPOT_SCOPES", "oauth tickets"),
        ("api", "HUBSPOT_EXTERNAL_ID_PROPERTY", "Our-Id"),
        ("api", "SALESFORCE_BASIS_FIELD", "Basis-Field__c"),
    ] {
        let fault = read(function, &|name| {
            if name == malformed {
                Some(value.to_owned())
            } else {
                good(name)
            }
        })
        .unwrap_err();
        assert_eq!(*fault.code(), Code::SettingMalformed);
        assert_eq!(fault.field(), Some(malformed));
        assert!(!fault.to_string().contains(value), "{fault}");
    }
}

/// Reads a function's settings, of which some differ from good ones.
fn read_with(function: &str, changed: &[(&str, &str)]) -> Outcome<()> {
    read(function, &|name| {
        let mut changed = changed.iter().filter(|(other, _)| *other == name);
        changed
            .next()
            .map(|(_, value)| (*value).to_owned())
            .or_else(|| good(name))
    })
}

#[test]
fn settings_that_cannot_work_together_are_named_and_no_text_of_theirs_is_told() {
    let slice = ["SYNC_RESERVE_SECONDS", "SYNC_TIMEOUT_SECONDS"];
    let secret = [
        ("SALESFORCE_CLIENT_ID", "none"),
        ("SALESFORCE_CLIENT_SECRET", "a-secret"),
    ];
    let example = [("OAUTH_REDIRECT_URL", "https://app.example.com/connected")];
    let plain = [(
        "SALESFORCE_LOGIN_URLS",
        "https://a.example, http://b.example",
    )];
    for (function, bad, named) in [
        ("sync", &[("SYNC_TIMEOUT_SECONDS", "10")][..], &slice[..]),
        ("sync", &[(slice[0], "59"), (slice[1], "60")], &slice),
        (
            "remove",
            &[("REMOVAL_SETTLE_SECONDS", "299")],
            &["REMOVAL_SETTLE_SECONDS", "CRM_LOOPBACK"],
        ),
        (
            "api",
            &[("REMOVAL_SETTLE_SECONDS", "0")],
            &["REMOVAL_SETTLE_SECONDS", "CRM_LOOPBACK"],
        ),
        (
            "api",
            &secret,
            &["SALESFORCE_CLIENT_SECRET", "SALESFORCE_CLIENT_ID"],
        ),
        (
            "api",
            &example,
            &["SALESFORCE_CLIENT_ID", "OAUTH_REDIRECT_URL"],
        ),
        (
            "api",
            &[
                ("SALESFORCE_CLIENT_ID", "none"),
                ("SALESFORCE_CLIENT_SECRET", "none"),
                example[0],
            ],
            &["HUBSPOT_CLIENT_ID", "OAUTH_REDIRECT_URL"],
        ),
        (
            "sync",
            &[("HUBSPOT_CLIENT_ID", "none")],
            &["HUBSPOT_CLIENT_SECRET", "HUBSPOT_CLIENT_ID"],
        ),
        (
            "remove",
            &[("HUBSPOT_CLIENT_SECRET", "none")],
            &["HUBSPOT_CLIENT_ID", "HUBSPOT_CLIENT_SECRET"],
        ),
        (
            "sync",
            &[("DYNAMICS_CLIENT_SECRET", "none")],
            &["DYNAMICS_CLIENT_ID", "DYNAMICS_CLIENT_SECRET"],
        ),
        (
            "api",
            &[("HUBSPOT_LOGIN_URLS", "http://api.hubapi.example")],
            &["HUBSPOT_LOGIN_URLS", "CRM_LOOPBACK"],
        ),
        (
            "api",
            &[("OAUTH_REDIRECT_URL", "http://app.werk.example")],
            &["OAUTH_REDIRECT_URL", "CRM_LOOPBACK"],
        ),
        ("api", &plain, &["SALESFORCE_LOGIN_URLS", "CRM_LOOPBACK"]),
    ] {
        assert_contradiction(function, bad, named);
    }
}

fn assert_contradiction(function: &str, bad: &[(&str, &str)], named: &[&str]) {
    let fault = read_with(function, bad).unwrap_err();
    assert_eq!(*fault.code(), Code::SettingContradiction, "{bad:?}");
    let detail = fault.detail().unwrap();
    assert!(named.iter().all(|name| detail.contains(name)), "{detail}");
    for (_, value) in bad.iter().filter(|(_, value)| value.contains(['.', '-'])) {
        assert!(!detail.contains(value), "{detail}");
    }
}

#[test]
fn a_crm_on_this_machine_is_connected_beside_an_aws_on_this_machine_only() {
    const URL: &str = "AWS_ENDPOINT_URL";
    let (yes, here) = (("CRM_LOOPBACK", "yes"), (URL, "http://127.0.0.1:4566"));
    for function in ["api", "sync", "remove"] {
        for url in [
            "http://127.0.0.1:4566",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(read_with(function, &[yes, (URL, url)]).is_ok(), "{url}");
        }
        let everywhere = [yes, here, ("AWS_ENDPOINT_URL_KMS", "http://127.0.0.2:1")];
        assert!(read_with(function, &everywhere).is_ok());
        assert!(read_with(function, &[(URL, "https://proxy.example")]).is_ok());

        assert_contradiction(function, &[yes], &["CRM_LOOPBACK", URL]);
        for url in [
            "https://kms.eu-central-1.amazonaws.com",
            "http://10.0.0.1:4566",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "127.0.0.1",
        ] {
            assert_contradiction(function, &[yes, (URL, url)], &["CRM_LOOPBACK", URL]);
            for service in ["DYNAMODB", "EVENTBRIDGE", "KMS", "S3", "SQS", "STS"] {
                let own = format!("{URL}_{service}");
                let elsewhere = [yes, here, (own.as_str(), url)];
                assert_contradiction(function, &elsewhere, &["CRM_LOOPBACK", &own]);
            }
        }
        let ignored = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
        assert_contradiction(function, &[yes, here, (ignored, "true")], &[ignored]);
    }
}

#[test]
fn settings_that_can_just_work_together_are_taken() {
    let local = ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    let slice = ["SYNC_RESERVE_SECONDS", "SYNC_TIMEOUT_SECONDS"];
    for (function, settings) in [
        ("sync", &[(slice[0], "8"), (slice[1], "10")][..]),
        ("sync", &[(slice[0], "120")]),
        ("remove", &[("REMOVAL_SETTLE_SECONDS", "300")]),
        (
            "remove",
            &[
                ("REMOVAL_SETTLE_SECONDS", "0"),
                ("CRM_LOOPBACK", "yes"),
                local,
            ],
        ),
        (
            "api",
            &[
                ("SALESFORCE_LOGIN_URLS", "http://127.0.0.1:1"),
                ("CRM_LOOPBACK", "yes"),
                local,
            ],
        ),
        (
            "api",
            &[
                ("SALESFORCE_CLIENT_ID", "none"),
                ("SALESFORCE_CLIENT_SECRET", "none"),
                ("HUBSPOT_CLIENT_ID", "none"),
                ("HUBSPOT_CLIENT_SECRET", "none"),
                ("DYNAMICS_CLIENT_ID", "none"),
                ("DYNAMICS_CLIENT_SECRET", "none"),
                ("OAUTH_REDIRECT_URL", "https://app.example.com/connected"),
            ],
        ),
    ] {
        assert!(read_with(function, settings).is_ok(), "{settings:?}");
    }
}

#[test]
fn blanks_around_a_value_do_no_harm() {
    let get = |name: &str| good(name).map(|value| format!(" {value}\n"));
    let settings = Dispatch::read(&get).unwrap();
    assert_eq!(
        settings.calendar,
        Calendar::every(SignedDuration::from_mins(1_200))
    );
    assert_eq!(settings.bus, "a-place");
}
