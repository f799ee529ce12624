//! What nobody can read off the deployment: who answers for the processing, where data goes, how people are held to it. The
//! operator says it of itself when deploying, the tenant of itself through the API; what nobody said is shown as that.

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Outcome};

/// Something that the law wants to be named, as far as somebody named it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "status",
    content = "value",
    rename_all = "snake_case",
    deny_unknown_fields
)]
pub enum Stated<T> {
    /// Nobody said anything.
    #[default]
    NotStated,
    /// Somebody said that there is none.
    None,
    /// It is this.
    Stated(T),
}

/// Somebody, by name and contact details.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Party {
    /// The name.
    pub name: String,
    /// How to reach them: address, e-mail address, telephone number.
    pub contact: String,
}

/// Whoever answers for processing, as controller or as processor (Art. 30 (2) (a)).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accountable {
    /// Who it is.
    #[serde(default)]
    pub identity: Stated<Party>,
    /// The representative in the Union (Art. 27), which only who is established elsewhere has.
    #[serde(default)]
    pub representative: Stated<Party>,
    /// The data protection officer (Art. 37), which not everybody has to have.
    #[serde(default)]
    pub data_protection_officer: Stated<Party>,
}

/// Personal data that goes to a third country or an international organisation (Art. 30 (2) (c)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// The country or organisation.
    pub country: String,
    /// Who has the data there.
    pub recipient: String,
    /// The suitable safeguards, or the adequacy decision.
    pub safeguards: String,
}

/// The longest name, in bytes.
const NAME: usize = 200;
/// The longest contact details, in bytes.
const CONTACT: usize = 1_000;

impl Accountable {
    /// Holds what a caller gave to its bounds.
    ///
    /// # Errors
    /// Lasting, naming the part by a JSON pointer.
    pub fn check(&self) -> Outcome<()> {
        if self.identity == Stated::None {
            return Err(misfit("identity"));
        }
        self.identity.check("identity")?;
        self.representative.check("representative")?;
        self.data_protection_officer.check("dataProtectionOfficer")
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
    Fault::lasting("controller.part_misfits").with_detail(format!("/{part}"))
}
