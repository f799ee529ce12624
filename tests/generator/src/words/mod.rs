//! The parts of names and addresses.

mod business;
mod people;
mod places;

pub(crate) use business::{
    BRAND_ENDS, BRAND_STARTS, DEPARTMENTS, FORMS_BY_COUNTRY, SENTENCES, SUBSIDIARIES, TITLES,
    TRADES, TRADES_ABROAD,
};
pub(crate) use people::{FIRST_NAMES, SURNAMES, SYLLABLES_END, SYLLABLES_MIDDLE, SYLLABLES_START};
pub(crate) use places::{PLACES, Place, STREETS, STREETS_ABROAD};
