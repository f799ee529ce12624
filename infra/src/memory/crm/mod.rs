//! A CRM in memory. A test controls it, and it has a clock of its own.
//!
//! | file | what |
//! | --- | --- |
//! | [`associations`] | parents that lie beside their records |
//! | [`rows`] | the state of the CRM, and its answers |
//! | [`drafts`] | what a draft says, and whom it names |
//! | [`people`] | which records are people |
//! | [`writing`] | creation of records, and legal bases |
//! | [`session`] | the port: one connector, which counts its requests |

mod answers;
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
    ports::{
        Allowed, BasisOf, BasisPlace, ConnectCrm, Counting, Crm, Deletions, KeptBases, Link,
        Revoked,
    },
    record::{Object, RecordId},
};
use jiff::{SignedDuration, Timestamp};

use self::{
    rows::{Org, Row},
    session::Session,
};

/// The order of a window's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// By time of change and id. Each page says how far it reaches.
    Ordered,
    /// In no order, as a snapshot taken with the first page, under a token that the CRM may lose.
    Unordered,
    /// Like `Unordered`. In addition, a window begins where the last one ended, by a token of the CRM's own that may
    /// expire. All deletions are among the changes.
    Tracked,
}

/// A CRM in memory. Clones are the same CRM.
#[derive(Clone)]
pub struct MemoryCrm(Arc<Mutex<Org>>);

impl MemoryCrm {
    /// Makes an empty CRM at the time `clock` with pages of up to `page_size` records.
    pub fn new(clock: Timestamp, pages: Pages, page_size: usize) -> Self {
        Self(Arc::new(Mutex::new(Org::new(
            clock,
            pages,
            page_size.max(1),
        ))))
    }

    /// Sets the largest number of records on a page.
    pub fn set_page_size(&self, page_size: usize) {
        self.lock().page_size = page_size.max(1);
    }

    /// Moves the clock on.
    pub fn advance(&self, by: SignedDuration) {
        let mut org = self.lock();
        org.clock = org.clock.checked_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Returns the clock's time.
    pub fn now(&self) -> Timestamp {
        self.lock().clock
    }

    /// Creates or changes a record, now.
    pub fn put(&self, object: Object, id: &RecordId, fields: &[(&str, &str)]) {
        self.put_late(object, id, fields, SignedDuration::ZERO);
    }

    /// Creates or changes a record, now. It becomes visible only `late` later, with the present time stamp.
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

    /// Makes a record unreadable, now.
    pub fn spoil(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.bad = true);
    }

    /// Deletes a record, now. Windows still show the deletion.
    pub fn delete(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.gone = Some(None));
    }

    /// Merges a record into another, now. Windows still show it.
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

    /// Restores a deleted record, now.
    pub fn restore(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.gone = None);
    }

    /// Deletes a record permanently, now. Only the list of deletions shows it.
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

    /// Removes a record without a trace.
    pub fn lose(&self, object: Object, id: &RecordId) {
        self.lock().rows_mut(object).remove(id);
    }

    /// Sets whether the list of deletions is too short from now on.
    pub fn forget_deletions(&self, unknown: bool) {
        self.lock().deletions_unknown = unknown;
    }

    /// Sets where deletions are reported, as connectors say that are made now.
    pub fn report_deletions(&self, deletions: Deletions) {
        self.lock().deletions = Some(deletions);
    }

    /// Forgets the next `n` page tokens that arrive.
    pub fn lose_tokens(&self, n: u32) {
        self.lock().tokens_to_lose = n;
    }

    /// Makes a field unreadable, or readable again.
    pub fn hide(&self, field: &str, hidden: bool) {
        let mut org = self.lock();
        if hidden {
            org.hidden.insert(field.to_owned());
        } else {
            org.hidden.remove(field);
        }
    }

    /// Refuses queries for a field although the CRM names it, or answers them again.
    pub fn refuse(&self, field: &str, refused: bool) {
        let mut org = self.lock();
        if refused {
            org.refused.insert(field.to_owned());
        } else {
            org.refused.remove(field);
        }
    }

    /// Revokes the grant, or makes it valid again.
    pub fn revoke(&self, revoked: bool) {
        self.lock().revoked = revoked;
    }

    /// Sets the id of the organisation. With `None` the CRM does not tell it.
    pub fn set_organisation(&self, id: Option<&str>) {
        self.lock().organisation = id.map(str::to_owned);
    }

    /// Sets the scopes of the grant. With `None` the CRM does not tell them.
    pub fn set_scopes(&self, scopes: Option<Allowed>) {
        self.lock().scopes = scopes;
    }

    /// Uses up the daily quota, or begins a new day.
    pub fn exhaust(&self, exhausted: bool) {
        self.lock().exhausted = exhausted;
    }

    /// Makes an object unreadable, or readable again.
    pub fn forbid(&self, object: Object, forbidden: bool) {
        let mut org = self.lock();
        if forbidden {
            org.forbidden.insert(object);
        } else {
            org.forbidden.remove(&object);
        }
    }

    /// Lets a method fail from now on, for one object or (`None`) for all. Without a fault it works again.
    pub fn fail(&self, method: &'static str, object: Option<Object>, fault: Option<Fault>) {
        let mut org = self.lock();
        org.faults
            .retain(|(of, at, _)| (*of, *at) != (method, object));
        org.faults
            .extend(fault.map(|fault| (method, object, fault)));
    }

    /// Lets each page of changes wait for `what`, which gets the object and the number of records.
    pub fn on_page(&self, what: impl Fn(Object, usize) + Send + Sync + 'static) {
        self.lock().on_page = Some(Arc::new(what));
    }

    /// Removes an object from the organisation.
    pub fn take_away(&self, object: Object) {
        self.lock().away.insert(object);
    }

    /// Lets the connector repeat the next request `n` times, as after a throttle, a server in trouble or an expired token.
    pub fn stumble(&self, n: u32) {
        self.lock().stumbles = u64::from(n);
    }

    /// Sets how the CRM counts from now on.
    pub fn count_as(&self, counting: Counting) {
        self.lock().counting = counting;
    }

    /// Sets what revoking the grant achieves.
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

    /// A record itself can say these legal bases from now on.
    pub fn keep_in_record(&self, bases: KeptBases) {
        self.lock().kept_bases = bases;
    }

    /// Records belong to an account by a link only from now on.
    pub fn link_accounts(&self) {
        self.lock().links_accounts = true;
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

    /// Removes rehearsals from the abilities of connectors that are made from now on.
    pub fn rehearse_nothing(&self) {
        self.lock().rehearses = false;
    }

    /// Forgets the tokens for the ends of windows.
    pub fn expire_resumes(&self) {
        let mut org = self.lock();
        org.resumes_from = org.next_version();
    }

    /// Loses the answer to the next creation, which takes effect.
    pub fn lose_next_answer(&self) {
        self.lock().loses_answer = true;
    }

    /// Loses the answer about the `n`-th record of the next creation. `made` says whether the record is created.
    pub fn lose_answer_about(&self, n: usize, made: bool) {
        self.lock().unknown = Some((n, made));
    }

    /// From now on refuses a record with the name of another one.
    pub fn refuse_same_names(&self) {
        let mut org = self.lock();
        org.rule_about_duplicates = true;
        org.unique = "Name";
    }

    /// Sets whether a record with another record's e-mail address is refused from now on.
    pub fn refuse_duplicates(&self, refuse: bool) {
        self.lock().rule_about_duplicates = refuse;
    }

    /// Sets whether records keep our external ids from now on.
    pub fn keep_external_ids(&self, keep: bool) {
        self.lock().has_external = keep;
    }

    /// Lets the next creation create only its first `n` records. The CRM does nothing with the others.
    pub fn make_only(&self, n: usize) {
        self.lock().makes = Some(n);
    }

    /// Adds a place for legal bases.
    pub fn have_bases(&self) {
        self.lock().bases.get_or_insert_default();
    }

    /// Returns all legal bases that were stored, including repeated ones.
    pub fn bases(&self) -> Vec<BasisOf> {
        self.lock().bases.clone().unwrap_or_default()
    }

    /// Returns the present readable records: the fields' text, and the time of the last change.
    pub fn records(&self, object: Object) -> BTreeMap<RecordId, (String, Timestamp)> {
        self.lock().readable(object)
    }

    /// Returns how often all connectors together called a method.
    pub fn calls(&self, method: &str) -> u64 {
        self.lock().calls.get(method).copied().unwrap_or(0)
    }

    /// Makes a new connector.
    pub fn session(&self) -> Arc<dyn Crm> {
        Arc::new(Session::new(self.clone()))
    }

    /// Returns the port that makes connectors, for any credentials.
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
