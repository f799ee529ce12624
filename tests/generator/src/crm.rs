//! What the CRMs of all vendors have in common: sizes, the companies that they quote, their people, and the files.

use std::io::{self, Write};

use serde_json::Value;

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
    /// The number of further Accounts, which are people. Each has a Contact of its own. Only Salesforce has them.
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

impl Crm {
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

    /// Returns the company of Account `n`, and whether the database has it.
    pub(crate) fn account_company(&self, n: u64) -> (Company, bool) {
        match self.company_of_account(n) {
            Some(index) => (self.companies.nth(index), true),
            None => (self.stranger(n), false),
        }
    }

    /// Returns the Account from which Contact `n` is drawn. The Contact may still not be linked to it.
    pub(crate) fn contact_account(&self, n: u64) -> Option<u64> {
        (self.accounts > 0)
            .then(|| Draw::new(self.seed, For::Truth, n | 1 << 40).below(self.accounts))
    }

    /// Returns the company of Contact `n`, and whether the database has it.
    pub(crate) fn contact_company(&self, n: u64) -> (Company, bool) {
        match self.contact_account(n) {
            Some(account) => self.account_company(account),
            None => (self.stranger(n | 1 << 42), false),
        }
    }

    /// Draws a company of the database.
    pub(crate) fn known(&self, draw: &mut Draw) -> Option<u64> {
        let index = draw.below(self.companies.size);
        (self.companies.size > 0 && draw.chance(86)).then_some(index)
    }

    /// Makes a company that is in no database: one of the same kind, from a seed of its own.
    pub(crate) fn stranger(&self, n: u64) -> Company {
        let strangers = Companies {
            seed: !self.companies.seed,
            size: 0,
        };
        let index = Draw::new(self.seed, For::Stranger, n).below(1 << 32);
        strangers.nth((1 << 33) + index)
    }
}

/// A record as the files have it.
pub(crate) struct Written {
    /// The line that the simulator loads.
    pub(crate) line: Value,
    /// The record's id and its company's id, for objects that may belong to a company.
    pub(crate) truth: Option<(String, Option<String>)>,
}

/// Writes records, on request the truth about them, and the canaries.
pub(crate) fn write(
    records: impl Iterator<Item = Written>,
    canaries: impl Iterator<Item = String>,
    mut out: impl Write,
    truth: Option<&mut dyn Write>,
    people: Option<&mut dyn Write>,
) -> io::Result<()> {
    let mut truth = truth.map(csv::Writer::from_writer);
    if let Some(truth) = &mut truth {
        truth.write_record(["record_id", "company_id"])?;
    }
    for record in records {
        if let (Some(truth), Some((id, company))) = (&mut truth, &record.truth) {
            truth.write_record([id, company.as_deref().unwrap_or_default()])?;
        }
        serde_json::to_writer(&mut out, &record.line)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    if let Some(mut truth) = truth {
        truth.flush()?;
    }
    if let Some(people) = people {
        for canary in canaries {
            writeln!(people, "{canary}")?;
        }
        people.flush()?;
    }
    Ok(())
}
