//! The contents of a CRM in Salesforce's shape. It quotes a company database as sales teams do.

mod account;
mod contact;
mod fields;
mod id;
mod lead;
mod opportunity;
mod people;
mod personaccount;
mod task;

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::crm::{Crm, Written};

/// One record with the truth about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Account, Contact, Lead, Opportunity or Task.
    pub object: &'static str,
    /// 18-character id.
    pub id: String,
    /// Fields by their API names.
    pub fields: Map<String, Value>,
    /// Id of the company that the record is or belongs to. `None` if the database has no such company, and for objects
    /// that name no company.
    pub company: Option<String>,
}

impl Crm {
    /// Makes all records, parents before what refers to them: Accounts, Contacts, Leads, Opportunities, Tasks.
    pub fn records(&self) -> impl Iterator<Item = Record> + use<> {
        let crm = *self;
        (0..crm.accounts)
            .map(move |n| account::record(&crm, n))
            .chain((0..crm.person_accounts).flat_map(move |n| personaccount::records(&crm, n)))
            .chain((0..crm.contacts).map(move |n| contact::record(&crm, n)))
            .chain((0..crm.leads).map(move |n| lead::record(&crm, n)))
            .chain((0..crm.opportunities).map(move |n| opportunity::record(&crm, n)))
            .chain((0..crm.tasks).map(move |n| task::record(&crm, n)))
    }
}

/// Returns e-mail addresses and full names of all people in a CRM, which must appear nowhere in clear. Each is at least
/// eight characters long and occurs in no company's data.
pub fn canaries(crm: &Crm) -> impl Iterator<Item = String> + use<> {
    let crm = *crm;
    let contacts = (0..crm.contacts).map(move |n| contact::person(&crm, n));
    let leads = (0..crm.leads).map(move |n| lead::person(&crm, n));
    let accounts = (0..crm.person_accounts).map(move |n| personaccount::person(&crm, n));
    let accounts = accounts.flat_map(|(person, [email, other])| {
        let name = person.full_name();
        [name, email, other]
    });
    contacts
        .chain(leads)
        .flat_map(|(person, email)| [person.full_name(), email])
        .chain(accounts)
}

/// Writes all records as lines of `{"object":"Account","fields":{…}}`, which the simulator loads. On request it also
/// writes the truth as `record_id,company_id` for Accounts, Contacts and Leads (without a company id the record must
/// not match), and the canaries, one per line.
///
/// # Errors
/// Returns the error of one of the writers.
pub fn write(
    crm: &Crm,
    out: impl Write,
    truth: Option<&mut dyn Write>,
    people: Option<&mut dyn Write>,
) -> io::Result<()> {
    let written = crm.records().map(|record| Written {
        line: json!({ "object": record.object, "fields": record.fields }),
        truth: matches!(record.object, "Account" | "Contact" | "Lead")
            .then_some((record.id, record.company)),
    });
    crate::crm::write(written, canaries(crm), out, truth, people)
}
