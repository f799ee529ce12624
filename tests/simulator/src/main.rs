//! Starts a simulator from the command line and prints its address in one line of JSON.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use simulator::{hubspot, salesforce};

/// CRM simulators on 127.0.0.1.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    crm: Crm,
}

#[derive(Subcommand)]
enum Crm {
    /// A Salesforce organisation.
    Salesforce(Salesforce),
    /// A HubSpot account.
    Hubspot(Hubspot),
}

/// The arguments that all simulators have.
#[derive(Args)]
struct Common {
    /// Port on 127.0.0.1. With 0 the system chooses.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A file into which the port is written once the simulator listens.
    #[arg(long)]
    port_file: Option<PathBuf>,
    /// Records to start with: a file with a line of JSON for each.
    #[arg(long)]
    load: Vec<PathBuf>,
    /// Client id that clients must send. Without it any is accepted.
    #[arg(long)]
    client_id: Option<String>,
    /// Client secret that clients must send. Without it any is accepted.
    #[arg(long)]
    client_secret: Option<String>,
}

#[derive(Args)]
struct Salesforce {
    /// Records are lines of {"object":"Account","fields":{…}}.
    #[command(flatten)]
    common: Common,
    /// Whether each refresh token works only once.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    rotate_refresh_tokens: bool,
    /// Lifetime of an access token in seconds.
    #[arg(long, default_value_t = 7_200)]
    access_token_ttl: u64,
    /// Organisation id. Two simulators of one test should differ.
    #[arg(long, default_value = "00D5g0000000001EAA")]
    organization_id: String,
    /// The refresh token that is valid at the start.
    #[arg(long, default_value = "5Aep861-simulated-refresh-token")]
    refresh_token: String,
    /// PEM file with the public key of the JWT bearer flow. Without it any signature is accepted.
    #[arg(long)]
    jwt_public_key: Option<PathBuf>,
    /// Requests allowed per day.
    #[arg(long, default_value_t = 100_000)]
    daily_api_requests: u64,
    /// How many times a bulk job must be polled until it is complete.
    #[arg(long, default_value_t = 2)]
    bulk_polls: u32,
    /// What grants allow.
    #[arg(long, default_value = "refresh_token api id")]
    scope: String,
    /// Switches Data Protection and Privacy on.
    #[arg(long)]
    privacy: bool,
    /// Switches person accounts on.
    #[arg(long)]
    person_accounts: bool,
}

#[derive(Args)]
struct Hubspot {
    /// Records are lines of {"object":"companies","id":"101","properties":{…},"associations":[{"object":…,"id":…,"primary":true}]}.
    #[command(flatten)]
    common: Common,
    /// Whether each refresh token works only once.
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set)]
    rotate_refresh_tokens: bool,
    /// Lifetime of an access token in seconds.
    #[arg(long, default_value_t = 1_800)]
    access_token_ttl: u64,
    /// The account's id. Two simulators of one test should differ.
    #[arg(long, default_value_t = 25_700_001)]
    hub_id: u64,
    /// The refresh token that is valid at the start.
    #[arg(long, default_value = "na1-simulated-refresh-token")]
    refresh_token: String,
    /// The static token of a private app, if there is one.
    #[arg(long)]
    private_token: Option<String>,
    /// What grants allow, separated by blanks. Without it, all that the five objects need.
    #[arg(long)]
    scopes: Option<String>,
    /// How late the search index sees a change, in milliseconds.
    #[arg(long, default_value_t = 0)]
    index_lag: i64,
    /// Leaves Sales Hub out: there are no leads.
    #[arg(long)]
    no_sales_hub: bool,
    /// Limits requests as HubSpot publishes it for OAuth apps.
    #[arg(long)]
    limits: bool,
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    match Arguments::parse().crm {
        Crm::Salesforce(given) => run_salesforce(given).await,
        Crm::Hubspot(given) => run_hubspot(given).await,
    }
}

async fn run_salesforce(given: Salesforce) -> Outcome {
    let config = salesforce::Config {
        port: given.common.port,
        rotate_refresh_tokens: given.rotate_refresh_tokens,
        access_token_ttl: given.access_token_ttl,
        organization_id: given.organization_id,
        client_id: given.common.client_id.clone(),
        client_secret: given.common.client_secret.clone(),
        refresh_token: given.refresh_token.clone(),
        jwt_public_key: given
            .jwt_public_key
            .map(std::fs::read_to_string)
            .transpose()?,
        daily_api_requests: given.daily_api_requests,
        bulk_polls: given.bulk_polls,
        privacy: given.privacy,
        person_accounts: given.person_accounts,
        scope: given.scope,
        ..salesforce::Config::default()
    };
    let simulator = salesforce::Simulator::start(config).await?;
    let control = simulator.control();
    load(&given.common, |lines| {
        control.load_lines(lines).map_err(|refusal| refusal.message)
    })?;
    listen(&given.common, simulator.url(), &given.refresh_token).await
}

async fn run_hubspot(given: Hubspot) -> Outcome {
    let usual = hubspot::Config::default();
    let scopes = given.scopes.map(|scopes| {
        scopes
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let config = hubspot::Config {
        port: given.common.port,
        hub_id: given.hub_id,
        client_id: given.common.client_id.clone(),
        client_secret: given.common.client_secret.clone(),
        refresh_token: given.refresh_token.clone(),
        private_token: given.private_token,
        rotate_refresh_tokens: given.rotate_refresh_tokens,
        access_token_ttl: given.access_token_ttl,
        scopes: scopes.unwrap_or(usual.scopes),
        index_lag: given.index_lag,
        sales_hub: !given.no_sales_hub,
        limits: if given.limits {
            hubspot::Limits::OAUTH
        } else {
            usual.limits
        },
        ..hubspot::Config::default()
    };
    let simulator = hubspot::Simulator::start(config).await?;
    let control = simulator.control();
    load(&given.common, |lines| {
        control.load_lines(lines).map_err(|refusal| refusal.message)
    })?;
    listen(&given.common, simulator.url(), &given.refresh_token).await
}

fn load(common: &Common, lines: impl Fn(&str) -> Result<usize, String>) -> Outcome {
    for file in &common.load {
        let named = |message: String| format!("{}: {message}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| named(error.to_string()))?;
        lines(&text).map_err(named)?;
    }
    Ok(())
}

/// Prints the address of the simulator and lets it run until the process ends.
async fn listen(common: &Common, url: &str, refresh_token: &str) -> Outcome {
    let port = url.rsplit(':').next().unwrap_or_default();
    if let Some(file) = &common.port_file {
        // The file is renamed into place, so that nobody reads half of it.
        let part = file.with_extension("part");
        std::fs::write(&part, port)?;
        std::fs::rename(&part, file)?;
    }
    let ready = serde_json::json!({ "url": url, "pid": std::process::id(), "refresh_token": refresh_token });
    let mut out = std::io::stdout();
    writeln!(out, "{ready}")?;
    out.flush()?;
    std::future::pending::<Outcome>().await
}
