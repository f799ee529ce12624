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

use crate::company::{Companies, Company};
use crate::draw::{Draw, For};

/// A CRM: its sizes, and the companies that it quotes.
#[derive(Clone, Copy, Debug)]
pub struct Crm {
    /// The seed of its records. The CRMs of two tenants have two seeds, and so their ids differ, too.
    pub seed: u64,
    /// The company database to which most records refer.
    pub companies: Companies,
    /// The number of Accounts that are companies.
    pub accounts: u64,
    /// The number of further Accounts, which are people. Each has a Contact of its own.
    pub person_accounts: u64,
    /// The number of Contacts.
    pub contacts: u64,
    /// The number of Leads.
    pub leads: u64,
    /// The number of Opportunities.
    pub opportunities: u64,
    /// The number of Tasks.
    pub tasks: u64,
}

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

    /// Returns the company of Account `n` as an index into the database. `None` for the 14 % that are not in it. Some
    /// Accounts repeat an earlier one's company.
    fn company_of_account(&self, n: u64) -> Option<u64> {
        let mut draw = Draw::new(self.seed, For::Truth, n);
        if n > 0 && draw.chance(7) {
            // A duplicate: a user did not check whether the account existed.
            return self.company_of_account(n - 1 - draw.below(n.min(500)));
        }
        self.known(&mut draw)
    }

    fn known(&self, draw: &mut Draw) -> Option<u64> {
        let index = draw.below(self.companies.size);
        (self.companies.size > 0 && draw.chance(86)).then_some(index)
    }

    /// Makes a company that is in no database: one of the same kind, from a seed of its own.
    fn stranger(&self, n: u64) -> Company {
        let strangers = Companies {
            seed: !self.companies.seed,
            size: 0,
        };
        let index = Draw::new(self.seed, For::Stranger, n).below(1 << 32);
        strangers.nth((1 << 33) + index)
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
    mut out: impl Write,
    truth: Option<&mut dyn Write>,
    people: Option<&mut dyn Write>,
) -> io::Result<()> {
    let mut truth = truth.map(csv::Writer::from_writer);
    if let Some(truth) = &mut truth {
        truth.write_record(["record_id", "company_id"])?;
    }
    for record in crm.records() {
        if let Some(truth) = &mut truth
            && matches!(record.object, "Account" | "Contact" | "Lead")
        {
            truth.write_record([&record.id, record.company.as_deref().unwrap_or_default()])?;
        }
        serde_json::to_writer(
            &mut out,
            &json!({ "object": record.object, "fields": record.fields }),
        )?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    if let Some(mut truth) = truth {
        truth.flush()?;
    }
    if let Some(people) = people {
        for canary in canaries(crm) {
            writeln!(people, "{canary}")?;
        }
        people.flush()?;
    }
    Ok(())
}
