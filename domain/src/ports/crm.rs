//! A customer's CRM, as the rules see it.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::{Abilities, Bases, Count, Filling, Inspect, Powers, Revoked, Writing};
use crate::{
    fault::Outcome,
    progress::{PageToken, Position, Window},
    record::{Item, Object, RecordId},
};

/// One integration's CRM. A connector retries transient failures itself, within bounds, and honours what the CRM asks for;
/// what still reaches the rules is worth a new slice, not another try.
#[port::port]
pub trait Crm: Inspect + Powers + Writing + Filling + Bases {
    /// What the CRM can. No request is sent: it is stated, and stays the same.
    fn abilities(&self) -> &Abilities;

    /// The CRM's clock.
    async fn clock(&self) -> Outcome<Timestamp>;

    /// What of an object can be read; none: the organisation does not have the object, or the connected user may not see that it
    /// does. Permanent, when the object is there and cannot be read.
    async fn describe(&self, object: Object) -> Outcome<Option<Shape>>;

    /// Leaves fields out of all that is read of an object from now on, because queries were refused for them earlier.
    /// With `ask`, the CRM is asked for each of them first, and only those that it refuses still are left out.
    async fn leave_out(&self, object: Object, fields: &[String], ask: bool) -> Outcome<()>;

    /// What is read of an object at this moment: what [`Self::describe`] said, without the fields that a query was refused
    /// for since. No request is sent. None, when the object was not described yet.
    fn in_use(&self, object: Object) -> Option<Arc<Shape>>;

    /// A page of what changed in a window, deletions that the CRM still shows among it.
    async fn changes(&self, ask: Changes<'_>) -> Outcome<Answer>;

    /// The pages that `token` belongs to are stored: the CRM need not keep them. Best effort.
    async fn forget(&self, token: &PageToken);

    /// Records that were deleted for good between `since` and `until`.
    async fn deleted(&self, object: Object, since: Timestamp, until: Timestamp)
    -> Outcome<Deleted>;

    /// How many records there are, as far as the CRM says it.
    async fn count(&self, object: Object) -> Outcome<Count>;

    /// All ids there are now, with the times of their last changes; `token` continues an earlier answer.
    async fn ids(&self, object: Object, token: Option<&PageToken>) -> Outcome<IdPage>;

    /// These records as they stand now. Those that are gone are missing from the answer. At most 200 ids.
    async fn fetch(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>>;

    /// What was used so far by this connector.
    fn usage(&self) -> Usage;

    /// Gives the grant back, as far as the CRM lets us, and says how far that is.
    async fn revoke(&self) -> Outcome<Revoked>;
}

/// What of an object can be read: the CRM's own names of the fields, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The fields.
    pub fields: Vec<String>,
    /// Fields that the CRM names, too, but refuses queries for: they are not read. Sorted.
    pub refused: Vec<String>,
}

/// Which page is asked for.
#[derive(Clone, Copy)]
pub struct Changes<'a> {
    /// The object.
    pub object: Object,
    /// The changes' bounds.
    pub window: &'a Window,
    /// Where the last window ended, by the CRM's own token ([`Page::resume`]), where it gave one: all changes since then are asked
    /// for, whatever the window says of its beginning. None: the window's beginning counts.
    pub resume: Option<&'a PageToken>,
    /// The page; none: the window's first.
    pub token: Option<&'a PageToken>,
    /// Records on a page at most, where pages of the usual size did not come in time: a hint, as far down as the CRM goes. A job
    /// that collects its records before the first page stays as large as it is, only its pages become smaller.
    pub at_most: Option<u32>,
}

/// What came back for a page.
pub enum Answer {
    /// The page.
    Page(Page),
    /// The CRM no longer knows the page's token: begin again at the window's `after`.
    TokenLost,
    /// The CRM no longer knows where the last window ended: everything has to be read again, and compared.
    ResumeLost,
}

/// A page of changes.
pub struct Page {
    /// What is on it.
    pub items: Vec<Item>,
    /// The page as the CRM sent it.
    pub raw: Bytes,
    /// The page that comes next; none: this was the window's last.
    pub next: Option<PageToken>,
    /// Everything in the window up to here has been sent with this page; none: pages come in no order.
    pub reached: Option<Position>,
    /// On a window's last page: where the next window may be taken up, where the CRM has tokens for that. It outlives the run, and
    /// may expire.
    pub resume: Option<PageToken>,
}

/// Deletions.
pub enum Deleted {
    /// These records are gone, and no others.
    Ids(Vec<RecordId>),
    /// The CRM does not keep its list long enough, or not that long a list: compare all ids.
    Unknown,
}

/// Some of an object's ids.
pub struct IdPage {
    /// Ids and the times of their last changes.
    pub ids: Vec<(RecordId, Timestamp)>,
    /// Where the next ones are; none: these were the last.
    pub next: Option<PageToken>,
}

/// What a connector used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests sent, those for tokens and those repeated included.
    pub requests: u64,
    /// Used and total of the CRM's own quota, by its last word; of several budgets the one that is used up first. None, where the
    /// CRM has no quota, or does not tell it.
    pub quota: Option<(u64, u64)>,
    /// What the CRM's clock says now, by its last answer and the time since then; none: no answer told it.
    pub clock: Option<Timestamp>,
}
