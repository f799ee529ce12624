//! The settings of console.

use domain::fault::Outcome;
use serde_json::json;
use url::Url;

use super::{
    Getter,
    values::{malformed, text},
};

/// The settings of console.
#[derive(Clone, Debug)]
pub struct Console {
    /// The issuer of the users' tokens.
    issuer: String,
    /// The id under which the issuer knows the console. `none`, if it does not.
    client: String,
    /// The scopes that a login asks for.
    scopes: String,
    /// The audience that the API's tokens have to name.
    audience: String,
    /// The origins other than its own that a page may ask.
    pub connects: Vec<String>,
}

impl Console {
    /// The names of these settings.
    pub const NAMES: &'static [&'static str] = &[
        "CONSOLE_CLIENT_ID",
        "CONSOLE_SCOPES",
        "CONSOLE_TOKEN_ORIGIN",
        "LOG_LEVEL",
        "TOKEN_AUDIENCE",
        "TOKEN_ISSUER",
    ];

    /// Reads the settings.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        let issuer = text(get, "TOKEN_ISSUER")?;
        let mut connects = vec![origin(&issuer, "TOKEN_ISSUER")?];
        let other = text(get, "CONSOLE_TOKEN_ORIGIN")?;
        if other != "none" {
            connects.push(origin(&other, "CONSOLE_TOKEN_ORIGIN")?);
        }
        Ok(Self {
            issuer,
            client: text(get, "CONSOLE_CLIENT_ID")?,
            scopes: text(get, "CONSOLE_SCOPES")?,
            audience: text(get, "TOKEN_AUDIENCE")?,
            connects,
        })
    }

    /// Returns what the pages are told: nothing of it is secret.
    pub fn for_pages(&self) -> String {
        let client = Some(&self.client).filter(|client| *client != "none");
        json!({
            "issuer": self.issuer,
            "clientId": client,
            "scopes": self.scopes,
            "audience": self.audience,
        })
        .to_string()
    }
}

/// Returns the origin of a URL, which goes into a header as it is.
fn origin(url: &str, name: &str) -> Outcome<String> {
    let malformed = || malformed(name, "a URL with http or https");
    let url = Url::parse(url).map_err(|_| malformed())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(malformed());
    }
    Ok(url.origin().ascii_serialization())
}
