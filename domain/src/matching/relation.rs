use std::fmt;

use serde::{Deserialize, Serialize};

use crate::company::CompanyId;

/// "This record is that company", with how sure that is and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The company that the record is.
    pub company: CompanyId,
    /// Estimated probability that it is, in thousandths: 0 to 1,000.
    pub score: u16,
    /// Who says so, and how firmly.
    pub status: RelationStatus,
    /// What was compared, the heaviest first.
    pub evidence: Vec<Evidence>,
}

/// How firm a [`Relation`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationStatus {
    /// Found by the rule, not sure enough: a user has to look.
    Suggested,
    /// Found by the rule, sure enough to be used.
    Automatic,
    /// A user said yes. The rule never makes or changes it.
    Approved,
    /// A user said no. The rule never makes or changes it.
    Blocked,
}

/// One comparison of a record with a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was compared.
    pub field: MatchField,
    /// How far it agrees.
    pub agreement: Agreement,
    /// What that says, in tenths of a bit: +10 makes the relation twice as likely, -10 half as likely.
    pub weight: i16,
}

/// What can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchField {
    /// Name without legal form.
    Name,
    /// Legal form.
    LegalForm,
    /// Street and house number.
    Street,
    /// Postal code.
    Zip,
    /// Town.
    City,
    /// Country.
    Country,
    /// Registered domain of web site or e-mail.
    Domain,
    /// Phone number.
    Phone,
    /// VAT id.
    Vat,
    /// Register number and court.
    Register,
    /// Legal entity identifier.
    Lei,
    /// The other companies that the record may be: `Equal` if none comes near, `Different` if one fits as well or better.
    Rivals,
}

/// How far two values agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The same canonical value.
    Equal,
    /// Nearly the same: a typing mistake, a missing word, an extension, a neighbouring postal code.
    Close,
    /// Some of it.
    Partly,
    /// Something else.
    Different,
}

impl RelationStatus {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::Suggested,
        Self::Automatic,
        Self::Approved,
        Self::Blocked,
    ];
}

impl fmt::Display for RelationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Suggested => "suggested",
            Self::Automatic => "automatic",
            Self::Approved => "approved",
            Self::Blocked => "blocked",
        })
    }
}
