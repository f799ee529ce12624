//! What stands in a customer's CRM, in Salesforce's shape, with the companies that it really is.

mod fields;
mod id;

use serde_json::{Map, Value};

use crate::company::Companies;

pub use id::{Kind, record_id};

/// A record and the truth about it.
pub struct Record {
    /// Salesforce's name of the object.
    pub object: &'static str,
    /// Its fields; what is nothing has no key.
    pub fields: Map<String, Value>,
    /// Its id.
    pub id: String,
    /// The company that it is; none: it is in no file. Only Accounts have a truth.
    pub company: Option<String>,
}

/// The contents of one CRM: so many records of each object, each made on its own.
#[derive(Clone, Copy, Debug)]
pub struct Crm {
    /// What everything is drawn from.
    pub seed: u64,
    /// The companies that Accounts and Leads are.
    pub companies: Companies,
    /// Accounts.
    pub accounts: u64,
    /// Contacts.
    pub contacts: u64,
    /// Leads.
    pub leads: u64,
    /// Tasks.
    pub tasks: u64,
    /// Opportunities.
    pub opportunities: u64,
}

impl Crm {
    /// All records, parents first.
    pub fn records(&self) -> impl Iterator<Item = Record> + use<> {
        let crm = *self;
        let of =
            move |n, make: fn(&Self, u64) -> Record| (0..n).map(move |index| make(&crm, index));
        of(crm.accounts, Self::account)
            .chain(of(crm.contacts, Self::contact))
            .chain(of(crm.leads, Self::lead))
            .chain(of(crm.tasks, Self::task))
            .chain(of(crm.opportunities, Self::opportunity))
    }
}

/// The strings that must be found in clear nowhere: people's full names and e-mail addresses.
pub fn canaries(crm: &Crm) -> impl Iterator<Item = String> + use<> {
    crm.records()
        .filter(|record| matches!(record.object, "Contact" | "Lead"))
        .flat_map(|record| {
            let text = |name: &str| {
                record
                    .fields
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            let full_name = format!("{} {}", text("FirstName"), text("LastName"));
            [full_name, text("Email")]
        })
        .filter(|text| text.len() > 8)
}
