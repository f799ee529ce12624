//! The settings of a simulator.

use super::kind::Kind;
use super::time::Millis;

/// Settings. `Config::default()` is an account with Sales Hub Professional that accepts any client and has no limits.
///
/// If the public facts are weak, a setting selects between the possible behaviours.
#[derive(Clone, Debug)]
pub struct Config {
    /// Port on 127.0.0.1. With 0 the system chooses.
    pub port: u16,
    /// The account's id (`hub_id`, `portalId`). Two simulators of one test should differ.
    pub hub_id: u64,
    /// The app's client id. `None` accepts any.
    pub client_id: Option<String>,
    /// The app's secret. `None` accepts any.
    pub client_secret: Option<String>,
    /// The URL to which the app lets consents return. `None` accepts any.
    pub redirect_uri: Option<String>,
    /// The refresh token that is valid at the start.
    pub refresh_token: String,
    /// A static token of a private app (`pat-…`). `None` if there is no such app.
    pub private_token: Option<String>,
    /// Whether a refresh spends the refresh token and issues another one. Nobody has seen HubSpot do so.
    pub rotate_refresh_tokens: bool,
    /// Whether a code challenge binds the code to its verifier. The facts are weak: public notes disagree on whether
    /// HubSpot enforces it.
    pub enforce_pkce: bool,
    /// The scopes of grants.
    pub scopes: Vec<String>,
    /// Lifetime of an access token in seconds of the real clock.
    pub access_token_ttl: u64,
    /// Whether an uninstallation ends issued access tokens at once.
    pub uninstall_ends_tokens: bool,
    /// Whether the account has Sales Hub Professional. Without it there are no leads.
    pub sales_hub: bool,
    /// How late the search index learns of a change, in milliseconds of the simulator's clock.
    pub index_lag: Millis,
    /// The most characters of a search's body. Longer ones are refused.
    pub search_body: usize,
    /// The most bytes of a URL. Longer ones get 414.
    pub url_limit: usize,
    /// The number of associations on one page, for `associations=` and batch/read.
    pub association_page: usize,
    /// The rate limits. See [`Limits`].
    pub limits: Limits,
    /// The first id of each object. Ids are unique within one object only.
    pub first_id: u64,
    /// How this account behaves where accounts or facts differ.
    pub behaviour: Behaviour,
    /// The administrators' validation rules. They bind API writes from `/2026-09/` on.
    pub rules: Vec<Rule>,
}

/// A validation rule: a property that must have a value.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Rule {
    /// The object, such as `contacts`.
    pub object: String,
    /// The property that must have a value.
    pub property: String,
    /// A property and a value of it; the rule applies only to records that have this value.
    #[serde(default)]
    pub when: Option<(String, String)>,
}

/// Rate limits by the real clock. `None` means no limit.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests in ten seconds.
    pub ten_secondly: Option<u32>,
    /// Searches in one second.
    pub search: Option<u32>,
    /// Requests in one day. Only private apps have this limit.
    pub daily: Option<u32>,
}

impl Limits {
    /// The limits that HubSpot publishes for an OAuth app.
    pub const OAUTH: Self = Self {
        ten_secondly: Some(110),
        search: Some(5),
        daily: None,
    };
}

/// Which of two behaviours applies, for weak or differing public facts.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Whether a requested property without a value is null in answers. Otherwise it is absent.
    pub nulls: bool,
    /// Whether `toObjectId` is a number, as the guide shows it. Otherwise it is text, as the specification says.
    pub numeric_association_ids: bool,
    /// Whether `total` of a search stops at 10,000.
    pub total_is_cut: bool,
    /// Whether a merge makes a record with a new id. Otherwise the primary record keeps its id.
    pub merge_makes_new_id: bool,
    /// Whether batch/read of the id of a merged record returns the survivor. Otherwise the id is not found.
    pub batch_read_follows_merges: bool,
    /// Whether a restored record gets a new time stamp.
    pub restore_moves_stamp: bool,
    /// Whether a value that must be unique and is taken gives 409. Otherwise it gives 400.
    pub unique_conflict_is_409: bool,
    /// Whether tasks and leads may have properties with unique values.
    pub unique_on_tasks_and_leads: bool,
    /// Whether the first company that is associated with a contact or deal becomes its primary one.
    pub first_company_is_primary: bool,
    /// Whether the answer about a batch repeats the trace ids of its records.
    pub tells_traces: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            nulls: true,
            numeric_association_ids: true,
            total_is_cut: false,
            merge_makes_new_id: false,
            batch_read_follows_merges: false,
            restore_moves_stamp: false,
            unique_conflict_is_409: true,
            unique_on_tasks_and_leads: true,
            first_company_is_primary: false,
            tells_traces: true,
        }
    }
}

/// Returns the scopes that the objects and the names of their owners need.
pub fn object_scopes() -> Vec<String> {
    let mut scopes = vec!["oauth".to_owned(), "crm.objects.owners.read".to_owned()];
    for kind in Kind::ALL {
        for write in [false, true] {
            let scope = kind.scope(write);
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    }
    scopes
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            hub_id: 25_700_001,
            client_id: None,
            client_secret: None,
            redirect_uri: None,
            refresh_token: "na1-simulated-refresh-token".to_owned(),
            private_token: None,
            rotate_refresh_tokens: false,
            enforce_pkce: true,
            scopes: object_scopes(),
            access_token_ttl: 1_800,
            uninstall_ends_tokens: true,
            sales_hub: true,
            index_lag: 0,
            search_body: 3_000,
            url_limit: 8_192,
            association_page: 500,
            limits: Limits::default(),
            first_id: 101,
            behaviour: Behaviour::default(),
            rules: Vec::new(),
        }
    }
}
