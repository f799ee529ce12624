//! Measures the time from the start of a function's process to its first poll of the runtime API.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tokio::{io::AsyncReadExt, net::TcpListener, time::timeout};

use crate::{
    Outcome,
    report::{Figures, figure, rounded},
};

const FUNCTIONS: [&str; 6] = ["dispatch", "sync", "remove", "api", "companies", "console"];
/// An odd number, so that there is a middle one.
const STARTS: usize = 31;
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: &[u8] = b"GET /2018-06-01/runtime/invocation/next";

/// The settings of AWS and of template.yaml. No request goes to these addresses before the first event.
const SETTINGS: &[(&str, &str)] = &[
    ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
    ("AWS_REGION", "eu-central-1"),
    ("LOG_LEVEL", "info"),
    ("STAGE", "bench"),
    ("CALLER_SECRET", "0123456789abcdef0123456789abcdef"),
    ("EVENT_BUS", "bus"),
    ("QUEUE_SYNC", "queue"),
    ("QUEUE_REMOVE", "queue"),
    ("SPREAD_FROM_HOUR", "3"),
    ("SPREAD_HOURS", "0"),
    ("SYNC_INTERVAL_MINUTES", "0"),
    ("UNVERIFIED_ALARM_HOURS", "26"),
    ("PAGE_RETENTION_DAYS", "7"),
    ("LOG_RETENTION_DAYS", "14"),
    ("SUBPROCESSORS", "a, b, c"),
    ("REGION", "eu-central-1"),
    ("ACCOUNT", "111122223333"),
    ("OPERATOR", "not stated"),
    ("OPERATOR_REPRESENTATIVE", "not stated"),
    ("OPERATOR_DATA_PROTECTION_OFFICER", "not stated"),
    ("THIRD_COUNTRY_TRANSFERS", "not stated"),
    ("ORGANISATIONAL_MEASURES", "not stated"),
    ("TABLE_LEDGER", "ledger"),
    ("TABLE_COPIES", "copies"),
    ("TABLE_KEYS", "keys"),
    ("TABLE_TENANT_KEYS", "tenant-keys"),
    ("TENANT_ROLE", "role"),
    ("EXPORT_ROLE", "role"),
    ("END_ROLE", "role"),
    ("TABLE_COMPANIES", "companies"),
    ("BUCKET_PAGES", "pages"),
    ("CONSOLE_CLIENT_ID", "console"),
    ("CONSOLE_SCOPES", "openid abgleich/read"),
    ("CONSOLE_TOKEN_ORIGIN", "none"),
    ("TOKEN_AUDIENCE", "abgleich"),
    ("TOKEN_ISSUER", "https://issuer.example.com"),
    ("BUCKET_REFERENCE", "reference"),
    ("KMS_KEY", "key"),
    ("KMS_RECEIPT_KEY", "key"),
    ("KMS_HEADS_KEY", "key"),
    (
        "OAUTH_REDIRECT_URL",
        "https://api.example.com/v1/oauth/callback",
    ),
    ("COMPANIES_MAX_SHRINK_PERCENT", "20"),
    ("REMOVAL_DELETES_PER_SECOND", "100"),
    ("REMOVAL_SETTLE_SECONDS", "300"),
    ("SALESFORCE_CLIENT_ID", "client"),
    ("SALESFORCE_CLIENT_SECRET", "secret"),
    ("SALESFORCE_PREVIOUS_CLIENT_ID", "none"),
    ("SALESFORCE_PREVIOUS_CLIENT_SECRET", "none"),
    ("SALESFORCE_EXTERNAL_ID_FIELD", "none"),
    ("SALESFORCE_BASIS_FIELD", "none"),
    ("SALESFORCE_LOGIN_URLS", "https://login.salesforce.com"),
    ("HUBSPOT_CLIENT_ID", "client"),
    ("HUBSPOT_CLIENT_SECRET", "secret"),
    ("HUBSPOT_PREVIOUS_CLIENT_ID", "none"),
    ("HUBSPOT_PREVIOUS_CLIENT_SECRET", "none"),
    ("HUBSPOT_API_VERSION", "2026-03"),
    ("HUBSPOT_LOGIN_URLS", "https://api.hubapi.com"),
    (
        "HUBSPOT_SCOPES",
        "oauth crm.objects.companies.read crm.objects.contacts.read crm.objects.deals.read",
    ),
    ("HUBSPOT_OPTIONAL_SCOPES", "none"),
    ("HUBSPOT_EXTERNAL_ID_PROPERTY", "none"),
    ("DYNAMICS_CLIENT_ID", "client"),
    ("DYNAMICS_CLIENT_SECRET", "secret"),
    ("DYNAMICS_PREVIOUS_CLIENT_ID", "none"),
    ("DYNAMICS_PREVIOUS_CLIENT_SECRET", "none"),
    ("DYNAMICS_API_VERSION", "v9.2"),
    ("DYNAMICS_LOGIN_URLS", "https://login.microsoftonline.com"),
    ("DYNAMICS_BASIS_COLUMN", "none"),
    ("SYNC_BULK_THRESHOLD", "10000"),
    ("TENANT_BATCH_RECORDS", "10"),
    ("TENANT_COMPANY_ENTRIES_PER_DAY", "10"),
    ("TENANT_CREATIONS_PER_HOUR", "10"),
    ("TENANT_CRM_QUESTIONS_PER_HOUR", "10"),
    ("TENANT_EXPORTS_KEPT", "10"),
    ("TENANT_EXPORTS_PER_DAY", "10"),
    ("TENANT_INTEGRATIONS", "10"),
    ("TENANT_PREVIEW_RECORDS", "10"),
    ("TENANT_RUNS_PER_HOUR", "10"),
    ("TENANT_STATUS_CALLS_PER_MINUTE", "10"),
    ("TENANT_HEADS_PER_HOUR", "10"),
    ("TENANT_SLICES", "10"),
    ("CRM_RESERVE_PERCENT", "20"),
    ("CRM_SHARE_PERCENT", "25"),
    ("SYNC_RESERVE_SECONDS", "60"),
    ("SYNC_TIMEOUT_SECONDS", "900"),
];

/// A process that ends when it is dropped.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the median start of each function, with that of the bare function.
///
/// # Errors
/// Returns an error if a program is not built or never polls.
pub(crate) async fn measure(programs: &Path) -> Outcome<Figures> {
    let mut starts = vec![Vec::with_capacity(STARTS); FUNCTIONS.len()];
    let mut bare = Vec::with_capacity(STARTS);
    // The programs start in turn, so that a busy moment affects all of them alike.
    for _ in 0..STARTS {
        bare.push(start(&programs.join("bare")).await?);
        for (name, starts) in FUNCTIONS.iter().zip(&mut starts) {
            starts.push(start(&programs.join(name)).await?);
        }
    }
    let (bare, bare_least) = (median(&mut bare), least(&bare));
    let mut figures = Figures::new();
    for (name, mut starts) in FUNCTIONS.iter().zip(starts) {
        let (took, took_least) = (median(&mut starts), least(&starts));
        figures.insert(
            format!("cold_start_ms_{name}"),
            figure(
                took,
                "ms",
                [
                    ("bare", rounded(bare).into()),
                    ("ratio", rounded(took / bare).into()),
                    // On a busy machine the median includes the effect of other processes. The minimum does not.
                    ("least", rounded(took_least).into()),
                    ("bare_least", rounded(bare_least).into()),
                    ("ratio_of_least", rounded(took_least / bare_least).into()),
                    ("starts", STARTS.into()),
                ],
            ),
        );
    }
    Ok(figures)
}

async fn start(program: &Path) -> Outcome<f64> {
    let api = TcpListener::bind(("127.0.0.1", 0)).await?;
    let named = |what: &str| format!("{}: {what}", program.display());
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", api.local_addr()?.to_string())
        .env("CRM_LOOPBACK", "no")
        .envs(SETTINGS.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let began = Instant::now();
    let _process = Ended(command.spawn().map_err(|error| named(&error.to_string()))?);
    let (mut poll, _) = timeout(PATIENCE, api.accept())
        .await
        .map_err(|_| named("no poll"))??;
    let mut head = [0; POLL.len()];
    timeout(PATIENCE, poll.read_exact(&mut head))
        .await
        .map_err(|_| named("no request"))??;
    let took = began.elapsed();
    if head != POLL {
        return Err(named("asked for something else first").into());
    }
    Ok(took.as_secs_f64() * 1_000.0)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::min)
}
