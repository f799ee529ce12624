//! The state of the CRM.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    fault::Fault,
    ports::{Allowed, BasisOf, BasisPlace, Counting, Deletions, KeptBases, Rehearsing, Revoked},
    record::{Object, RecordId},
};
use jiff::{SignedDuration, Timestamp};

use super::{Pages, associations::Associations, rows::Row, since::Since};

/// Called for each page with its object and the number of its records. The page waits for it.
pub(super) type OnPage = dyn Fn(Object, usize) + Send + Sync;

/// The CRM.
pub(super) struct Org {
    pub(super) clock: Timestamp,
    pub(super) pages: Pages,
    pub(super) page_size: usize,
    pub(super) rows: BTreeMap<Object, BTreeMap<RecordId, Row>>,
    pub(super) fields: BTreeSet<String>,
    pub(super) hidden: BTreeSet<String>,
    /// Fields for which queries are refused, although the CRM names them.
    pub(super) refused: BTreeSet<String>,
    /// Fields that the present query does not ask for.
    pub(super) left_out: BTreeSet<String>,
    /// The version of what connectors make of the fields.
    pub(super) version: u32,
    /// Whether connectors make nothing of the field `Copied`.
    pub(super) overlooks_copies: bool,
    pub(super) deleted: Vec<(Object, RecordId, Timestamp)>,
    pub(super) deletions_unknown: bool,
    /// Whether pages state more records than they have.
    pub(super) overstates: bool,
    /// Where deletions are reported. `None` if that follows from the pages.
    pub(super) deletions: Option<Deletions>,
    pub(super) tokens_to_lose: u32,
    pub(super) revoked: bool,
    pub(super) exhausted: bool,
    /// The requests of all connectors.
    pub(super) requests: u64,
    /// The daily quota. 0 if the CRM reports none.
    pub(super) quota: u64,
    /// Requests of the daily quota that are used, by whomever.
    pub(super) used: u64,
    pub(super) forbidden: BTreeSet<Object>,
    /// Faults by method and object.
    pub(super) faults: Vec<(&'static str, Option<Object>, Fault)>,
    /// The function for which each page of changes waits.
    pub(super) on_page: Option<Arc<OnPage>>,
    pub(super) organisation: Option<String>,
    /// The scopes of the grant. `None` if the CRM does not tell them.
    pub(super) scopes: Option<Allowed>,
    /// Whether a record with another record's e-mail address is refused.
    pub(super) rule_about_duplicates: bool,
    /// Whether records keep our external ids.
    pub(super) has_external: bool,
    /// All legal bases that were stored, including repeated ones. `None` if there is no place for them.
    pub(super) bases: Option<Vec<BasisOf>>,
    pub(super) n_created: u64,
    /// How many records the next creation creates at most. `None` means all of them.
    pub(super) makes: Option<usize>,
    pub(super) calls: BTreeMap<String, u64>,
    /// Objects that the organisation does not have.
    pub(super) away: BTreeSet<Object>,
    /// How often the next request has to be repeated.
    pub(super) stumbles: u64,
    pub(super) counting: Counting,
    /// Objects with a lag of their own.
    pub(super) lags: BTreeMap<Object, SignedDuration>,
    /// The parents of records, if the CRM keeps them as associations.
    pub(super) associations: Option<Associations>,
    pub(super) revoking: Revoked,
    /// Whether all grants of the organisation are one.
    pub(super) shares_grants: bool,
    pub(super) rehearsing: Rehearsing,
    pub(super) judges_duplicates: bool,
    /// Whether a record belongs to an account by a link only.
    pub(super) links_accounts: bool,
    /// The legal bases that a record itself can say.
    pub(super) kept_bases: KeptBases,
    /// Whether a new record has the id that the caller chooses.
    pub(super) chooses_ids: bool,
    /// How long a new record is missing from lookups by content, which read an index.
    pub(super) index_lag: SignedDuration,
    /// Where a legal basis may be kept.
    pub(super) basis_place: BasisPlace,
    /// Whether fields may be lists and objects.
    pub(super) nested: bool,
    /// Whether the answer to the next creation is lost.
    pub(super) loses_answer: bool,
    /// The record of the next creation about which the answer says nothing, and whether that record is created.
    pub(super) unknown: Option<(usize, bool)>,
    /// The field whose values must be unique if there is a duplicate rule.
    pub(super) unique: &'static str,
    /// The number of all changes.
    pub(super) n_changes: u64,
    /// The number of changes before which tokens of windows are forgotten.
    pub(super) resumes_from: u64,
    /// Snapshots of unordered windows, and when each was taken.
    pub(super) jobs: BTreeMap<u64, (Vec<(RecordId, Row)>, Since)>,
    pub(super) n_jobs: u64,
}

impl Org {
    pub(super) fn new(clock: Timestamp, pages: Pages, page_size: usize) -> Self {
        Self {
            clock,
            pages,
            page_size,
            rows: BTreeMap::new(),
            fields: BTreeSet::new(),
            hidden: BTreeSet::new(),
            refused: BTreeSet::new(),
            left_out: BTreeSet::new(),
            version: 0,
            overlooks_copies: false,
            deleted: Vec::new(),
            deletions_unknown: false,
            overstates: false,
            deletions: None,
            tokens_to_lose: 0,
            revoked: false,
            on_page: None,
            organisation: Some("00D000000000001".to_owned()),
            scopes: None,
            exhausted: false,
            requests: 0,
            quota: 100_000,
            used: 0,
            forbidden: BTreeSet::new(),
            faults: Vec::new(),
            rule_about_duplicates: false,
            has_external: false,
            bases: None,
            n_created: 0,
            makes: None,
            calls: BTreeMap::new(),
            away: BTreeSet::new(),
            stumbles: 0,
            counting: Counting::Exact,
            lags: BTreeMap::new(),
            associations: None,
            revoking: Revoked::Dead,
            shares_grants: false,
            rehearsing: Rehearsing::AllRules,
            judges_duplicates: true,
            links_accounts: false,
            kept_bases: KeptBases::Nothing,
            chooses_ids: false,
            index_lag: SignedDuration::ZERO,
            basis_place: BasisPlace::Beside,
            nested: false,
            loses_answer: false,
            unknown: None,
            unique: "Email",
            n_changes: 0,
            resumes_from: 0,
            jobs: BTreeMap::new(),
            n_jobs: 0,
        }
    }

    pub(super) fn next_version(&mut self) -> u64 {
        self.n_changes += 1;
        self.n_changes
    }

    pub(super) fn rows_mut(&mut self, object: Object) -> &mut BTreeMap<RecordId, Row> {
        self.rows.entry(object).or_default()
    }

    /// Returns the present records by id.
    pub(super) fn live(&self, object: Object) -> impl Iterator<Item = (&RecordId, &Row)> {
        self.rows
            .get(&object)
            .into_iter()
            .flatten()
            .filter(|(_, row)| row.gone.is_none() && row.shows <= self.clock)
    }
}
