//! Decides who may be written to a CRM, and what is missing if somebody may not.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    cleared::Clearance,
    register::{Filed, Register},
    suppressions,
};
use crate::{
    fault::Outcome,
    grounds::assessment::Purpose,
    person::{Named, Person},
    ports::{Legal, Suppressed},
    tenant::TenantId,
};

/// A missing precondition of a clearance, or an objection or erasure that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// No assessment of the person gives any basis.
    Basis,
    /// The person has been assessed, but only for other purposes.
    Assessment,
    /// The last assessment does not clear the person: the person's interests override, the consent is withdrawn, or the contract
    /// has ended.
    BalancingOutcome,
    /// The last assessment has expired.
    Expiry,
    /// The person objected.
    Objection,
    /// The person was erased, and the erasure was not lifted.
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

    /// Returns the name used in responses.
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

/// Why there is no clearance: everything that is missing, in the order of [`Missing::ALL`]. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refusal {
    missing: Vec<Missing>,
}

impl Refusal {
    /// Returns what is missing.
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

/// Clears each of these people for a purpose at `now`, or says what is missing, in the order given.
///
/// # Errors
/// The fault of a port. Without its answer nobody is cleared.
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
    let suppressed = suppressions::check(legal, keys.as_deref(), tenant, &reached).await?;
    let filed = register.assessments_of(&people).await?;
    let judged = people.iter().zip(&suppressed).zip(&filed);
    Ok(judged
        .map(|((person, suppressed), filed)| judge(person, *suppressed, filed, purpose, now))
        .collect())
}

/// Decides by the last assessment for the purpose. It supersedes the earlier ones, in either direction.
fn judge(
    person: &Person,
    suppressed: Suppressed,
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
    if suppressed.objected {
        missing.push(Missing::Objection);
    }
    if suppressed.erased {
        missing.push(Missing::Erasure);
    }
    match last {
        Some(last) if missing.is_empty() => {
            let (number, assessment) = (last.number, &last.assessment);
            Ok(Clearance::by_assessment(person, number, assessment))
        }
        _ => Err(Refusal { missing }),
    }
}
