//! Facts that cannot be read off the deployment: who is responsible for the processing, where data goes, which organisational
//! measures there are. The operator states them when deploying, the tenant through the API. Missing statements are shown as
//! missing.

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Map, Value};

use crate::fault::{Code, Fault, Outcome};

/// A fact that the law requires to be named, as far as somebody has stated it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "status", content = "value", rename_all = "snake_case")]
pub enum Stated<T> {
    /// Nobody has stated anything.
    #[default]
    NotStated,
    /// Somebody has stated that it does not exist.
    None,
    /// The stated value.
    Stated(T),
}

/// A person or organisation, by name and contact details.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct Party {
    /// The name.
    pub name: String,
    /// How to reach them: address, e-mail address, telephone number.
    pub contact: String,
}

/// The party that is responsible for processing, as controller or as processor (Art. 30 (2) (a)).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accountable {
    /// The party.
    #[serde(default)]
    pub identity: Stated<Party>,
    /// The representative in the Union (Art. 27). Only parties established elsewhere have one.
    #[serde(default)]
    pub representative: Stated<Party>,
    /// The data protection officer (Art. 37). Not every party has to have one.
    #[serde(default)]
    pub data_protection_officer: Stated<Party>,
}

/// Personal data that goes to a third country or an international organisation (Art. 30 (2) (c)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// The country or organisation.
    pub country: String,
    /// The recipient of the data there.
    pub recipient: String,
    /// The suitable safeguards, or the adequacy decision.
    pub safeguards: String,
}

/// The longest name, in bytes.
const NAME: usize = 200;
/// The longest contact details, in bytes.
const CONTACT: usize = 1_000;

impl Accountable {
    /// Checks a caller's statement against the bounds.
    ///
    /// # Errors
    /// Permanent, with the invalid part as a JSON pointer.
    pub fn check(&self) -> Outcome<()> {
        if self.identity == Stated::None {
            return Err(misfit("identity"));
        }
        self.identity.check("identity")?;
        self.representative.check("representative")?;
        self.data_protection_officer.check("dataProtectionOfficer")
    }
}

/// Implemented by hand. The derived implementation would accept a list in place of the members, and a value beside a status that
/// has none.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Stated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let misfit = || D::Error::custom("expected a status, and with stated a value that fits");
        let mut parts = Map::deserialize(deserializer)?;
        let (status, value) = (parts.remove("status"), parts.remove("value"));
        if !parts.is_empty() {
            return Err(misfit());
        }
        match (status.as_ref().and_then(Value::as_str), value) {
            (Some("not_stated"), None) => Ok(Self::NotStated),
            (Some("none"), None) => Ok(Self::None),
            (Some("stated"), Some(value)) => serde_json::from_value(value)
                .map(Self::Stated)
                .map_err(|_| misfit()),
            _ => Err(misfit()),
        }
    }
}

impl TryFrom<BTreeMap<String, String>> for Party {
    type Error = &'static str;

    fn try_from(mut parts: BTreeMap<String, String>) -> Result<Self, Self::Error> {
        match (parts.remove("name"), parts.remove("contact"), parts.len()) {
            (Some(name), Some(contact), 0) => Ok(Self { name, contact }),
            _ => Err("expected name and contact"),
        }
    }
}

impl Stated<Party> {
    fn check(&self, part: &str) -> Outcome<()> {
        let Self::Stated(party) = self else {
            return Ok(());
        };
        for (name, value, longest) in [
            ("name", &party.name, NAME),
            ("contact", &party.contact, CONTACT),
        ] {
            if value.trim().is_empty() || value.len() > longest {
                return Err(misfit(&format!("{part}/value/{name}")));
            }
        }
        Ok(())
    }
}

fn misfit(part: &str) -> Fault {
    Fault::of(Code::ControllerPartMisfits).with_field(format!("/{part}"))
}
