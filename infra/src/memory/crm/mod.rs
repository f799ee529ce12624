//! A CRM in memory that does what a test tells it, on its own clock.
//!
//! | file | what |
//! | --- | --- |
//! | [`associations`] | parents that lie beside their records |
//! | [`rows`] | what the CRM holds, and what it answers from it |
//! | [`drafts`] | what a draft says, and whom it names |
//! | [`people`] | who of the records is a person |
//! | [`writing`] | records that are created, and bases that are noted |
//! | [`session`] | the port: one connector, which counts what it used |

mod associations;
mod drafts;
mod people;
mod rows;
mod session;
mod writing;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    fault::Fault,
    ports::{Allowed, BasisOf, BasisPlace, ConnectCrm, Counting, Crm, Link, Revoked},
    record::{Object, RecordId},
};
use jiff::{SignedDuration, Timestamp};

use self::{
    rows::{Org, Row},
    session::Session,
};

/// How a window's pages come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// By time of change and id; each says how far it reaches.
    Ordered,
    /// In no order, as they stood when the first was asked for, under a token that the CRM may lose.
    Unordered,
    /// The same; and a window begins where the last one ended, by a token of the CRM's own that may expire. All deletions show
    /// among the changes.
    Tracked,
}

/// A CRM in memory. Clones are the same CRM.
#[derive(Clone)]
pub struct MemoryCrm(Arc<Mutex<Org>>);

impl MemoryCrm {
    /// An empty CRM at `clock`, whose pages hold up to `page_size` records.
    pub fn new(clock: Timestamp, pages: Pages, page_size: usize) -> Self {
        Self(Arc::new(Mutex::new(Org::new(
            clock,
            pages,
            page_size.max(1),
        ))))
    }

    /// Pages hold up to so many records from now on.
    pub fn set_page_size(&self, page_size: usize) {
        self.lock().page_size = page_size.max(1);
    }

    /// The clock moves on.
    pub fn advance(&self, by: SignedDuration) {
        let mut org = self.lock();
        org.clock = org.clock.checked_add(by).unwrap_or(Timestamp::MAX);
    }

    /// The clock.
    pub fn now(&self) -> Timestamp {
        self.lock().clock
    }

    /// Creates a record or changes it, now.
    pub fn put(&self, object: Object, id: &RecordId, fields: &[(&str, &str)]) {
        self.put_late(object, id, fields, SignedDuration::ZERO);
    }

    /// Creates a record or changes it, now; but it shows only `late` later, under the time stamp of now.
    pub fn put_late(
        &self,
        object: Object,
        id: &RecordId,
        fields: &[(&str, &str)],
        late: SignedDuration,
    ) {
        let mut org = self.lock();
        let modified = org.clock;
        let shows = modified.checked_add(late).unwrap_or(Timestamp::MAX);
        let fields: BTreeMap<String, String> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        org.fields.extend(fields.keys().cloned());
        org.deleted
            .retain(|(of, there, _)| (*of, there) != (object, id));
        let version = org.next_version();
        let row = Row {
            modified,
            shows,
            version,
            fields,
            links: Vec::new(),
            made: None,
            gone: None,
            absorbed: Vec::new(),
            bad: false,
        };
        org.rows_mut(object).insert(id.clone(), row);
    }

    /// Makes a record one that cannot be read, now.
    pub fn spoil(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.bad = true);
    }

    /// Deletes a record, now: windows still show that it is gone.
    pub fn delete(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.gone = Some(None));
    }

    /// Merges a record into another, now: windows still show that it is gone.
    pub fn merge(&self, object: Object, id: &RecordId, survivor: &RecordId) {
        self.change(object, id, |row| row.gone = Some(Some(survivor.clone())));
    }

    /// Merges records into another, now, so that they vanish and only the survivor's row tells of them.
    pub fn absorb(&self, object: Object, ids: &[RecordId], survivor: &RecordId) {
        let mut org = self.lock();
        for id in ids {
            org.rows_mut(object).remove(id);
        }
        drop(org);
        self.change(object, survivor, |row| row.absorbed.extend_from_slice(ids));
    }

    /// Changes of an object may stay invisible for so long, as connectors say that are made now.
    pub fn lag_of(&self, object: Object, lag: SignedDuration) {
        self.lock().lags.insert(object, lag);
    }

    /// Takes a deleted record back, now.
    pub fn restore(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.gone = None);
    }

    /// Deletes a record for good, now: only the list of deletions shows it.
    pub fn delete_for_good(&self, object: Object, id: &RecordId) {
        let is_tracked = self.lock().pages == Pages::Tracked;
        if is_tracked {
            return self.delete(object, id);
        }
        let mut org = self.lock();
        let now = org.clock;
        if org.rows_mut(object).remove(id).is_some() {
            org.deleted.push((object, id.clone(), now));
        }
    }

    /// Lets a record vanish without a trace.
    pub fn lose(&self, object: Object, id: &RecordId) {
        self.lock().rows_mut(object).remove(id);
    }

    /// From now on the list of deletions is said to be too short, or is not.
    pub fn forget_deletions(&self, unknown: bool) {
        self.lock().deletions_unknown = unknown;
    }

    /// The next `n` page tokens that come are not known any more.
    pub fn lose_tokens(&self, n: u32) {
        self.lock().tokens_to_lose = n;
    }

    /// A field can no longer be read, or can be read again.
    pub fn hide(&self, field: &str, hidden: bool) {
        let mut org = self.lock();
        if hidden {
            org.hidden.insert(field.to_owned());
        } else {
            org.hidden.remove(field);
        }
    }

    /// Queries for a field are refused from now on although the CRM names it, or are answered again.
    pub fn refuse(&self, field: &str, refused: bool) {
        let mut org = self.lock();
        if refused {
            org.refused.insert(field.to_owned());
        } else {
            org.refused.remove(field);
        }
    }

    /// The grant is taken back, or holds again.
    pub fn revoke(&self, revoked: bool) {
        self.lock().revoked = revoked;
    }

    /// Whose organisation it is; none: it does not say.
    pub fn set_organisation(&self, id: Option<&str>) {
        self.lock().organisation = id.map(str::to_owned);
    }

    /// What it says of the grant's scopes; none: it does not say anything.
    pub fn set_scopes(&self, scopes: Option<Allowed>) {
        self.lock().scopes = scopes;
    }

    /// The daily quota is used up, or there is a new day.
    pub fn exhaust(&self, exhausted: bool) {
        self.lock().exhausted = exhausted;
    }

    /// An object can no longer be read, or can be read again.
    pub fn forbid(&self, object: Object, forbidden: bool) {
        let mut org = self.lock();
        if forbidden {
            org.forbidden.insert(object);
        } else {
            org.forbidden.remove(&object);
        }
    }

    /// A method fails from now on, for one object or (none) for all; without a fault it works again.
    pub fn fail(&self, method: &'static str, object: Option<Object>, fault: Option<Fault>) {
        let mut org = self.lock();
        org.faults
            .retain(|(of, at, _)| (*of, *at) != (method, object));
        org.faults
            .extend(fault.map(|fault| (method, object, fault)));
    }

    /// Each page of changes, of that object and so many records, has this to wait for.
    pub fn on_page(&self, what: impl Fn(Object, usize) + Send + Sync + 'static) {
        self.lock().on_page = Some(Arc::new(what));
    }

    /// The organisation does not have an object.
    pub fn take_away(&self, object: Object) {
        self.lock().away.insert(object);
    }

    /// The connector has to repeat the next request so many times: a throttle, a server in trouble, a token that ended.
    pub fn stumble(&self, n: u32) {
        self.lock().stumbles = u64::from(n);
    }

    /// How it counts from now on.
    pub fn count_as(&self, counting: Counting) {
        self.lock().counting = counting;
    }

    /// What giving the grant back achieves.
    pub fn revoke_as(&self, revoking: Revoked) {
        self.lock().revoking = revoking;
    }

    /// New records have the ids that we choose from now on.
    pub fn choose_ids(&self) {
        self.lock().chooses_ids = true;
    }

    /// A lookup misses records that were made less than so long ago.
    pub fn lag_index(&self, by: SignedDuration) {
        self.lock().index_lag = by;
    }

    /// Where a legal basis may be kept from now on.
    pub fn keep_bases(&self, place: BasisPlace) {
        self.lock().basis_place = place;
    }

    /// Fields may be lists and objects from now on.
    pub fn take_nested(&self) {
        self.lock().nested = true;
    }

    /// It has no rules about duplicates.
    pub fn judge_no_duplicates(&self) {
        self.lock().judges_duplicates = false;
    }

    /// The records that a record belongs to.
    pub fn links(&self, object: Object, id: &RecordId) -> Vec<Link> {
        let mut org = self.lock();
        let row = org.rows_mut(object).get(id);
        row.map(|row| row.links.clone()).unwrap_or_default()
    }

    /// It judges no records without keeping them, from connectors on that are made now.
    pub fn rehearse_nothing(&self) {
        self.lock().rehearses = false;
    }

    /// Tokens of where windows ended are not known any more.
    pub fn expire_resumes(&self) {
        let mut org = self.lock();
        org.resumes_from = org.next_version();
    }

    /// The next creation is done, and its answer lost.
    pub fn lose_next_answer(&self) {
        self.lock().loses_answer = true;
    }

    /// Of the next creation the answer about the `n`-th record is lost, which is made or is not.
    pub fn lose_answer_about(&self, n: usize, made: bool) {
        self.lock().unknown = Some((n, made));
    }

    /// A record with the name of another is refused from now on.
    pub fn refuse_same_names(&self) {
        let mut org = self.lock();
        org.rule_about_duplicates = true;
        org.unique = "Name";
    }

    /// A record with an e-mail address that another has is refused from now on, or not.
    pub fn refuse_duplicates(&self, refuse: bool) {
        self.lock().rule_about_duplicates = refuse;
    }

    /// Records keep the ids that we give them from now on, or not.
    pub fn keep_external_ids(&self, keep: bool) {
        self.lock().has_external = keep;
    }

    /// The next creation makes the first `n` of its records only: of the others the CRM did nothing.
    pub fn make_only(&self, n: usize) {
        self.lock().makes = Some(n);
    }

    /// There is a place for legal bases from now on.
    pub fn have_bases(&self) {
        self.lock().bases.get_or_insert_default();
    }

    /// The legal bases that were noted, as often as they were.
    pub fn bases(&self) -> Vec<BasisOf> {
        self.lock().bases.clone().unwrap_or_default()
    }

    /// The records there are now, those that cannot be read left out: the fields' text, and the time of the last change.
    pub fn records(&self, object: Object) -> BTreeMap<RecordId, (String, Timestamp)> {
        self.lock().readable(object)
    }

    /// How often a method was called by any connector, by the method's name.
    pub fn calls(&self, method: &str) -> u64 {
        self.lock().calls.get(method).copied().unwrap_or(0)
    }

    /// A new connector.
    pub fn session(&self) -> Arc<dyn Crm> {
        Arc::new(Session::new(self.clone()))
    }

    /// Makes connectors, whatever the credentials.
    pub fn connect(&self) -> Arc<ConnectCrm> {
        let crm = self.clone();
        Arc::new(move |_| Ok(crm.session()))
    }

    fn change(&self, object: Object, id: &RecordId, what: impl FnOnce(&mut Row)) {
        let mut org = self.lock();
        let now = org.clock;
        let version = org.next_version();
        if let Some(row) = org.rows_mut(object).get_mut(id) {
            row.modified = now;
            row.shows = now;
            row.version = version;
            what(row);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Org> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
