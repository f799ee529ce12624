//! An administrator's settings of an integration: objects, fields, hour, share of the CRM's budget.

mod calendar;
mod fields;

use std::collections::{BTreeMap, BTreeSet};

use matching::Column;
use serde::{Deserialize, Serialize};

pub use self::{
    calendar::{Calendar, Spread},
    fields::{FieldName, Mapping, Meaning},
};
use crate::{
    fault::{Code, Fault, Outcome},
    record::Object,
    seal::{GenerationKeys, Place, Room, Sealed},
    tenant::Scope,
};

/// The settings. They are stored sealed in the integration's row, because the names of custom fields reveal something about a
/// customer's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The copied objects, at least one.
    pub objects: BTreeSet<Object>,
    /// The customer's own fields for values that the CRM's usual fields lack.
    #[serde(default)]
    pub fields: BTreeMap<Object, Mapping>,
    /// The columns of a company that fill the fields of a record created for it. This overrides the filling of the CRM's usual
    /// fields. `None` leaves the field empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub company_fields: BTreeMap<Object, BTreeMap<FieldName, Option<Column>>>,
    /// The hour of the day (UTC) after which the daily run begins. `None` to begin when the operator's calendar says.
    #[serde(default)]
    pub schedule_hour: Option<u8>,
    /// The share of the CRM's daily budget that runs may use, in percent. `None` for the operator's number.
    #[serde(default)]
    pub crm_share_percent: Option<u8>,
}

/// The most fields of an object that can be assigned a column. A company has fewer than twenty columns, and the settings share an
/// item with the integration.
const MOST_FIELDS: usize = 100;

/// Settings as they are stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSettings {
    /// The number of the change, from 1.
    pub version: u32,
    /// The [`Settings`], sealed.
    pub sealed: Sealed,
    /// The chosen hour in clear, because dispatch has no key.
    pub hour: Option<u8>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            objects: Object::ALL.into_iter().collect(),
            fields: BTreeMap::new(),
            company_fields: BTreeMap::new(),
            schedule_hour: None,
            crm_share_percent: None,
        }
    }
}

impl Settings {
    /// Checks the settings against the bounds.
    ///
    /// # Errors
    /// Permanent, with the invalid field.
    pub fn check(&self) -> Outcome<()> {
        let unfit = || Fault::of(Code::SettingsUnfit);
        if self.objects.is_empty() {
            return Err(unfit().at("/objects", "at least one"));
        }
        if self.schedule_hour.is_some_and(|hour| hour > 23) {
            return Err(unfit().at("/scheduleHour", "0 to 23"));
        }
        let percent = self.crm_share_percent;
        if percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return Err(unfit().at("/crmSharePercent", "1 to 100"));
        }
        let mut company_fields = self.company_fields.iter();
        match company_fields.find(|(_, fields)| fields.len() > MOST_FIELDS) {
            Some((object, _)) => {
                let (place, most) = (
                    format!("/companyFields/{object}"),
                    format!("at most {MOST_FIELDS}"),
                );
                Err(unfit().at(&place, &most))
            }
            None => Ok(()),
        }
    }

    /// Returns the mapping of an object's fields.
    pub fn mapping(&self, object: Object) -> Option<&Mapping> {
        self.fields
            .get(&object)
            .filter(|mapping| !mapping.is_empty())
    }

    /// Seals the settings.
    ///
    /// # Errors
    /// Transient if the system lacks randomness or memory.
    pub fn seal(&self, keys: &GenerationKeys, scope: &Scope) -> Outcome<Sealed> {
        let text = serde_json::to_vec(self).map_err(|_| Fault::of(Code::StoreSettings))?;
        keys.sealing.seal(&place(scope), &text).map_err(Fault::from)
    }

    /// Opens stored settings. Returns the default if none are stored.
    ///
    /// # Errors
    /// Permanent if they do not open.
    pub fn open(
        keys: &GenerationKeys,
        scope: &Scope,
        kept: Option<&StoredSettings>,
    ) -> Outcome<Self> {
        let Some(kept) = kept else {
            return Ok(Self::default());
        };
        let unreadable = || Fault::of(Code::StoreSettings);
        let text = keys.sealing.open(&place(scope), &kept.sealed);
        let text = text.map_err(|_| unreadable())?;
        serde_json::from_slice(&text).map_err(|_| unreadable())
    }
}

fn place(scope: &Scope) -> Place<'_> {
    Place::new(scope, Room::LedgerSettings, "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_setting_is_named_by_its_pointer() {
        let refused = |settings: Settings| {
            let fault = settings.check().unwrap_err();
            fault.field().unwrap().to_owned()
        };
        let none = Settings {
            objects: BTreeSet::new(),
            ..Settings::default()
        };
        assert_eq!(refused(none), "/objects");
        let late = Settings {
            schedule_hour: Some(24),
            ..Settings::default()
        };
        assert_eq!(refused(late), "/scheduleHour");
        for percent in [0, 101] {
            let share = Settings {
                crm_share_percent: Some(percent),
                ..Settings::default()
            };
            assert_eq!(refused(share), "/crmSharePercent");
        }
        let names = |n: usize| {
            let name = |at| FieldName::parse(&format!("F{at}__c")).unwrap();
            let fields = (0..n).map(|at| (name(at), None)).collect();
            Settings {
                company_fields: BTreeMap::from([(Object::Lead, fields)]),
                ..Settings::default()
            }
        };
        assert_eq!(refused(names(MOST_FIELDS + 1)), "/companyFields/Lead");
        assert!(names(MOST_FIELDS).check().is_ok());
        assert!(Settings::default().check().is_ok());
    }
}
