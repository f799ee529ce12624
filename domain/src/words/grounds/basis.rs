//! The legal bases (GDPR Art. 6(1)), with the balancing test of a legitimate interest.
//!
//! The fields of the balancing test are those that the ICO's template and the EDPB's guidelines 1/2024 ask for: purpose, necessity
//! and balance, each documented before the processing begins.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text::{incomplete, text, texts};

/// The basis (Art. 6(1)(a), (b) and (f)).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Basis {
    /// A contract with the person, or steps before a contract that the person asked for.
    Contract {
        /// The contract or request, as a reference of the tenant's.
        reference: String,
        /// Why this data is needed for it.
        necessity: String,
        /// Whether it has ended. An ended contract clears nobody.
        #[serde(default)]
        ended: bool,
    },
    /// A legitimate interest, which the person's interests do not override.
    LegitimateInterest(Box<Balancing>),
    /// The person's consent.
    Consent {
        /// The time at which it was given.
        given: Timestamp,
        /// What the person agreed to, and how.
        wording: String,
        /// Where the evidence is kept.
        evidence: String,
        /// The time at which it was withdrawn. A withdrawn consent clears nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        withdrawn: Option<Timestamp>,
    },
}

/// The three parts of the test for a legitimate interest.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Balancing {
    /// Purpose: what the tenant wants to achieve.
    pub interest: String,
    /// Purpose: whose interest it is.
    pub whose_interest: String,
    /// Purpose: the benefit.
    pub benefit: String,
    /// Purpose: why it is lawful.
    pub legality: String,
    /// Necessity: why this data is needed.
    pub necessity: String,
    /// Necessity: less intrusive means that were considered.
    pub alternatives: String,
    /// Balance: the relationship with this person.
    pub relationship: String,
    /// Balance: what this person can reasonably expect.
    pub expectation: String,
    /// Balance: the nature of this person's data.
    pub sensitivity: String,
    /// Balance: whether this person is a child or otherwise vulnerable.
    pub vulnerable: bool,
    /// Balance: the impact on this person.
    pub impact: String,
    /// The safeguards for this person.
    pub safeguards: Vec<String>,
    /// How this person can object.
    pub opt_out: String,
    /// The outcome.
    pub outcome: Outcome,
}

/// The outcome of a balancing test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The interest may be pursued.
    InterestPrevails,
    /// The person's interests override the interest.
    PersonPrevails,
}

impl Basis {
    /// Returns the name that responses and the CRM show.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Contract { .. } => "contract",
            Self::LegitimateInterest(_) => "legitimate_interest",
            Self::Consent { .. } => "consent",
        }
    }

    pub(super) fn check(&self, now: Timestamp) -> crate::fault::Outcome<()> {
        match self {
            Self::Contract {
                reference,
                necessity,
                ..
            } => texts(&[("/reference", reference), ("/necessity", necessity)]),
            Self::Consent {
                given,
                wording,
                evidence,
                withdrawn,
            } => {
                if *given > now {
                    return Err(incomplete("/given", "not in the future"));
                }
                if withdrawn.is_some_and(|at| at < *given) {
                    return Err(incomplete("/withdrawn", "not before it was given"));
                }
                texts(&[("/wording", wording), ("/evidence", evidence)])
            }
            Self::LegitimateInterest(balancing) => balancing.check(),
        }
    }
}

impl Balancing {
    fn check(&self) -> crate::fault::Outcome<()> {
        texts(&[
            ("/interest", &self.interest),
            ("/whoseInterest", &self.whose_interest),
            ("/benefit", &self.benefit),
            ("/legality", &self.legality),
            ("/necessity", &self.necessity),
            ("/alternatives", &self.alternatives),
            ("/relationship", &self.relationship),
            ("/expectation", &self.expectation),
            ("/sensitivity", &self.sensitivity),
            ("/impact", &self.impact),
            ("/optOut", &self.opt_out),
        ])?;
        if self.safeguards.is_empty() || self.safeguards.len() > 20 {
            return Err(incomplete("/safeguards", "1 to 20"));
        }
        let mut safeguards = self.safeguards.iter().enumerate();
        safeguards.try_for_each(|(at, one)| text(&format!("/safeguards/{at}"), one))
    }
}
