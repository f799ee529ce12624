//! How a test sets what the CRM does with creations: ids, duplicates, legal bases, lost answers.

use domain::ports::{BasisOf, BasisPlace, KeptBases, Rehearsing};
use jiff::SignedDuration;

use super::MemoryCrm;

impl MemoryCrm {
    /// Gives new records the ids that the caller chooses, from now on.
    pub fn choose_ids(&self) {
        self.lock().chooses_ids = true;
    }

    /// Hides new records from lookups by their content for this long after their creation.
    pub fn lag_index(&self, by: SignedDuration) {
        self.lock().index_lag = by;
    }

    /// Sets where the CRM keeps legal bases from now on.
    pub fn keep_bases(&self, place: BasisPlace) {
        self.lock().basis_place = place;
    }

    /// Sets which legal bases a record itself can say, from now on.
    pub fn keep_in_record(&self, bases: KeptBases) {
        self.lock().kept_bases = bases;
    }

    /// Lets records belong to an account only by a link, from now on.
    pub fn link_accounts(&self) {
        self.lock().links_accounts = true;
    }

    /// Accepts lists and objects as values of fields from now on.
    pub fn take_nested(&self) {
        self.lock().nested = true;
    }

    /// Removes the rules about duplicates.
    pub fn judge_no_duplicates(&self) {
        self.lock().judges_duplicates = false;
    }

    /// Sets how far connectors that are made from now on say that the CRM judges records without keeping them.
    pub fn rehearse(&self, how_far: Rehearsing) {
        self.lock().rehearsing = how_far;
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
}
