//! An administrator's settings of an integration: objects, fields, hour.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use matching::Column;
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    record::Object,
    seal::{GenerationKeys, Opener, Place, Room, Sealed, Sealer},
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
    /// The hour of the day (UTC) after which the daily run begins. `None` to begin with the operator's daily rule.
    #[serde(default)]
    pub schedule_hour: Option<u8>,
}

/// The most fields of an object that can be assigned a column. A company has fewer than twenty columns, and the settings share an
/// item with the integration.
const MOST_FIELDS: usize = 100;

/// The fields of an object by their meaning.
pub type Mapping = BTreeMap<Meaning, FieldName>;

/// The meaning of a field, which is the same for all CRMs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    /// The company's name.
    Company,
    /// Street and number.
    Street,
    /// Postal code.
    Zip,
    /// Town.
    City,
    /// Country.
    Country,
    /// Web address.
    Website,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
    /// VAT id.
    VatId,
    /// Register court and number, or the number alone.
    Register,
    /// Legal entity identifier.
    Lei,
}

/// The CRM's own name of a field: 1 to 80 letters, digits and `_`, in any order. Some CRMs begin names with `_`, others have
/// hexadecimal keys. The name is inserted into queries without escaping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldName(Box<str>);

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
        }
    }
}

impl FieldName {
    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if the text is malformed.
    pub fn parse(text: &str) -> Outcome<Self> {
        let fits = (1..=80).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Fault::of(Code::FieldMalformed).with_detail("1 to 80 letters, digits and _"))
        }
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Meaning {
    /// Returns the column of a company with this meaning. `None` if the vendor's database has no such column.
    pub fn column(self) -> Option<Column> {
        match self {
            Self::Company => Some(Column::Name),
            Self::Street => Some(Column::Street),
            Self::Zip => Some(Column::Zip),
            Self::City => Some(Column::City),
            Self::Country => Some(Column::Country),
            Self::Website => Some(Column::Domain),
            Self::Phone => Some(Column::Phone),
            Self::Email => None,
            Self::VatId => Some(Column::VatId),
            Self::Register => Some(Column::Register),
            Self::Lei => Some(Column::Lei),
        }
    }
}

impl TryFrom<String> for FieldName {
    type Error = Fault;

    fn try_from(text: String) -> Outcome<Self> {
        Self::parse(&text)
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> Self {
        name.0.into()
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
        Sealer::new(&keys.sealing, 1)
            .and_then(|mut sealer| sealer.seal(&place(scope), &text))
            .map_err(Fault::from)
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
        let text = Opener::new(&keys.sealing)
            .and_then(|mut opener| opener.open(&place(scope), &kept.sealed))
            .map_err(|_| unreadable())?;
        serde_json::from_slice(&text).map_err(|_| unreadable())
    }
}

fn place(scope: &Scope) -> Place<'_> {
    Place::new(scope, Room::LedgerSettings, "")
}

/// Returns the due time of the run after one that begins at `now`: the next beginning of the chosen hour, or `interval` later if no
/// hour is chosen.
pub fn next_run(hour: Option<u8>, now: Timestamp, interval: SignedDuration) -> Timestamp {
    hour.and_then(|hour| next_hour(hour, now))
        .or_else(|| now.checked_add(interval).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Seconds of a day. Unix time has no leap seconds.
const DAY: i64 = 86_400;

/// Returns the next time after `now` at which the hour begins in UTC.
fn next_hour(hour: u8, now: Timestamp) -> Option<Timestamp> {
    let day = now.as_second().div_euclid(DAY) * DAY;
    let today = Timestamp::from_second(day + i64::from(hour) * 3_600).ok()?;
    if today > now {
        return Some(today);
    }
    today.checked_add(SignedDuration::from_secs(DAY)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_hour_is_always_after_now() {
        let day = SignedDuration::from_hours(20);
        for (hour, now, next) in [
            (Some(5), "2026-11-24T03:59:59Z", "2026-11-24T05:00:00Z"),
            (Some(5), "2026-11-24T05:00:00Z", "2026-11-25T05:00:00Z"),
            (Some(0), "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z"),
            (None, "2026-11-24T03:00:00Z", "2026-11-24T23:00:00Z"),
        ] {
            assert_eq!(next_run(hour, time(now), day), time(next));
        }
    }

    proptest! {
        #[test]
        fn the_next_run_is_later_and_within_a_day(hour in 0u8..24, second in 0i64..4_000_000_000) {
            let now = Timestamp::from_second(second).unwrap();
            let wait = next_run(Some(hour), now, SignedDuration::ZERO).duration_since(now);
            prop_assert!(wait > SignedDuration::ZERO && wait <= SignedDuration::from_hours(24));
        }
    }

    #[test]
    fn a_field_name_cannot_break_out_of_a_query() {
        for text in ["", "a b", "a'", "a.b", "ä", "a-b", &"a".repeat(81)] {
            assert!(FieldName::parse(text).is_err(), "{text:?}");
        }
        // Names as CRMs have them: a custom field, a lookup, a field with a generated key.
        for text in [
            "USt_IdNr__c",
            "_parentcustomerid_value",
            "9f2c4d8e1a0b7c6d5e4f3a2b1c0d9e8f7a6b5c4d",
        ] {
            assert_eq!(FieldName::parse(text).unwrap().as_str(), text);
        }
    }

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
