use domain::fault::Kind;

use super::{
    table::{LIMIT_PAUSE, SHARED, TABLE},
    *,
};

fn of(status: u16, code: &str) -> Refusal {
    judge(
        status,
        format!(r#"[{{"message":"m","errorCode":"{code}"}}]"#).as_bytes(),
        None,
    )
}

#[test]
fn every_code_of_the_table_means_what_it_says_there() {
    for (code, action, kind) in TABLE {
        let code = if code.ends_with('_') {
            format!("{code}X")
        } else {
            (*code).to_owned()
        };
        let refusal = of(400, &code);
        assert_eq!(
            (refusal.action, refusal.fault.kind()),
            (*action, *kind),
            "{code}"
        );
        assert!(refusal.fault.crm_code().is_some(), "{code}");
    }
    for (code, action) in SHARED {
        let refusal = of(400, code);
        let kind = CrmCode::said(tidy(code)).kind();
        assert_eq!(
            (refusal.action, refusal.fault.kind()),
            (*action, kind),
            "{code}"
        );
    }
}

#[test]
fn a_used_up_quota_pauses_for_a_quarter_of_an_hour_and_is_not_tried_again() {
    let refusal = of(403, "REQUEST_LIMIT_EXCEEDED");
    assert_eq!(refusal.action, Action::Stop);
    assert!(refusal.fault.is_transient());
    assert_eq!(refusal.fault.crm_code(), Some(&CrmCode::RequestLimit));
    assert_eq!(refusal.fault.retry_after(), Some(LIMIT_PAUSE));
}

#[test]
fn a_limit_that_is_over_in_seconds_is_waited_out() {
    let body = br#"[{"message":"ConcurrentPerOrgLongTxn Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#;
    assert_eq!(judge(403, body, None).action, Action::Retry);
    let body =
        br#"[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#;
    let refusal = judge(429, body, Some(Duration::from_secs(1)));
    assert_eq!(refusal.action, Action::Retry);
    assert_eq!(refusal.wait, Some(Duration::from_secs(1)));
    assert_eq!(refusal.fault.retry_after(), Some(LIMIT_PAUSE));
}

#[test]
fn too_many_requests_at_a_time_are_no_used_up_day() {
    let body = br#"[{"message":"Too many requests","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#;
    let refusal = judge(429, body, None);
    assert_eq!(refusal.action, Action::Retry);
    assert_eq!(refusal.fault.crm_code(), Some(&CrmCode::Throttled));
    assert_eq!(refusal.fault.retry_after(), None);
    let refusal = judge(429, body, Some(Duration::from_secs(7)));
    assert_eq!(
        (refusal.action, refusal.wait),
        (Action::Retry, Some(Duration::from_secs(7)))
    );
    let day =
        br#"[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#;
    let refusal = judge(429, day, None);
    assert_eq!(
        (refusal.action, refusal.fault.retry_after()),
        (Action::Stop, Some(LIMIT_PAUSE))
    );
}

#[test]
fn an_unknown_code_is_judged_by_its_status_and_named() {
    let refusal = of(400, "BRAND_NEW");
    assert_eq!(
        (refusal.action, refusal.fault.kind()),
        (Action::Stop, Kind::Permanent)
    );
    assert_eq!(refusal.fault.detail(), Some("400 brand_new"));
    assert_eq!(of(500, "BRAND_NEW").action, Action::Retry);
}

#[test]
fn an_answer_that_no_api_gave_is_told_from_a_refusal_and_from_bad_weather() {
    for body in ["", "<html>404</html>", "{}"] {
        for status in [301, 302, 307, 400, 403, 404, 410, 421, 500, 503] {
            assert!(
                judge(status, body.as_bytes(), None).no_api,
                "{status} {body}"
            );
        }
        for status in [401, 406, 408, 409, 413, 414, 420, 429, 431] {
            assert!(
                !judge(status, body.as_bytes(), None).no_api,
                "{status} {body}"
            );
        }
    }
    // A proxy's page does not say that the object is not there.
    let page = judge(404, b"<html>404</html>", None);
    assert_eq!(page.cause, Cause::Other);
    assert_eq!(of(404, "NOT_FOUND").cause, Cause::NotFound);
    assert!(of(404, "URL_NOT_RESET").no_api);
    let nulls = judge(404, br#"[{"errorCode":"NOT_FOUND","message":null}]"#, None);
    assert!(!nulls.no_api);
    for code in [
        "NOT_FOUND",
        "BRAND_NEW",
        "INVALID_SESSION_ID",
        "SERVER_UNAVAILABLE",
    ] {
        assert!(!of(404, code).no_api, "{code}");
    }
}

#[test]
fn odd_bodies_are_judged_by_their_status() {
    for (status, action) in [
        (401, Action::Renew),
        (406, Action::Retry),
        (420, Action::Retry),
        (429, Action::Retry),
        (500, Action::Retry),
        (503, Action::Retry),
        (302, Action::Stop),
        (404, Action::Stop),
        (403, Action::Stop),
        (409, Action::TokenLost),
    ] {
        for body in [
            &b""[..],
            b"<html>",
            b"[]",
            b"{}",
            b"null",
            b"[{\"message\":\"x\"}]",
            b"\xff\xfe",
        ] {
            assert_eq!(judge(status, body, None).action, action, "{status}");
        }
    }
}

#[test]
fn no_word_of_a_message_gets_into_a_fault() {
    let body =
        br#"[{"message":"Erika Mustermann is a duplicate","errorCode":"DUPLICATES_DETECTED"}]"#;
    let text = judge(400, body, None).fault.to_string();
    assert!(!text.contains("Mustermann"), "{text}");
    let body = br#"[{"message":"x","errorCode":"Erika Mustermann <erika@example.org>"}]"#;
    let text = judge(400, body, None).fault.to_string();
    assert_eq!(text, "salesforce.refused (permanent): 400 odd_code");
}

#[test]
fn a_vanished_field_is_named() {
    let message = "SELECT Id, Foo__c FROM Account ^ ERROR at Row:1:Column:12 No such column 'Foo__c' on entity 'Account'.";
    let body = format!(r#"[{{"message":"{message}","errorCode":"INVALID_FIELD"}}]"#);
    let refusal = judge(400, body.as_bytes(), None);
    assert_eq!(
        (refusal.action, refusal.field.as_deref()),
        (Action::Redescribe, Some("Foo__c"))
    );
    let job = judge_job(&format!("INVALID_FIELD: {message}"));
    assert_eq!(
        (job.action, job.field.as_deref()),
        (Action::Redescribe, Some("Foo__c"))
    );
}

#[test]
fn what_bulk_does_not_do_is_known_by_its_words() {
    for message in [
        "Selecting compound data not supported in Bulk Query",
        "Entity 'X' is not supported by the Bulk API.",
    ] {
        let body = format!(r#"[{{"message":"{message}","errorCode":"API_ERROR"}}]"#);
        assert_eq!(judge(400, body.as_bytes(), None).action, Action::NotInBulk);
        assert_eq!(
            judge_job(&format!("InvalidBatch : {message}")).action,
            Action::NotInBulk
        );
    }
}

#[test]
fn a_lost_grant_is_told_from_a_wrong_app_and_from_bad_weather() {
    for (status, body, action, kind) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#,
            Action::Stop,
            Kind::Revoked,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}"#,
            Action::Stop,
            Kind::Revoked,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"token request is already being processed"}"#,
            Action::Retry,
            Kind::Transient,
        ),
        (
            400,
            r#"{"error":"inactive_user","error_description":"user is inactive"}"#,
            Action::Stop,
            Kind::Revoked,
        ),
        (
            400,
            r#"{"error":"inactive_org"}"#,
            Action::Stop,
            Kind::Revoked,
        ),
        (
            401,
            r#"{"error":"OAUTH_APP_BLOCKED"}"#,
            Action::Stop,
            Kind::Revoked,
        ),
        (
            401,
            r#"{"error":"invalid_client"}"#,
            Action::Stop,
            Kind::Operator,
        ),
        (
            400,
            r#"{"error":"invalid_client_id"}"#,
            Action::Stop,
            Kind::Operator,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"invalid client credentials"}"#,
            Action::Stop,
            Kind::Operator,
        ),
        (
            400,
            r#"{"error":"invalid_request"}"#,
            Action::Stop,
            Kind::Permanent,
        ),
        (
            400,
            r#"{"error":"unknown_error","error_description":"retry your request"}"#,
            Action::Retry,
            Kind::Transient,
        ),
        (503, "<html>", Action::Retry, Kind::Transient),
        (429, "", Action::Retry, Kind::Transient),
        (403, "<html>", Action::Stop, Kind::Permanent),
    ] {
        let refusal = judge_login(status, body.as_bytes());
        assert_eq!(
            (refusal.action, refusal.fault.kind()),
            (action, kind),
            "{body}"
        );
    }
}
