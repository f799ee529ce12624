use super::*;

fn of(status: u16, body: &str) -> Refusal {
    judge(status, body.as_bytes(), None)
}

#[test]
fn each_limit_is_waited_for_as_long_as_it_lasts() {
    let limit = |policy: &str| {
        of(
            429,
            &format!(
                r#"{{"status":"error","message":"x","errorType":"RATE_LIMIT","policyName":"{policy}"}}"#
            ),
        )
    };
    for (policy, seconds) in [("TEN_SECONDLY_ROLLING", 10), ("SECONDLY", 1)] {
        let refusal = limit(policy);
        assert_eq!(refusal.action, Action::Retry);
        assert_eq!(refusal.wait, Some(Duration::from_secs(seconds)), "{policy}");
    }
    let day = limit("DAILY");
    assert_eq!(
        (day.action, day.fault.kind()),
        (Action::Stop, Kind::Transient)
    );
    assert_eq!(day.fault.retry_after(), Some(DAY_PAUSE));
    for refusal in [limit("NEW_ONE"), of(429, r#"{"category":"RATE_LIMITS"}"#)] {
        assert_eq!((refusal.action, refusal.wait), (Action::Retry, None));
    }
}

#[test]
fn what_passes_is_transient_and_what_lasts_is_permanent() {
    for status in [408, 423, 429, 477, 500, 502, 503, 504, 521, 522, 523, 524] {
        assert_eq!(
            of(status, "<html>").fault.kind(),
            Kind::Transient,
            "{status}"
        );
    }
    for status in [400, 403, 404, 409, 414] {
        let refusal = of(
            status,
            r#"{"status":"error","category":"VALIDATION_ERROR"}"#,
        );
        assert_eq!(refusal.fault.kind(), Kind::Permanent, "{status}");
        assert_eq!(refusal.action, Action::Stop);
        assert!(!refusal.no_api, "{status}");
    }
    assert_eq!(of(401, "{}").action, Action::Renew);
}

#[test]
fn an_account_that_moves_is_left_alone_for_as_long_as_it_asks() {
    let body = br#"{"status":"error","category":"MIGRATION"}"#;
    let day = Duration::from_secs(86_400);
    let refusal = judge(477, body, Some(day));
    assert_eq!(refusal.fault.retry_after(), Some(day));
    assert_eq!(refusal.fault.kind(), Kind::Transient);
    assert_eq!(judge(477, body, None).fault.retry_after(), Some(MOVE_PAUSE));
}

#[test]
fn a_missing_scope_and_a_wrong_property_are_named_and_no_text_is_repeated() {
    let body = r#"{"status":"error","message":"Erika","category":"MISSING_SCOPES",
        "errors":[{"message":"x","context":{"requiredGranularScopes":["crm.objects.leads.read"]}}]}"#;
    let refusal = of(403, body);
    assert_eq!(refusal.fault.detail(), Some("crm.objects.leads.read"));
    assert_eq!((refusal.field, refusal.cause), (None, Cause::NotFound));
    let body = r#"{"status":"error","message":"Erika","category":"VALIDATION_ERROR",
        "errors":[{"message":"x","context":{"propertyName":["lifecyclestage"]}}]}"#;
    let refusal = of(400, body);
    assert_eq!(refusal.field.as_deref(), Some("lifecyclestage"));
    let body = r#"{"status":"error","category":"VALIDATION_ERROR",
        "errors":[{"context":{"propertyName":["Erika Muster"]}}]}"#;
    let refusal = of(400, body);
    assert_eq!(
        (refusal.field, refusal.fault.detail()),
        (None, Some("400 validation_error"))
    );
}

#[test]
fn null_members_are_as_good_as_absent_ones() {
    for body in [
        r#"{"status":"error","category":"VALIDATION_ERROR","errors":null,"policyName":null}"#,
        r#"{"status":"error","category":"VALIDATION_ERROR","errors":[{"context":null}]}"#,
        r#"{"status":"error","category":"VALIDATION_ERROR","errors":[{"context":{"propertyName":null,"requiredGranularScopes":null}}]}"#,
    ] {
        let refusal = of(400, body);
        assert!(!refusal.no_api, "{body}");
        assert_eq!(refusal.fault.detail(), Some("400 validation_error"));
    }
    let limited = of(
        429,
        r#"{"status":"error","policyName":"SECONDLY","errors":null}"#,
    );
    assert_eq!(limited.wait, Some(Duration::from_secs(1)));
}

#[test]
fn a_proxy_s_page_says_nothing_about_the_grant_or_the_object() {
    for body in [
        "",
        "<html>Forbidden</html>",
        "{}",
        r#"{"message":"blocked"}"#,
    ] {
        for status in [403, 404] {
            let refusal = of(status, body);
            assert!(refusal.no_api, "{status} {body}");
            assert_eq!(refusal.cause, Cause::Other, "{status} {body}");
            assert_eq!(refusal.fault.crm_code(), Some(&CrmCode::NotAnApi));
            assert_eq!(refusal.fault.kind(), Kind::Transient, "{status} {body}");
        }
    }
    let theirs = of(403, r#"{"status":"error","category":"MISSING_SCOPES"}"#);
    assert_eq!((theirs.no_api, theirs.cause), (false, Cause::NotFound));
}

#[test]
fn a_token_error_says_whether_the_customer_or_the_operator_has_to_act() {
    for (body, kind) in [
        (
            r#"{"status":"BAD_REFRESH_TOKEN","error":"invalid_grant","message":"x"}"#,
            Kind::Revoked,
        ),
        (
            r#"{"status":"BAD_HUB","message":"missing or unknown hub id","error":"access_denied"}"#,
            Kind::Revoked,
        ),
        (r#"{"status":"BAD_AUTH_CODE"}"#, Kind::Revoked),
        (r#"{"status":"BAD_CODE_VERIFIER"}"#, Kind::Revoked),
        (r#"{"error":"invalid_grant"}"#, Kind::Revoked),
        (
            r#"{"status":"BAD_CLIENT_ID","error":"invalid_client"}"#,
            Kind::Operator,
        ),
        // HubSpot's own error is more exact than the other one.
        (
            r#"{"status":"BAD_CLIENT_SECRET","error":"access_denied"}"#,
            Kind::Operator,
        ),
        (r#"{"status":"BAD_REDIRECT_URI"}"#, Kind::Operator),
        (r#"{"status":"BAD_GRANT_TYPE"}"#, Kind::Operator),
        (r#"{"error":"invalid_client"}"#, Kind::Operator),
        (r#"{"error":"unheard_of"}"#, Kind::Permanent),
        ("<html>", Kind::Permanent),
    ] {
        assert_eq!(
            judge_login(400, body.as_bytes()).fault.kind(),
            kind,
            "{body}"
        );
    }
    for status in [429, 500, 503] {
        let body = br#"{"error":"invalid_grant"}"#;
        assert_eq!(
            judge_login(status, body).fault.kind(),
            Kind::Transient,
            "{status}"
        );
    }
}

#[test]
fn the_kind_of_a_login_error_that_every_crm_shares_is_said_in_one_place() {
    let is_shared = |word: &str| {
        let code = CrmCode::said(word.to_ascii_lowercase());
        !matches!(code, CrmCode::Said(_))
    };
    for word in SHARED_AT_LOGIN {
        assert!(is_shared(word), "{word} has no kind there");
    }
    for (word, _) in AT_LOGIN {
        assert!(!is_shared(word), "{word} has a kind there, too");
    }
}
