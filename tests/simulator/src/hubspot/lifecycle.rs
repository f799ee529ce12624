//! Removing records and bringing them back: the recycle bin, permanent deletion, restoring, merging.

use std::sync::Arc;

use super::error::Refusal;
use super::history::By;
use super::kind::Kind;
use super::portal::Portal;
use super::row::{Row, quoted};
use super::table::Table;
use crate::kit::packed::Values;

impl Portal {
    /// Moves a record to the recycle bin. Its time stamp does not move, and leads without any association left vanish.
    pub(crate) fn archive(&mut self, kind: Kind, id: u64) -> bool {
        let Some(row) = self.live(kind, id).cloned() else {
            return false;
        };
        let (now, due) = (self.clock.now(), self.due());
        self.table_mut(kind).put(row.with_archived(Some(now)), due);
        self.after_departure(kind, id);
        true
    }

    /// Removes a record permanently without archiving it, as `gdpr-delete` and the end of the recycle bin do.
    pub(crate) fn purge(&mut self, kind: Kind, id: u64) -> bool {
        let (now, due) = (self.clock.now(), self.due());
        let there = self.table_mut(kind).purge(id, now, due).is_some();
        if there {
            self.after_departure(kind, id);
            for to in Kind::ALL {
                for end in self.ends(kind, id, to) {
                    self.unlink(kind, id, to, end);
                }
            }
        }
        there
    }

    fn unlink(&mut self, kind: Kind, id: u64, to: Kind, end: u64) {
        for one in self.link_types(kind, to) {
            self.links.remove(one, id, end);
        }
        self.mirror(to, end);
    }

    /// Takes a record out of the recycle bin, as an administrator would.
    pub(crate) fn restore(&mut self, kind: Kind, id: u64) -> Result<(), Refusal> {
        let now = self.clock.now();
        let row = self
            .table(kind)
            .get(id)
            .filter(|row| Table::is_in_bin(row, now))
            .cloned()
            .ok_or_else(Refusal::not_found)?;
        let due = self.due();
        let mut restored = row.with_archived(None);
        if self.config.behaviour.restore_moves_stamp {
            restored.stamp = now;
        }
        self.table_mut(kind).put(restored, due);
        Ok(())
    }

    /// Merges two records. Returns the id of the result. The merged records vanish without being archived.
    pub(crate) fn merge(
        &mut self,
        kind: Kind,
        primary: u64,
        other: u64,
        new_id: bool,
    ) -> Result<u64, Refusal> {
        let (kept, gone) = (
            Arc::clone(self.needed(kind, primary)?),
            Arc::clone(self.needed(kind, other)?),
        );
        if primary == other {
            return Err(Refusal::invalid("Cannot merge a record with itself"));
        }
        let (now, due) = (self.clock.now(), self.due());
        let id = if new_id {
            self.table_mut(kind).fresh_id()
        } else {
            primary
        };
        let lost = if new_id {
            vec![primary, other]
        } else {
            vec![other]
        };
        let mut values = kept.unpack();
        for (index, json) in gone.stored() {
            values.entry(index).or_insert_with(|| json.to_vec());
        }
        self.keep_addresses(kind, &mut values, &kept, &gone);
        self.name_merged(kind, &mut values, [&kept, &gone], &lost);
        let history = &mut self.table_mut(kind).history;
        history.note(&kept, &values, now, By::Merge);
        history.carry(primary, id);
        for one in &lost {
            self.table_mut(kind).purge(*one, now, due);
        }
        let created = kept.created.min(gone.created);
        let table = self.table_mut(kind);
        table.put(Row::pack(id, created, now, &values), due);
        for one in &lost {
            table.merged.insert(*one, id);
        }
        self.move_links(kind, &lost, id);
        Ok(id)
    }

    /// Makes the other contact's e-mail addresses additional ones.
    fn keep_addresses(&self, kind: Kind, values: &mut Values, kept: &Row, gone: &Row) {
        let table = self.table(kind);
        let mut emails = table.emails_of(kept);
        emails.extend(table.emails_of(gone));
        let more: Vec<&str> = emails.iter().skip(1).map(String::as_str).collect();
        if let Some(index) = table.schema.find_any("hs_additional_emails")
            && !more.is_empty()
        {
            values.insert(index, quoted(&more.join(";")));
        }
    }

    /// Writes the survivor's properties about the records that were merged into it.
    fn name_merged(&self, kind: Kind, values: &mut Values, both: [&Row; 2], lost: &[u64]) {
        let schema = &self.table(kind).schema;
        let now = self.clock.now();
        for (name, timed) in [
            ("hs_merged_object_ids", false),
            ("hs_calculated_merged_vids", true),
        ] {
            let Some(index) = schema.find_any(name) else {
                continue;
            };
            let earlier = both.iter().filter_map(|row| row.text(schema, index));
            let mut all: Vec<String> = earlier
                .flat_map(|text| text.split(';').map(str::to_owned).collect::<Vec<_>>())
                .collect();
            all.extend(lost.iter().map(|id| match timed {
                true => format!("{id}:{now}"),
                false => id.to_string(),
            }));
            all.dedup();
            values.insert(index, quoted(&all.join(";")));
        }
    }

    /// Gives the survivor the associations of all records. Its own primary associations stay primary.
    fn move_links(&mut self, kind: Kind, lost: &[u64], id: u64) {
        for to in Kind::ALL {
            for gone in lost {
                let links: Vec<_> = self.links.of(kind, *gone, to).collect();
                for link in links {
                    let Some(one) = self.link_type(link.key) else {
                        continue;
                    };
                    self.links.remove(one, *gone, link.to);
                    let has_primary = one.primary
                        && kind != Kind::Company
                        && self.links.primary(kind, id, to).is_some();
                    if !has_primary {
                        self.links.add(one, id, link.to);
                    }
                    self.mirror(to, link.to);
                }
            }
        }
        self.mirror(kind, id);
    }
}
