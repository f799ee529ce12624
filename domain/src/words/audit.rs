//! Entries of the audit: who changed what, when, and how it ended. They hold opaque ids and keyed hashes, nothing of a person.

use jiff::{Timestamp, civil::Date};

use crate::{
    removal::Asker,
    tenant::{Generation, IntegrationId, Scope},
};

/// The longest place, in bytes: a time, two ids of an integration's length, and a name.
const LONGEST: usize = 200;
/// The number of bytes with which a place says the day.
const DAY: usize = 10;

/// Where an entry is among its tenant's. The order of places is the order of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditPlace(String);

impl AuditPlace {
    /// Reads one that was given out. `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, rest) = text.split_once('#')?;
        let fits = text.len() <= LONGEST && rest.bytes().all(|byte| byte.is_ascii_graphic());
        let at: Timestamp = at.parse().ok().filter(|_| fits && !rest.is_empty())?;
        let place = Self::of(at, rest);
        (place.0 == text).then_some(place)
    }

    fn of(at: Timestamp, rest: &str) -> Self {
        // All such texts have one length.
        Self(format!("{}#{rest}", at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")))
    }

    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text with which the places of a day (UTC) begin.
    pub fn of_day(day: Date) -> String {
        day.strftime("%Y-%m-%d").to_string()
    }

    /// Returns whether it is of this day (UTC).
    pub fn is_of(&self, day: Date) -> bool {
        self.0.get(..DAY) == Some(&Self::of_day(day))
    }
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place.
    pub place: AuditPlace,
    /// The time at which it was written.
    pub at: Timestamp,
    /// Who did it.
    pub by: Asker,
    /// What was done: the operation of a request, or the name of a change.
    pub what: String,
    /// The integration, if it is about one.
    pub integration: Option<IntegrationId>,
    /// The generation, if the entry was written with the change.
    pub generation: Option<Generation>,
    /// The request. `None` if the entry was written with the change.
    pub request: Option<String>,
    /// How the request ended. `None` if that is not known, or if the entry was written with the change.
    pub ended: Option<Ended>,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The time.
    pub at: Timestamp,
    /// The status of the answer.
    pub status: u16,
    /// The type of the problem, if it was refused or failed.
    pub problem: Option<String>,
    /// The integration, where the request itself does not name it.
    pub integration: Option<IntegrationId>,
    /// The opaque id of what was changed.
    pub about: Option<String>,
}

/// How what an entry is about came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was refused, and nothing was changed.
    Refused,
    /// It failed. A part of it may have been done.
    Failed,
    /// It was begun, and nothing says how it ended.
    Unknown,
}

impl AuditOutcome {
    /// Returns its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl AuditEntry {
    /// Returns the entry of a request that is about to change something.
    pub fn of_request(
        at: Timestamp,
        by: Asker,
        what: &str,
        integration: Option<IntegrationId>,
        request: &str,
    ) -> Self {
        Self {
            place: AuditPlace::of(at, request),
            at,
            by,
            what: what.to_owned(),
            integration,
            generation: None,
            request: Some(request.to_owned()),
            ended: None,
        }
    }

    /// Returns the entry of a change, which is written with the change or not at all.
    pub fn of_change(scope: &Scope, at: Timestamp, by: Asker, what: &str) -> Self {
        let rest = format!("{}#{}#{what}", scope.integration, scope.generation);
        Self {
            place: AuditPlace::of(at, &rest),
            at,
            by,
            what: what.to_owned(),
            integration: Some(scope.integration.clone()),
            generation: Some(scope.generation),
            request: None,
            ended: None,
        }
    }

    /// Returns how it came out.
    pub fn outcome(&self) -> AuditOutcome {
        match (&self.request, &self.ended) {
            (None, _) => AuditOutcome::Done,
            (Some(_), None) => AuditOutcome::Unknown,
            (_, Some(ended)) if ended.status < 400 => AuditOutcome::Done,
            (_, Some(ended)) if ended.status < 500 => AuditOutcome::Refused,
            (_, Some(_)) => AuditOutcome::Failed,
        }
    }
}

/// Which entries are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The day (UTC).
    pub day: Option<Date>,
    /// What was done.
    pub what: Option<String>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tenant::TenantId;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).unwrap()
    }

    fn of_request(millis: i64) -> AuditEntry {
        AuditEntry::of_request(at(millis), Asker::operator(), "putSettings", None, "JKJa=")
    }

    #[test]
    fn places_sort_by_time_and_are_read_back() {
        let places = [0, 1, 999, 1_000, 86_400_000].map(|millis| of_request(millis).place);
        assert!(places.is_sorted());
        for place in &places {
            assert_eq!(AuditPlace::parse(place.as_str()).as_ref(), Some(place));
        }
        let second = Date::new(1970, 1, 2).unwrap();
        let of_day: Vec<bool> = places.iter().map(|place| place.is_of(second)).collect();
        assert_eq!(of_day, [false, false, false, false, true]);
        for wrong in [
            "",
            "x",
            "1970-01-01T00:00:00.000Z",
            "1970-01-01T00:00:00.000Z#",
            "1970-01-01T00:00:00Z#x",
            "1970-01-01T01:00:00.000+01:00#x",
            "1970-01-01T00:00:00.000Z#a b",
            "1970-01-01T00:00:00.000Z#ä",
        ] {
            assert_eq!(AuditPlace::parse(wrong), None, "{wrong}");
        }
        let long = format!("1970-01-01T00:00:00.000Z#{}", "x".repeat(200));
        assert_eq!(AuditPlace::parse(&long), None);
    }

    #[test]
    fn the_longest_change_has_a_place() {
        let scope = Scope {
            tenant: TenantId::parse("acme").unwrap(),
            integration: IntegrationId::parse(&"i".repeat(40)).unwrap(),
            generation: Generation(u32::MAX),
        };
        let entry = AuditEntry::of_change(&scope, at(0), Asker::operator(), &"x".repeat(60));
        assert_eq!(AuditPlace::parse(entry.place.as_str()), Some(entry.place));
    }

    #[test]
    fn a_request_that_was_not_concluded_has_an_unknown_outcome() {
        let mut entry = of_request(0);
        assert_eq!(entry.outcome(), AuditOutcome::Unknown);
        for (status, outcome) in [
            (201, AuditOutcome::Done),
            (404, AuditOutcome::Refused),
            (503, AuditOutcome::Failed),
        ] {
            entry.ended = Some(Ended {
                at: at(5),
                status,
                problem: None,
                integration: None,
                about: None,
            });
            assert_eq!(entry.outcome(), outcome);
        }
    }
}
