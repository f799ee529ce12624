use super::fields::Fields;
use super::id::record_id;
use super::people;
use super::{Crm, Record, account};
use crate::draw::{Draw, For};
use crate::noise;
use crate::person::{FREE_MAIL, Person, email};
use crate::values::date;
use crate::words::{DEPARTMENTS, TITLES};

pub(super) fn id(crm: &Crm, n: u64) -> String {
    record_id("003", crm.seed, n)
}

/// Returns the person and the e-mail address of Contact `n`.
pub(super) fn person(crm: &Crm, n: u64) -> (Person, String) {
    let (company, _) = crm.contact_company(n);
    let person = Person::nth(crm.seed, n);
    let email = email(crm.seed, n, &person, &company);
    (person, email)
}

pub(super) fn record(crm: &Crm, n: u64) -> Record {
    let account = crm.contact_account(n);
    let (company, known) = crm.contact_company(n);
    let (person, email) = person(crm, n);
    let mut draw = Draw::new(crm.seed, For::Contact, n);
    let draw = &mut draw;
    let id = id(crm, n);
    let mut fields = Fields::new(draw, crm.seed, &id);
    // A Contact with a private address is always linked, since otherwise nothing would tell where the person works.
    let linked = !draw.chance(6) || FREE_MAIL.iter().any(|provider| email.ends_with(provider));
    fields.text(
        "AccountId",
        account
            .filter(|_| linked)
            .map(|account| account::id(crm, account))
            .unwrap_or_default(),
    );
    fields.text("Salutation", *draw.pick(&["Mr.", "Ms.", "Dr.", ""]));
    fields.text("FirstName", person.first.as_str());
    fields.text("LastName", person.last.as_str());
    fields.text("Title", *draw.pick(TITLES));
    fields.text("Department", *draw.pick(DEPARTMENTS));
    fields.text("Email", email);
    people::phones(&mut fields, draw, &company, 60);
    fields.text("MailingStreet", noise::street(draw, &company.street));
    fields.text("MailingCity", company.city.as_str());
    fields.text("MailingPostalCode", company.zip.as_str());
    fields.text("MailingCountry", noise::country(draw, &company.country));
    people::source(&mut fields, draw);
    fields.text(
        "Birthdate",
        if draw.chance(20) {
            date(draw, 1960, 2001)
        } else {
            String::new()
        },
    );
    fields.set("HasOptedOutOfEmail", draw.chance(15));
    fields.set("DoNotCall", draw.chance(8));
    people::notes_about(&mut fields, draw, &person);
    fields.text("External_Id__c", format!("ERP-P-{}-{n}", crm.seed));
    Record {
        object: "Contact",
        id,
        fields: fields.finish(),
        company: known.then_some(company.id),
    }
}
