//! Bad files of the company database.

use std::io::{Cursor, Read};

use abgleich::clock;
use domain::{
    import::{Import, Limits, Report, Verdict, import},
    ports::{Companies, Version},
};
use infra::memory::MemoryCompanies;
use jiff::SignedDuration;

const GOOD: &str = "id,name,zip,city,domain\n1,Werk GmbH,10115,Berlin,werk.example\n";

async fn take(companies: &MemoryCompanies, version: &str, content: &[u8]) -> Report {
    let bytes = content.to_vec();
    import(Import {
        companies,
        open: &|| Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read + Send>),
        version: &Version(version.to_owned()),
        deadline: clock::now() + SignedDuration::from_mins(15),
        clock: &clock::now,
        limits: Limits::default(),
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_by_what_is_wrong_and_the_one_before_stays() {
    let companies = MemoryCompanies::new();
    let before = take(&companies, "v1", GOOD.as_bytes()).await;
    assert_eq!(before.result, Verdict::Published);
    let cut_off = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b];
    for (content, code, named) in [
        (
            &b"id,zip,city\n1,10115,Berlin\n"[..],
            "file.missing_column",
            "name",
        ),
        (b"name,zip\nWerk,10115\n", "file.missing_column", "id"),
        (b"", "file.empty", ""),
        (b"\xff\xfei\0d\0", "file.encoding", "UTF-16"),
        (b"id,name\n1,\xff\xfe\n", "file.encoding", "line 2"),
        (b"[{\"id\":1,\"name\":\"A\"}]", "file.format", "JSON array"),
        (
            b"{\n\"id\":1,\n\"name\":\"A\"\n}",
            "file.format",
            "per line",
        ),
        (b"PK\x03\x04", "file.format", "Excel"),
        (b"id,\"name\n1,A\n", "file.header_quote", "line 1"),
        (&cut_off, "file.truncated", ""),
    ] {
        let refused = take(&companies, "v2", content).await;
        assert_eq!(refused.result, Verdict::Refused);
        let problem = refused.problem.unwrap();
        assert_eq!(problem.code, code, "{}", problem.detail);
        assert!(problem.detail.contains(named), "{}", problem.detail);
        let published = companies.published().await.unwrap();
        assert_eq!(published, Some(Version("v1".to_owned())));
    }
    // The next good file is imported.
    let next = take(&companies, "v3", GOOD.as_bytes()).await;
    assert_eq!(next.result, Verdict::Published);
}

#[tokio::test]
async fn bad_rows_are_named_by_line_and_field_and_the_others_are_taken() {
    let companies = MemoryCompanies::new();
    let mut file = GOOD.to_owned();
    for n in 2..20 {
        file.push_str(&format!("{n},Werk {n} GmbH,10115,Berlin,werk{n}.example\n"));
    }
    file.push_str("20,,10115,Berlin,\n");
    let report = take(&companies, "v1", file.as_bytes()).await;
    assert_eq!(report.result, Verdict::Published);
    assert_eq!((report.rows.n_accepted, report.rows.n_refused), (19, 1));
    let row = &report.rows.errors[0];
    assert_eq!((row.line, row.field.unwrap().name()), (21, "name"));
}
