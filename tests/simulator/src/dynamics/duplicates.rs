//! Duplicate detection, as the published rules of a new environment have it: equal names of accounts, equal addresses of people.

use std::ops::Bound;

use super::error::Refusal;
use super::guid::Guid;
use super::kind::Kind;
use super::org::Org;
use super::row::Row;
use crate::kit::packed::{Values, plain};

/// The columns that one rule compares. All of them have to be equal.
fn rules(kind: Kind) -> &'static [&'static [&'static str]] {
    match kind {
        Kind::Account => &[&["name"], &["emailaddress1"]],
        Kind::Contact => &[&["emailaddress1"], &["firstname", "lastname"]],
        Kind::Lead => &[&["emailaddress1"]],
        _ => &[],
    }
}

impl Org {
    /// Refuses values if an active row has the same ones.
    pub(crate) fn check_duplicates(
        &self,
        kind: Kind,
        own: Option<Guid>,
        values: &Values,
    ) -> Result<(), Refusal> {
        if !self.config.duplicate_rules {
            return Ok(());
        }
        let table = self.table(kind);
        let wanted = |name: &&'static str| {
            let name: &'static str = name;
            let index = table.schema.named(name)?;
            let text = plain(values.get(&index)?).to_lowercase();
            (!text.is_empty()).then_some((name, text))
        };
        for rule in rules(kind) {
            let Some(all) = rule.iter().map(wanted).collect::<Option<Vec<_>>>() else {
                continue;
            };
            let is_same = |row: &Row| {
                all.iter().all(|(name, text)| {
                    let found = row.text(&table.schema, name);
                    found.is_some_and(|found| found.to_lowercase() == *text)
                })
            };
            let mut rows = table.by_id(Bound::Unbounded, Bound::Unbounded);
            if rows.any(|row| Some(row.id) != own && is_same(row)) {
                let mut refusal = Refusal::duplicate();
                if !self.config.behaviour.duplicate_is_412 {
                    refusal.status = 500;
                }
                return Err(refusal);
            }
        }
        Ok(())
    }
}
