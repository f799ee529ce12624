//! What Contacts and Leads share: a person at a company, and how to reach that person.

use super::fields::Fields;
use crate::company::Company;
use crate::draw::Draw;
use crate::noise;
use crate::person::{Person, mobile};
use crate::values::{date, notes};

/// Sets the company's number as a user noted it, and in `mobile_percent` of all cases a mobile number.
pub(super) fn phones(fields: &mut Fields, draw: &mut Draw, company: &Company, mobile_percent: u64) {
    fields.text(
        "Phone",
        noise::phone(draw, &company.phone, &company.country),
    );
    fields.text(
        "MobilePhone",
        if draw.chance(mobile_percent) {
            mobile(draw)
        } else {
            String::new()
        },
    );
}

/// Sets where the person was first met.
pub(super) fn source(fields: &mut Fields, draw: &mut Draw) {
    fields.text(
        "LeadSource",
        *draw.pick(&["Web", "Messe", "Empfehlung", "Telefon"]),
    );
}

/// Sets the last contact with the person, and notes about it.
pub(super) fn notes_about(fields: &mut Fields, draw: &mut Draw, person: &Person) {
    fields.text("LastActivityDate", date(draw, 2025, 2025));
    let description = format!("{} {}", person.full_name(), notes(draw, 8));
    fields.text("Description", description);
}
