use std::fmt;

use crate::normalise::split_register;
use crate::{
    index::MatchKey,
    profile::{Profile, Texts},
};

/// The matching attributes of a CRM record: what it says about the company that it is or belongs
/// to. An empty text counts as missing.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Attributes<'a> {
    /// The company's name.
    pub name: Option<&'a str>,
    /// Street and house number.
    pub street: Option<&'a str>,
    /// Postal code.
    pub zip: Option<&'a str>,
    /// City.
    pub city: Option<&'a str>,
    /// Country, as a code or a name.
    pub country: Option<&'a str>,
    /// Address of the website.
    pub website: Option<&'a str>,
    /// Phone number.
    pub phone: Option<&'a str>,
    /// E-mail address of the company or of a person there.
    pub email: Option<&'a str>,
    /// VAT id.
    pub vat_id: Option<&'a str>,
    /// Register number with its court, such as `HRB 12345 Berlin`.
    pub register: Option<&'a str>,
    /// Legal entity identifier.
    pub lei: Option<&'a str>,
}

impl Attributes<'_> {
    /// The attributes in canonical form. Computed once per record, for both the keys and the
    /// decision.
    pub fn profile(&self) -> Profile {
        let (number, court) = self.register.map(split_register).unwrap_or_default();
        Profile::of(&Texts {
            name: self.name,
            legal_form: None,
            street: self.street,
            zip: self.zip,
            city: self.city,
            country: self.country,
            addresses: [self.website, self.email],
            phone: self.phone,
            vat_id: self.vat_id,
            register: (number.as_deref(), court.as_deref()),
            lei: self.lei,
        })
    }

    /// The match keys to look up for these attributes: at most [`MAX_LOOKUPS`](crate::MAX_LOOKUPS);
    /// empty if no attribute is usable.
    pub fn lookup_keys(&self) -> Vec<MatchKey> {
        self.profile().lookup_keys()
    }
}

/// Prints no values: the attributes may be a person's name and address.
impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attributes").finish_non_exhaustive()
    }
}
