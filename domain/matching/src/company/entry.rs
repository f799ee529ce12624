use std::fmt;

use serde::{Deserialize, Serialize};

use super::CompanyId;

/// A company of the vendor's database, as the vendor wrote it. Only leading, trailing and repeated
/// whitespace is removed.
///
/// A field that is missing or empty in the file is `None`, never an empty string.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The vendor's id.
    pub id: CompanyId,
    /// The name, usually with its legal form.
    pub name: String,
    /// The legal form, if the vendor keeps it in a column of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_form: Option<String>,
    /// Street and house number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// ISO 3166 code, or the name of a country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The company's domain, or the address of its website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Phone number, in any notation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// VAT identification number with its country prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
    /// The court or authority that keeps the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_court: Option<String>,
    /// Number in that register, such as `HRB 12345`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_number: Option<String>,
    /// Legal entity identifier (ISO 17442).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lei: Option<String>,
    /// The parent company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CompanyId>,
}

impl Company {
    /// A company with an id and a name, and no other values.
    pub fn new(id: CompanyId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            legal_form: None,
            street: None,
            zip: None,
            city: None,
            country: None,
            domain: None,
            phone: None,
            vat_id: None,
            register_court: None,
            register_number: None,
            lei: None,
            parent_id: None,
        }
    }
}

/// Prints the id only: the company of a sole trader is a person's name and address.
impl fmt::Debug for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Company")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
