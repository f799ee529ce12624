#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use serde_json::json;

use super::*;
use domain::{fault::Code, order::Order};

pub(in super::super) fn notification(key: &str, sequencer: &str) -> Value {
    json!({"Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "eventTime": "2026-11-24T06:00:00.123Z",
        "s3": {
            "bucket": {"name": "reference"},
            "object": {"key": key, "size": 10, "eTag": "e", "sequencer": sequencer},
        },
    }]})
}

#[test]
fn a_key_is_decoded_and_names_the_report() {
    let event = notification("incoming/M%C3%BCller+%26+Co.csv", "1");
    let file = File::all(&event, "reference").unwrap().remove(0);
    assert_eq!(
        (file.bucket.as_str(), file.name()),
        ("reference", "Müller & Co.csv")
    );
    let report = file.report_key();
    assert!(
        report.starts_with("reports/Müller & Co.csv.01a"),
        "{report}"
    );
}

#[test]
fn a_version_is_the_same_at_each_delivery_and_another_for_each_put() {
    let version = |key, sequencer| {
        File::all(&notification(key, sequencer), "reference").unwrap()[0]
            .version
            .clone()
    };
    assert_eq!(
        version("incoming/a.csv", "1"),
        version("incoming/a.csv", "1")
    );
    assert!(version("incoming/a.csv", "0065A") < version("incoming/a.csv", "0065B1"));
    assert_ne!(
        version("incoming/a.csv", "1"),
        version("incoming/b.csv", "1")
    );
    let text = version("incoming/a.csv", "1").0;
    assert!(
        text.len() <= 40
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    );
}

#[test]
fn reports_and_folders_are_passed_over() {
    for key in ["reports/a.csv.1.json", "incoming/", "other/a.csv", "a.csv"] {
        assert_eq!(
            File::all(&notification(key, "1"), "reference").unwrap(),
            [],
            "{key}"
        );
    }
}

#[test]
fn a_malformed_event_is_told_by_the_name_of_its_field() {
    let mut no_key = notification("incoming/a.csv", "1");
    no_key["Records"][0]["s3"]["object"] = json!({});
    let mut no_time = notification("incoming/a.csv", "1");
    no_time["Records"][0]["eventTime"] = json!("yesterday");
    for (event, field) in [
        (json!({}), "Records"),
        (json!("x"), "Records"),
        (no_key, "s3.object.key"),
        (no_time, "eventTime"),
        (notification("incoming/%zz", "1"), "s3.object.key"),
        (notification("incoming/%ff", "1"), "s3.object.key"),
        (
            json!({"detail": {"object": {"key": "incoming/a.csv"}}}),
            "Records",
        ),
    ] {
        let fault = File::all(&event, "reference").unwrap_err();
        assert_eq!(*fault.code(), Code::EventMalformed);
        assert_eq!(fault.field(), Some(field));
    }
}

#[test]
fn an_order_goes_on_with_the_file_of_the_slice_before() {
    let mut file = File::all(&notification("incoming/a.csv", "1"), "reference")
        .unwrap()
        .remove(0);
    file.object_version = Some("v".to_owned());
    let order = Order::ImportDue(file.next(Some("e".to_owned())));
    let event = json!({"detail-type": order.detail_type(), "detail": order.detail().unwrap()});
    let next = File::all(&event, "reference").unwrap().remove(0);
    assert_eq!(next.place_key(1), file.place_key(1));
    let etag = Some("e".to_owned());
    let slice = 1;
    assert_eq!(
        next,
        File {
            etag,
            slice,
            ..file
        }
    );
    for (pointer, event) in [
        (
            "detail-type",
            json!({"detail-type": "SyncDue", "detail": {}}),
        ),
        (
            "detail.key",
            json!({"detail-type": "ImportDue", "detail": {"version": "1", "slice": 1}}),
        ),
    ] {
        let fault = File::all(&event, "reference").unwrap_err();
        assert_eq!(fault.field(), Some(pointer));
    }
}
