//! How fresh the copy is.

use jiff::Timestamp;

use crate::record::Object;

/// The freshness of one object's copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFreshness {
    /// The object.
    pub object: Object,
    /// The time up to which the last run with the verdict VERIFIED had read the CRM. `None` if there was no such run yet.
    pub confirmed: Option<Timestamp>,
    /// Records in the copy.
    pub records: u64,
}

/// The freshness of the copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness(pub Vec<ObjectFreshness>);

impl Freshness {
    /// Returns the time at which a record's state was last confirmed: by the object's last verified run, or by the run that brought
    /// it.
    pub fn of(&self, object: Object, copied: Option<Timestamp>) -> Option<Timestamp> {
        self.confirmed(object).max(copied)
    }

    /// Returns the time at which an object was last confirmed.
    pub fn confirmed(&self, object: Object) -> Option<Timestamp> {
        let fresh = self.0.iter().find(|fresh| fresh.object == object);
        fresh.and_then(|fresh| fresh.confirmed)
    }

    /// Returns the time at which the least fresh object with records was last confirmed. `None` if one of them never was.
    pub fn oldest(&self) -> Option<Timestamp> {
        let fresh = self.0.iter().filter(|fresh| fresh.records > 0);
        fresh.map(|fresh| fresh.confirmed).min().flatten()
    }
}
