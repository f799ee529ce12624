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
    /// The app's client id. Environment: `{PROVIDER}_CLIENT_ID`.
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
        let of_environment =
            |name: &str| get(&named(provider, name)).filter(|value| !value.is_empty());
        let set = |given: Option<String>, name: &str| given.or_else(|| of_environment(name));
        let client_id = set(self.client_id, "CLIENT_ID");
        let client_id =
            client_id.ok_or_else(|| Fault::of(Code::SettingMissing).with_field("--client-id"))?;
        let default = || wanted(provider).login_url.to_owned();
        let login_url = set(self.login_url, "LOGIN_URL").unwrap_or_else(default);
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
                return Err(
                    Fault::of(Code::GrantMissing).with_detail("--refresh-token or --jwt-key-file")
                );
            }
        };
        Ok(Connect {
            which,
            provider,
            credentials: Credentials {
                login_url,
                instance_url: None,
                client_id,
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
        connect_with(more, &|_| None)
    }

    fn connect_with(more: &[&str], get: &Getter<'_>) -> Outcome<Connect> {
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
            Command::Connect(args) => args.read(get),
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
    fn what_no_argument_says_is_looked_up_under_the_provider_s_prefix() {
        let get = |name: &str| {
            let value = match name {
                "HUBSPOT_REFRESH_TOKEN" => "of-hubspot",
                "HUBSPOT_CLIENT_SECRET" => "secret",
                "SALESFORCE_REFRESH_TOKEN" => "of-salesforce",
                "HUBSPOT_LOGIN_URL" => "",
                "SALESFORCE_LOGIN_URL" => "https://acme.my.salesforce.com",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let read = |provider: &str| {
            let connect = connect_with(&["--provider", provider], &get).unwrap();
            let Grant::RefreshToken {
                refresh_token,
                client_secret,
            } = connect.credentials.grant
            else {
                panic!("another grant");
            };
            (
                connect.credentials.login_url,
                refresh_token,
                client_secret.unwrap_or_default(),
            )
        };
        let texts =
            |one: &str, two: &str, three: &str| (one.to_owned(), two.to_owned(), three.to_owned());
        assert_eq!(
            read("hubspot"),
            texts("https://api.hubapi.com", "of-hubspot", "secret")
        );
        assert_eq!(
            read("salesforce"),
            texts("https://acme.my.salesforce.com", "of-salesforce", "")
        );
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
