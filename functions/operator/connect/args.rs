//! The arguments of `connect`. What they do not say comes from the environment, under the same prefix for a provider as the
//! settings of the functions.

use std::{fs, path::PathBuf};

use clap::Args;
use domain::{
    connect::Connect,
    fault::{Code, Fault, Outcome},
    integration::{Credentials, Grant, Provider},
};
use infra::crm::{client::Client, wanted};

use crate::{
    operator::which::WhichArgs,
    settings::{AppSettings, AppsSettings, Getter, malformed, named},
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
    /// The grant: client credentials. The customer's directory (the tenant id of Entra, for Dynamics 365), in which the app acts for
    /// itself. The app must be the deployment's, since its functions ask for tokens with its secret. Environment: `{PROVIDER}_DIRECTORY`.
    #[arg(long, conflicts_with_all = ["refresh_token", "jwt_key_file", "token"])]
    directory: Option<String>,
    /// The URL of the environment that is connected, for providers that have environments. Environment: `{PROVIDER}_ENVIRONMENT`.
    #[arg(long)]
    environment: Option<String>,
    /// The organisation that must be connected. Without it any organisation is accepted.
    #[arg(long)]
    organisation: Option<String>,
}

impl ConnectArgs {
    /// Returns the app with which tokens are asked for, if the grant does not carry it: client credentials are the app's own.
    ///
    /// # Errors
    /// Returns a permanent fault for an unknown provider, and for client credentials without an id or a secret.
    pub fn apps(&self, get: &Getter<'_>) -> Outcome<AppsSettings> {
        let provider = Provider::parse(&self.provider)?;
        if self.directory(provider, get).is_none() {
            return Ok(AppsSettings::default());
        }
        let needed = |given: &Option<String>, name, argument| {
            let value = given.clone().or_else(|| looked_up(provider, get, name));
            value.ok_or_else(|| Fault::of(Code::SettingMissing).with_field(argument))
        };
        let client = Client {
            id: needed(&self.client_id, "CLIENT_ID", "--client-id")?,
            secret: Some(needed(
                &self.client_secret,
                "CLIENT_SECRET",
                "--client-secret",
            )?),
        };
        let app = AppSettings {
            clients: vec![client],
            ..AppSettings::default()
        };
        Ok(AppsSettings {
            of: [(provider, app)].into(),
            redirect_url: None,
        })
    }

    /// Returns the directory in which the app acts for itself. A grant that an argument names wins over the environment.
    fn directory(&self, provider: Provider, get: &Getter<'_>) -> Option<String> {
        let others = [&self.refresh_token, &self.token];
        let is_other = others.iter().any(|other| other.is_some()) || self.jwt_key_file.is_some();
        match is_other {
            true => None,
            false => self
                .directory
                .clone()
                .or_else(|| looked_up(provider, get, "DIRECTORY")),
        }
    }

    /// Reads ids, provider and grant. What no argument says is looked up under the provider's prefix.
    ///
    /// # Errors
    /// Returns a permanent fault for a malformed id, an unknown provider, a missing client or grant, an environment that is not
    /// the provider's, or an unreadable key file.
    pub fn read(self, get: &Getter<'_>, loopback: bool) -> Outcome<Connect> {
        let which = self.which.read()?;
        let provider = Provider::parse(&self.provider)?;
        let organisation = self.organisation.clone();
        let credentials = self.credentials(provider, get, loopback)?;
        Ok(Connect {
            which,
            provider,
            credentials,
            organisation,
        })
    }

    fn credentials(
        self,
        provider: Provider,
        get: &Getter<'_>,
        loopback: bool,
    ) -> Outcome<Credentials> {
        let of_environment = |name: &str| looked_up(provider, get, name);
        let directory = self.directory(provider, get);
        let set = |given: Option<String>, name: &str| given.or_else(|| of_environment(name));
        let wanted = wanted(provider);
        let login_url = set(self.login_url, "LOGIN_URL");
        let login_url = login_url.unwrap_or_else(|| wanted.login_url.to_owned());
        let named = set(self.environment, "ENVIRONMENT");
        let instance_url = wanted.environment(named.as_deref(), loopback);
        let instance_url = instance_url.map_err(|fault| fault.with_field("--environment"))?;
        let is_given =
            directory.is_some() || self.refresh_token.is_some() || self.jwt_key_file.is_some();
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
            let grant = match (directory, refresh_token, file) {
                (Some(directory), ..) => by_itself(wanted.is_directory, directory)?,
                (None, Some(refresh_token), _) => Grant::RefreshToken {
                    refresh_token,
                    client_secret: set(self.client_secret, "CLIENT_SECRET"),
                },
                (None, None, Some(file)) => Grant::JwtBearer {
                    subject: set(self.subject, "SUBJECT")
                        .ok_or_else(|| Fault::of(Code::GrantMissing).with_detail("--subject"))?,
                    private_key: fs::read_to_string(file).map_err(|error| {
                        Fault::of(Code::GrantKeyUnreadable).with_detail(error.kind().to_string())
                    })?,
                    audience: set(self.audience, "AUDIENCE").unwrap_or_else(|| login_url.clone()),
                },
                (None, None, None) => {
                    let detail = "--refresh-token, --jwt-key-file, --token or --directory";
                    return Err(Fault::of(Code::GrantMissing).with_detail(detail));
                }
            };
            (client_id, grant)
        };
        Ok(Credentials {
            login_url,
            instance_url,
            client_id,
            grant,
            access_token: None,
            expires: None,
            scope: None,
        })
    }
}

/// Returns what the environment says under the provider's prefix. An empty variable counts as missing.
fn looked_up(provider: Provider, get: &Getter<'_>, name: &str) -> Option<String> {
    get(&named(provider, name)).filter(|value| !value.is_empty())
}

/// Returns the grant by which the app acts for itself in a customer's directory.
fn by_itself(is_directory: Option<fn(&str) -> bool>, directory: String) -> Outcome<Grant> {
    let Some(is_directory) = is_directory else {
        let fault = Fault::of(Code::GrantMissing).with_field("--directory");
        return Err(fault.with_detail("this provider's integrations have no client credentials"));
    };
    match is_directory(&directory) {
        true => Ok(Grant::ClientCredentials {
            directory: Some(directory),
        }),
        false => Err(malformed("--directory", "the directory's id or its domain")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
