//! How a test sets what the CRM shows to readers: objects, fields, pages, tokens, counts.

use std::sync::Arc;

use domain::{
    ports::{Counting, Deletions},
    record::Object,
};
use jiff::SignedDuration;

use super::MemoryCrm;

impl MemoryCrm {
    /// Sets the largest number of records on a page.
    pub fn set_page_size(&self, page_size: usize) {
        self.lock().page_size = page_size.max(1);
    }

    /// Sets how long changes of an object may stay invisible. Connectors that are made from now on state this lag.
    pub fn lag_of(&self, object: Object, lag: SignedDuration) {
        self.lock().lags.insert(object, lag);
    }

    /// Sets whether the list of deletions is too short from now on.
    pub fn forget_deletions(&self, unknown: bool) {
        self.lock().deletions_unknown = unknown;
    }

    /// States more records than it sends, from now on or no longer.
    pub fn overstate(&self, overstates: bool) {
        self.lock().overstates = overstates;
    }

    /// Sets where the CRM reports deletions. Connectors that are made from now on state this.
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

    /// Makes connectors overlook the field `Copied`, as those of an earlier release do.
    pub fn overlook_copies(&self) {
        self.lock().overlooks_copies = true;
    }

    /// Makes connectors those of the next release, which see the field `Copied`.
    pub fn see_copies(&self) {
        let mut org = self.lock();
        org.overlooks_copies = false;
        org.version += 1;
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

    /// Lets each page of changes wait for `what`, which gets the object and the number of records.
    pub fn on_page(&self, what: impl Fn(Object, usize) + Send + Sync + 'static) {
        self.lock().on_page = Some(Arc::new(what));
    }

    /// Removes an object from the organisation.
    pub fn take_away(&self, object: Object) {
        self.lock().away.insert(object);
    }

    /// Sets how the CRM counts from now on.
    pub fn count_as(&self, counting: Counting) {
        self.lock().counting = counting;
    }

    /// Forgets the tokens for the ends of windows.
    pub fn expire_resumes(&self) {
        let mut org = self.lock();
        org.resumes_from = org.next_version();
    }
}
