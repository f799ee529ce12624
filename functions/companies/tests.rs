#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]
use domain::fault::AwsCode;

use std::sync::Mutex;

use async_trait::async_trait;
use domain::ports::{Candidates, Edition, Editions, Version};
use futures::FutureExt;
use matching::{Company, MatchKey};
use tracing::Level;

use crate::telemetry::tests::with_log;

use super::{event::tests::notification, *};

/// A table that counts what is loaded, or fails.
#[derive(Default)]
struct Table {
    published: Mutex<Option<Edition>>,
    n_loaded: Mutex<usize>,
    broken: Option<Fault>,
}

#[async_trait]
impl Editions for Table {
    async fn load_companies(&self, _: &Version, companies: &[Company]) -> Outcome<()> {
        *self.n_loaded.lock().unwrap() += companies.len();
        self.broken.clone().map_or(Ok(()), Err)
    }

    async fn edition(&self) -> Outcome<Option<Edition>> {
        Ok(self.published.lock().unwrap().clone())
    }

    async fn accept_smaller(&self, _: &Version, _: u64) -> Outcome<bool> {
        Ok(false)
    }

    async fn begin(&self, _: &Version) -> Outcome<()> {
        Ok(())
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        Ok(Vec::new())
    }

    async fn load(&self, _: &Version, entries: &[(MatchKey, Candidates)]) -> Outcome<()> {
        *self.n_loaded.lock().unwrap() += entries.len();
        self.broken.clone().map_or(Ok(()), Err)
    }

    async fn publish(&self, version: &Version, companies: u64) -> Outcome<()> {
        *self.published.lock().unwrap() = Some(Edition {
            version: version.clone(),
            companies: Some(companies),
            accepts: None,
        });
        Ok(())
    }

    async fn discard(&self, _: &Version, _: usize) -> Outcome<bool> {
        Ok(false)
    }
}

fn file(key: &str) -> File {
    File::all(&notification(key, "1")).unwrap().remove(0)
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
        put_report: &|key, json| {
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
    assert_eq!(done.result, Verdict::Published);
    assert_eq!(done.report, key);
    assert!(key.starts_with("reports/companies.csv."));
    assert_eq!(report["file"], "incoming/companies.csv");
    assert_eq!(report["report"]["rows"]["n_accepted"], 5);
    assert_eq!(report["report"]["rows"]["errors"][0]["line"], 7);
    assert_eq!(report["report"]["rows"]["errors"][0]["field"], "name");
    let edition = table.published.lock().unwrap().clone().unwrap();
    assert_eq!(report["report"]["version"], edition.version.0);
    assert_eq!(edition.companies, Some(5));
    assert!(*table.n_loaded.lock().unwrap() >= 5);
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
        assert_eq!(done.unwrap().result, Verdict::Refused);
        let problem = report["report"]["problem"].to_string();
        assert!(
            problem.contains("file.") && problem.contains(needle),
            "{problem}"
        );
        assert_eq!(*table.published.lock().unwrap(), None);
        assert_eq!(*table.n_loaded.lock().unwrap(), 0);
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
    assert_eq!(*table.published.lock().unwrap(), None);
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
