use super::fields::Fields;
use super::id::record_id;
use super::people;
use super::{Crm, Record};
use crate::company::Company;
use crate::draw::{Draw, For};
use crate::noise;
use crate::person::{Person, email};
use crate::words::TITLES;

/// Keeps Leads from being the same people as Contacts.
const PEOPLE: u64 = 1 << 43;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    record_id("00Q", crm.seed, n)
}

/// Returns the person and the e-mail address of Lead `n`.
pub(super) fn person(crm: &Crm, n: u64) -> (Person, String) {
    let person = Person::nth(crm.seed, n | PEOPLE);
    let email = email(crm.seed, n | PEOPLE, &person, &company(crm, n).0);
    (person, email)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let (company, known) = company(crm, n);
    let (person, email) = person(crm, n);
    let mut draw = Draw::new(crm.seed, For::Lead, n);
    let draw = &mut draw;
    let id = id(crm, n);
    let mut fields = Fields::new(draw, crm.seed, &id);
    fields.text("Salutation", *draw.pick(&["Mr.", "Ms.", "Dr.", ""]));
    fields.text(
        "FirstName",
        if draw.chance(96) {
            person.first.as_str()
        } else {
            ""
        },
    );
    fields.text("LastName", person.last.as_str());
    fields.text("Title", *draw.pick(TITLES));
    fields.text("Company", noise::name(draw, &company));
    fields.text("Email", email);
    people::phones(&mut fields, draw, &company, 40);
    fields.text("Website", noise::website(draw, &company.domain));
    fields.text("Street", noise::street(draw, &company.street));
    fields.text("City", company.city.as_str());
    let zip = if draw.chance(35) {
        String::new()
    } else {
        company.zip.clone()
    };
    fields.text("PostalCode", zip);
    fields.text("Country", noise::country(draw, &company.country));
    people::source(&mut fields, draw);
    fields.text(
        "Status",
        *draw.pick(&["Open - Not Contacted", "Working - Contacted"]),
    );
    fields.text(
        "Industry",
        *draw.pick(&["Manufacturing", "Technology", "Construction", "Consulting"]),
    );
    fields.text("Rating", *draw.pick(&["Hot", "Warm", "Cold", ""]));
    fields.set("NumberOfEmployees", draw.between(1, 4_000));
    fields.set("HasOptedOutOfEmail", draw.chance(10));
    fields.set("IsConverted", false);
    people::notes_about(&mut fields, draw, &person);
    fields.text("External_Id__c", format!("WEB-{}-{n}", crm.seed));
    Record {
        object: "Lead",
        id,
        fields: fields.finish(),
        company: known.then_some(company.id),
    }
}

fn company(crm: &Crm, n: u64) -> (Company, bool) {
    match crm.known(&mut Draw::new(crm.seed, For::Truth, n | PEOPLE)) {
        Some(index) => (crm.companies.nth(index), true),
        None => (crm.stranger(n | PEOPLE), false),
    }
}
