#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets the unexpected should stop"
)]

mod laws;
mod people;

use std::collections::BTreeMap;

use domain::{
    fault::CrmCode,
    record::{Item, Object, Record},
};

use super::{
    super::{
        settings::Options,
        shape::{Kind, ObjectShape},
    },
    Parsed, mend_utf8, parse_csv, parse_rest,
};

fn shape() -> ObjectShape {
    let fields = [
        ("Id", Kind::Text),
        ("SystemModstamp", Kind::Time),
        ("IsDeleted", Kind::Boolean),
        ("MasterRecordId", Kind::Text),
        ("Name", Kind::Text),
        ("AnnualRevenue", Kind::Number),
        ("Active__c", Kind::Boolean),
        ("CreatedDate", Kind::Time),
        ("BillingCity", Kind::Text),
        ("VAT_ID__c", Kind::Text),
        ("RegisterNumber__c", Kind::Text),
        ("Register_Court__c", Kind::Text),
        ("LEI__c", Kind::Text),
        ("Private__c", Kind::Text),
        ("ParentId", Kind::Text),
    ];
    let fields: BTreeMap<_, _> = fields
        .into_iter()
        .map(|(name, kind)| (name.to_owned(), kind))
        .collect();
    ObjectShape::new(Object::Account, fields, &Options::default()).unwrap()
}

const ID: &str = "001000000000001AAA";

fn rest(records: &str) -> Parsed {
    let page = format!(r#"{{"totalSize":1,"done":true,"records":[{records}]}}"#);
    parse_rest(page.as_bytes(), &shape()).unwrap()
}

/// Returns a record with a valid id and time stamp, and `more`.
fn record(more: &str) -> String {
    format!(
        r#"{{"attributes":{{"type":"Account","url":"/x"}},"Id":"{ID}","SystemModstamp":"2026-11-24T09:00:00.123+0000"{more}}}"#
    )
}

fn live(parsed: &Parsed) -> &Record {
    match parsed.items.as_slice() {
        [Item::Live(record)] => record,
        _ => panic!("not one live record"),
    }
}

fn bad(parsed: &Parsed) -> (Option<&str>, &'static str) {
    match parsed.items.as_slice() {
        [Item::Bad { id, reason }] => (id.as_ref().map(|id| id.as_str()), reason),
        _ => panic!("not one bad record"),
    }
}

#[test]
fn fields_are_sorted_and_spelled_in_one_way_and_empty_ones_are_left_out() {
    let more = r#","Name":"M\u00fcller \"&\" S\u00f6hne\/x\n","AnnualRevenue":1.39E8,"Active__c":false,"CreatedDate":"2026-11-24T10:00:00.000+0100","BillingCity":"","ParentId":null,"Unknown":{"a":[1,2]}"#;
    let parsed = rest(&record(more));
    assert_eq!(
        &*live(&parsed).fields,
        concat!(
            r#"{"Active__c":false,"AnnualRevenue":139000000,"CreatedDate":"2026-11-24T09:00:00.000Z","Id":"001000000000001AAA","#,
            r#""Name":"Müller \"&\" Söhne/x\n","SystemModstamp":"2026-11-24T09:00:00.123Z"}"#
        )
    );
    assert_eq!(
        live(&parsed).modified.to_string(),
        "2026-11-24T09:00:00.123Z"
    );
    assert_eq!(parsed.last, parsed.first);
    assert_eq!(parsed.last.unwrap().id.unwrap().as_str(), ID);
}

#[test]
fn a_csv_row_is_the_same_record() {
    let csv = format!(
        "\"Name\",\"Id\",\"IsDeleted\",\"AnnualRevenue\",\"Active__c\",\"SystemModstamp\",\"BillingCity\",\"Strange\"\n\
         \"a \"\"quoted\"\", two-\nline name\",\"{ID}\",\"false\",\"1.39E8\",\"true\",\"2026-11-24T09:00:00.123Z\",\"\",\"x\"\n"
    );
    let from_csv = parse_csv(csv.as_bytes(), &shape()).unwrap();
    let from_rest = rest(&record(
        r#","IsDeleted":false,"Name":"a \"quoted\", two-\nline name","AnnualRevenue":139000000.00,"Active__c":true"#,
    ));
    assert_eq!(live(&from_csv).fields, live(&from_rest).fields);
    assert_eq!(live(&from_csv).modified, live(&from_rest).modified);
}

#[test]
fn what_a_record_is_about_is_found_in_its_fields_and_in_custom_ones_by_their_names() {
    let more = r#","Name":" Müller GmbH ","BillingCity":"Köln","VAT_ID__c":"DE1","RegisterNumber__c":"HRB 1","Register_Court__c":"Köln","LEI__c":"7LTW","Private__c":"x","ParentId":"001000000000002AAA""#;
    let parsed = rest(&record(more));
    let attributes = &live(&parsed).attributes;
    assert_eq!(attributes.company.as_deref(), Some("Müller GmbH"));
    assert_eq!(attributes.city.as_deref(), Some("Köln"));
    assert_eq!(attributes.vat_id.as_deref(), Some("DE1"));
    assert_eq!(attributes.register.as_deref(), Some("Köln HRB 1"));
    assert_eq!(attributes.lei.as_deref(), Some("7LTW"));
    assert!(attributes.parent.is_none() && attributes.street.is_none());
}

#[test]
fn a_field_of_numbers_says_the_same_whichever_way_it_came() {
    let fields = [
        ("Id", Kind::Text),
        ("SystemModstamp", Kind::Time),
        ("VAT_ID__c", Kind::Number),
    ];
    let fields = fields.map(|(name, kind)| (name.to_owned(), kind));
    let options = Options {
        vat_field: Some("VAT_ID__c".into()),
        ..Options::default()
    };
    let shape = ObjectShape::new(Object::Account, fields.into(), &options).unwrap();
    let json = format!("{{\"records\":[{}]}}", record(r#","VAT_ID__c":1.2E8"#));
    let csv = format!("Id,SystemModstamp,VAT_ID__c\n{ID},2026-11-24T09:00:00.123Z,120000000.0\n");
    let from_rest = parse_rest(json.as_bytes(), &shape).unwrap();
    let from_bulk = parse_csv(csv.as_bytes(), &shape).unwrap();
    for parsed in [from_rest, from_bulk] {
        assert_eq!(
            live(&parsed).attributes.vat_id.as_deref(),
            Some("120000000")
        );
    }
}

#[test]
fn a_contact_without_an_account_says_its_company_where_the_customer_keeps_it() {
    let contacts = |custom: &str| {
        let names = [
            "Id",
            "SystemModstamp",
            "Email",
            "MailingCity",
            "AccountId",
            "Company_Size__c",
            custom,
        ];
        let fields = names.map(|name| {
            (
                name.to_owned(),
                if name == "SystemModstamp" {
                    Kind::Time
                } else {
                    Kind::Text
                },
            )
        });
        ObjectShape::new(Object::Contact, fields.into(), &Options::default()).unwrap()
    };
    for custom in [
        "Company__c",
        "Company_Name__c",
        "Firma__c",
        "Unternehmen__c",
    ] {
        let more = format!(
            r#","Email":"anna@werk.example","MailingCity":"Köln","Company_Size__c":"100","{custom}":"Werk GmbH""#
        );
        let page = format!(
            r#"{{"totalSize":1,"done":true,"records":[{}]}}"#,
            record(&more)
        );
        let parsed = parse_rest(page.as_bytes(), &contacts(custom)).unwrap();
        let attributes = &live(&parsed).attributes;
        assert_eq!(attributes.company.as_deref(), Some("Werk GmbH"), "{custom}");
        assert_eq!(attributes.email.as_deref(), Some("anna@werk.example"));
        assert!(attributes.parent.is_none());
    }
}

#[test]
fn a_deleted_record_is_gone_and_a_merged_one_names_its_survivor() {
    let parsed = rest(&record(
        r#","IsDeleted":true,"MasterRecordId":"001000000000009AAA""#,
    ));
    assert!(
        matches!(parsed.items.as_slice(), [Item::Gone { survivor: Some(id), .. }] if id.as_str() == "001000000000009AAA")
    );
    let parsed = rest(&record(r#","IsDeleted":true,"MasterRecordId":null"#));
    assert!(matches!(
        parsed.items.as_slice(),
        [Item::Gone { survivor: None, .. }]
    ));
}

#[test]
fn a_bad_record_is_named_and_spoils_nothing_else() {
    let long = format!(r#","Name":"{}""#, "x".repeat(2 << 20));
    for (text, id, reason) in [
        (r#"{"Name":"x"}"#, None, "record.id_missing"),
        (r#"{"Id":null}"#, None, "record.id_missing"),
        (r#"{"Id":17}"#, None, "record.id_malformed"),
        (
            r#"{"Id":"a/b#c","SystemModstamp":"2026-11-24T09:00:00.000+0000"}"#,
            None,
            "record.id_malformed",
        ),
        (
            r#"{"Id":"a","SystemModstamp":"yesterday"}"#,
            Some("a"),
            "record.time_malformed",
        ),
        (
            r#"{"Id":"a","SystemModstamp":"2026-02-31T09:00:00.000+0000"}"#,
            Some("a"),
            "record.time_malformed",
        ),
        (
            r#"{"Id":"a","SystemModstamp":17}"#,
            Some("a"),
            "record.time_malformed",
        ),
        (r#"{"Id":"a"}"#, Some("a"), "record.time_malformed"),
        ("17", None, "record.not_an_object"),
        ("-1.5", None, "record.not_an_object"),
        ("\"text\"", None, "record.not_an_object"),
        ("null", None, "record.not_an_object"),
        ("true", None, "record.not_an_object"),
        (r#"[{"Id":"a"}]"#, None, "record.not_an_object"),
        (&record(r#","Name":17"#), Some(ID), "record.field_type"),
        (&record(r#","Name":{"a":1}"#), Some(ID), "record.field_type"),
        (&record(r#","Name":"\ud800""#), Some(ID), "record.not_utf8"),
        (
            &record(r#","AnnualRevenue":"many""#),
            Some(ID),
            "record.field_type",
        ),
        (
            &record(r#","Active__c":"true""#),
            Some(ID),
            "record.field_type",
        ),
        (
            &record(r#","CreatedDate":"2026-13-01T00:00:00.000Z""#),
            Some(ID),
            "record.field_type",
        ),
        (&record(&long), Some(ID), "record.field_too_large"),
    ] {
        assert_eq!(
            bad(&rest(text)),
            (id, reason),
            "{}",
            &text[..text.len().min(80)]
        );
        let good = record("");
        assert!(matches!(
            rest(&format!("{good},{text},{good}")).items.as_slice(),
            [Item::Live(_), Item::Bad { .. }, Item::Live(_)]
        ));
    }
}

#[test]
fn a_bad_row_of_a_bulk_page_is_named_and_spoils_nothing_else() {
    let page = [
        b"\"Id\",\"SystemModstamp\",\"Name\"\n".as_slice(),
        b"\"001000000000001AAA\",\"2026-11-24T09:00:00.000Z\",\"good\"\n",
        b"\"001000000000002AAA\",\"2026-11-24T09:00:00.000Z\",\"\xff\xfe\"\n",
        b"\"001000000000003AAA\",\"2026-11-24T09:00:00.000Z\"\n",
        b"\"\",\"2026-11-24T09:00:00.000Z\",\"x\"\n",
        b"\"001000000000005AAA\",\"never\",\"x\"\n",
        b"\"001000000000006AAA\",\"2026-11-24T09:00:00.000Z\",\"good\"\n",
    ]
    .concat();
    let parsed = parse_csv(&page, &shape()).unwrap();
    let seen: Vec<_> = parsed
        .items
        .iter()
        .map(|item| match item {
            Item::Live(record) => (Some(record.id.as_str()), ""),
            Item::Bad { id, reason } => (id.as_ref().map(|id| id.as_str()), *reason),
            Item::Gone { .. } => (None, "gone"),
        })
        .collect();
    assert_eq!(
        seen,
        [
            (Some("001000000000001AAA"), ""),
            (Some("001000000000002AAA"), "record.not_utf8"),
            (Some("001000000000003AAA"), "record.columns"),
            (None, "record.id_missing"),
            (Some("001000000000005AAA"), "record.time_malformed"),
            (Some("001000000000006AAA"), ""),
        ]
    );
}

#[test]
fn a_page_that_is_cut_off_or_from_somebody_else_is_worth_another_try() {
    let page = format!(
        r#"{{"totalSize":1,"done":true,"records":[{}]}}"#,
        record("")
    );
    for end in 0..page.len() {
        assert!(
            parse_rest(&page.as_bytes()[..end], &shape()).is_err_and(|fault| fault.is_transient()),
            "{end}"
        );
    }
    for other in [
        "",
        "<html>",
        "[]",
        "null",
        "{}",
        "17",
        r#"{"records":null}"#,
        r#"{"records":{}}"#,
    ] {
        assert!(
            parse_rest(other.as_bytes(), &shape()).is_err_and(|fault| fault.is_transient()),
            "{other}"
        );
    }
    assert!(
        parse_rest(b"{\"records\":[{\"Id\":\"\xff\"}]}", &shape())
            .is_err_and(|fault| fault.is_transient())
    );
    for other in [&b""[..], b"<html>", b"Name\nx\n", b"\xff\xfe\n"] {
        assert!(parse_csv(other, &shape()).is_err_and(|fault| fault.is_transient()));
    }
    assert!(
        parse_csv(b"\"Id\",\"Name\"\n", &shape())
            .unwrap()
            .items
            .is_empty()
    );
}

#[test]
fn answers_to_several_queries_are_joined_and_what_is_not_of_one_moment_is_torn() {
    let fields = [
        ("Id", Kind::Text),
        ("SystemModstamp", Kind::Time),
        ("Name", Kind::Text),
        ("Phone", Kind::Text),
    ];
    let fields = fields
        .into_iter()
        .map(|(name, kind)| (name.to_owned(), kind))
        .collect();
    let shape = ObjectShape::new(Object::Account, fields, &Options::default()).unwrap();
    let row = |id: u8, minute: u8, field: &str| {
        format!(
            r#"{{"Id":"{id}","SystemModstamp":"2026-11-24T09:{minute:02}:00.000+0000",{field}}}"#
        )
    };
    let page = |rows: &[String]| {
        format!(
            r#"{{"totalSize":9,"nextRecordsUrl":"/services/data/v64.0/query/{}","records":[{}]}}"#,
            rows.len(),
            rows.join(",")
        )
    };
    let first = page(&[
        row(1, 0, r#""Name":"a""#),
        row(2, 0, r#""Name":"b""#),
        row(3, 0, r#""Name":"c""#),
    ]);
    // The second record changed in between, the third is missing, and a fourth appeared.
    let second = page(&[
        row(1, 0, r#""Phone":null"#),
        row(2, 1, r#""Phone":"2""#),
        row(4, 0, r#""Phone":"4""#),
    ]);
    let parsed = parse_rest(format!("{first}\n{second}").as_bytes(), &shape).unwrap();
    assert_eq!(
        &*live(&parsed).fields,
        r#"{"Id":"1","Name":"a","SystemModstamp":"2026-11-24T09:00:00.000Z"}"#
    );
    let torn: Vec<_> = parsed.torn.iter().map(|id| id.as_str()).collect();
    assert_eq!(torn, ["2", "3", "4"]);
    assert_eq!(parsed.next.as_deref(), Some("/services/data/v64.0/query/3"));
}

#[test]
fn a_record_that_a_page_repeats_is_there_twice_and_alike() {
    let parsed = rest(&format!("{0},{0}", record("")));
    assert!(
        matches!(parsed.items.as_slice(), [Item::Live(a), Item::Live(b)] if a.fields == b.fields)
    );
}

#[test]
fn of_a_page_that_is_not_utf8_only_the_records_with_the_bad_bytes_are_bad() {
    let good = |n: u8| {
        format!(r#"{{"Id":"{n}","SystemModstamp":"2026-11-24T09:00:00.000Z","Name":"Müller"}}"#)
    };
    let page = format!(r#"{{"records":[{},{},{}]}}"#, good(1), good(2), good(3));
    let mut page = page.into_bytes();
    let second = page.len() / 2;
    let name = page[second..]
        .windows(2)
        .position(|two| two == b"ll")
        .unwrap()
        + second;
    page[name] = 0xff;
    assert!(
        parse_rest(&page, &shape())
            .is_err_and(|fault| fault.crm_code() == Some(&CrmCode::PageNotUtf8))
    );
    let parsed = parse_rest(&mend_utf8(&page), &shape()).unwrap();
    assert!(matches!(
        parsed.items.as_slice(),
        [Item::Live(_), Item::Bad { id: Some(id), reason: "record.not_utf8" }, Item::Live(_)] if id.as_str() == "2"
    ));
}
