use std::{collections::HashMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    company::{Company, CompanyId},
    profile::Profile,
};

/// The most postings that one match key keeps. A key over it is marked as too common and leads to no company.
pub const MAX_POSTINGS: usize = 50;

/// The entry of the inverted index: which company a match key leads to, and all that scoring needs of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The company.
    #[serde(rename = "i")]
    pub company: CompanyId,
    /// The company's canonical values.
    #[serde(rename = "p")]
    pub profile: Profile,
    /// The company it belongs to, with which it may share domain, phone and address.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CompanyId>,
}

/// What the inverted index knows under one match key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Postings {
    /// All companies with the key, in the order of their ids; at most [`MAX_POSTINGS`].
    #[serde(rename = "c")]
    Companies(Vec<Posting>),
    /// More companies than [`MAX_POSTINGS`] have the key; this many. Such a key says nothing.
    #[serde(rename = "m")]
    TooCommon(u64),
}

impl Posting {
    /// The entry of `company`, which is the same under each of its keys.
    pub fn of(company: &Company) -> Self {
        Self {
            company: company.id.clone(),
            profile: Profile::of_company(company),
            parent: company.parent_id.clone(),
        }
    }
}

/// The postings of one answer, each company's once in memory: a record finds its company under four keys, and what has been looked at is
/// then known by its address.
#[derive(Default)]
pub struct Shared(HashMap<CompanyId, Arc<Posting>>);

impl Shared {
    /// The posting as it was seen before; another one of the same company, as two versions of a file have it, stands for itself.
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
    /// The companies that the key leads to: none if it is too common.
    pub fn companies(&self) -> &[Posting] {
        match self {
            Self::Companies(postings) => postings,
            Self::TooCommon(_) => &[],
        }
    }
}

/// Names the id only.
impl fmt::Debug for Posting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Posting")
            .field("company", &self.company)
            .finish_non_exhaustive()
    }
}
