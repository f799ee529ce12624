//! What HubSpot requires when a record is written: required and compulsory properties, unique values, associations to
//! existing records.

use serde_json::json;

use super::associate::Wanted;
use super::error::{Refusal, Wrong};
use super::kind::Kind;
use super::portal::Portal;
use super::row::Row;
use crate::kit::packed::{Values, plain};

impl Portal {
    /// Returns what the administrators' validation rules find missing.
    pub(super) fn broken_rules(&self, kind: Kind, values: &Values) -> Vec<Wrong> {
        let schema = &self.table(kind).schema;
        let value = |name: &str| values.get(&schema.find(name)?).map(|json| plain(json));
        let mut wrong = Vec::new();
        for rule in &self.config.rules {
            let name = &rule.property;
            let (code, applies) = match &rule.when {
                None => ("MISSING_REQUIRED_PROPERTY", true),
                Some((of, wanted)) => (
                    "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
                    value(of).is_some_and(|value| value == wanted.as_str()),
                ),
            };
            let here = Kind::parse(&rule.object) == Some(kind);
            if here && applies && value(name).is_none() {
                wrong.push(Wrong {
                    name: name.clone(),
                    code,
                    message: format!("Property \"{name}\" is required"),
                });
            }
        }
        wrong
    }

    pub(super) fn check_unique(
        &self,
        kind: Kind,
        id: Option<u64>,
        values: &Values,
    ) -> Result<(), Refusal> {
        let table = self.table(kind);
        let probe = Row::pack(id.unwrap_or(0), 0, 0, values);
        for email in table.emails_of(&probe) {
            match table.by_email(&email) {
                Some(other) if Some(other) != id => return Err(Refusal::contact_exists(other)),
                _ => {}
            }
        }
        for (index, json) in values {
            let Some(property) = table.schema.property(*index).filter(|one| one.unique) else {
                continue;
            };
            match table.by_external(*index, &plain(json)) {
                Some(other) if Some(other) != id => {
                    return Err(self.value_taken(kind, &property.name, &plain(json), other));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn value_taken(&self, kind: Kind, name: &str, value: &str, other: u64) -> Refusal {
        let object = kind.singular().to_uppercase();
        let message = format!(
            "Cannot set PropertyValueCoordinates{{portalId={}, objectTypeId={}, propertyName={name}, value={value}}} on {object}. {other} already has that value.",
            self.config.hub_id,
            kind.type_id(),
        );
        if self.config.behaviour.unique_conflict_is_409 {
            Refusal::new(409, "CONFLICT", message)
        } else {
            Refusal::invalid(message).with(
                "errors",
                json!([{ "message": format!("{value} is already taken"), "code": "CONFLICTING_UNIQUE_VALUE", "context": { "propertyName": [name] } }]),
            )
        }
    }

    /// Refuses a record without the properties that HubSpot requires.
    pub(super) fn check_required(&self, kind: Kind, values: &Values) -> Result<(), Refusal> {
        let schema = &self.table(kind).schema;
        let has = |name: &&str| {
            schema
                .find(name)
                .is_some_and(|index| values.contains_key(&index))
        };
        let (all, any): (&[&str], &[&str]) = match kind {
            Kind::Contact => (&[], &["email", "firstname", "lastname"]),
            Kind::Company => (&[], &["name", "domain"]),
            Kind::Deal => (&["dealname", "dealstage", "pipeline"], &[]),
            Kind::Task => (&["hs_timestamp"], &[]),
            Kind::Lead => (&["hs_lead_name"], &[]),
        };
        let missing: Vec<&str> = all.iter().filter(|name| !has(name)).copied().collect();
        if !missing.is_empty() {
            return Err(Refusal::required(kind, &missing));
        }
        if !any.is_empty() && !any.iter().any(has) {
            return Err(Refusal::required(kind, any));
        }
        Ok(())
    }

    /// Checks the associations of a record that is being created: they start at its object and lead to existing
    /// records, and a lead has a primary one.
    pub(super) fn check_wanted(&self, kind: Kind, wanted: &[Wanted]) -> Result<(), Refusal> {
        for one in wanted {
            if one.kind.from != kind {
                let message = format!(
                    "Invalid association type {} from {}",
                    one.kind.id,
                    kind.type_id()
                );
                return Err(Refusal::invalid(message));
            }
            if self.live(one.kind.to, one.to).is_none() {
                let to = one.kind.to.singular().to_uppercase();
                let message = format!(
                    "One or more associations are not valid: no {to} found with id {}",
                    one.to
                );
                return Err(Refusal::invalid(message));
            }
        }
        let parent =
            |one: &Wanted| one.kind.primary && matches!(one.kind.to, Kind::Contact | Kind::Company);
        if kind == Kind::Lead && !wanted.iter().any(parent) {
            return Err(Refusal::invalid(
                "Leads must be associated with a primary contact or a primary company when they are created.",
            ));
        }
        Ok(())
    }
}
