use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    company::Company,
    normalise::{self, Forms},
};

/// The comparable values of a company or of a record, each in its canonical form.
///
/// The stored names are short because the index stores one profile per company and match key.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Name without its legal form, folded to ASCII; see [`crate::normalise::name`].
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Legal forms found in the name.
    #[serde(rename = "f", default, skip_serializing_if = "Forms::is_empty")]
    pub forms: Forms,
    /// Street and house number.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Postal code without a country prefix.
    #[serde(rename = "z", default, skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// City, reduced to its proper name.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// ISO 3166 alpha-2 code in lower case.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Registered domain. Never a domain that unrelated people share, such as a free-mail host.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The label of the host before the registered domain, which names an institute or a department.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Phone number: digits only, with the country code if it is known.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// VAT id with its country prefix.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub vat: Option<String>,
    /// Register number and court, such as `hrb12345:berlin`. The court may be missing.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub register: Option<String>,
    /// Legal entity identifier.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub lei: Option<String>,
}

/// The texts that a [`Profile`] is made from. An empty text counts as missing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Texts<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) legal_form: Option<&'a str>,
    pub(crate) street: Option<&'a str>,
    pub(crate) zip: Option<&'a str>,
    pub(crate) city: Option<&'a str>,
    pub(crate) country: Option<&'a str>,
    /// Addresses of websites or e-mail, the best first.
    pub(crate) addresses: [Option<&'a str>; 2],
    pub(crate) phone: Option<&'a str>,
    pub(crate) vat_id: Option<&'a str>,
    /// Number and court.
    pub(crate) register: (Option<&'a str>, Option<&'a str>),
    pub(crate) lei: Option<&'a str>,
}

impl Profile {
    /// The profile of a company.
    pub fn of_company(company: &Company) -> Self {
        Self::of(&Texts {
            name: Some(&company.name),
            legal_form: company.legal_form.as_deref(),
            street: company.street.as_deref(),
            zip: company.zip.as_deref(),
            city: company.city.as_deref(),
            country: company.country.as_deref(),
            addresses: [company.domain.as_deref(), None],
            phone: company.phone.as_deref(),
            vat_id: company.vat_id.as_deref(),
            register: (
                company.register_number.as_deref(),
                company.register_court.as_deref(),
            ),
            lei: company.lei.as_deref(),
        })
    }

    /// Whether the profile has no value that could identify a company. A country alone is not
    /// enough.
    pub(crate) fn identifies_nothing(&self) -> bool {
        let values = [
            &self.street,
            &self.zip,
            &self.city,
            &self.domain,
            &self.phone,
            &self.vat,
            &self.register,
            &self.lei,
        ];
        self.name.is_empty() && values.into_iter().all(Option::is_none)
    }

    pub(crate) fn of(texts: &Texts<'_>) -> Self {
        let written = texts.name.map(normalise::legible).unwrap_or_default();
        let named = normalise::named(normalise::without_share(&written));
        let given = |text: Option<&'_ str>| text.is_some_and(|text| !text.trim().is_empty());
        // A bracket or the end of the name may say what the record's own fields do not.
        let bracket = named
            .bracket
            .and_then(|text| Some((named.name.rfind('(')?, normalise::country_name(text)?)));
        let country = match texts.country.filter(|text| given(Some(text))) {
            Some(country) => normalise::country(&normalise::legible(country)),
            None => bracket.as_ref().map(|(_, code)| code.clone()),
        };
        let (name, mut forms) = match bracket {
            // The country is compared by itself, so it does not make two names of one.
            Some((at, code)) if at > 0 && Some(&code) == country.as_ref() => {
                normalise::name(&named.name[..at])
            }
            _ => normalise::name(named.name),
        };
        let name = normalise::spell_out(name);
        if let Some(form) = texts.legal_form {
            forms.add(normalise::forms(&normalise::legible(form)));
        }
        let code = country.as_deref();
        let place = named
            .place
            .filter(|_| !given(texts.zip) && !given(texts.city));
        let zip = texts
            .zip
            .filter(|_| place.is_none())
            .or(place.map(|(zip, _)| zip));
        let town = texts
            .city
            .filter(|_| place.is_none())
            .or(place.map(|(_, town)| town));
        let own = |address: &str| normalise::own_shared_domain(address, &name);
        let domain = texts
            .addresses
            .into_iter()
            .flatten()
            .find_map(normalise::domain)
            .or_else(|| texts.addresses[0].and_then(own));
        let is_of_domain =
            |address: &&str| domain.is_some() && normalise::domain(address) == domain;
        let label = (texts.addresses.into_iter().flatten())
            .filter(is_of_domain)
            .find_map(normalise::host_label);
        Self {
            forms,
            street: texts
                .street
                .and_then(|street| normalise::street(&normalise::legible(street))),
            zip: zip.and_then(|zip| normalise::zip(zip, code)),
            city: town.and_then(|town| normalise::city(&normalise::legible(town))),
            domain,
            label,
            phone: texts.phone.and_then(|phone| normalise::phone(phone, code)),
            vat: texts.vat_id.and_then(|vat| normalise::vat(vat, code)),
            register: texts
                .register
                .0
                .and_then(|number| normalise::register(number, texts.register.1)),
            lei: texts.lei.and_then(normalise::lei),
            country,
            name,
        }
    }
}

/// The part of a registered domain before its first dot, where most companies put their name.
pub(crate) fn name_of_domain(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

/// Prints no values: a profile may be a person's name and address.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").finish_non_exhaustive()
    }
}
