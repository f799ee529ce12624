//! One tenant's connection to one CRM organisation, and who may work on it at the moment.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Kind, Outcome},
    order::Order,
    seal::{GenerationKeys, Opener, Place, Room, Sealed, Sealer},
    settings::StoredSettings,
    spelling::{Checked, Spelling},
    standstill::Standstill,
    tenant::{Generation, IntegrationId, RunId, Scope, TenantId},
};

/// A CRM that a connector exists for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Salesforce.
    Salesforce,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Salesforce];

    /// The name, as it stands in the store and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Salesforce => "salesforce",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Permanent, when no connector has it.
    pub fn parse(name: &str) -> Outcome<Self> {
        match name {
            "salesforce" => Ok(Self::Salesforce),
            _ => Err(Fault::of(Code::ProviderUnknown).with_detail("one of salesforce")),
        }
    }

    /// How it spells the ids of records.
    pub fn spelling(self) -> Spelling {
        match self {
            Self::Salesforce => Spelling::Checked(Checked {
                short: 15,
                group: 5,
                alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
            }),
        }
    }
}

/// Whether an integration may be worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Synced each day.
    Connected,
    /// The CRM took our grant back: nothing is synced until the tenant connects again.
    NeedsReconnect,
    /// A removal ended the generation and is at work.
    Removing,
    /// Nothing of it is left but what must outlive it.
    Removed,
}

impl Status {
    /// The name, as it stands in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::NeedsReconnect => "needs_reconnect",
            Self::Removing => "removing",
            Self::Removed => "removed",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Permanent, when it is none of ours.
    pub fn parse(name: &str) -> Outcome<Self> {
        [
            Self::Connected,
            Self::NeedsReconnect,
            Self::Removing,
            Self::Removed,
        ]
        .into_iter()
        .find(|status| status.name() == name)
        .ok_or_else(|| Fault::of(Code::IntegrationStatusUnknown))
    }
}

/// The right to write for one integration, until a deadline. Whoever holds it is the only writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who holds it: a slice's own random id, so that a lost reply can be told from another's success.
    pub holder: String,
    /// The run it works for.
    pub run: RunId,
    /// When AWS ends the holder at the latest: its own Lambda deadline.
    pub deadline: Timestamp,
}

/// A run that was begun and is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRun {
    /// Its id.
    pub id: RunId,
    /// When dispatch began it.
    pub begun: Timestamp,
    /// When the next one is due, once this one ended.
    pub next: Timestamp,
}

/// A row of the Ledger: everything about an integration that is not a record.
#[derive(Clone)]
pub struct Integration {
    /// Whose, which, and which generation of it.
    pub scope: Scope,
    /// The CRM it connects to.
    pub provider: Provider,
    /// The CRM's own id of the organisation. Connecting to another one under the same integration is refused.
    pub organisation: String,
    /// Whether it may be worked on.
    pub status: Status,
    /// The grant, sealed under the generation's key: a JSON form of [`Credentials`].
    pub credentials: Sealed,
    /// When dispatch looks at it next: the start of the next run, or a look after an open one.
    pub due: Timestamp,
    /// The run that is not finished.
    pub open_run: Option<OpenRun>,
    /// Where that run stood when its last slice began; it may be one of an earlier run.
    pub standstill: Option<Standstill>,
    /// Who may write now.
    pub lease: Option<Lease>,
    /// What the tenant's administrator set; none: nothing yet.
    pub settings: Option<StoredSettings>,
    /// What the event bus may not have been told yet, the oldest first.
    pub untold: Vec<Order>,
}

impl Integration {
    /// Whether a slice that works for `scope` may go on.
    pub fn admits(&self, scope: &Scope) -> bool {
        self.status == Status::Connected && self.scope == *scope
    }

    /// Where the open run stands, where that is to be told: slice after slice leaves nothing.
    pub fn told_standstill(&self) -> Option<&Standstill> {
        let open = self.open_run.as_ref()?;
        let standstill = self.standstill.as_ref()?;
        Some(standstill).filter(|found| found.run == open.id && found.is_told())
    }

    /// Whether somebody else may be writing at `now`.
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.lease
            .as_ref()
            .is_some_and(|lease| lease.deadline > now)
    }

    /// Whether it is a copy of that organisation, however the organisation's id is spelt.
    fn is_of(&self, organisation: &str) -> bool {
        let spelling = self.provider.spelling();
        spelling.is_same(&self.organisation, organisation)
    }

    /// The generation that connecting to `organisation` makes: the first, or the next after a removal. `is_failing` says that
    /// the last run had no success: what is connected may then be connected again.
    ///
    /// # Errors
    /// Permanent, when the integration is connected already and works, is being removed, or belongs to another organisation.
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
            // A replaced grant keeps the copy: the generation goes on.
            Status::Connected | Status::NeedsReconnect => Ok(earlier.scope.generation),
            Status::Removed => Ok(Generation(earlier.scope.generation.0 + 1)),
        }
    }
}

/// What a connector needs to speak to the CRM. No `Debug`; stored sealed only.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credentials {
    /// Where tokens are fetched: `https://login.salesforce.com` or the organisation's own domain.
    pub login_url: String,
    /// Where the organisation's API is; comes with the tokens.
    pub instance_url: Option<String>,
    /// The client id of the app that the grant was given to. It is compared with the deployment's: the secret of the operator's
    /// app is a setting and is never kept here.
    pub client_id: String,
    /// How access tokens are had.
    pub grant: Grant,
    /// The access token of the last slice, worth a try before a new one is fetched.
    pub access_token: Option<String>,
    /// When that token ends, where the CRM says so: a new one is fetched before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// What the grant allows, as the CRM said with the last tokens: names between blanks.
    #[serde(default)]
    pub scope: Option<String>,
}

impl Credentials {
    /// Seals them for the Ledger.
    ///
    /// # Errors
    /// Transient, when the system has no randomness or memory left.
    pub fn seal(&self, keys: &GenerationKeys, scope: &Scope) -> Outcome<Sealed> {
        let text = serde_json::to_vec(self)
            .map_err(|_| Fault::of(Code::CredentialsMalformed).with_kind(Kind::Permanent))?;
        Sealer::new(&keys.sealing, 1)
            .and_then(|mut sealer| {
                sealer.seal(&Place::new(scope, Room::LedgerCredentials, ""), &text)
            })
            .map_err(Fault::from)
    }

    /// Opens what the Ledger had.
    ///
    /// # Errors
    /// Revoked: what our own key does not open is as lost as a grant, and only connecting again helps.
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

/// How access tokens are had.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// OAuth refresh token; with rotation each use makes the old one invalid.
    RefreshToken {
        /// The token.
        refresh_token: String,
        /// The secret of an app that the deployment does not know, where an integration was connected with one. A secret beside
        /// the client id of the deployment's own app is ignored, and dropped when the grant is stored the next time.
        client_secret: Option<String>,
    },
    /// OAuth JWT bearer: no refresh token, each access token is asked for with a signed assertion.
    JwtBearer {
        /// The user the app acts for.
        subject: String,
        /// The RSA private key, PKCS#8 PEM.
        private_key: String,
        /// The audience of the assertion: the login host.
        audience: String,
    },
    /// OAuth client credentials: the app acts for itself, as an administrator of the CRM set it up. There is nothing to rotate, and
    /// only that administrator can take it back.
    ClientCredentials {
        /// The customer's directory at the login host, where the token endpoint is one per directory.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        directory: Option<String>,
    },
    /// A token of one account, which its owner made. It is never renewed, and only the owner can take it back.
    Token {
        /// The token.
        token: String,
    },
}

/// How long after a claim dispatch looks whether the run's events were lost.
pub const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(55);

/// An integration that dispatch may have to do something about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub scope: Scope,
    /// The due time it was found under: what a claim is conditioned on.
    pub due: Timestamp,
    /// Whether it is being removed: nothing but its removal may be ordered for it.
    pub removing: bool,
    /// The run that is not finished, where there is one.
    pub open_run: Option<OpenRun>,
    /// Whether a slice may be at work on it.
    pub leased_until: Option<Timestamp>,
    /// The hour of the day that the tenant's administrator chose.
    pub hour: Option<u8>,
}

/// Which integration is meant, whatever its generation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Which {
    /// The tenant.
    pub tenant: TenantId,
    /// The integration.
    pub integration: IntegrationId,
}
