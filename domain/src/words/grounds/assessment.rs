//! One person's legal basis for one purpose (GDPR Art. 6(1)).
//!
//! The fields of the balancing test are those that the ICO's template and the EDPB's guidelines 1/2024 ask for: purpose, necessity
//! and balance, each documented before the processing begins.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome as PortOutcome},
    person::Person,
};

/// The longest text of an assessment, in bytes.
pub const MAX_TEXT: usize = 4_000;
/// The shortest text that counts as a reason, in characters.
const MIN_TEXT: usize = 3;

/// One person's legal basis for one purpose. Personal data: `Debug` prints no content, and it is stored only sealed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// The person whom it is about.
    pub person: Person,
    /// The purpose for which the person's data is to be used, as the short name that clearances ask for.
    pub purpose: Purpose,
    /// The basis.
    pub basis: Basis,
    /// The source of the data.
    pub source: String,
    /// The reviewer: a role, or a person at the tenant.
    pub reviewer: String,
    /// The day of the assessment.
    pub assessed: Date,
    /// The last day on which it clears (UTC). After that day the person has to be assessed again.
    #[serde(rename = "reviewDate")]
    pub review: Date,
    /// The activity template from which it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUse>,
}

/// A template and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateUse {
    /// Its name.
    pub name: Purpose,
    /// Its version.
    pub version: u32,
}

/// A short name: 3 to 60 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Purpose(Box<str>);

impl Purpose {
    /// Parses a short name.
    ///
    /// # Errors
    /// Permanent if the text is malformed.
    pub fn parse(text: &str) -> PortOutcome<Self> {
        let fits = (3..=60).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Fault::of(Code::PurposeMalformed).with_detail("3 to 60 of a-z, 0-9 and -"))
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Purpose {
    type Error = Fault;

    fn try_from(text: String) -> PortOutcome<Self> {
        Self::parse(&text)
    }
}

impl From<Purpose> for String {
    fn from(purpose: Purpose) -> Self {
        purpose.0.into()
    }
}

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

    fn check(&self, now: Timestamp) -> PortOutcome<()> {
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

impl Assessment {
    /// Checks a caller's assessment for completeness.
    ///
    /// # Errors
    /// Permanent, with the invalid field.
    pub fn check(&self, now: Timestamp) -> PortOutcome<()> {
        let person = self.person.check();
        person.map_err(|fault| fault.within("/person"))?;
        text("/source", &self.source)?;
        text("/reviewer", &self.reviewer)?;
        if self.assessed > day(now) {
            return Err(incomplete("/assessed", "not in the future"));
        }
        if self.review <= self.assessed {
            return Err(incomplete("/reviewDate", "after the day of the assessment"));
        }
        let basis = self.basis.check(now);
        basis.map_err(|fault| fault.within("/basis"))
    }

    /// Returns whether it still clears at `now`, apart from its outcome.
    pub fn is_current(&self, now: Timestamp) -> bool {
        (self.assessed..=self.review).contains(&day(now))
    }

    /// Returns whether its outcome clears.
    pub fn clears(&self) -> bool {
        match &self.basis {
            Basis::Contract { ended, .. } => !ended,
            Basis::Consent { withdrawn, .. } => withdrawn.is_none(),
            Basis::LegitimateInterest(balancing) => balancing.outcome == Outcome::InterestPrevails,
        }
    }
}

impl Balancing {
    fn check(&self) -> PortOutcome<()> {
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

/// Prints only the basis and the purpose.
impl fmt::Debug for Assessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Assessment({} for {})",
            self.basis.name(),
            self.purpose.as_str()
        )
    }
}

/// Returns the day of a time in UTC.
fn day(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

fn incomplete(place: &str, what: &str) -> Fault {
    Fault::of(Code::AssessmentIncomplete).at(place, what)
}

fn texts(parts: &[(&str, &String)]) -> PortOutcome<()> {
    parts
        .iter()
        .try_for_each(|(place, value)| text(place, value))
}

/// Checks the length of a text that gives a reason.
pub(super) fn text(place: &str, value: &str) -> PortOutcome<()> {
    if value.trim().chars().count() >= MIN_TEXT && value.len() <= MAX_TEXT {
        Ok(())
    } else {
        let bounds = format!("{MIN_TEXT} characters to {MAX_TEXT} bytes");
        Err(incomplete(place, &bounds))
    }
}
