#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]
mod slices;

use domain::fault::AwsCode;

use std::sync::Mutex;

use async_trait::async_trait;
use domain::ports::{Amended, Begun, Edition, Editions, Publication, RowName, Rows, Version};
use futures::FutureExt;
use infra::memory::MemoryCompanies;
use tracing::Level;

use crate::telemetry::tests::with_log;

use super::{event::tests::notification, *};

/// A table whose rows cannot be written if it is broken.
#[derive(Default)]
struct Table {
    inner: MemoryCompanies,
    broken: Option<Fault>,
}

impl Table {
    fn n_written(&self) -> usize {
        self.inner.n_rows()
    }

    async fn published(&self) -> Option<Edition> {
        self.inner.edition().await.unwrap()
    }
}

#[async_trait]
impl Editions for Table {
    async fn edition(&self) -> Outcome<Option<Edition>> {
        self.inner.edition().await
    }

    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool> {
        self.inner.accept_smaller(published, least).await
    }

    async fn begin(&self, version: &Version) -> Outcome<Begun> {
        self.inner.begin(version).await
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        self.inner.left_over().await
    }

    async fn rows(&self, begun: &Begun, part: u32, after: Option<&RowName>) -> Outcome<Rows> {
        self.inner.rows(begun, part, after).await
    }

    async fn amend(&self, begun: &Begun, rows: &[Amended]) -> Outcome<()> {
        match &self.broken {
            Some(fault) => Err(fault.clone()),
            None => self.inner.amend(begun, rows).await,
        }
    }

    async fn publish(&self, begun: &Begun, publication: Publication<'_>) -> Outcome<()> {
        self.inner.publish(begun, publication).await
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        self.inner.discard(version, most).await
    }
}

fn file(key: &str) -> File {
    File::all(&notification(key, "1"), "reference")
        .unwrap()
        .remove(0)
}

/// Imports a file with this content. Returns the outcome, the report's key and the report.
async fn take(
    table: &Table,
    key: &str,
    content: Outcome<&'static str>,
) -> (Outcome<Done>, String, Value) {
    let reports: Mutex<Vec<(String, Vec<u8>)>> = Mutex::default();
    let file = file(key);
    let given = ImportContext {
        companies: table,
        fetch: &|_| {
            let content = content.clone();
            async move { Ok(Local::of(content?.as_bytes()).unwrap()) }.boxed()
        },
        get: &|_| async { panic!("there is no place") }.boxed(),
        send: &|_| async { panic!("nothing is handed over") }.boxed(),
        put: &|key, json| {
            reports.lock().unwrap().push((key, json));
            async { Ok(()) }.boxed()
        },
        clock: &|| Timestamp::UNIX_EPOCH,
        deadline: Timestamp::MAX,
        limits: Limits::default(),
    };
    let done = take_in(&given, &file).await;
    let mut reports = reports.lock().unwrap();
    assert_eq!(
        reports.len(),
        1,
        "whatever became of the file, there is a report"
    );
    let (key, json) = reports.remove(0);
    (done, key, serde_json::from_slice(&json).unwrap())
}

#[tokio::test]
async fn a_good_file_is_published_and_its_report_lists_the_bad_rows() {
    let table = Table::default();
    let text = "id,name,zip,city,domain\n\
        1,Eins GmbH,10115,Berlin,eins.de\n2,Zwei GmbH,10115,Berlin,zwei.de\n3,Drei GmbH,10115,Berlin,drei.de\n\
        4,Vier GmbH,10115,Berlin,vier.de\n5,Fuenf GmbH,10115,Berlin,fuenf.de\n6,,10115,Berlin,sechs.de\n";
    let (done, key, report) = take(&table, "incoming/companies.csv", Ok(text)).await;
    let done = done.unwrap();
    assert_eq!(done.result, Some(Verdict::Published));
    assert_eq!(done.report, key);
    assert!(key.starts_with("reports/companies.csv."));
    assert_eq!(report["file"], "incoming/companies.csv");
    assert_eq!(report["report"]["rows"]["n_accepted"], 5);
    assert_eq!(report["report"]["rows"]["errors"][0]["line"], 7);
    assert_eq!(report["report"]["rows"]["errors"][0]["field"], "name");
    let edition = table.published().await.unwrap();
    assert_eq!(report["report"]["version"], edition.version.0);
    assert_eq!(edition.companies, Some(5));
    assert!(table.n_written() >= 5);
}

#[tokio::test]
async fn a_file_without_a_needed_column_is_refused_and_the_report_names_it() {
    for (key, content, needle) in [
        ("incoming/companies.csv", "id,zip\n1,10115\n", "name"),
        ("incoming/companies.xlsx", "PK\u{3}\u{4}", "Excel"),
        ("incoming/companies.csv.gz", "", "empty"),
    ] {
        let table = Table::default();
        let (done, _, report) = take(&table, key, Ok(content)).await;
        assert_eq!(done.unwrap().result, Some(Verdict::Refused));
        let problem = report["report"]["problem"].to_string();
        assert!(
            problem.contains("file.") && problem.contains(needle),
            "{problem}"
        );
        assert_eq!(table.published().await, None);
        assert_eq!(table.n_written(), 0);
    }
}

#[tokio::test]
async fn a_failure_of_ours_is_told_in_the_report_and_to_aws() {
    let fault = Fault::of(Code::ReferenceGet);
    let (done, _, report) = take(&Table::default(), "incoming/a.csv", Err(fault.clone())).await;
    assert_eq!(done.unwrap_err(), fault);
    assert_eq!(report["fault"], "reference.get (transient)");

    let fault = Fault::aws("query", AwsCode::said("denied"));
    let table = Table {
        broken: Some(fault.clone()),
        ..Table::default()
    };
    let text = "id,name,zip,city,domain\n1,Eins GmbH,10115,Berlin,eins.de\n";
    let (done, _, report) = take(&table, "incoming/a.csv", Ok(text)).await;
    assert_eq!(done.unwrap_err(), fault);
    assert_eq!(report["fault"], "aws.query.denied (permanent)");
    assert_eq!(table.published().await, None);
}

#[tokio::test]
async fn a_file_that_is_refused_rings_an_alarm_and_one_that_is_published_rings_none() {
    let good = "id,name,zip,city,domain\n1,Eins GmbH,10115,Berlin,eins.de\n";
    for (content, alarm, problem) in [
        (good, Value::Null, Value::Null),
        (
            "id,zip\n1,10115\n",
            json!("file_refused"),
            json!("file.missing_column"),
        ),
    ] {
        let table = Table::default();
        let taken = take(&table, "incoming/companies.csv", Ok(content));
        // The line with the alarm is written at every log level.
        let level = if alarm.is_null() {
            Level::INFO
        } else {
            Level::ERROR
        };
        let ((done, ..), lines) = with_log(level, taken).await;
        assert!(done.is_ok());
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(
            (&lines[0]["alarm"], &lines[0]["problem"]),
            (&alarm, &problem)
        );
    }
}
