//! Checks what a grant may do before anything is copied or created: which rights, objects and fields are missing, and which are
//! more than we need.

mod first;

use std::collections::BTreeSet;

use serde::Serialize;

use self::first::first;
pub use self::first::{NoForecast, foretell};

use crate::{
    fault::Outcome,
    ports::{Allowed, Crm, Rights},
    progress::{Forecast, RunReport},
    record::Object,
    settings::Settings,
};

/// The result of the check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preflight {
    /// Whether everything that is needed to copy the chosen objects exists.
    pub ready: bool,
    /// The grant's missing and superfluous scopes. `None` if the CRM does not tell.
    pub scopes: Option<Allowed>,
    /// The connected user's missing and superfluous permissions for the whole organisation. `None` if the CRM does not tell.
    pub permissions: Option<Allowed>,
    /// The chosen objects.
    pub objects: Vec<ObjectReport>,
    /// What the next run will presumably use of the CRM's budget.
    pub forecast: Option<Forecast>,
    /// Why there is no forecast.
    pub no_forecast: Option<NoForecast>,
}

/// The result for an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectReport {
    /// The object.
    pub object: Object,
    /// Whether the organisation has the object, as far as the grant can see. A run says `ABSENT` where it does not, and is in order.
    pub present: bool,
    /// Whether it can be copied.
    pub readable: bool,
    /// Whether records can be created.
    pub creatable: bool,
    /// Missing rights.
    pub missing_rights: Vec<Right>,
    /// Rights that we never use. The grant could be narrower.
    pub excess_rights: Vec<Right>,
    /// Fields without which the object cannot be copied, by the CRM's names.
    pub missing_fields: Vec<String>,
    /// Missing fields without which matching works less well, by the CRM's names.
    pub unread_fields: Vec<String>,
    /// Fields of the settings that do not exist, by the CRM's names.
    pub missing_mapped_fields: Vec<String>,
    /// Fields of the settings that exist but cannot be set in a new record, by the CRM's names.
    pub unsettable_fields: Vec<String>,
    /// Fields that every new record must have, by the CRM's names.
    pub required_on_create: Vec<String>,
}

/// A right of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Right {
    /// Read records.
    Read,
    /// Create records.
    Create,
    /// Change records.
    Update,
    /// Delete records.
    Delete,
}

/// Checks what the grant may do with the chosen objects, and how much of the CRM's budget the next run will use. `reports` are those
/// of the last runs, the newest first.
///
/// # Errors
/// The fault of the CRM.
pub async fn preflight(
    crm: &dyn Crm,
    settings: &Settings,
    reports: &[RunReport],
) -> Outcome<Preflight> {
    let mut objects = Vec::new();
    for object in &settings.objects {
        let rights = crm.rights(*object).await?;
        objects.push(found(*object, rights.as_ref(), settings));
    }
    let (scopes, permissions) = (crm.scopes().await?, crm.permissions().await?);
    let forecast = match Forecast::of(reports, &crm.usage().budgets) {
        Some(forecast) => Ok(forecast),
        None => {
            let readable = objects.iter().filter(|found| found.readable);
            first(crm, readable.map(|found| found.object)).await?
        }
    };
    let mut allowed = scopes.iter().chain(&permissions);
    let nothing_is_missing = allowed.all(|allowed| allowed.missing.is_empty());
    let mut present = objects.iter().filter(|found| found.present);
    let is_anything_present = objects.is_empty() || present.clone().next().is_some();
    Ok(Preflight {
        ready: nothing_is_missing
            && is_anything_present
            && present.all(|found| found.readable && found.missing_fields.is_empty()),
        scopes,
        permissions,
        objects,
        forecast: forecast.ok(),
        no_forecast: forecast.err(),
    })
}

/// Returns the fields that the settings map for an object.
fn mapped(object: Object, settings: &Settings) -> BTreeSet<&str> {
    let meant = settings.mapping(object).into_iter().flatten();
    let filled = settings.company_fields.get(&object).into_iter().flatten();
    meant
        .map(|(_, name)| name)
        .chain(
            filled
                .filter(|(_, column)| column.is_some())
                .map(|(name, _)| name),
        )
        .map(|name| name.as_str())
        .collect()
}

fn found(object: Object, rights: Option<&Rights>, settings: &Settings) -> ObjectReport {
    let (nothing, present) = (Rights::default(), rights.is_some());
    let rights = rights.unwrap_or(&nothing);
    let sees = |name: &str| rights.fields.iter().any(|field| field.name == name);
    let sets = |name: &str| {
        let mut fields = rights.fields.iter();
        fields.any(|field| field.name == name && field.create)
    };
    let unseen = |needed: bool| {
        rights
            .wanted
            .iter()
            .filter(|(name, is_needed)| *is_needed == needed && !sees(name))
            .map(|(name, _)| name.clone())
            .collect()
    };
    let which = |rights: [(Right, bool); 2]| {
        rights
            .into_iter()
            .filter(|(_, is)| *is)
            .map(|(right, _)| right)
            .collect()
    };
    ObjectReport {
        object,
        present,
        readable: rights.read,
        creatable: rights.create,
        // No right would bring an object that the organisation does not have.
        missing_rights: which([
            (Right::Read, present && !rights.read),
            (Right::Create, present && !rights.create),
        ]),
        excess_rights: which([
            (Right::Update, rights.update),
            (Right::Delete, rights.delete),
        ]),
        missing_fields: unseen(true),
        unread_fields: unseen(false),
        missing_mapped_fields: mapped(object, settings)
            .into_iter()
            .filter(|name| !sees(name))
            .map(str::to_owned)
            .collect(),
        unsettable_fields: mapped(object, settings)
            .into_iter()
            .filter(|name| sees(name) && !sets(name))
            .map(str::to_owned)
            .collect(),
        required_on_create: rights
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| field.name.clone())
            .collect(),
    }
}
