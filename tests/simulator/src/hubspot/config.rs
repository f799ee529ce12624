//! What a simulator is started with.

use super::kind::Kind;
use super::time::Millis;

/// Settings; `Config::default()` is an account with Sales Hub Professional that accepts any client and has no limits.
///
/// Where the public facts are weak, a setting has both behaviours.
#[derive(Clone, Debug)]
pub struct Config {
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// `hub_id`, `portalId`; two simulators of one test should differ.
    pub hub_id: u64,
    /// The app's client id; `None` accepts any.
    pub client_id: Option<String>,
    /// The app's secret; `None` accepts any.
    pub client_secret: Option<String>,
    /// Where the app lets consent come back to; `None` accepts any.
    pub redirect_uri: Option<String>,
    /// The refresh token that is valid at the start.
    pub refresh_token: String,
    /// A static token of a private app (`pat-…`), if there is one.
    pub private_token: Option<String>,
    /// Whether a refresh invalidates the refresh token used and hands out another. HubSpot was not seen to do so.
    pub rotate_refresh_tokens: bool,
    /// Whether a code challenge binds the code to its verifier. Weak: public notes disagree on whether HubSpot insists.
    pub enforce_pkce: bool,
    /// What grants allow.
    pub scopes: Vec<String>,
    /// Life of an access token in seconds of the real clock.
    pub access_token_ttl: u64,
    /// Whether an uninstall ends issued access tokens at once.
    pub uninstall_ends_tokens: bool,
    /// Whether the account has Sales Hub Professional; without it there are no leads.
    pub sales_hub: bool,
    /// How late the search index sees a change, in milliseconds of the simulator's clock.
    pub index_lag: Millis,
    /// Characters of a search's body; longer ones are refused.
    pub search_body: usize,
    /// Bytes of a URL; longer ones answer 414.
    pub url_limit: usize,
    /// Associations in one page, by `associations=` and by batch/read.
    pub association_page: usize,
    /// Requests allowed in a time; see [`Limits`].
    pub limits: Limits,
    /// The first id of each object; ids are unique within one object only.
    pub first_id: u64,
    /// How the answers of this account differ from others'.
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

/// Requests allowed in a time of the real clock; `None` is without end.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// In ten seconds.
    pub ten_secondly: Option<u32>,
    /// Searches in a second.
    pub search: Option<u32>,
    /// In a day; only for private apps.
    pub daily: Option<u32>,
}

impl Limits {
    /// What HubSpot publishes for an OAuth app.
    pub const OAUTH: Self = Self {
        ten_secondly: Some(110),
        search: Some(5),
        daily: None,
    };
}

/// Which of two behaviours, where the public facts are weak or differ.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// An asked-for property without a value is null in answers; otherwise absent.
    pub nulls: bool,
    /// `toObjectId` is a number, as the guide shows it; otherwise text, as the specification says.
    pub numeric_association_ids: bool,
    /// `total` of a search stops at 10,000.
    pub total_is_cut: bool,
    /// A merge makes a record with a new id; otherwise the primary one keeps its own.
    pub merge_makes_new_id: bool,
    /// batch/read of a merged-away id answers the survivor; otherwise it is not found.
    pub batch_read_follows_merges: bool,
    /// A restored record gets a new time stamp.
    pub restore_moves_stamp: bool,
    /// A value that another record has in a property of unique values answers 409; otherwise 400.
    pub unique_conflict_is_409: bool,
    /// Tasks and leads may have properties of unique values.
    pub unique_on_tasks_and_leads: bool,
    /// The first company that a contact or deal is associated with becomes its primary one.
    pub first_company_is_primary: bool,
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
        }
    }
}

/// The scopes that the objects need.
pub fn object_scopes() -> Vec<String> {
    let mut scopes = vec!["oauth".to_owned()];
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
