//! The entry of every function. It reads the settings, sets up the log and starts the runtime, which hands each
//! invocation to the body.
//!
//! Nothing here opens a connection or reads a certificate. Between its start and the first poll of the runtime API, a
//! function does no more than a bare one. What the body needs is made at the first invocation.

use std::{
    pin::pin,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use domain::fault::{Code, Fault, Outcome};
use jiff::Timestamp;
use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde_json::Value;
use tracing::Instrument;

use crate::{
    alarm, clock,
    metrics::{self, Metric, Source},
    settings::{self, Getter},
    telemetry,
};

/// What AWS says about an invocation beside its event.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The request's id.
    pub request: String,
    /// The time at which AWS ends it.
    pub deadline: Timestamp,
}

/// How often a running invocation forgets what is over.
const FORGET_EVERY: Duration = Duration::from_secs(30);

/// Settings that AWS makes for every function. Without them the runtime would fail to start with a less clear message.
const AWS_SETS: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// Runs a function until AWS ends it: reads its settings, sets up the log, and gives each event to `body`.
pub async fn run<S, R, F>(
    read: impl FnOnce(&Getter<'_>) -> Outcome<S>,
    body: impl Fn(&'static S, Value, Invocation) -> F,
) -> ExitCode
where
    S: Send + Sync + 'static,
    R: Serialize,
    F: Future<Output = Outcome<R>>,
{
    let settings: &'static S = match begin(&settings::environment, read) {
        // Settings live as long as the process.
        Ok(settings) => Box::leak(Box::new(settings)),
        Err(fault) => {
            telemetry::last_words(&fault.code().to_string(), fault.field(), fault.detail());
            return ExitCode::FAILURE;
        }
    };
    let source = Source::of(&settings::environment("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default());
    let is_cold = AtomicBool::new(true);
    let ran = lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let (event, context) = event.into_parts();
        let invocation = Invocation::of(&context);
        // The span has the level of errors so that it exists at every log level.
        let request = invocation.request.clone();
        let span = tracing::error_span!("invocation", %request);
        let (outcome, sheet) = metrics::gather(async {
            if is_cold.swap(false, Ordering::Relaxed) {
                metrics::add(Metric::ColdStarts, 1);
            }
            // Boxed, as the bodies are large, and Lambda's workers have small stacks.
            let body = Box::pin(body(settings, event, invocation)).instrument(span.clone());
            let outcome = forgetting(infra::aws::forget_what_is_over, body).await;
            outcome.map_err(|fault| span.in_scope(|| failed(&fault)))
        })
        .await;
        if let Some(line) = source.line(&sheet, clock::now(), &request) {
            telemetry::write_metrics(&line);
        }
        outcome
    }))
    .await;
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            telemetry::last_words("runtime.ended", None, Some(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

impl Invocation {
    fn of(context: &Context) -> Self {
        let deadline = i64::try_from(context.deadline)
            .ok()
            .and_then(|millis| Timestamp::from_millisecond(millis).ok());
        Self {
            request: context.request_id.clone(),
            deadline: deadline.unwrap_or(Timestamp::MAX),
        }
    }
}

/// Runs a body, and forgets what the process remembers for too long: first of all, since the process may have been frozen
/// since its last invocation, and while the body runs, which can take a quarter of an hour.
async fn forgetting<T>(forget: impl Fn(), body: impl Future<Output = T>) -> T {
    let mut body = pin!(body);
    loop {
        forget();
        if let Ok(done) = tokio::time::timeout(FORGET_EVERY, body.as_mut()).await {
            return done;
        }
    }
}

/// Reads the settings and sets up the log.
fn begin<S>(get: &Getter<'_>, read: impl FnOnce(&Getter<'_>) -> Outcome<S>) -> Outcome<S> {
    if let Some(missing) = AWS_SETS.iter().find(|name| get(name).is_none()) {
        return Err(Fault::of(Code::SettingMissing)
            .at(missing, "AWS sets it: a function runs in Lambda only"));
    }
    let level = settings::log_level(get)?;
    let settings = read(get)?;
    telemetry::begin(level).map_err(|_| Fault::of(Code::LogBegunTwice))?;
    Ok(settings)
}

/// Logs a failed invocation and reports it to AWS: a code and names, nothing of the event.
fn failed(fault: &Fault) -> Diagnostic {
    let alarm = alarm::ring(fault);
    tracing::error!(code = %fault.code(), field = fault.field(), detail = fault.detail(), alarm, "the invocation failed");
    Diagnostic {
        error_type: fault.code().to_string(),
        error_message: fault.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_function_that_is_started_by_hand_says_what_is_missing() {
        let fault = begin(&|_| None, |_| Ok(())).unwrap_err();
        assert_eq!(*fault.code(), Code::SettingMissing);
        assert_eq!(fault.field(), Some("AWS_LAMBDA_RUNTIME_API"));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_over_is_forgotten_before_an_invocation_works_and_while_it_does() {
        let forgotten = Cell::new(0);
        let forget = || forgotten.set(forgotten.get() + 1);
        let body = async {
            let before = forgotten.get();
            tokio::time::sleep(3 * FORGET_EVERY + Duration::from_secs(1)).await;
            before
        };
        assert_eq!(forgetting(forget, body).await, 1);
        assert_eq!(forgotten.get(), 4);
    }

    #[test]
    fn a_deadline_comes_from_the_context_in_milliseconds() {
        let mut context = Context::default();
        context.request_id = "r-1".to_owned();
        context.deadline = 1_700_000_000_123;
        let invocation = Invocation::of(&context);
        assert_eq!(invocation.request, "r-1");
        assert_eq!(invocation.deadline.as_millisecond(), 1_700_000_000_123);
    }

    #[test]
    fn a_failure_names_its_code_and_field() {
        let diagnostic = failed(&Fault::of(Code::EventMalformed).with_field("kind"));
        assert_eq!(diagnostic.error_type, "event.malformed");
        assert_eq!(
            diagnostic.error_message,
            "event.malformed (permanent): kind"
        );
    }
}
