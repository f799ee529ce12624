//! The log: one JSON object per line on stdout, where Lambda reads it.
//!
//! `LOG_LEVEL` applies only to our own crates. All others log warnings at most, whatever it says: below that level the
//! AWS SDK and the HTTP client log requests and answers, which contain customers' data.

use std::{io::Write, panic};

use tracing::{Level, Subscriber};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::MakeWriter,
    layer::SubscriberExt,
    registry,
};

/// Our crates. The first one has the code of the functions and of the operator's commands.
const OURS: [&str; 3] = ["abgleich", "domain", "infra"];

/// Sets up the log.
///
/// # Errors
/// Returns an error if this process has a log already.
pub fn begin(level: Level) -> Result<(), tracing::subscriber::SetGlobalDefaultError> {
    tracing::subscriber::set_global_default(subscriber(level, std::io::stdout))?;
    // A panic's message may quote the text that caused it. The place of the panic is enough.
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()))
            .unwrap_or_default();
        tracing::error!(code = "panic", place, "a bug ended the invocation");
    }));
    Ok(())
}

fn subscriber<W>(level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let ours = LevelFilter::from_level(level);
    let targets = Targets::new()
        .with_default(LevelFilter::WARN.min(ours))
        // This target repeats each error that a body returns. Those are in the log already.
        .with_target("lambda_runtime::layers::panic", LevelFilter::OFF)
        .with_targets(OURS.map(|krate| (krate, ours)));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(true)
        .with_ansi(false)
        .with_writer(writer);
    registry().with(lines).with(targets)
}

/// Writes why the start failed, in the form of a log line. There may be no log yet.
pub fn last_words(code: &str, field: Option<&str>, detail: Option<&str>) {
    let line = serde_json::json!({
        "level": "ERROR", "code": code, "field": field, "detail": detail, "message": "cannot start",
    });
    // If stdout is closed, the message has no other way out.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line of metrics. No log level keeps it back, since alarms read it.
pub fn write_metrics(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use std::{
        future::Future,
        io,
        sync::{Arc, Mutex},
    };

    use serde_json::Value;
    use tracing::instrument::WithSubscriber;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: Level, log: impl FnOnce()) -> Vec<Value> {
        let lines = Lines::default();
        let written = lines.clone();
        tracing::subscriber::with_default(subscriber(level, move || lines.clone()), log);
        read(&written)
    }

    /// Returns the output of `work` and the lines that it logs.
    pub(crate) async fn with_log<W: Future>(level: Level, work: W) -> (W::Output, Vec<Value>) {
        let lines = Lines::default();
        let written = lines.clone();
        let done = work.with_subscriber(subscriber(level, move || lines.clone()));
        (done.await, read(&written))
    }

    fn read(written: &Lines) -> Vec<Value> {
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn a_line_is_one_json_object_with_the_ids_of_its_invocation() {
        let lines = logged(Level::INFO, || {
            let _invocation = tracing::error_span!("invocation", request = "r-1").entered();
            let _slice = tracing::error_span!("slice", tenant = "acme-1", run = "0-1").entered();
            tracing::info!(target: "abgleich::sync", pages = 3, "handed over");
        });
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["message"], "handed over");
        assert_eq!(line["pages"], 3);
        assert_eq!(line["spans"][0]["request"], "r-1");
        assert_eq!(line["spans"][1]["tenant"], "acme-1");
    }

    #[test]
    fn other_peoples_crates_never_log_more_than_warnings() {
        let lines = logged(Level::TRACE, || {
            tracing::trace!(target: "abgleich::sync", "ours");
            tracing::info!(target: "aws_smithy_runtime::client", "a request's body");
            tracing::debug!(target: "hyper", "an answer");
            tracing::warn!(target: "aws_config", "a warning");
        });
        let messages: Vec<&str> = lines
            .iter()
            .filter_map(|line| line["message"].as_str())
            .collect();
        assert_eq!(messages, ["ours", "a warning"]);
    }

    #[test]
    fn the_level_holds_for_other_crates_too_where_it_is_stricter() {
        let lines = logged(Level::ERROR, || {
            tracing::warn!(target: "aws_config", "a warning");
            tracing::error!(target: "infra", "an error");
        });
        assert_eq!(lines.len(), 1);
    }
}
