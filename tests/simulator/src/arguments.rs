//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// CRM simulators on 127.0.0.1.
#[derive(Parser)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) crm: Crm,
}

#[derive(Subcommand)]
pub(crate) enum Crm {
    /// A Salesforce organisation.
    Salesforce(Salesforce),
    /// A HubSpot account.
    Hubspot(Hubspot),
    /// An environment of Dynamics 365.
    Dynamics(Dynamics),
}

/// The arguments that all simulators have.
#[derive(Args)]
pub(crate) struct Common {
    /// Port on 127.0.0.1. With 0 the system chooses.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// A file into which the port is written once the simulator listens.
    #[arg(long)]
    pub(crate) port_file: Option<PathBuf>,
    /// Records to start with: a file with a line of JSON for each.
    #[arg(long)]
    pub(crate) load: Vec<PathBuf>,
    /// Client id that clients must send. Without it any is accepted.
    #[arg(long)]
    pub(crate) client_id: Option<String>,
    /// Client secret that clients must send. Without it any is accepted.
    #[arg(long)]
    pub(crate) client_secret: Option<String>,
}

#[derive(Args)]
pub(crate) struct Salesforce {
    /// Records are lines of {"object":"Account","fields":{…}}.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Whether each refresh token works only once.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pub(crate) rotate_refresh_tokens: bool,
    /// Lifetime of an access token in seconds.
    #[arg(long, default_value_t = 7_200)]
    pub(crate) access_token_ttl: u64,
    /// Organisation id. Two simulators of one test should differ.
    #[arg(long, default_value = "00D5g0000000001EAA")]
    pub(crate) organization_id: String,
    /// The refresh token that is valid at the start.
    #[arg(long, default_value = "5Aep861-simulated-refresh-token")]
    pub(crate) refresh_token: String,
    /// PEM file with the public key of the JWT bearer flow. Without it any signature is accepted.
    #[arg(long)]
    pub(crate) jwt_public_key: Option<PathBuf>,
    /// Requests allowed per day.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) daily_api_requests: u64,
    /// How many times a bulk job must be polled until it is complete.
    #[arg(long, default_value_t = 2)]
    pub(crate) bulk_polls: u32,
    /// What grants allow.
    #[arg(long, default_value = "refresh_token api id")]
    pub(crate) scope: String,
    /// Switches Data Protection and Privacy on.
    #[arg(long)]
    pub(crate) privacy: bool,
    /// Switches person accounts on.
    #[arg(long)]
    pub(crate) person_accounts: bool,
}

#[derive(Args)]
pub(crate) struct Hubspot {
    /// Records are lines of {"object":"companies","id":"101","properties":{…},"associations":[{"object":…,"id":…,"primary":true}]}.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Whether each refresh token works only once.
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set)]
    pub(crate) rotate_refresh_tokens: bool,
    /// Lifetime of an access token in seconds.
    #[arg(long, default_value_t = 1_800)]
    pub(crate) access_token_ttl: u64,
    /// The account's id. Two simulators of one test should differ.
    #[arg(long, default_value_t = 25_700_001)]
    pub(crate) hub_id: u64,
    /// The refresh token that is valid at the start.
    #[arg(long, default_value = "na1-simulated-refresh-token")]
    pub(crate) refresh_token: String,
    /// The static token of a private app, if there is one.
    #[arg(long)]
    pub(crate) private_token: Option<String>,
    /// What grants allow, separated by blanks. Without it, all that the five objects need.
    #[arg(long)]
    pub(crate) scopes: Option<String>,
    /// How late the search index sees a change, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub(crate) index_lag: i64,
    /// Leaves Sales Hub out: there are no leads.
    #[arg(long)]
    pub(crate) no_sales_hub: bool,
    /// Limits requests as HubSpot publishes it for OAuth apps.
    #[arg(long)]
    pub(crate) limits: bool,
}

#[derive(Args)]
pub(crate) struct Dynamics {
    /// Rows are lines of {"object":"accounts","id":"<guid>","columns":{…}}.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Lifetime of an access token in seconds.
    #[arg(long, default_value_t = 3_599)]
    pub(crate) access_token_ttl: u64,
    /// The environment's id. Two simulators of one test should differ.
    #[arg(long, default_value = "0d1c5a70-0000-4000-8000-000000000001")]
    pub(crate) organization_id: String,
    /// The customer's directory.
    #[arg(long, default_value = "7e9a0000-0000-4000-8000-0000000000aa")]
    pub(crate) tenant_id: String,
    /// The refresh token that is valid at the start.
    #[arg(long, default_value = "0.simulated-refresh-token")]
    pub(crate) refresh_token: String,
    /// Leaves Sales out: there are no leads and no opportunities.
    #[arg(long)]
    pub(crate) no_sales: bool,
    /// Limits requests as Microsoft publishes it.
    #[arg(long)]
    pub(crate) limits: bool,
}
