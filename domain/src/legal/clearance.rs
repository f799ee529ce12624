//! The value without which no person reaches a CRM.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    assessment::{Basis, Purpose},
    marks,
    person::{Named, Person},
    register::{Filed, Register},
};
use crate::{fault::Outcome, ports::Legal, ports::Marked, tenant::TenantId};

/// That one person may be written to a CRM for one purpose. Only [`clear`] makes one.
#[derive(Clone)]
pub struct Clearance {
    person: Person,
    purpose: Purpose,
    assessment: u64,
    basis: &'static str,
    review: Date,
}

impl Clearance {
    /// Whether it is for this very person.
    pub fn is_for(&self, person: &Person) -> bool {
        self.person == *person
    }

    /// What for.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The number of the assessment behind it.
    pub fn assessment(&self) -> u64 {
        self.assessment
    }

    /// The basis: `contract`, `legitimate_interest` or `consent`.
    pub fn basis(&self) -> &'static str {
        self.basis
    }

    /// The last day that the assessment clears.
    pub fn review(&self) -> Date {
        self.review
    }

    /// What cleared the person, without the person.
    pub fn by(&self) -> ClearedBy {
        ClearedBy {
            basis: self.basis.into(),
            purpose: self.purpose.clone(),
            assessment: self.assessment,
            review: self.review,
        }
    }
}

/// What cleared somebody. Tells nothing of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedBy {
    basis: Box<str>,
    purpose: Purpose,
    assessment: u64,
    review: Date,
}

impl ClearedBy {
    /// The basis: `contract`, `legitimate_interest` or `consent`.
    pub fn basis(&self) -> &str {
        &self.basis
    }

    /// The number of the assessment.
    pub fn assessment(&self) -> u64 {
        self.assessment
    }
}

/// As it is written into a CRM.
impl fmt::Display for ClearedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (basis, purpose) = (&self.basis, self.purpose.as_str());
        let (assessment, review) = (self.assessment, self.review);
        write!(
            f,
            "{basis}; {purpose}; assessment {assessment}; until {review}"
        )
    }
}

impl fmt::Debug for Clearance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Clearance({}, assessment {})",
            self.basis, self.assessment
        )
    }
}

/// What is missing for a clearance, or stands against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No assessment of the person gives any basis.
    Basis,
    /// The person has been assessed, for other purposes than this one.
    Assessment,
    /// The last assessment came out against it: the person's interests override, the consent is withdrawn, the contract
    /// has ended.
    BalancingOutcome,
    /// The last assessment has expired.
    Expiry,
    /// The person objected.
    Objection,
    /// The person was erased, and that was not lifted.
    Erasure,
}

impl Missing {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Basis,
        Self::Assessment,
        Self::BalancingOutcome,
        Self::Expiry,
        Self::Objection,
        Self::Erasure,
    ];

    /// The name, as it stands in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basis => "basis",
            Self::Assessment => "assessment",
            Self::BalancingOutcome => "balancing_outcome",
            Self::Expiry => "expiry",
            Self::Objection => "objection",
            Self::Erasure => "erasure",
        }
    }
}

/// Why there is no clearance: everything that is missing, in the order of [`Missing::ALL`]; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refusal {
    missing: Vec<Missing>,
}

impl Refusal {
    /// What is missing.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.missing.iter().map(|one| one.name()).collect();
        f.write_str(&names.join(", "))
    }
}

/// Clears each of those who are named for a purpose at `now`, or says what is missing; in the order given.
///
/// # Errors
/// What the ports answer: without an answer nobody is cleared.
pub async fn clear<L: Legal + ?Sized>(
    legal: &L,
    register: &Register<'_, L>,
    tenant: &TenantId,
    named: &[Named],
    purpose: &Purpose,
    now: Timestamp,
) -> Outcome<Vec<Result<Clearance, Refusal>>> {
    let reached: Vec<Person> = named.iter().map(Named::reached).collect();
    let people: Vec<Person> = named.iter().map(|one| one.person.clone()).collect();
    let keys = register.keys().await?;
    let marked = marks::check(legal, keys.as_deref(), tenant, &reached).await?;
    let filed = register.assessments_of(&people).await?;
    let judged = people.iter().zip(&marked).zip(&filed);
    Ok(judged
        .map(|((person, marked), filed)| judge(person, *marked, filed, purpose, now))
        .collect())
}

/// The last assessment for the purpose counts: it supersedes those before it, in either direction.
fn judge(
    person: &Person,
    marked: Marked,
    filed: &[Filed],
    purpose: &Purpose,
    now: Timestamp,
) -> Result<Clearance, Refusal> {
    let mut missing = Vec::new();
    let last = filed
        .iter()
        .rev()
        .find(|filed| filed.assessment.purpose == *purpose);
    match last {
        None if filed.is_empty() => missing.push(Missing::Basis),
        None => missing.push(Missing::Assessment),
        Some(last) => {
            if !last.assessment.clears() {
                missing.push(Missing::BalancingOutcome);
            }
            if !last.assessment.is_current(now) {
                missing.push(Missing::Expiry);
            }
        }
    }
    if marked.objected {
        missing.push(Missing::Objection);
    }
    if marked.erased {
        missing.push(Missing::Erasure);
    }
    match last {
        Some(last) if missing.is_empty() => Ok(Clearance {
            person: person.clone(),
            purpose: purpose.clone(),
            assessment: last.number,
            basis: Basis::name(&last.assessment.basis),
            review: last.assessment.review,
        }),
        _ => Err(Refusal { missing }),
    }
}
