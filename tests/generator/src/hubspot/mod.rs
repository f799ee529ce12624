//! The contents of a CRM in HubSpot's shape. It quotes a company database as sales teams do.
//!
//! Persons and companies are those that a CRM of another vendor has with the same seed. Differences follow from the
//! vendor: no two contacts share an address, a contact may have several, a lead has no person of its own, and parents are
//! associations beside the properties.

mod company;
mod contact;
mod deal;
mod id;
mod lead;
mod properties;
mod task;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::crm::{Crm, Written};

/// One record with the truth about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// companies, contacts, leads, deals or tasks.
    pub object: &'static str,
    /// Digits. Ids are unique within one object only: a task has the id of a company.
    pub id: String,
    /// Properties by their names. Every value is a text, and empty ones are absent.
    pub properties: Map<String, Value>,
    /// The records that this one belongs to.
    pub associations: Vec<Association>,
    /// Id of the company that the record is or belongs to. `None` if the database has no such company, and for objects
    /// that name no company.
    pub company: Option<String>,
}

/// A record that another belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// The other record's object.
    pub object: &'static str,
    /// The other record's id.
    pub id: String,
    /// Whether it is the primary one of its kind.
    pub primary: bool,
}

/// Makes all records, parents before what refers to them: companies, contacts, leads, deals, tasks. Without companies
/// and contacts there are no leads, since each needs one of them. Person accounts are Salesforce's, so there are none.
pub fn records(crm: &Crm) -> impl Iterator<Item = Record> + use<> {
    let crm = *crm;
    (0..crm.accounts)
        .map(move |n| company::record(&crm, n))
        .chain((0..crm.contacts).map(move |n| contact::record(&crm, n)))
        .chain((0..lead::number(&crm)).map(move |n| lead::record(&crm, n)))
        .chain((0..crm.opportunities).map(move |n| deal::record(&crm, n)))
        .chain((0..crm.tasks).map(move |n| task::record(&crm, n)))
}

/// Returns e-mail addresses and full names of all people in a CRM, which must appear nowhere in clear. Leads and tasks
/// name the same people.
pub fn canaries(crm: &Crm) -> impl Iterator<Item = String> + use<> {
    let crm = *crm;
    (0..crm.contacts).flat_map(move |n| {
        let (person, emails) = contact::person(&crm, n);
        [vec![person.full_name()], emails].concat()
    })
}

/// Writes all records as lines of `{"object":"companies","id":"…","properties":{…},"associations":[…]}`, which the
/// simulator loads. On request it also writes the truth as `record_id,company_id` for companies, contacts and leads
/// (without a company id the record must not match), and the canaries, one per line.
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
        line: line(&record),
        truth: matches!(record.object, "companies" | "contacts" | "leads")
            .then_some((record.id, record.company)),
    });
    crate::crm::write(written, canaries(crm), out, truth, people)
}

fn line(record: &Record) -> Value {
    let associations: Vec<Value> = record
        .associations
        .iter()
        .map(|one| json!({ "object": one.object, "id": one.id, "primary": one.primary }))
        .collect();
    json!({
        "object": record.object, "id": record.id, "properties": record.properties, "associations": associations,
    })
}

/// Returns an association.
fn to(object: &'static str, id: String, primary: bool) -> Association {
    Association {
        object,
        id,
        primary,
    }
}
