//! Operations of users beyond creating, changing and deleting: merging duplicates and converting leads.

use serde_json::{Map, Value, json};

use super::duplicates::Saving;
use super::error::Refusal;
use super::id::Id;
use super::org::Org;
use super::row::{Row, plain, quoted};
use super::time;

/// The records into which a lead was converted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Converted {
    /// The account, new or given.
    pub account: String,
    /// The new contact.
    pub contact: String,
    /// The new opportunity, if one was requested.
    pub opportunity: Option<String>,
}

impl Org {
    /// Merges `loser` into `winner`. The loser goes to the recycle bin with a MasterRecordId, its children get the new
    /// parent, and all of them get a new SystemModstamp.
    pub(crate) fn merge(&mut self, object: &str, winner: Id, loser: Id) -> Result<(), Refusal> {
        if !["Account", "Contact", "Lead"]
            .iter()
            .any(|mergeable| mergeable.eq_ignore_ascii_case(object))
            || winner == loser
        {
            return Err(Refusal::new(
                400,
                "INVALID_OPERATION",
                format!("{object} records cannot be merged so"),
            ));
        }
        let (kept, lost) = (self.live(object, winner)?, self.live(object, loser)?);
        self.reparent(object, loser, winner)?;
        self.set_deleted(object, &lost, true, Some(winner))?;
        self.touch(object, winner, kept.unpack())
    }

    fn reparent(&mut self, object: &str, from: Id, to: Id) -> Result<(), Refusal> {
        let canonical = self.table(object)?.schema.object;
        let (old, new) = (quoted(from.as_str()), quoted(to.as_str()));
        let refers = |name: &str| name != "MasterRecordId" && !name.starts_with("Converted");
        let mut fields: Vec<String> = Vec::new();
        for table in &self.tables {
            let references = table
                .schema
                .fields
                .iter()
                .filter(|field| field.references.iter().any(|target| target == canonical));
            fields.extend(
                references
                    .filter(|field| refers(&field.name))
                    .map(|field| field.name.clone()),
            );
        }
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        for (child, id) in self.children(from, &names)? {
            let mut values = self.live(child, id)?.unpack();
            let schema = &self.table(child)?.schema;
            for index in names.iter().filter_map(|name| schema.find(name)) {
                if values.get(&index) == Some(&old) {
                    values.insert(index, new.clone());
                }
            }
            self.touch(child, id, values)?;
        }
        Ok(())
    }

    /// Converts a lead into a contact, an account (new or existing) and, on request, an opportunity.
    pub(crate) fn convert(
        &mut self,
        lead: Id,
        account: Option<Id>,
        opportunity: bool,
    ) -> Result<Converted, Refusal> {
        let row = self.live("Lead", lead)?;
        let schema = &self.table("Lead")?.schema;
        if row.get(schema.index("IsConverted")) == Some(b"true") {
            return Err(Refusal::on_fields(
                "CANNOT_UPDATE_CONVERTED_LEAD",
                "cannot reference converted lead",
                &[],
            ));
        }
        let text = |name: &str| {
            row.get(schema.index(name))
                .map(|json| plain(json).into_owned())
        };
        let copied = |pairs: &[(&str, &str)]| -> Map<String, Value> {
            pairs
                .iter()
                .filter_map(|(from, to)| Some(((*to).to_owned(), json!(text(from)?))))
                .collect()
        };
        let company = copied(&[
            ("Company", "Name"),
            ("Street", "BillingStreet"),
            ("City", "BillingCity"),
            ("State", "BillingState"),
            ("PostalCode", "BillingPostalCode"),
            ("Country", "BillingCountry"),
            ("Phone", "Phone"),
            ("Website", "Website"),
            ("Industry", "Industry"),
            ("Rating", "Rating"),
        ]);
        let mut person = copied(&[
            ("FirstName", "FirstName"),
            ("LastName", "LastName"),
            ("Salutation", "Salutation"),
            ("Title", "Title"),
            ("Email", "Email"),
            ("Phone", "Phone"),
            ("MobilePhone", "MobilePhone"),
            ("Street", "MailingStreet"),
            ("City", "MailingCity"),
            ("State", "MailingState"),
            ("PostalCode", "MailingPostalCode"),
            ("Country", "MailingCountry"),
        ]);
        let named = text("Company").unwrap_or_default();
        let anyway = Saving {
            allow: true,
            details: false,
        };
        let account = match account {
            Some(account) => self.live("Account", account)?.id,
            None => self.create("Account", &company, anyway)?,
        };
        person.insert("AccountId".to_owned(), json!(account.as_str()));
        let contact = self.create("Contact", &person, anyway)?;
        let opportunity = if opportunity {
            let close = time::date_text(self.stamp() + 90 * 86_400_000);
            let deal = json!({ "Name": format!("{named}-"), "AccountId": account.as_str(), "StageName": "Prospecting", "CloseDate": close });
            Some(self.create(
                "Opportunity",
                deal.as_object().unwrap_or(&Map::new()),
                anyway,
            )?)
        } else {
            None
        };
        self.mark_converted(lead, &row, account, contact, opportunity)?;
        let name = |id: Id| id.to_string();
        Ok(Converted {
            account: name(account),
            contact: name(contact),
            opportunity: opportunity.map(name),
        })
    }

    fn mark_converted(
        &mut self,
        lead: Id,
        row: &Row,
        account: Id,
        contact: Id,
        opportunity: Option<Id>,
    ) -> Result<(), Refusal> {
        let today = time::date_text(self.stamp());
        let schema = &self.table("Lead")?.schema;
        let mut values = row.unpack();
        values.insert(schema.index("IsConverted"), b"true".to_vec());
        values.insert(schema.index("Status"), quoted("Closed - Converted"));
        values.insert(schema.index("ConvertedDate"), quoted(&today));
        values.insert(schema.index("ConvertedAccountId"), quoted(account.as_str()));
        values.insert(schema.index("ConvertedContactId"), quoted(contact.as_str()));
        if let Some(opportunity) = opportunity {
            values.insert(
                schema.index("ConvertedOpportunityId"),
                quoted(opportunity.as_str()),
            );
        }
        self.touch("Lead", lead, values)?;
        self.follow(lead, contact)
    }

    /// Moves the lead's tasks to the contact.
    fn follow(&mut self, lead: Id, contact: Id) -> Result<(), Refusal> {
        for (object, id) in self.children(lead, &["WhoId"])? {
            let mut values = self.live(object, id)?.unpack();
            values.insert(
                self.table(object)?.schema.index("WhoId"),
                quoted(contact.as_str()),
            );
            self.touch(object, id, values)?;
        }
        Ok(())
    }
}
