//! Fields and links of a draft that the CRM does not accept.

use serde::{Deserialize, Serialize};

use crate::ports::{FieldProblem, LinkProblem};

/// A field that the CRM does not accept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfitting {
    /// The CRM's name of the field.
    pub field: String,
    /// Why.
    pub problem: FieldProblem,
}

/// A link that the CRM does not accept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnfittingLink {
    /// The link's place in the record's list of links, from 0.
    pub link: usize,
    /// Why.
    pub problem: LinkProblem,
}

impl From<(usize, LinkProblem)> for UnfittingLink {
    fn from((link, problem): (usize, LinkProblem)) -> Self {
        Self { link, problem }
    }
}
