//! The one table of Dataverse's error codes. A code is a number of 32 bits that the body has as text, `0x80040217`.

use domain::fault::{CrmCode, Kind};

use super::super::super::client::refusal::{Action, Cause};

/// The meaning of a code.
pub(super) struct Meaning {
    pub(super) code: CrmCode,
    pub(super) kind: Kind,
    pub(super) action: Option<Action>,
    pub(super) cause: Cause,
}

/// The duplicate detection of the organisation found records that look like the new one.
pub(in super::super) const DUPLICATE: &str = "0x80040333";
/// There is a record with that id.
const SAME_ID: &str = "0x80040237";
/// There is a record with those values of an alternate key.
const SAME_KEY: &str = "0x80060892";

/// Returns the meaning of a code, in lower case. `None` if the status alone tells it.
pub(super) fn meaning(code: &str) -> Option<Meaning> {
    use Kind::{Permanent, Revoked, Transient};
    let said = |word: &'static str, kind| of(CrmCode::said(word), kind, None, Cause::Other);
    Some(match code {
        // The three limits of one user on one server, over five minutes.
        "0x80072322" | "0x80072321" => of(
            CrmCode::Throttled,
            Transient,
            Some(Action::Retry),
            Cause::Busy,
        ),
        "0x80072326" => of(
            CrmCode::ConcurrentRequests,
            Transient,
            Some(Action::Retry),
            Cause::Busy,
        ),
        "0x80044151" => of(CrmCode::QueryTimeout, Transient, None, Cause::Other),
        "0x80040216" => of(CrmCode::ServerError, Transient, None, Cause::Other),
        // The user, or the environment, is switched off, or the user was removed from it.
        "0x8004a106" | "0x80072560" | "0x80041d1f" => said("user_disabled", Revoked),
        "0x80048306" => of(
            CrmCode::Unauthorized,
            Transient,
            Some(Action::Renew),
            Cause::Other,
        ),
        "0x80040220" | "0x80040221" => said("missing_privilege", Permanent),
        "0x80044352" => of(
            CrmCode::said("token_expired"),
            Permanent,
            Some(Action::TokenLost),
            Cause::Other,
        ),
        "0x80044350" => said("not_tracked", Permanent),
        // An aggregate over more than 50,000 rows.
        "0x8004e023" => said("too_many_to_count", Permanent),
        "0x80040265" => said("plugin_refused", Permanent),
        DUPLICATE => of(
            CrmCode::said("duplicate"),
            Permanent,
            Some(Action::Stop),
            Cause::Conflict,
        ),
        SAME_ID => of(
            CrmCode::said("record_exists"),
            Permanent,
            Some(Action::Stop),
            Cause::Conflict,
        ),
        SAME_KEY => of(
            CrmCode::said("key_taken"),
            Permanent,
            Some(Action::Stop),
            Cause::Conflict,
        ),
        _ => return None,
    })
}

fn of(code: CrmCode, kind: Kind, action: Option<Action>, cause: Cause) -> Meaning {
    Meaning {
        code,
        kind,
        action,
        cause,
    }
}

/// The kinds of Entra's own error numbers, which are more exact than the words of RFC 6749. The operator's app: a secret that
/// expired or is wrong, an app that does not exist. The customer's act: the consent, the app in the customer's directory or the
/// user's session were ended, or the environment is gone.
pub(super) const AT_LOGIN: [(u32, Kind); 14] = [
    (7_000_215, Kind::Operator),
    (7_000_222, Kind::Operator),
    (700_016, Kind::Operator),
    (50_011, Kind::Operator),
    (7_000_112, Kind::Revoked),
    (7_000_229, Kind::Revoked),
    (700_082, Kind::Revoked),
    (500_011, Kind::Revoked),
    (50_173, Kind::Revoked),
    (50_076, Kind::Revoked),
    (50_079, Kind::Revoked),
    (65_001, Kind::Revoked),
    (70_008, Kind::Revoked),
    (90_002, Kind::Revoked),
];

/// The kinds of the words at the token endpoint.
pub(super) const WORDS_AT_LOGIN: [(&str, Kind); 6] = [
    ("invalid_grant", Kind::Revoked),
    ("interaction_required", Kind::Revoked),
    ("consent_required", Kind::Revoked),
    ("invalid_resource", Kind::Revoked),
    ("invalid_client", Kind::Operator),
    ("unauthorized_client", Kind::Operator),
];
