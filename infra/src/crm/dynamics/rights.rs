//! The organisation of a grant, and what the grant may do there.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{FieldRights, Inspect, Rights},
    record::Object,
};

use super::{
    super::client::refusal::Cause,
    Dynamics,
    field::read_name,
    metadata::Column,
    names::{STAMP, id_name, of_privilege},
};

#[async_trait]
impl Inspect for Dynamics {
    /// Returns the organisation's id, which is the environment's. A customer has one for each environment.
    async fn organisation(&self) -> Outcome<Option<String>> {
        Ok(Some(self.who().await?.organisation))
    }

    async fn rights(&self, object: Object) -> Outcome<Option<Rights>> {
        let described = match self.described(object).await {
            Ok(described) => described,
            Err(refusal) if refusal.cause == Cause::NotFound => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        };
        let privileges = self.privileges().await?;
        // Who may not see the privileges may have them.
        let has = |right: &str, unknown: bool| {
            let name = format!("prv{right}{}", of_privilege(object));
            privileges.as_ref().map_or(unknown, |all| all.has(&name))
        };
        let create = has("Create", true);
        let needed = [(id_name(object), true), (STAMP, true)];
        let useful = useful(object).iter().map(|name| (*name, false));
        Ok(Some(Rights {
            read: has("Read", true),
            create,
            update: has("Write", false),
            delete: has("Delete", false),
            fields: described
                .attributes
                .iter()
                .filter_map(|column| field(object, column, create))
                .collect(),
            wanted: needed
                .into_iter()
                .chain(useful)
                .map(|(name, needed)| (name.to_owned(), needed))
                .collect(),
        }))
    }
}

fn field(object: Object, column: &Column, create: bool) -> Option<FieldRights> {
    let kind = column.kind()?;
    Some(FieldRights {
        name: read_name(&column.logical_name, kind),
        label: column.label(),
        // Values of secured columns are refused from whom the organisation does not name.
        create: create && column.is_valid_for_create && !column.is_secured,
        required: required(object).contains(&&*column.logical_name),
    })
}

/// Returns the columns without which nobody would know the record. Dataverse's own forms require them, and its API does not.
pub(super) const fn required(object: Object) -> &'static [&'static str] {
    match object {
        Object::Account | Object::Opportunity => &["name"],
        Object::Contact => &["lastname"],
        Object::Lead => &["lastname", "subject"],
        Object::Task => &["subject"],
    }
}

/// Returns the usual columns that identify companies and link records.
const fn useful(object: Object) -> &'static [&'static str] {
    match object {
        Object::Account => &[
            "name",
            "websiteurl",
            "telephone1",
            "address1_line1",
            "address1_postalcode",
            "address1_city",
            "address1_country",
        ],
        Object::Contact => &["_parentcustomerid_value", "emailaddress1", "telephone1"],
        Object::Lead => &[
            "companyname",
            "emailaddress1",
            "websiteurl",
            "telephone1",
            "address1_postalcode",
            "address1_city",
            "address1_country",
        ],
        Object::Task => &["_regardingobjectid_value", "statecode", "scheduledend"],
        Object::Opportunity => &["_customerid_value", "statecode", "estimatedvalue"],
    }
}
