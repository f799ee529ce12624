//! The credentials of an integration: the grant, and the access token that it gave last.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Kind, Outcome},
    seal::{GenerationKeys, Place, Room, Sealed},
    tenant::Scope,
};

/// The credentials with which a connector reaches the CRM. They have no `Debug`, and are stored only sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credentials {
    /// The URL for tokens: the provider's login host, or the organisation's own domain.
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
        let place = Place::new(scope, Room::LedgerCredentials, "");
        keys.sealing.seal(&place, &text).map_err(Fault::from)
    }

    /// Opens stored credentials.
    ///
    /// # Errors
    /// Revoked if they do not open. Like a lost grant, this is remedied only by connecting again.
    pub fn open(keys: &GenerationKeys, scope: &Scope, sealed: &Sealed) -> Outcome<Self> {
        let place = Place::new(scope, Room::LedgerCredentials, "");
        let text = keys.sealing.open(&place, sealed).map_err(|error| {
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

impl Grant {
    /// Returns whether a user gave it by consenting to the app.
    #[must_use]
    pub fn is_consent(&self) -> bool {
        match self {
            Self::RefreshToken { .. } => true,
            Self::JwtBearer { .. } | Self::ClientCredentials { .. } | Self::Token { .. } => false,
        }
    }
}
