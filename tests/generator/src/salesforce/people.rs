//! What Contacts and Leads share: a person at a company, and how to reach that person.

use super::fields::{Fields, date, notes};
use crate::company::Company;
use crate::draw::{Draw, For};
use crate::noise;
use crate::person::Person;

/// Mail providers whose addresses do not identify a company.
pub(super) const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "gmx.de",
    "web.de",
    "t-online.de",
    "outlook.com",
    "yahoo.de",
    "icloud.com",
];

pub(super) fn email(seed: u64, n: u64, person: &Person, company: &Company) -> String {
    let mut draw = Draw::new(seed, For::Person, n | 1 << 41);
    let provider = *draw.pick(FREE_MAIL);
    person.email(if company.domain.is_empty() || draw.chance(12) {
        provider
    } else {
        &company.domain
    })
}

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

/// Returns a mobile number from the Bundesnetzagentur's ranges for fiction (0171 39200xx, 0176 040690xx).
pub(super) fn mobile(draw: &mut Draw) -> String {
    let n = draw.below(100);
    if draw.chance(50) {
        format!("+49 171 39200{n:02}")
    } else {
        format!("0176/040690{n:02}")
    }
}
