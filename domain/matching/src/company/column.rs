use serde::{Deserialize, Serialize};

use super::Company;
use crate::normalise;

/// A property of a vendor company from which a field of a new CRM record can be filled.
///
/// Administrators map these to CRM fields. The serialized names are part of the stored settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Column {
    /// The vendor's id.
    Id,
    /// The name.
    Name,
    /// The legal form, if the vendor keeps it in a column of its own.
    LegalForm,
    /// Street and house number.
    Street,
    /// Postal code.
    Zip,
    /// City.
    City,
    /// Country, as the vendor spells it.
    Country,
    /// ISO 3166 alpha-2 code of the country, in upper case.
    CountryCode,
    /// Domain, or address of the website.
    Domain,
    /// Phone number.
    Phone,
    /// VAT identification number.
    VatId,
    /// Register court and number in one text.
    Register,
    /// The court or authority that keeps the register.
    RegisterCourt,
    /// Number in that register.
    RegisterNumber,
    /// Legal entity identifier.
    Lei,
    /// The vendor's id of the parent company.
    ParentId,
}

impl Column {
    /// The value that `company` has in this column, or `None` if it has none.
    pub fn of(self, company: &Company) -> Option<String> {
        let given = |value: &Option<String>| value.clone();
        match self {
            Self::Id => Some(company.id.as_str().to_owned()),
            Self::Name => Some(company.name.clone()),
            Self::LegalForm => given(&company.legal_form),
            Self::Street => given(&company.street),
            Self::Zip => given(&company.zip),
            Self::City => given(&company.city),
            Self::Country => given(&company.country),
            Self::CountryCode => {
                normalise::country(company.country.as_deref()?).map(|code| code.to_uppercase())
            }
            Self::Domain => given(&company.domain),
            Self::Phone => given(&company.phone),
            Self::VatId => given(&company.vat_id),
            Self::Register => {
                let parts = [&company.register_court, &company.register_number];
                let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
                (!parts.is_empty()).then(|| parts.join(" "))
            }
            Self::RegisterCourt => given(&company.register_court),
            Self::RegisterNumber => given(&company.register_number),
            Self::Lei => given(&company.lei),
            Self::ParentId => company.parent_id.as_ref().map(|id| id.as_str().to_owned()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::company::CompanyId;

    #[test]
    fn a_column_has_the_vendors_value_or_none() {
        let mut company = Company::new(CompanyId::parse("C1").unwrap(), "Werk GmbH");
        company.country = Some("Deutschland".to_owned());
        company.register_number = Some("HRB 12".to_owned());
        assert_eq!(Column::Name.of(&company).unwrap(), "Werk GmbH");
        assert_eq!(Column::Country.of(&company).unwrap(), "Deutschland");
        assert_eq!(Column::CountryCode.of(&company).unwrap(), "DE");
        assert_eq!(Column::Register.of(&company).unwrap(), "HRB 12");
        company.register_court = Some("Amtsgericht Köln".to_owned());
        assert_eq!(
            Column::Register.of(&company).unwrap(),
            "Amtsgericht Köln HRB 12"
        );
        assert_eq!(Column::Lei.of(&company), None);
    }
}
