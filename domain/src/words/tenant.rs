//! Identity: tenants, integrations, generations. Store keys, prefixes and encryption contexts are built only from a [`Scope`].

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fault::{Code, Fault, Outcome};

/// One customer of the operator. The id is opaque and may appear in keys, logs and events.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(Box<str>);

/// One tenant's connection to one CRM organisation. The id is opaque, and unique within the tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IntegrationId(Box<str>);

/// The number of an integration's connection, from 1. A removal ends a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(pub u32);

/// One run of the daily sync. The id is opaque, unique within the integration, and sorts by the time at which the run began.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(Box<str>);

/// One export of a copy. The id is opaque, unique within the integration, and sorts by the time of the request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExportId(Box<str>);

/// Ids are part of partition keys, S3 keys and KMS contexts, so they must not contain separators or wildcards.
fn parse(malformed: Code, text: &str) -> Outcome<Box<str>> {
    let fits = (3..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits {
        Ok(text.into())
    } else {
        Err(Fault::of(malformed).with_detail("3 to 40 of a-z, 0-9 and -"))
    }
}

macro_rules! id {
    ($name:ident, $malformed:ident) => {
        impl $name {
            /// Parses an id: 3 to 40 characters of `a-z`, `0-9` and `-`.
            ///
            /// # Errors
            /// Permanent if the text is malformed.
            pub fn parse(text: &str) -> Outcome<Self> {
                parse(Code::$malformed, text).map(Self)
            }

            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Fault;

            fn try_from(text: String) -> Outcome<Self> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }
    };
}

id!(TenantId, TenantMalformed);
id!(IntegrationId, IntegrationMalformed);
id!(RunId, RunMalformed);
id!(ExportId, ExportMalformed);

/// Returns time and random bits in hexadecimal with leading zeros, so that text order is time order until the year 10889.
fn timed(now: jiff::Timestamp, random: u32) -> Box<str> {
    format!("{:012x}-{random:08x}", now.as_millisecond().max(0)).into()
}

impl RunId {
    /// Returns the id of a run that begins at `now`. `random` distinguishes two runs of one millisecond.
    pub fn begin(now: jiff::Timestamp, random: u32) -> Self {
        Self(timed(now, random))
    }
}

impl ExportId {
    /// Returns the id of an export that is requested at `now`. `random` distinguishes two exports of one millisecond.
    pub fn begin(now: jiff::Timestamp, random: u32) -> Self {
        Self(timed(now, random))
    }
}

impl RunId {
    /// Returns the time at which the run began, to the millisecond. `None` if [`RunId::begin`] did not make the id.
    pub fn begun(&self) -> Option<jiff::Timestamp> {
        let (time, _) = self.0.split_once('-')?;
        jiff::Timestamp::from_millisecond(i64::from_str_radix(time, 16).ok()?).ok()
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "g{}", self.0)
    }
}

/// One generation of one tenant's integration. Every key, prefix and encryption context of its data begins with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    /// The tenant.
    pub tenant: TenantId,
    /// The integration.
    pub integration: IntegrationId,
    /// The generation.
    pub generation: Generation,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}/{}",
            self.tenant, self.integration, self.generation
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_a_key_separator_is_refused() {
        for text in [
            "",
            "ab",
            "A-tenant",
            "acme#1",
            "acme/x",
            "acme*",
            "acme x",
            "ä-tenant",
            &"a".repeat(41),
        ] {
            assert!(TenantId::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(TenantId::parse("acme-1").unwrap().as_str(), "acme-1");
    }

    #[test]
    fn run_ids_sort_by_the_time_they_began() {
        let early = RunId::begin(
            jiff::Timestamp::from_millisecond(1_700_000_000_000).unwrap(),
            u32::MAX,
        );
        let late = RunId::begin(
            jiff::Timestamp::from_millisecond(1_700_000_000_001).unwrap(),
            0,
        );
        assert!(early < late);
        assert_eq!(late.begun().unwrap().as_millisecond(), 1_700_000_000_001);
        assert_eq!(RunId::parse("by-hand").unwrap().begun(), None);
        assert_eq!(RunId::parse(early.as_str()).unwrap(), early);
    }
}
