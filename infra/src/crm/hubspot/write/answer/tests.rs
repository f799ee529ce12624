use domain::record::RecordId;
use serde_json::json;

use super::*;
use crate::crm::{client::refusal::Body, hubspot::errors::judge};

const OWN: OwnId<'static> = OwnId {
    property: "abgleich_id",
    value: "4f1d-0",
};

fn one(status: u16, said: &Value, own_id: Option<OwnId<'_>>) -> Written {
    let body = said.to_string();
    let refusal = Refusal {
        body: Body::of(body.clone().into()),
        ..judge(status, body.as_bytes(), None)
    };
    of_refusal(refusal, own_id)
}

fn taken(name: &str, value: &str) -> Value {
    let message = format!(
        "Cannot set PropertyValueCoordinates{{portalId=1, objectTypeId=0-2, propertyName={name}, value={value}}} on COMPANY. 3401 already has that value."
    );
    json!({"status": "error", "category": "VALIDATION_ERROR", "message": message})
}

#[test]
fn a_conflict_names_the_record_that_is_there() {
    let of = vec![RecordId::parse("3401").unwrap()];
    let is_there = Written::Duplicate {
        of,
        may_save: false,
    };
    let exists = json!({"status": "error", "category": "CONFLICT", "message": "Contact already exists. Existing ID: 3401"});
    assert_eq!(one(409, &exists, Some(OWN)), is_there);
    assert_eq!(one(400, &taken("vat_id", "DE1"), Some(OWN)), is_there);
    let nobody = Written::Duplicate {
        of: Vec::new(),
        may_save: false,
    };
    for said in [
        json!({}),
        json!({"message": null, "errors": null, "context": null}),
    ] {
        assert_eq!(one(409, &said, Some(OWN)), nobody, "{said}");
    }
}

#[test]
fn what_has_our_own_id_is_ours_and_is_looked_up() {
    for said in [
        taken("abgleich_id", "4f1d-0"),
        json!({"category": "VALIDATION_ERROR", "message": "x", "errors": [
            {"code": "CONFLICTING_UNIQUE_VALUE", "context": {"propertyName": ["abgleich_id"]}}]}),
    ] {
        for status in [400, 409] {
            let told = one(status, &said, Some(OWN));
            assert!(matches!(told, Written::Unknown(_)), "{told:?}");
        }
    }
}

#[test]
fn a_value_that_does_not_fit_is_named_with_the_reason() {
    let message = r#"Property values were not valid: [{"isValid":false,"message":"x","error":"INVALID_OPTION","name":"industry"},{"error":"PROPERTY_DOESNT_EXIST","name":"nme"}] and more"#;
    let said = json!({"category": "VALIDATION_ERROR", "message": message});
    let Written::Refused { fault, fields } = one(400, &said, None) else {
        panic!("it is refused");
    };
    assert_eq!(
        *fault.code(),
        VENDOR.fault(CrmCode::said("invalid_option")).code().clone()
    );
    assert_eq!(fields, ["industry", "nme"]);
    let missing = json!({"category": "VALIDATION_ERROR", "message": "Some required properties were not set.",
        "context": {"properties": ["dealstage", "<b>odd</b>"]}});
    let Written::Refused { fields, .. } = one(400, &missing, None) else {
        panic!("it is refused");
    };
    assert_eq!(fields, ["dealstage"]);
}

#[test]
fn of_each_record_of_a_batch_only_what_is_said_once_counts() {
    let error = |traces: &[&str], category: &str| json!({"status": "error", "category": category, "message": "x", "context": {"objectWriteTraceId": traces}});
    let body = json!({"status": "COMPLETE", "numErrors": 3, "results": [
        {"id": "5", "objectWriteTraceId": "a"}, {"id": 6, "objectWriteTraceId": "b"},
        {"id": "7", "objectWriteTraceId": "c"}, {"id": "8", "objectWriteTraceId": "c"},
        {"id": "x", "objectWriteTraceId": "d"}, {"id": "9"}, "odd",
        {"id": "10", "objectWriteTraceId": "e"},
    ], "errors": [
        error(&["e"], "VALIDATION_ERROR"), error(&["f", "g"], "VALIDATION_ERROR"), error(&["h"], "RATE_LIMITS"),
        json!({"message": null}),
    ]});
    let OfBatch {
        by_trace: told,
        untraced,
    } = of_batch(body.to_string().as_bytes(), &HashMap::new());
    let id = |text: &str| Written::Created(RecordId::parse(text).unwrap());
    assert_eq!((&told["a"], &told["b"]), (&id("5"), &id("6")));
    for unknown in ["c", "e"] {
        assert!(matches!(told[unknown], Written::Unknown(_)), "{unknown}");
    }
    assert!(!told.contains_key("d"));
    assert_eq!(untraced.len(), 1, "that of 9");
    for refused in ["f", "g"] {
        assert!(
            matches!(told[refused], Written::Refused { .. }),
            "{refused}"
        );
    }
    assert!(matches!(told["h"], Written::NotSent(_)));
    assert_eq!(told.len(), 7);
    for odd in ["", "[]", "{}", r#"{"results": null}"#] {
        let told = of_batch(odd.as_bytes(), &HashMap::new());
        assert!(
            told.by_trace.is_empty() && told.untraced.is_empty(),
            "{odd}"
        );
    }
}

#[test]
fn trouble_of_hubspot_s_own_with_one_record_does_not_say_whether_it_was_stored() {
    let beside = |category: &str| {
        let body = json!({"status": "COMPLETE", "results": null, "errors": [
            {"status": "error", "category": category, "message": null, "context": {"objectWriteTraceId": ["a"]}}]});
        let mut answer = of_batch(body.to_string().as_bytes(), &HashMap::new());
        answer.by_trace.remove("a").unwrap()
    };
    for category in ["INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT"] {
        let told = beside(category);
        assert!(
            matches!(&told, Written::Unknown(fault) if fault.is_transient()),
            "{told:?}"
        );
        let said = json!({"status": "error", "category": category});
        let told = one(400, &said, None);
        assert!(matches!(told, Written::Unknown(_)), "{told:?}");
    }
    for category in ["RATE_LIMITS", "LOCKED"] {
        let told = beside(category);
        assert!(
            matches!(&told, Written::NotSent(fault) if fault.is_transient()),
            "{told:?}"
        );
    }
    let told = beside("VALIDATION_ERROR");
    assert!(matches!(told, Written::Refused { .. }), "{told:?}");
}
