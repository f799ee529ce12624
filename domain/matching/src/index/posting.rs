use std::{collections::HashMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    company::{Company, CompanyId},
    profile::Profile,
};

/// The most postings that are kept under one match key. A key with more is marked as too common and
/// leads to no company.
pub const MAX_POSTINGS: usize = 50;

/// An entry of the inverted index: the company that a match key leads to, with everything that the
/// decision needs to know about it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The company.
    #[serde(rename = "i")]
    pub company: CompanyId,
    /// Its canonical values.
    #[serde(rename = "p")]
    pub profile: Profile,
    /// Its parent company, with which it may share domain, phone number and address.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CompanyId>,
}

/// What the index holds under one match key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Postings {
    /// Every company that has the key, sorted by id. At most [`MAX_POSTINGS`].
    #[serde(rename = "c")]
    Companies(Vec<Posting>),
    /// The number of companies that have the key, if it is more than [`MAX_POSTINGS`]. Such a key
    /// tells nothing.
    #[serde(rename = "m")]
    TooCommon(u64),
}

impl Posting {
    /// The posting of `company`. It is the same under each of the company's keys.
    pub fn of(company: &Company) -> Self {
        Self {
            company: company.id.clone(),
            profile: Profile::of_company(company),
            parent: company.parent_id.clone(),
        }
    }
}

/// Keeps each company's posting in memory once per answer of the index. A record finds the same
/// company under about four keys; the decision then recognizes the posting by its address.
#[derive(Default)]
pub struct SharedPostings(HashMap<CompanyId, Arc<Posting>>);

impl SharedPostings {
    /// The posting that was seen before, or `posting` itself. If another version of the company
    /// file has different values for the company, its posting is kept apart.
    pub fn share(&mut self, posting: Posting) -> Arc<Posting> {
        match self.0.get(&posting.company) {
            Some(known) if **known == posting => Arc::clone(known),
            Some(_) => Arc::new(posting),
            None => {
                let shared = Arc::new(posting);
                self.0.insert(shared.company.clone(), Arc::clone(&shared));
                shared
            }
        }
    }
}

impl Postings {
    /// The companies that the key leads to. Empty if the key is too common.
    pub fn companies(&self) -> &[Posting] {
        match self {
            Self::Companies(postings) => postings,
            Self::TooCommon(_) => &[],
        }
    }
}

/// Prints the company id only.
impl fmt::Debug for Posting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Posting")
            .field("company", &self.company)
            .finish_non_exhaustive()
    }
}
