//! Deleting, merging, qualifying.

use std::sync::Arc;

use serde_json::json;

use super::error::Refusal;
use super::guid::Guid;
use super::kind::Kind;
use super::org::Org;
use super::row::End;
use super::values::Columns;
use super::write::Duplicates;

/// What a lead becomes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Becomes {
    pub(crate) account: bool,
    pub(crate) contact: bool,
    pub(crate) opportunity: bool,
}

impl Org {
    /// Deletes a row for good. Lookups that lead to it are emptied.
    pub(crate) fn delete(&mut self, kind: Kind, id: Guid) -> Result<(), Refusal> {
        self.needs(kind, "Delete")?;
        self.needed(kind, id)?;
        self.remove(kind, id);
        self.relink(&end(kind, id), None);
        Ok(())
    }

    /// Merges one row into another. It stays, inactive, and names the survivor.
    pub(crate) fn merge(
        &mut self,
        kind: Kind,
        survivor: Guid,
        loser: Guid,
        update: &Columns,
    ) -> Result<(), Refusal> {
        if !matches!(kind, Kind::Account | Kind::Contact | Kind::Lead) {
            return Err(Refusal::query("Merge is not supported for this entity."));
        }
        if survivor == loser {
            return Err(Refusal::value(
                "0x80040203",
                "Cannot merge a record with itself.",
            ));
        }
        self.needs(kind, "Write")?;
        let lost = Arc::clone(self.needed(kind, loser)?);
        self.needed(kind, survivor)?;
        let schema = &self.table(kind).schema;
        if lost
            .text(schema, "merged")
            .is_some_and(|merged| merged == "true")
        {
            return Err(Refusal::value(
                "0x80045b01",
                "The record was merged before.",
            ));
        }
        let mut values = lost.unpack();
        let (state, reason) = if kind == Kind::Lead {
            ("2", "7")
        } else {
            ("1", "2")
        };
        for (name, json) in [
            ("merged", b"true".to_vec()),
            ("masterid", end(kind, survivor).stored()),
            ("statecode", state.as_bytes().to_vec()),
            ("statuscode", reason.as_bytes().to_vec()),
        ] {
            if let Some(index) = schema.named(name) {
                values.insert(index, json);
            }
        }
        self.replaced(kind, &lost, values);
        self.relink(&end(kind, loser), Some(&end(kind, survivor)));
        self.update(kind, survivor, update, Duplicates::Suppressed)?;
        Ok(())
    }

    /// Qualifies a lead. It stays, and what it became points at it. Returns what was made.
    pub(crate) fn qualify(
        &mut self,
        lead: Guid,
        becomes: Becomes,
        status: i64,
    ) -> Result<Vec<(Kind, Guid)>, Refusal> {
        self.needs(Kind::Lead, "Write")?;
        let row = Arc::clone(self.needed(Kind::Lead, lead)?);
        let schema = &self.table(Kind::Lead).schema;
        if row.number(schema, "statecode") != Some(0) {
            return Err(Refusal::value("0x80040203", "The lead is already closed."));
        }
        let copied = |names: &[(&str, &str)]| -> Columns {
            let one = |(from, to): &(&str, &str)| {
                let text = row.text(schema, from)?;
                Some(((*to).to_owned(), json!(text)))
            };
            names.iter().filter_map(one).collect()
        };
        let account = copied(&[
            ("companyname", "name"),
            ("telephone1", "telephone1"),
            ("websiteurl", "websiteurl"),
            ("address1_city", "address1_city"),
        ]);
        let contact = copied(&[
            ("firstname", "firstname"),
            ("lastname", "lastname"),
            ("emailaddress1", "emailaddress1"),
            ("telephone1", "telephone1"),
            ("mobilephone", "mobilephone"),
        ]);
        let opportunity = copied(&[("subject", "name")]);
        let origin = json!(format!("/leads({lead})"));
        let mut made: Vec<(Kind, Guid)> = Vec::new();
        for (wanted, kind, mut columns) in [
            (becomes.account, Kind::Account, account),
            (becomes.contact, Kind::Contact, contact),
            (becomes.opportunity, Kind::Opportunity, opportunity),
        ] {
            if !wanted {
                continue;
            }
            columns.insert("originatingleadid@odata.bind".to_owned(), origin.clone());
            for (of, id) in &made {
                let name = match (kind, of) {
                    (Kind::Contact, Kind::Account) => "parentcustomerid_account",
                    (_, Kind::Account) => "parentaccountid",
                    _ => "parentcontactid",
                };
                columns.insert(
                    format!("{name}@odata.bind"),
                    json!(format!("/{}({id})", of.set())),
                );
            }
            let row = self.create(kind, None, &columns, Duplicates::Suppressed)?;
            made.push((kind, row.id));
        }
        let mut columns = Columns::new();
        columns.insert("statecode".to_owned(), json!(1));
        columns.insert("statuscode".to_owned(), json!(status));
        let names = self.config.behaviour.qualified_lead_names_parents;
        for (kind, id) in &made {
            let name = match kind {
                Kind::Opportunity => "qualifyingopportunityid",
                Kind::Account if names => "parentaccountid",
                Kind::Contact if names => "parentcontactid",
                _ => continue,
            };
            columns.insert(
                format!("{name}@odata.bind"),
                json!(format!("/{}({id})", kind.set())),
            );
        }
        self.update(Kind::Lead, lead, &columns, Duplicates::Suppressed)?;
        Ok(made)
    }

    /// Leads every lookup of one row to another one, or to none.
    fn relink(&mut self, from: &End, to: Option<&End>) {
        for (kind, id) in self.leading_to(from.id) {
            let table = self.table(kind);
            let Some(row) = table.get(id).cloned() else {
                continue;
            };
            let lookups = table.schema.indexed().filter(|(index, field)| {
                // The loser of a merge keeps the name of its survivor.
                field.kind.is_lookup()
                    && field.name != "masterid"
                    && row.end(*index).as_ref() == Some(from)
            });
            let lookups: Vec<u16> = lookups.map(|(index, _)| index).collect();
            if lookups.is_empty() {
                continue;
            }
            let mut values = row.unpack();
            for index in lookups {
                match to {
                    Some(to) => values.insert(index, to.stored()),
                    None => values.remove(&index),
                };
            }
            self.replaced(kind, &row, values);
        }
    }
}

fn end(kind: Kind, id: Guid) -> End {
    End {
        table: kind.logical().to_owned(),
        id,
    }
}
