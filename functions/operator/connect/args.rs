//! The arguments of `connect`. What they do not say comes from the environment, under the same prefix for a provider as the
//! settings of the functions.

use std::{fs, path::PathBuf};

use clap::Args;
use domain::{
    connect::Connect,
    fault::{Code, Fault, Outcome},
    integration::{Credentials, Grant, Provider},
};
use infra::crm::wanted;

use crate::{
    operator::which::WhichArgs,
    settings::{Getter, named},
};

/// The arguments for connecting.
#[derive(Args)]
pub struct ConnectArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// The CRM.
    #[arg(long, default_value = "salesforce")]
    provider: String,
    /// The URL at which tokens are fetched. Environment: `{PROVIDER}_LOGIN_URL`. The default is the provider's.
    #[arg(long)]
    login_url: Option<String>,
    /// The app's client id. Not needed with a token. Environment: `{PROVIDER}_CLIENT_ID`.
    #[arg(long)]
    client_id: Option<String>,
    /// The app's secret, if it is a confidential client. Environment: `{PROVIDER}_CLIENT_SECRET`.
    #[arg(long)]
    client_secret: Option<String>,
    /// The grant: an OAuth refresh token. Environment: `{PROVIDER}_REFRESH_TOKEN`.
    #[arg(long)]
    refresh_token: Option<String>,
    /// The grant: a file with an RSA private key (PKCS#8 PEM), for OAuth JWT bearer. Environment: `{PROVIDER}_JWT_KEY_FILE`.
    #[arg(long, conflicts_with = "refresh_token")]
    jwt_key_file: Option<PathBuf>,
    /// The user for whom the app acts. Needed with a key file. Environment: `{PROVIDER}_SUBJECT`.
    #[arg(long)]
    subject: Option<String>,
    /// The audience of the assertion, with a key file. Environment: `{PROVIDER}_AUDIENCE`. The default is the login URL.
    #[arg(long)]
    audience: Option<String>,
    /// The grant: a token that the customer made for its own account, and that stays valid until the customer takes it back: a
    /// service key or a private app of HubSpot's. Environment: `{PROVIDER}_TOKEN`.
    #[arg(long, conflicts_with_all = ["refresh_token", "jwt_key_file"])]
    token: Option<String>,
    /// The organisation that must be connected. Without it any organisation is accepted.
    #[arg(long)]
    organisation: Option<String>,
}

impl ConnectArgs {
    /// Reads ids, provider and grant. What no argument says is looked up under the provider's prefix.
    ///
    /// # Errors
    /// Returns a permanent fault for a malformed id, an unknown provider, a missing client or grant, or an unreadable key
    /// file.
    pub fn read(self, get: &Getter<'_>) -> Outcome<Connect> {
        let which = self.which.read()?;
        let provider = Provider::parse(&self.provider)?;
        let organisation = self.organisation.clone();
        let credentials = self.credentials(provider, get)?;
        Ok(Connect {
            which,
            provider,
            credentials,
            organisation,
        })
    }

    fn credentials(self, provider: Provider, get: &Getter<'_>) -> Outcome<Credentials> {
        let of_environment =
            |name: &str| get(&named(provider, name)).filter(|value| !value.is_empty());
        let set = |given: Option<String>, name: &str| given.or_else(|| of_environment(name));
        let wanted = wanted(provider);
        let login_url = set(self.login_url, "LOGIN_URL");
        let login_url = login_url.unwrap_or_else(|| wanted.login_url.to_owned());
        let is_given = self.refresh_token.is_some() || self.jwt_key_file.is_some();
        let token = match is_given {
            true => None,
            false => set(self.token, "TOKEN"),
        };
        let (client_id, grant) = if let Some(token) = token {
            if !wanted.static_tokens {
                let detail = "this provider has no tokens that stay valid";
                let fault = Fault::of(Code::GrantMissing).with_field("--token");
                return Err(fault.with_detail(detail));
            }
            (String::new(), Grant::Token { token })
        } else {
            let client_id = set(self.client_id, "CLIENT_ID");
            let client_id = client_id
                .ok_or_else(|| Fault::of(Code::SettingMissing).with_field("--client-id"))?;
            let refresh_token = match self.jwt_key_file {
                Some(_) => None,
                None => set(self.refresh_token, "REFRESH_TOKEN"),
            };
            let file = || of_environment("JWT_KEY_FILE").map(PathBuf::from);
            let file = self.jwt_key_file.or_else(file);
            let grant = match (refresh_token, file) {
                (Some(refresh_token), _) => Grant::RefreshToken {
                    refresh_token,
                    client_secret: set(self.client_secret, "CLIENT_SECRET"),
                },
                (None, Some(file)) => Grant::JwtBearer {
                    subject: set(self.subject, "SUBJECT")
                        .ok_or_else(|| Fault::of(Code::GrantMissing).with_detail("--subject"))?,
                    private_key: fs::read_to_string(file).map_err(|error| {
                        Fault::of(Code::GrantKeyUnreadable).with_detail(error.kind().to_string())
                    })?,
                    audience: set(self.audience, "AUDIENCE").unwrap_or_else(|| login_url.clone()),
                },
                (None, None) => {
                    let detail = "--refresh-token, --jwt-key-file or --token";
                    return Err(Fault::of(Code::GrantMissing).with_detail(detail));
                }
            };
            (client_id, grant)
        };
        Ok(Credentials {
            login_url,
            instance_url: None,
            client_id,
            grant,
            access_token: None,
            expires: None,
            scope: None,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
