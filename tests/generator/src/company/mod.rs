//! The vendor's company database.

mod identifiers;
mod make;
mod write;

use serde::Serialize;

pub use write::{Format, Packing, write};

/// One row of the vendor's file. An empty text means that there is no value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Company {
    /// Vendor's id, such as `C0000042`.
    pub id: String,
    /// Name with legal form.
    pub name: String,
    /// Legal form alone.
    pub legal_form: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub zip: String,
    /// Town.
    pub city: String,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// Domain under `.example`.
    pub domain: String,
    /// International notation.
    pub phone: String,
    /// VAT id with right check digits.
    pub vat_id: String,
    /// Town of the register court, German companies only.
    pub register_court: String,
    /// Such as `HRB 12345`.
    pub register_number: String,
    /// LEI with right check digits.
    pub lei: String,
    /// Id of the parent.
    pub parent_id: String,
}

/// All companies of one seed. Any number of them can be made, each on its own.
#[derive(Clone, Copy, Debug)]
pub struct Companies {
    /// The seed of all draws.
    pub seed: u64,
    /// The number of companies.
    pub size: u64,
}

impl Companies {
    /// Makes company number `index`. It does not depend on the size.
    pub fn nth(&self, index: u64) -> Company {
        make::company(self.seed, index)
    }

    /// Makes all companies in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = Company> + use<> {
        let companies = *self;
        (0..companies.size).map(move |index| companies.nth(index))
    }
}
