//! The customer's own fields: the CRM's name of a field, and its meaning.

use std::collections::BTreeMap;

use matching::Column;
use serde::{Deserialize, Serialize};

use crate::fault::{Code, Fault, Outcome};

/// The fields of an object by their meaning.
pub type Mapping = BTreeMap<Meaning, FieldName>;

/// The meaning of a field, which is the same for all CRMs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    /// The company's name.
    Company,
    /// Street and number.
    Street,
    /// Postal code.
    Zip,
    /// Town.
    City,
    /// Country.
    Country,
    /// Web address.
    Website,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
    /// VAT id.
    VatId,
    /// Register court and number, or the number alone.
    Register,
    /// Legal entity identifier.
    Lei,
}

/// The CRM's own name of a field: 1 to 100 letters, digits, `_` and `-`, with no `-` at the beginning. Some CRMs begin names with `_`,
/// others have hexadecimal keys. A name with `-` can be mapped where a connector reads it. The name is inserted into queries without
/// escaping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldName(Box<str>);

impl FieldName {
    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if the text is malformed.
    pub fn parse(text: &str) -> Outcome<Self> {
        let fits = (1..=100).contains(&text.len())
            && !text.starts_with('-')
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Fault::of(Code::FieldMalformed).with_detail("1 to 100 letters, digits, _ and -"))
        }
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Meaning {
    /// Returns the column of a company with this meaning. `None` if the vendor's database has no such column.
    pub fn column(self) -> Option<Column> {
        match self {
            Self::Company => Some(Column::Name),
            Self::Street => Some(Column::Street),
            Self::Zip => Some(Column::Zip),
            Self::City => Some(Column::City),
            Self::Country => Some(Column::Country),
            Self::Website => Some(Column::Domain),
            Self::Phone => Some(Column::Phone),
            Self::Email => None,
            Self::VatId => Some(Column::VatId),
            Self::Register => Some(Column::Register),
            Self::Lei => Some(Column::Lei),
        }
    }
}

impl TryFrom<String> for FieldName {
    type Error = Fault;

    fn try_from(text: String) -> Outcome<Self> {
        Self::parse(&text)
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> Self {
        name.0.into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_field_name_cannot_break_out_of_a_query() {
        for text in ["", "a b", "a'", "a.b", "ä", "-a", "--", &"a".repeat(101)] {
            assert!(FieldName::parse(text).is_err(), "{text:?}");
        }
        // Names as CRMs have them: a custom field, a lookup, a field with a generated key.
        for text in [
            "USt_IdNr__c",
            "_parentcustomerid_value",
            "umsatz-2019",
            "9f2c4d8e1a0b7c6d5e4f3a2b1c0d9e8f7a6b5c4d",
        ] {
            assert_eq!(FieldName::parse(text).unwrap().as_str(), text);
        }
    }
}
