#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]

use std::{cell::RefCell, collections::BTreeSet};

use jiff::SignedDuration;

use super::*;

fn good(name: &str) -> Option<String> {
    let value = match name {
        "CRM_LOOPBACK" => "no",
        "LOG_LEVEL" => "info",
        "REMOVAL_DELETES_PER_SECOND" => "1000",
        "REMOVAL_SETTLE_SECONDS" => "300",
        "SYNC_BULK_THRESHOLD" => "20000",
        "SYNC_INTERVAL_MINUTES" => "1200",
        "PAGE_RETENTION_DAYS" => "7",
        "LOG_RETENTION_DAYS" => "14",
        "SUBPROCESSORS" => "Cloud Ltd, hosting, Frankfurt",
        "OPERATOR" => "not stated",
        "OPERATOR_REPRESENTATIVE" => "none",
        "OPERATOR_DATA_PROTECTION_OFFICER" => "Erika Muster; dpo@werk.example",
        "THIRD_COUNTRY_TRANSFERS" => "USA, Cloud Inc., standard contractual clauses",
        "ORGANISATIONAL_MEASURES" => "two people look at every change",
        "SYNC_RESERVE_SECONDS" => "30",
        "STAGE" => "test",
        _ if ALL.iter().any(|(_, names)| names.contains(&name)) => "a-place",
        _ => return None,
    };
    Some(value.to_owned())
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
        _ => panic!("no such function: {function}"),
    }
}

#[test]
fn a_function_reads_the_settings_that_its_list_names_and_no_others() {
    for (function, names) in ALL {
        let asked = RefCell::new(BTreeSet::new());
        read(function, &|name| {
            asked.borrow_mut().insert(name.to_owned());
            good(name)
        })
        .unwrap();
        let listed: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
        assert_eq!(*asked.borrow(), listed, "{function}");
    }
}

#[test]
fn a_setting_that_is_missing_or_blank_is_named() {
    for (function, names) in ALL {
        for missing in *names {
            for blank in [None, Some("  ".to_owned())] {
                let fault = read(function, &|name| {
                    if name == *missing {
                        blank.clone()
                    } else {
                        good(name)
                    }
                })
                .unwrap_err();
                assert_eq!(fault.code(), "setting.missing");
                assert_eq!(fault.detail(), Some(*missing), "{function}");
            }
        }
    }
}

#[test]
fn a_malformed_setting_is_named_and_its_value_is_not_told() {
    for (function, malformed, value) in [
        ("dispatch", "SYNC_INTERVAL_MINUTES", "daily"),
        ("dispatch", "SYNC_INTERVAL_MINUTES", "-1"),
        ("dispatch", "LOG_LEVEL", "loud"),
        ("sync", "SYNC_RESERVE_SECONDS", "-7"),
        ("sync", "SYNC_RESERVE_SECONDS", "900"),
        ("remove", "REMOVAL_SETTLE_SECONDS", "3601"),
        ("api", "SUBPROCESSORS", "Cloud Ltd, hosting"),
        ("api", "SUBPROCESSORS", "Cloud Ltd, , Frankfurt"),
        ("api", "OPERATOR_REPRESENTATIVE", "Erika Muster"),
        ("api", "PAGE_RETENTION_DAYS", "99"),
        ("remove", "REMOVAL_DELETES_PER_SECOND", "-3"),
        ("sync", "SYNC_BULK_THRESHOLD", "1e4"),
        ("sync", "CRM_LOOPBACK", "true"),
    ] {
        let fault = read(function, &|name| {
            if name == malformed {
                Some(value.to_owned())
            } else {
                good(name)
            }
        })
        .unwrap_err();
        assert_eq!(fault.code(), "setting.malformed");
        let detail = fault.detail().unwrap();
        assert!(detail.starts_with(malformed), "{detail}");
        assert!(!detail.contains(value), "{detail}");
    }
}

#[test]
fn blanks_around_a_value_do_no_harm() {
    let get = |name: &str| good(name).map(|value| format!(" {value}\n"));
    let settings = Dispatch::read(&get).unwrap();
    assert_eq!(settings.interval, SignedDuration::from_mins(1_200));
    assert_eq!(settings.bus, "a-place");
}
