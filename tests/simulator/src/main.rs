//! Starts a simulator from the command line and prints its address in one line of JSON.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use simulator::salesforce::{Config, Simulator};

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
}

#[derive(Args)]
struct Salesforce {
    /// Port on 127.0.0.1. With 0 the system chooses.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A file into which the port is written once the simulator listens.
    #[arg(long)]
    port_file: Option<PathBuf>,
    /// Records to start with: lines of {"object":"Account","fields":{…}}.
    #[arg(long)]
    load: Vec<PathBuf>,
    /// Whether each refresh token works only once.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    rotate_refresh_tokens: bool,
    /// Lifetime of an access token in seconds.
    #[arg(long, default_value_t = 7_200)]
    access_token_ttl: u64,
    /// Organisation id. Two simulators of one test should differ.
    #[arg(long, default_value = "00D5g0000000001EAA")]
    organization_id: String,
    /// Consumer key that clients must send. Without it any is accepted.
    #[arg(long)]
    client_id: Option<String>,
    /// Consumer secret that clients must send. Without it any is accepted.
    #[arg(long)]
    client_secret: Option<String>,
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

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Crm::Salesforce(given) = Arguments::parse().crm;
    let config = Config {
        port: given.port,
        rotate_refresh_tokens: given.rotate_refresh_tokens,
        access_token_ttl: given.access_token_ttl,
        organization_id: given.organization_id,
        client_id: given.client_id,
        client_secret: given.client_secret,
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
        ..Config::default()
    };
    let simulator = Simulator::start(config).await?;
    for file in &given.load {
        let named = |message: String| format!("{}: {message}", file.display());
        let lines = std::fs::read_to_string(file).map_err(|error| named(error.to_string()))?;
        simulator
            .control()
            .load_lines(&lines)
            .map_err(|refusal| named(refusal.message))?;
    }
    let port = simulator
        .url()
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    if let Some(file) = &given.port_file {
        // The file is renamed into place, so that a waiting process never reads half of it.
        let part = file.with_extension("part");
        std::fs::write(&part, &port)?;
        std::fs::rename(&part, file)?;
    }
    let ready = serde_json::json!({ "url": simulator.url(), "pid": std::process::id(), "refresh_token": given.refresh_token });
    let mut out = std::io::stdout();
    writeln!(out, "{ready}")?;
    out.flush()?;
    std::future::pending::<()>().await;
    Ok(())
}
