//! A customer's CRM, as the rules see it.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::{Abilities, Bases, Count, Filling, Inspect, Powers, Revoked, Writing};
use crate::{
    fault::Outcome,
    progress::{Budget, PageToken, Position, Window},
    record::{Item, Object, Parent, RecordId},
};

/// One integration's CRM. A connector retries transient failures itself, within limits, and waits as long as the CRM asks. A
/// failure that still reaches the rules is worth a new slice, not another attempt.
#[port::port]
pub trait Crm: Inspect + Powers + Writing + Filling + Bases {
    /// Returns the CRM's abilities. They are constant, and no request is sent.
    fn abilities(&self) -> &Abilities;

    /// Returns the time of the CRM's clock.
    async fn clock(&self) -> Outcome<Timestamp>;

    /// Returns the readable fields of an object. `None` if the organisation does not have the object, or does not show it to the
    /// connected user. Permanent if the object exists and cannot be read.
    async fn describe(&self, object: Object) -> Outcome<Option<Shape>>;

    /// Leaves fields out of everything that is read of an object from now on, because queries for them were refused earlier. With
    /// `ask`, the connector first asks the CRM for each of them, and leaves out only those that are still refused.
    async fn leave_out(&self, object: Object, fields: &[String], ask: bool) -> Outcome<()>;

    /// Returns the fields of an object that are read at this moment: those that [`Self::describe`] returned, without those that
    /// were refused since. No request is sent. `None` if the object was not described yet.
    fn in_use(&self, object: Object) -> Option<Arc<Shape>>;

    /// Returns a page of the changes in a window, including deletions that the CRM still shows.
    async fn changes(&self, ask: Changes<'_>) -> Outcome<Answer>;

    /// Tells the CRM that it need not keep the pages of `token`, because they are stored. Best effort.
    async fn forget(&self, token: &PageToken);

    /// Returns the records that were deleted for good between `since` and `until`.
    async fn deleted(&self, object: Object, since: Timestamp, until: Timestamp)
    -> Outcome<Deleted>;

    /// Returns the number of records, as far as the CRM tells it.
    async fn count(&self, object: Object) -> Outcome<Count>;

    /// Returns current ids with the times of their last changes. `token` continues an earlier list.
    async fn ids(&self, object: Object, token: Option<&PageToken>) -> Outcome<IdPage>;

    /// Returns the current state of these records, at most 200. Records that are gone are missing from the result.
    async fn fetch(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>>;

    /// Returns the parents of records, in the order of the request, if the CRM keeps them as associations
    /// ([`Parents::Associated`](super::Parents::Associated)). At most as many ids as that ability says. Of several parents it is
    /// the primary account, else another account, else a person. `None` if the record has no parent, if the connected user may not see it, or if the record itself is gone.
    async fn parents(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Option<Parent>>>;

    /// Returns this connector's usage so far.
    fn usage(&self) -> Usage;

    /// Revokes the grant as far as the CRM allows it, and returns what that achieved.
    async fn revoke(&self) -> Outcome<Revoked>;
}

/// The readable fields of an object, by the CRM's own names, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The fields.
    pub fields: Vec<String>,
    /// Fields that the CRM lists but refuses to return. They are not read. Sorted.
    pub refused: Vec<String>,
    /// The version of what the connector makes of the fields: people, matching attributes, display fields. A connector that makes
    /// more of the same fields raises it for the objects that it concerns, and all their records are read and written again. The
    /// first version is 0.
    pub version: u32,
}

/// A request for a page of changes.
#[derive(Clone, Copy)]
pub struct Changes<'a> {
    /// The object.
    pub object: Object,
    /// The bounds of the changes.
    pub window: &'a Window,
    /// The CRM's own token for the end of the last window ([`Page::resume`]), if it gave one. It requests all changes since then,
    /// whatever the beginning of the window. `None` if the beginning of the window counts.
    pub resume: Option<&'a PageToken>,
    /// The token of the page. `None` for the first page of the window.
    pub token: Option<&'a PageToken>,
    /// The most records on a page, if pages of the usual size did not arrive in time. It is a hint, as far down as the CRM goes. A
    /// job that collects its records before the first page keeps its size, and only its pages become smaller.
    pub at_most: Option<u32>,
}

/// The result of a request for a page.
pub enum Answer {
    /// The page.
    Page(Page),
    /// The CRM no longer knows the page's token. Begin again at the window's `after`.
    TokenLost,
    /// The CRM no longer knows where the last window ended. Everything has to be read again, and compared.
    ResumeLost,
}

/// A page of changes.
pub struct Page {
    /// The items on the page.
    pub items: Vec<Item>,
    /// Whether the records have their parents although the CRM keeps these as associations. Then parents are not requested.
    pub has_parents: bool,
    /// The page as the CRM sent it.
    pub raw: Bytes,
    /// The token of the next page. `None` on the window's last page.
    pub next: Option<PageToken>,
    /// The position up to which everything in the window has been sent with this page. `None` if the pages are in no order.
    pub reached: Option<Position>,
    /// On a window's last page, the token with which the next window can continue, if the CRM has such tokens. It outlives the run,
    /// and may expire.
    pub resume: Option<PageToken>,
    /// Whether the CRM stated more records than it sent, at every attempt. What it left out is known only when all ids are compared.
    pub is_short: bool,
}

/// The result of a request for deletions.
pub enum Deleted {
    /// These records are gone, and no others.
    Ids(Vec<RecordId>),
    /// The CRM does not keep its list long enough, or the list is too short. Compare all ids.
    Unknown,
}

/// A page of an object's ids.
pub struct IdPage {
    /// The ids, with the times of their last changes.
    pub ids: Vec<(RecordId, Timestamp)>,
    /// The token of the next page. `None` on the last page.
    pub next: Option<PageToken>,
}

/// A connector's usage of the CRM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests sent, including those for tokens and repeated ones.
    pub requests: u64,
    /// The CRM's own budgets, as it last reported them. Empty if the CRM has no quota, or does not report it.
    pub budgets: Vec<Budget>,
    /// The current time of the CRM's clock, computed from its last response and the time since then. `None` if no response told it.
    pub clock: Option<Timestamp>,
}
