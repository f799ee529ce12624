//! The settings of a simulator.

use super::time::Millis;

/// Settings. `Config::default()` is an organisation that accepts any client.
#[derive(Clone, Debug)]
pub struct Config {
    /// Port on 127.0.0.1. With 0 the system chooses.
    pub port: u16,
    /// 15 or 18 characters. The ids of other organisations in the same test should differ.
    pub organization_id: String,
    /// The connected app's consumer key. `None` accepts any.
    pub client_id: Option<String>,
    /// The connected app's secret. `None` accepts any, or a missing one.
    pub client_secret: Option<String>,
    /// User name and password (followed by the security token, if any). `None` accepts any.
    pub password: Option<(String, String)>,
    /// The refresh token that is valid at the start.
    pub refresh_token: String,
    /// Whether a refresh spends the refresh token and issues another one.
    pub rotate_refresh_tokens: bool,
    /// Whether the use of a spent refresh token also revokes the grant.
    pub reuse_revokes: bool,
    /// The scopes of grants.
    pub scope: String,
    /// Lifetime of an access token in seconds of the real clock.
    pub access_token_ttl: u64,
    /// The public key (PEM, SubjectPublicKeyInfo) of the JWT bearer flow. `None` accepts any signature.
    pub jwt_public_key: Option<String>,
    /// Requests allowed before 403 REQUEST_LIMIT_EXCEEDED. There is no rolling window: a control request resets the count.
    pub daily_api_requests: u64,
    /// Bulk query jobs allowed before they are refused.
    pub daily_bulk_jobs: u64,
    /// The app's name and its own limit, for the second part of `Sforce-Limit-Info`.
    pub per_app_limit: Option<(String, u64)>,
    /// How many times a job must be polled until it is complete.
    pub bulk_polls: u32,
    /// The most records in one piece of bulk results, if the client asks for no number or a higher one.
    pub bulk_page: usize,
    /// The most ids in an answer of getDeleted or getUpdated.
    pub deleted_ids: usize,
    /// The number of open query locators. Opening one more closes the oldest.
    pub query_locators: usize,
    /// Whether Data Protection and Privacy is switched on, which adds an object for legal bases.
    pub privacy: bool,
    /// Whether person accounts are switched on, so that an Account may be a person.
    pub person_accounts: bool,
    /// New SystemModstamps are multiples of this many milliseconds.
    pub stamp_step: Millis,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            organization_id: "00D5g0000000001EAA".to_owned(),
            client_id: None,
            client_secret: None,
            password: None,
            refresh_token: "5Aep861-simulated-refresh-token".to_owned(),
            rotate_refresh_tokens: true,
            reuse_revokes: false,
            scope: "refresh_token api id".to_owned(),
            access_token_ttl: 7_200,
            jwt_public_key: None,
            daily_api_requests: 100_000,
            daily_bulk_jobs: 10_000,
            per_app_limit: None,
            bulk_polls: 2,
            bulk_page: 250_000,
            deleted_ids: 600_000,
            query_locators: 100,
            privacy: false,
            person_accounts: false,
            stamp_step: 1_000,
        }
    }
}
