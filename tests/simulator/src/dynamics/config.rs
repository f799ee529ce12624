//! The settings of a simulator.

/// Settings. `Config::default()` is an environment with Sales that accepts any client and has no limits.
///
/// If the public facts are weak, a setting selects between the possible behaviours.
#[derive(Clone, Debug)]
pub struct Config {
    /// Port on 127.0.0.1. With 0 the system chooses.
    pub port: u16,
    /// The environment's id (`OrganizationId`). Two simulators of one test should differ.
    pub organization_id: String,
    /// The customer's directory (`tid`).
    pub tenant_id: String,
    /// The URL by which the environment calls itself in links and scopes. `None` is the simulator's address.
    pub environment: Option<String>,
    /// The app's client id. `None` accepts any.
    pub client_id: Option<String>,
    /// The app's secret. `None` accepts any.
    pub client_secret: Option<String>,
    /// The URL to which the app lets consents return. `None` accepts any.
    pub redirect_uri: Option<String>,
    /// The refresh token that is valid at the start.
    pub refresh_token: String,
    /// Lifetime of an access token in seconds of the real clock.
    pub access_token_ttl: u64,
    /// Whether the customer's administrator has made an application user for the app.
    pub application_user: bool,
    /// Whether the environment has Sales. Without it there are no leads and no opportunities.
    pub sales: bool,
    /// How many days a token of change tracking lives (`ExpireChangeTrackingInDays`).
    pub tracking_days: i64,
    /// The most rows that an aggregate covers.
    pub aggregate_limit: usize,
    /// The most that `$count` says.
    pub count_limit: usize,
    /// The most bytes of a URL. Longer ones are refused.
    pub url_limit: usize,
    /// Whether the environment has published rules of duplicate detection for accounts, contacts and leads.
    pub duplicate_rules: bool,
    /// The limits of service protection. See [`Limits`].
    pub limits: Limits,
    /// How this environment behaves where environments or facts differ.
    pub behaviour: Behaviour,
}

/// Limits of service protection, by the real clock. `None` means no limit.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests in the window.
    pub requests: Option<u32>,
    /// Milliseconds of execution in the window.
    pub execution: Option<u64>,
    /// Requests at the same time.
    pub concurrent: Option<u32>,
    /// The window in seconds.
    pub window: u64,
}

impl Limits {
    /// The limits that Microsoft publishes.
    pub const PUBLISHED: Self = Self {
        requests: Some(6_000),
        execution: Some(1_200_000),
        concurrent: Some(52),
        window: 300,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: None,
            execution: None,
            concurrent: None,
            window: 300,
        }
    }
}

/// Which of two behaviours applies, for weak or differing public facts.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Whether a refusal of an id that is taken has a code. Public notes show both.
    pub conflict_has_code: bool,
    /// Whether a found duplicate gives 412. Microsoft's sample shows 500.
    pub duplicate_is_412: bool,
    /// Whether a qualified lead names the account and the contact that it became in its own lookups, too.
    pub qualified_lead_names_parents: bool,
    /// Whether a refresh ends the refresh token that was used. Microsoft says that it stays valid.
    pub rotates_refresh_tokens: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            conflict_has_code: true,
            duplicate_is_412: true,
            qualified_lead_names_parents: false,
            rotates_refresh_tokens: false,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            organization_id: "0d1c5a70-0000-4000-8000-000000000001".to_owned(),
            tenant_id: "7e9a0000-0000-4000-8000-0000000000aa".to_owned(),
            environment: None,
            client_id: None,
            client_secret: None,
            redirect_uri: None,
            refresh_token: "0.simulated-refresh-token".to_owned(),
            access_token_ttl: 3_599,
            application_user: true,
            sales: true,
            tracking_days: 7,
            aggregate_limit: 50_000,
            count_limit: 5_000,
            url_limit: 32_768,
            duplicate_rules: true,
            limits: Limits::default(),
            behaviour: Behaviour::default(),
        }
    }
}
