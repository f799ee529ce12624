//! Accounts that are people. Organisations that sell to consumers or to sole traders have them.

use serde_json::Value;

use super::fields::Fields;
use super::id::record_id;
use super::{Crm, Record};
use crate::draw::{Draw, For};
use crate::noise;
use crate::person::{FREE_MAIL, Person, mobile};
use crate::values::notes;

/// Keeps these people apart from Contacts and Leads. Their Accounts come after those of companies.
const PEOPLE: u64 = 1 << 44;

pub(super) fn id(crm: &Crm, n: u64) -> String {
    record_id("001", crm.seed, PEOPLE | n)
}

/// Returns the person of person account `n`, the e-mail address that lists show, and another one.
pub(super) fn person(crm: &Crm, n: u64) -> (Person, [String; 2]) {
    let person = Person::nth(crm.seed, n | PEOPLE);
    let mut draw = Draw::new(crm.seed, For::Person, n | PEOPLE | 1 << 41);
    let at = draw.below(FREE_MAIL.len() as u64) as usize;
    let other = (at + 1) % FREE_MAIL.len();
    let emails = [at, other].map(|provider| person.email(FREE_MAIL[provider]));
    (person, emails)
}

/// Makes the Account and the Contact that Salesforce keeps beside it.
pub(super) fn records(crm: &Crm, n: u64) -> [Record; 2] {
    let (person, [email, private]) = person(crm, n);
    let home = crm.stranger(n | PEOPLE);
    let mut draw = Draw::new(crm.seed, For::Account, n | PEOPLE);
    let draw = &mut draw;
    let (id, contact) = (id(crm, n), record_id("003", crm.seed, PEOPLE | n));
    let (mobile, assistant) = (mobile(draw), mobile(draw));

    let mut account = Fields::new(draw, crm.seed, &id);
    account.set("IsPersonAccount", true);
    account.text("PersonContactId", contact.as_str());
    account.text("Name", person.full_name());
    account.text("FirstName", person.first.as_str());
    account.text("LastName", person.last.as_str());
    account.text("PersonEmail", email.as_str());
    account.text("Private_Email__pc", private);
    account.text("PersonMobilePhone", mobile.as_str());
    account.text("PersonAssistantPhone", assistant);
    account.text("BillingStreet", noise::street(draw, &home.street));
    account.text("BillingCity", home.city.as_str());
    account.text("BillingPostalCode", home.zip.as_str());
    account.text("BillingCountry", noise::country(draw, &home.country));
    account.text("Description", notes(draw, 3));

    let mut beside = Fields::new(draw, crm.seed, &contact);
    beside.set("IsPersonAccount", true);
    beside.text("AccountId", id.as_str());
    beside.text("FirstName", person.first.as_str());
    beside.text("LastName", person.last.as_str());
    beside.text("Email", email);
    beside.text("MobilePhone", mobile);

    let record = |object, id, fields: Fields| {
        let mut fields = fields.finish();
        fields.retain(|_, value| *value != Value::Null);
        Record {
            object,
            id,
            fields,
            company: None,
        }
    };
    [
        record("Account", id, account),
        record("Contact", contact, beside),
    ]
}
