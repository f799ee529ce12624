//! The arguments of the command that connects an integration.

use std::{fs, path::PathBuf};

use clap::Args;
use domain::{
    connect::Connect,
    fault::{Code, Fault, Outcome},
    integration::{Credentials, Grant, Provider},
};

use crate::operator::which::WhichArgs;

/// The arguments for connecting.
#[derive(Args)]
pub struct ConnectArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// The CRM.
    #[arg(long, default_value = "salesforce")]
    provider: String,
    /// The URL at which tokens are fetched.
    #[arg(
        long,
        env = "SALESFORCE_LOGIN_URL",
        default_value = "https://login.salesforce.com"
    )]
    login_url: String,
    /// The app's client id.
    #[arg(long, env = "SALESFORCE_CLIENT_ID", hide_env_values = true)]
    client_id: String,
    /// The app's secret, if it is a confidential client.
    #[arg(long, env = "SALESFORCE_CLIENT_SECRET", hide_env_values = true)]
    client_secret: Option<String>,
    /// The grant: an OAuth refresh token.
    #[arg(long, env = "SALESFORCE_REFRESH_TOKEN", hide_env_values = true)]
    refresh_token: Option<String>,
    /// The grant: a file with an RSA private key (PKCS#8 PEM), for OAuth JWT bearer.
    #[arg(
        long,
        env = "SALESFORCE_JWT_KEY_FILE",
        conflicts_with = "refresh_token",
        requires = "subject"
    )]
    jwt_key_file: Option<PathBuf>,
    /// The user for whom the app acts. Needed with a key file.
    #[arg(long, env = "SALESFORCE_SUBJECT")]
    subject: Option<String>,
    /// The audience of the assertion, with a key file. The default is the login URL.
    #[arg(long, env = "SALESFORCE_AUDIENCE")]
    audience: Option<String>,
    /// The organisation that must be connected. Without it any organisation is accepted.
    #[arg(long)]
    organisation: Option<String>,
}

impl ConnectArgs {
    /// Reads ids, provider and grant.
    ///
    /// # Errors
    /// Returns a permanent fault for a malformed id, an unknown provider, a missing grant or an unreadable key file.
    pub fn read(self) -> Outcome<Connect> {
        let which = self.which.read()?;
        let grant = match (self.refresh_token, self.jwt_key_file) {
            (Some(refresh_token), _) => Grant::RefreshToken {
                refresh_token,
                client_secret: self.client_secret,
            },
            (None, Some(file)) => Grant::JwtBearer {
                subject: self
                    .subject
                    .ok_or_else(|| Fault::of(Code::GrantMissing).with_detail("--subject"))?,
                private_key: fs::read_to_string(file).map_err(|error| {
                    Fault::of(Code::GrantKeyUnreadable).with_detail(error.kind().to_string())
                })?,
                audience: self.audience.unwrap_or_else(|| self.login_url.clone()),
            },
            (None, None) => {
                return Err(
                    Fault::of(Code::GrantMissing).with_detail("--refresh-token or --jwt-key-file")
                );
            }
        };
        Ok(Connect {
            which,
            provider: Provider::parse(&self.provider)?,
            credentials: Credentials {
                login_url: self.login_url,
                instance_url: None,
                client_id: self.client_id,
                grant,
                access_token: None,
                expires: None,
                scope: None,
            },
            organisation: self.organisation,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::operator::{Args as CommandLine, Command};

    fn connect(more: &[&str]) -> Outcome<Connect> {
        let line = [
            "operator",
            "connect",
            "--tenant=acme-1",
            "--integration=crm-1",
            "--client-id=app",
        ];
        match CommandLine::try_parse_from(line.iter().chain(more))
            .unwrap()
            .command
        {
            Command::Connect(args) => args.read(),
            _ => panic!("another command"),
        }
    }

    #[test]
    fn a_refresh_token_is_a_grant() {
        let connect = connect(&[
            "--refresh-token=r",
            "--client-secret=s",
            "--login-url=http://127.0.0.1:1",
        ])
        .unwrap();
        assert_eq!(connect.which.tenant.as_str(), "acme-1");
        assert_eq!(connect.credentials.login_url, "http://127.0.0.1:1");
        let Grant::RefreshToken {
            refresh_token,
            client_secret,
        } = connect.credentials.grant
        else {
            panic!("another grant");
        };
        assert_eq!(
            (refresh_token.as_str(), client_secret.as_deref()),
            ("r", Some("s"))
        );
    }

    #[test]
    fn a_key_file_is_a_grant_whose_audience_is_the_login_url() {
        let file = std::env::temp_dir().join(format!("abgleich-key-{}", std::process::id()));
        fs::write(&file, "-----BEGIN PRIVATE KEY-----").unwrap();
        let connected = connect(&[
            "--jwt-key-file",
            file.to_str().unwrap(),
            "--subject=sync@acme",
        ]);
        fs::remove_file(&file).unwrap();
        let Grant::JwtBearer {
            audience,
            private_key,
            ..
        } = connected.unwrap().credentials.grant
        else {
            panic!("another grant");
        };
        assert_eq!(audience, "https://login.salesforce.com");
        assert!(private_key.starts_with("-----BEGIN"));
    }

    #[test]
    fn no_grant_and_an_unreadable_key_are_said_by_name() {
        let code = |more: &[&str]| connect(more).err().unwrap().to_string();
        assert!(code(&[]).starts_with("grant.missing"));
        assert!(
            code(&["--jwt-key-file=/nowhere/key.pem", "--subject=s"])
                .starts_with("grant.key_unreadable")
        );
        assert!(
            code(&["--refresh-token=r", "--provider=no-such-crm"]).starts_with("provider.unknown")
        );
    }
}
