//! One tenant's connection to one CRM organisation, and the lease to work on it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::named::named;
pub use crate::provider::Provider;
use crate::{
    fault::{Code, Fault, Kind, Outcome},
    order::Order,
    seal::{GenerationKeys, Opener, Place, Room, Sealed, Sealer},
    settings::StoredSettings,
    spelling::{Checked, Spelling},
    standstill::Standstill,
    tenant::{Generation, IntegrationId, RunId, Scope, TenantId},
};

impl Provider {
    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if no connector has this name.
    pub fn parse(name: &str) -> Outcome<Self> {
        let unknown = || Fault::of(Code::ProviderUnknown).with_detail(Self::one_of());
        Self::find(name).ok_or_else(unknown)
    }

    /// Returns the spelling of its record ids.
    pub fn spelling(self) -> Spelling {
        match self {
            Self::Salesforce => Spelling::Checked(Checked {
                short: 15,
                group: 5,
                alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
            }),
            // Decimal digits.
            Self::HubSpot => Spelling::Exact,
        }
    }
}

named! {
    /// The status of an integration.
    Status;
    /// It is synced each day.
    Connected = "connected";
    /// The CRM revoked our grant. Nothing is synced until the tenant connects again.
    NeedsReconnect = "needs_reconnect";
    /// A removal has ended the generation and is under way.
    Removing = "removing";
    /// Only data that must outlive the integration is left.
    Removed = "removed";
}

impl Status {
    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if it is not the name of a status.
    pub fn parse(name: &str) -> Outcome<Self> {
        let unknown = || Fault::of(Code::IntegrationStatusUnknown).with_detail(Self::one_of());
        Self::find(name).ok_or_else(unknown)
    }
}

/// The right to write for one integration until a deadline. Its holder is the only writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The holder: a random id of the slice. It tells a lost reply of our own from another slice's success.
    pub holder: String,
    /// The run for which the holder works.
    pub run: RunId,
    /// The latest time at which AWS ends the holder: its Lambda deadline.
    pub deadline: Timestamp,
}

/// A run that has begun and is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRun {
    /// Its id.
    pub id: RunId,
    /// The time at which dispatch began it.
    pub begun: Timestamp,
    /// The due time of the run after this one.
    pub next: Timestamp,
}

/// A row of the Ledger: everything about an integration except its records.
#[derive(Clone)]
pub struct Integration {
    /// The scope: tenant, integration and generation.
    pub scope: Scope,
    /// The CRM.
    pub provider: Provider,
    /// The CRM's own id of the organisation. The integration cannot be connected to another organisation.
    pub organisation: String,
    /// The status.
    pub status: Status,
    /// The grant, sealed under the generation's key: the JSON form of [`Credentials`].
    pub credentials: Sealed,
    /// The time at which dispatch next looks at it: the start of the next run, or a check of an open run.
    pub due: Timestamp,
    /// The unfinished run, if there is one.
    pub open_run: Option<OpenRun>,
    /// The position at which that run's last slice began. It may belong to an earlier run.
    pub standstill: Option<Standstill>,
    /// The lease of the current writer.
    pub lease: Option<Lease>,
    /// The administrator's settings. `None` if nothing was set yet.
    pub settings: Option<StoredSettings>,
    /// Events that may not have reached the bus yet, the oldest first.
    pub untold: Vec<Order>,
}

impl Integration {
    /// Returns whether a slice that works for `scope` may go on.
    pub fn admits(&self, scope: &Scope) -> bool {
        self.status == Status::Connected && self.scope == *scope
    }

    /// Returns the open run's standstill, if it has lasted long enough to tell the operator.
    pub fn told_standstill(&self) -> Option<&Standstill> {
        let open = self.open_run.as_ref()?;
        let standstill = self.standstill.as_ref()?;
        Some(standstill).filter(|found| found.run == open.id && found.is_told())
    }

    /// Returns whether another holder may be writing at `now`.
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.lease
            .as_ref()
            .is_some_and(|lease| lease.deadline > now)
    }

    /// Returns whether it belongs to that organisation, in any spelling of the organisation's id.
    fn is_of(&self, organisation: &str) -> bool {
        let spelling = self.provider.spelling();
        spelling.is_same(&self.organisation, organisation)
    }

    /// Returns the generation that connecting to `organisation` creates or continues: the first, the current one, or the next after
    /// a removal. `is_failing` means that the last run had no success, in which case a connected integration may be connected
    /// again.
    ///
    /// # Errors
    /// Permanent if the integration is connected and works, if it is being removed, or if it belongs to another organisation.
    pub fn next_generation(
        earlier: Option<&Self>,
        is_failing: bool,
        organisation: &str,
    ) -> Outcome<Generation> {
        let Some(earlier) = earlier else {
            return Ok(Generation(1));
        };
        match earlier.status {
            Status::Connected if !is_failing => Err(Fault::of(Code::IntegrationConnectedAlready)),
            Status::Removing => Err(Fault::of(Code::IntegrationRemoving)),
            _ if !earlier.is_of(organisation) => Err(Fault::of(Code::IntegrationOtherOrganisation)),
            // A replaced grant keeps the copy, so the generation continues.
            Status::Connected | Status::NeedsReconnect => Ok(earlier.scope.generation),
            Status::Removed => Ok(Generation(earlier.scope.generation.0 + 1)),
        }
    }
}

/// The credentials with which a connector reaches the CRM. They have no `Debug`, and are stored only sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credentials {
    /// The URL for tokens: `https://login.salesforce.com` or the organisation's own domain.
    pub login_url: String,
    /// The URL of the organisation's API, which comes with the tokens.
    pub instance_url: Option<String>,
    /// The client id of the app to which the grant was given. It is compared with the deployment's. The secret of the operator's
    /// app is a setting and is never stored here.
    pub client_id: String,
    /// The way to get access tokens.
    pub grant: Grant,
    /// The access token of the last slice, which is tried before a new one is fetched.
    pub access_token: Option<String>,
    /// The expiry of that token, if the CRM tells it. A new token is fetched before that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// The scopes of the grant, as the CRM listed them with the last tokens, separated by spaces.
    #[serde(default)]
    pub scope: Option<String>,
}

impl Credentials {
    /// Seals the credentials for the Ledger.
    ///
    /// # Errors
    /// Transient if the system lacks randomness or memory.
    pub fn seal(&self, keys: &GenerationKeys, scope: &Scope) -> Outcome<Sealed> {
        let text = serde_json::to_vec(self)
            .map_err(|_| Fault::of(Code::CredentialsMalformed).with_kind(Kind::Permanent))?;
        Sealer::new(&keys.sealing, 1)
            .and_then(|mut sealer| {
                sealer.seal(&Place::new(scope, Room::LedgerCredentials, ""), &text)
            })
            .map_err(Fault::from)
    }

    /// Opens stored credentials.
    ///
    /// # Errors
    /// Revoked if they do not open. Like a lost grant, this is remedied only by connecting again.
    pub fn open(keys: &GenerationKeys, scope: &Scope, sealed: &Sealed) -> Outcome<Self> {
        let text = Opener::new(&keys.sealing)
            .and_then(|mut opener| {
                opener.open(&Place::new(scope, Room::LedgerCredentials, ""), sealed)
            })
            .map_err(|error| {
                Fault::of(Code::CredentialsUnreadable).with_detail(error.to_string())
            })?;
        serde_json::from_slice(&text).map_err(|_| Fault::of(Code::CredentialsMalformed))
    }
}

/// The way to get access tokens.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// An OAuth refresh token. With rotation, each use invalidates the old token.
    RefreshToken {
        /// The token.
        refresh_token: String,
        /// The secret of an app that the deployment does not know, if the integration was connected with such an app. A secret
        /// beside the client id of the deployment's own app is ignored, and dropped when the grant is next stored.
        client_secret: Option<String>,
    },
    /// OAuth JWT bearer. There is no refresh token; each access token is requested with a signed assertion.
    JwtBearer {
        /// The user for whom the app acts.
        subject: String,
        /// The RSA private key, PKCS#8 PEM.
        private_key: String,
        /// The audience of the assertion: the login host.
        audience: String,
    },
    /// OAuth client credentials. The app acts for itself, as an administrator of the CRM configured it. There is nothing to rotate,
    /// and only that administrator can revoke it.
    ClientCredentials {
        /// The customer's directory at the login host, if each directory has its own token endpoint.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        directory: Option<String>,
    },
    /// A token of one account, created by its owner. It is never renewed, and only the owner can revoke it.
    Token {
        /// The token.
        token: String,
    },
}

/// The time after a claim at which dispatch checks whether the run's events were lost.
pub const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(55);

/// An integration that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The scope.
    pub scope: Scope,
    /// The due time under which it was found. A claim is conditional on it.
    pub due: Timestamp,
    /// Whether it is being removed. Then only its removal may be ordered.
    pub removing: bool,
    /// The unfinished run, if there is one.
    pub open_run: Option<OpenRun>,
    /// The time until which a slice may be working on it.
    pub leased_until: Option<Timestamp>,
    /// The hour of the day that the tenant's administrator chose.
    pub hour: Option<u8>,
}

/// An integration, whatever its generation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Which {
    /// The tenant.
    pub tenant: TenantId,
    /// The integration.
    pub integration: IntegrationId,
}
