use domain::fault::Kind;

use super::*;

fn of(status: u16, code: &str, message: &str) -> Refusal {
    let body = serde_json::json!({"error": {"code": code, "message": message}});
    judge(status, body.to_string().as_bytes(), None)
}

#[test]
fn a_limit_is_waited_for_as_long_as_it_says_and_a_long_wait_is_the_runs() {
    for code in ["0x80072322", "0x80072321", "0x80072326", ""] {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"Number of requests .."}}}}"#);
        let wait = Duration::from_secs(17);
        let refusal = judge(429, body.as_bytes(), Some(wait));
        assert_eq!(
            (refusal.action, refusal.wait, refusal.cause),
            (Action::Retry, Some(wait), Cause::Busy),
            "{code}"
        );
        assert_eq!(refusal.fault.retry_after(), Some(wait));
    }
}

#[test]
fn each_code_has_its_kind_and_the_status_counts_where_there_is_no_code() {
    use Kind::{Permanent, Revoked, Transient};
    for (status, code, kind, action) in [
        (401, "0x80048306", Transient, Action::Renew),
        (401, "", Transient, Action::Renew),
        (403, "0x80040220", Permanent, Action::Stop),
        (403, "0x8004A106", Revoked, Action::Stop),
        (403, "0x80072560", Revoked, Action::Stop),
        (400, "0x80044352", Permanent, Action::TokenLost),
        (410, "0x80044352", Permanent, Action::TokenLost),
        (400, "0x8004e023", Permanent, Action::Stop),
        (400, "0x80060888", Permanent, Action::Stop),
        (404, "0x80040217", Permanent, Action::Stop),
        (405, "0x0", Permanent, Action::Stop),
        (413, "", Permanent, Action::Stop),
        (500, "0x80040216", Transient, Action::Retry),
        (500, "0x80044151", Transient, Action::Retry),
        (503, "", Transient, Action::Retry),
    ] {
        let refusal = of(status, code, "");
        assert_eq!(
            (refusal.fault.kind(), refusal.action),
            (kind, action),
            "{status} {code}"
        );
        assert!(!refusal.no_api, "{status} {code}");
    }
    assert_eq!(judge(401, b"", None).action, Action::Renew);
    assert!(!judge(401, b"", None).no_api);
}

#[test]
fn what_is_there_already_is_a_conflict_whichever_way_it_is_said() {
    for (status, code, word) in [
        (412, DUPLICATE, "duplicate"),
        // The sample in the documentation has this status.
        (500, DUPLICATE, "duplicate"),
        (412, "0x80040237", "record_exists"),
        (412, "", "record_exists"),
        (412, "0x80060892", "key_taken"),
    ] {
        let refusal = of(status, code, "");
        assert_eq!(refusal.cause, Cause::Conflict, "{status} {code}");
        assert_eq!(refusal.fault.crm_code(), Some(&CrmCode::said(word)));
        assert_eq!(refusal.fault.kind(), Kind::Permanent);
    }
}

#[test]
fn a_privilege_and_a_column_are_named_and_nothing_else_of_a_message() {
    let message = "Principal user (Id=1, type=8) is missing prvReadAccount privilege (Id=2) on \
                   OTC=1 for entity 'account'. Erika Muster";
    let refusal = of(403, "0x80040220", message);
    assert_eq!(refusal.fault.detail(), Some("prvReadAccount"));
    let message =
        "Could not find a property named 'new_x' on type 'Microsoft.Dynamics.CRM.account'.";
    let refusal = of(400, "0x80060888", message);
    assert_eq!(refusal.field.as_deref(), Some("new_x"));
    assert_eq!(refusal.action, Action::Redescribe);
    for message in [
        "Erika Muster",
        "Could not find a property named 'Erika Muster'",
    ] {
        let refusal = of(400, "0x80060888", message);
        assert_eq!(refusal.fault.detail(), Some("400 0x80060888"));
        assert_eq!(refusal.field, None);
    }
}

#[test]
fn what_is_no_answer_of_the_api_says_nothing_about_the_grant_or_the_table() {
    for status in [302, 400, 403, 404] {
        let refusal = judge(status, b"<html>", None);
        assert!(refusal.no_api, "{status}");
        assert_eq!(refusal.cause, Cause::Other, "{status}");
    }
    assert!(judge(404, b"<html>", None).fault.is_transient());
}

#[test]
fn an_app_that_is_refused_is_told_from_a_grant_that_was_taken_back() {
    let of = |error: &str, number: u32| {
        let body = format!(
            r#"{{"error":"{error}","error_description":"AADSTS{number}: ..","error_codes":[{number}],"trace_id":"x"}}"#
        );
        judge_login(400, body.as_bytes()).fault
    };
    for (error, number, kind) in [
        ("invalid_grant", 700_082, Kind::Revoked),
        ("invalid_grant", 1, Kind::Revoked),
        ("interaction_required", 50_076, Kind::Revoked),
        ("invalid_resource", 500_011, Kind::Revoked),
        ("invalid_client", 7_000_222, Kind::Operator),
        ("invalid_client", 7_000_112, Kind::Revoked),
        ("unauthorized_client", 700_016, Kind::Operator),
        ("unauthorized_client", 7_000_229, Kind::Revoked),
        ("unheard_of", 1, Kind::Permanent),
    ] {
        assert_eq!(of(error, number).kind(), kind, "{error} {number}");
    }
    for status in [429, 500, 503] {
        assert!(judge_login(status, b"{}").fault.is_transient());
    }
}
