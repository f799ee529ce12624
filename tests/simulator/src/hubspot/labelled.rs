//! The types of associations that an account has: HubSpot's own, and the account's labels.

use serde_json::{Value, json};

use super::error::Refusal;
use super::kind::Kind;
use super::labels::Named;
use super::portal::Portal;
use super::types::LinkType;

impl Portal {
    /// Returns the type of an association by its key.
    pub(crate) fn link_type(&self, key: u16) -> Option<LinkType> {
        match LinkType::custom_id(key) {
            Some(id) => self.labels.find(id).map(|label| label.kind),
            None => LinkType::find(key),
        }
    }

    /// Returns all types from one object to another, HubSpot's own first.
    pub(crate) fn link_types(&self, from: Kind, to: Kind) -> Vec<LinkType> {
        let own = self.labels.between(from, to).map(|label| label.kind);
        LinkType::between(from, to).chain(own).collect()
    }

    /// Reads `{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}`.
    pub(crate) fn asked_type(&self, given: &Value) -> Result<LinkType, Refusal> {
        let id = given["associationTypeId"].as_u64();
        let id = id.and_then(|id| u16::try_from(id).ok());
        let found = match given["associationCategory"].as_str() {
            Some("HUBSPOT_DEFINED") => id.and_then(LinkType::find),
            Some("USER_DEFINED") => id.and_then(|id| self.labels.find(id)).map(|one| one.kind),
            _ => None,
        };
        found.ok_or_else(|| Refusal::invalid(format!("Invalid association type: {given}")))
    }

    /// Returns the type that a path or a body of v3 names, by its name or by its id.
    pub(crate) fn named_type(&self, from: Kind, to: Kind, name: &str) -> Result<LinkType, Refusal> {
        let mut types = self.link_types(from, to).into_iter();
        let found = types.find(|one| self.type_name(*one) == name || one.id.to_string() == name);
        found.ok_or_else(|| Refusal::invalid(format!("{name} is not a valid association type")))
    }

    /// Returns the name of a type, as v3 and the answers about records have it.
    pub(crate) fn type_name(&self, kind: LinkType) -> String {
        let own = self.labels.find(kind.id).filter(|_| kind.custom);
        own.map_or_else(|| kind.name.to_owned(), |label| label.name.clone())
    }

    /// Returns a type as v4 answers it.
    pub(crate) fn described(&self, kind: LinkType) -> Value {
        let own = self.labels.find(kind.id).filter(|_| kind.custom);
        let label = own.map_or_else(|| kind.label(), |own| Some(&own.text));
        json!({ "category": kind.category(), "typeId": kind.id, "label": label })
    }

    pub(crate) fn add_label(
        &mut self,
        (from, to): (Kind, Kind),
        named: Named<'_>,
    ) -> Result<[LinkType; 2], Refusal> {
        if LinkType::plain(from, to).is_none() {
            return Err(Refusal::invalid("there is no such association"));
        }
        self.labels.add(from, to, named)
    }

    /// Gives a label other texts.
    pub(crate) fn rename_label(
        &mut self,
        (from, to): (Kind, Kind),
        id: u16,
        named: Named<'_>,
    ) -> Result<(), Refusal> {
        let label = self.labels.between(from, to).find(|one| one.kind.id == id);
        let kind = label.map(|one| one.kind).ok_or_else(Refusal::not_found)?;
        for label in &mut self.labels.all {
            if label.kind.id == kind.id {
                named.text.clone_into(&mut label.text);
            } else if label.kind.id == kind.reverse {
                named.back.unwrap_or(named.text).clone_into(&mut label.text);
            }
        }
        Ok(())
    }

    /// Removes a label from the account and from all associations, which stay.
    pub(crate) fn remove_label(&mut self, (from, to): (Kind, Kind), id: u16) {
        let label = self.labels.between(from, to).find(|one| one.kind.id == id);
        let Some(kind) = label.map(|one| one.kind) else {
            return;
        };
        self.links.forget(kind);
        let both = [kind.id, kind.reverse];
        self.labels.all.retain(|one| !both.contains(&one.kind.id));
    }
}
