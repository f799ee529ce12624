use std::fmt;

use serde::{Deserialize, Serialize};

use super::CompanyId;

/// An entry of the vendor's company database, as the vendor wrote it (outer and repeated blanks removed).
///
/// A field that is absent or empty in the file is `None`, never an empty string.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The vendor's id.
    pub id: CompanyId,
    /// The name, mostly with its legal form.
    pub name: String,
    /// The legal form, if the vendor keeps it apart from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_form: Option<String>,
    /// Street and house number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// Town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// ISO 3166 code or a country's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The company's own domain or the address of its web site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Phone number in any notation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// VAT identification number with its country prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
    /// The court or office that keeps the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_court: Option<String>,
    /// Number in that register, such as `HRB 12345`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_number: Option<String>,
    /// Legal entity identifier (ISO 17442).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lei: Option<String>,
    /// The company that this one belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CompanyId>,
}

impl Company {
    /// A company of which nothing is known but its id and name.
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

/// Names the id only: a sole trader's company is a person's name and address.
impl fmt::Debug for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Company")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
