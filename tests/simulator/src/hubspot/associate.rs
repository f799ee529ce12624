//! Creates and removes associations, updates the properties that mirror them, and removes leads that lose their last one.
//!
//! An association moves the time stamp of neither side, unless a property mirrors it.

use super::error::Refusal;
use super::kind::Kind;
use super::portal::Portal;
use super::row::{Row, quoted};
use super::types::LinkType;

/// An association requested for a record that is being created.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) kind: LinkType,
    pub(crate) to: u64,
}

impl Portal {
    /// Associates two records. Every association is also a plain one. A primary one replaces another primary one.
    pub(crate) fn associate(&mut self, kind: LinkType, from: u64, to: u64) -> Result<(), Refusal> {
        for (side, id) in [(kind.from, from), (kind.to, to)] {
            if self.live(side, id).is_none() {
                let message = format!("No {} found with id {id}", side.singular().to_uppercase());
                return Err(Refusal::new(404, "OBJECT_NOT_FOUND", message));
            }
        }
        // The types are viewed from the side that has at most one association of a primary type.
        let (kind, from, to) = match kind.from {
            Kind::Company => (kind.turned(), to, from),
            Kind::Contact | Kind::Deal if kind.to == Kind::Lead => (kind.turned(), to, from),
            _ => (kind, from, to),
        };
        let first = kind.to == Kind::Company
            && self.config.behaviour.first_company_is_primary
            && self.links.of(kind.from, from, kind.to).next().is_none();
        if let Some(plain) = LinkType::plain(kind.from, kind.to) {
            self.links.add(plain, from, to);
        }
        if kind.custom {
            self.links.add(kind, from, to);
        }
        let primary = LinkType::between(kind.from, kind.to).find(|one| one.primary);
        if let Some(primary) = primary.filter(|_| kind.primary || first) {
            if let Some(old) = self.links.primary(kind.from, from, kind.to) {
                self.links.remove(primary, from, old);
            }
            self.links.add(primary, from, to);
        }
        self.mirror(kind.from, from);
        Ok(())
    }

    /// Removes all associations of two records, or those of one type only.
    pub(crate) fn dissociate(
        &mut self,
        from_kind: Kind,
        from: u64,
        to_kind: Kind,
        to: u64,
        only: Option<LinkType>,
    ) {
        for kind in self.link_types(from_kind, to_kind) {
            // Removing the plain association removes all.
            let is_meant = |only: LinkType| only == kind || !(only.primary || only.custom);
            if only.is_none_or(is_meant) {
                self.links.remove(kind, from, to);
            }
        }
        self.mirror(from_kind, from);
        self.mirror(to_kind, to);
        for (kind, id) in [(from_kind, from), (to_kind, to)] {
            if kind == Kind::Lead {
                self.vanish_if_alone(id);
            }
        }
    }

    /// Removes leads that have no association left after a record has gone.
    pub(crate) fn after_departure(&mut self, kind: Kind, id: u64) {
        if !matches!(kind, Kind::Contact | Kind::Company) {
            return;
        }
        let leads: Vec<u64> = self.ends(kind, id, Kind::Lead);
        for lead in leads {
            self.vanish_if_alone(lead);
        }
    }

    /// Returns the ids with which a record is associated, each once, including records that are archived or gone.
    pub(crate) fn ends(&self, kind: Kind, id: u64, to: Kind) -> Vec<u64> {
        let mut ids: Vec<u64> = self.links.of(kind, id, to).map(|link| link.to).collect();
        ids.dedup();
        ids
    }

    /// Returns the live record to which a record's primary association leads.
    pub(crate) fn primary(&self, kind: Kind, id: u64, to: Kind) -> Option<u64> {
        let primary = self.links.primary(kind, id, to)?;
        self.live(to, primary).map(|row| row.id)
    }

    /// Removes a lead permanently if its last primary association has gone.
    fn vanish_if_alone(&mut self, lead: u64) {
        let has = |to| self.primary(Kind::Lead, lead, to).is_some();
        if !has(Kind::Contact) && !has(Kind::Company) {
            let (now, due) = (self.clock.now(), self.due());
            self.table_mut(Kind::Lead).purge(lead, now, due);
        }
    }

    /// Writes the properties that mirror a record's primary associations. The time stamp moves only if one of them changes.
    pub(crate) fn mirror(&mut self, kind: Kind, id: u64) {
        let mirrors: &[(&str, Kind)] = match kind {
            Kind::Contact => &[("associatedcompanyid", Kind::Company)],
            Kind::Lead => &[
                ("hs_primary_contact_id", Kind::Contact),
                ("hs_primary_company_id", Kind::Company),
            ],
            _ => return,
        };
        let Some(row) = self.live(kind, id).cloned() else {
            return;
        };
        let mut values = row.unpack();
        let before = values.clone();
        for (name, to) in mirrors {
            let Some(index) = self.table(kind).schema.find_any(name) else {
                continue;
            };
            match self.primary(kind, id, *to) {
                Some(primary) => values.insert(index, quoted(&primary.to_string())),
                None => values.remove(&index),
            };
        }
        if kind == Kind::Lead {
            self.copy_to_lead(id, &mut values);
        }
        if values != before {
            let (now, due) = (self.clock.now(), self.due());
            let row = Row::pack(id, row.created, now, &values);
            self.table_mut(kind).put(row, due);
        }
    }

    /// Copies the contact's and company's values that a lead shows.
    fn copy_to_lead(&self, lead: u64, values: &mut crate::kit::packed::Values) {
        let copies = [
            (Kind::Contact, "email", "hs_associated_contact_email"),
            (
                Kind::Contact,
                "firstname",
                "hs_associated_contact_firstname",
            ),
            (Kind::Contact, "lastname", "hs_associated_contact_lastname"),
            (Kind::Company, "name", "hs_associated_company_name"),
            (Kind::Company, "domain", "hs_associated_company_domain"),
        ];
        for (of, from, to) in copies {
            let Some(index) = self.table(Kind::Lead).schema.find_any(to) else {
                continue;
            };
            let source = self.primary(Kind::Lead, lead, of);
            let row = source.and_then(|id| self.live(of, id));
            let text = row.and_then(|row| row.named(&self.table(of).schema, from));
            match text {
                Some(text) => values.insert(index, quoted(&text)),
                None => values.remove(&index),
            };
        }
    }
}
