//! Starts a simulator from the command line and prints its address in one line of JSON.

mod arguments;

use std::io::Write as _;

use arguments::{Arguments, Common, Crm, Dynamics, Hubspot, Salesforce};
use clap::Parser as _;
use simulator::{dynamics, hubspot, salesforce};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    match Arguments::parse().crm {
        Crm::Salesforce(given) => run_salesforce(given).await,
        Crm::Hubspot(given) => run_hubspot(given).await,
        Crm::Dynamics(given) => run_dynamics(given).await,
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

async fn run_dynamics(given: Dynamics) -> Outcome {
    let usual = dynamics::Config::default();
    let config = dynamics::Config {
        port: given.common.port,
        organization_id: given.organization_id,
        tenant_id: given.tenant_id,
        client_id: given.common.client_id.clone(),
        client_secret: given.common.client_secret.clone(),
        refresh_token: given.refresh_token.clone(),
        access_token_ttl: given.access_token_ttl,
        sales: !given.no_sales,
        limits: if given.limits {
            dynamics::Limits::PUBLISHED
        } else {
            usual.limits
        },
        ..usual
    };
    let simulator = dynamics::Simulator::start(config).await?;
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
