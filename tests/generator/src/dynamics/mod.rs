//! The contents of a CRM in the shape of Dynamics 365. It quotes a company database as sales teams do.
//!
//! Persons and companies are those that a CRM of another vendor has with the same seed. Differences follow from the vendor: a
//! person has up to three addresses in columns of their own, a lead names its company and its person by itself and may also
//! point at rows that exist, a contact may belong to another contact, and what Dataverse has no column for is in columns of
//! the customer's own (`new_…`).

mod account;
mod columns;
mod contact;
mod id;
mod lead;
mod opportunity;
mod task;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::crm::{Crm, Written};

/// One row with the truth about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// account, contact, lead, opportunity or task.
    pub object: &'static str,
    /// A GUID.
    pub id: String,
    /// Columns by their logical names. A lookup is `account/<id>`. Empty columns are absent.
    pub columns: Map<String, Value>,
    /// Id of the company that the row is or belongs to. `None` if the database has no such company, and for tables that name no
    /// company.
    pub company: Option<String>,
}

/// Makes all rows, parents before what refers to them: accounts, contacts, leads, opportunities, tasks. Person accounts are
/// Salesforce's, so there are none.
pub fn records(crm: &Crm) -> impl Iterator<Item = Record> + use<> {
    let crm = *crm;
    (0..crm.accounts)
        .map(move |n| account::record(&crm, n))
        .chain((0..crm.contacts).map(move |n| contact::record(&crm, n)))
        .chain((0..crm.leads).map(move |n| lead::record(&crm, n)))
        .chain((0..crm.opportunities).map(move |n| opportunity::record(&crm, n)))
        .chain((0..crm.tasks).map(move |n| task::record(&crm, n)))
}

/// Returns e-mail addresses and full names of all people in a CRM, which must appear nowhere in clear.
pub fn canaries(crm: &Crm) -> impl Iterator<Item = String> + use<> {
    let crm = *crm;
    let contacts = (0..crm.contacts).flat_map(move |n| {
        let (person, emails) = contact::person(&crm, n);
        [vec![person.full_name()], emails].concat()
    });
    contacts.chain((0..crm.leads).flat_map(move |n| {
        let (person, email) = lead::person(&crm, n);
        [person.full_name(), email]
    }))
}

/// Writes all rows as lines of `{"object":"account","id":"…","columns":{…}}`, which the simulator loads. On request it also
/// writes the truth as `record_id,company_id` for accounts, contacts and leads (without a company id the row must not match),
/// and the canaries, one per line.
///
/// # Errors
/// Returns the error of one of the writers.
pub fn write(
    crm: &Crm,
    out: impl Write,
    truth: Option<&mut dyn Write>,
    people: Option<&mut dyn Write>,
) -> io::Result<()> {
    let written = records(crm).map(|record| Written {
        line: json!({ "object": record.object, "id": record.id, "columns": record.columns }),
        truth: matches!(record.object, "account" | "contact" | "lead")
            .then_some((record.id, record.company)),
    });
    crate::crm::write(written, canaries(crm), out, truth, people)
}
