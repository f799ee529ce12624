//! Write access to the vendor's company database.

use super::{Amended, KeySet, Numbers, Row, RowName, Version};
use crate::fault::Outcome;

/// Editions of the table Companies. They share their rows: an import reads the rows of the edition before, writes those that
/// differ, and publishes all of them by a single write.
///
/// A version is registered before its first row is written, and removed from the register when nothing of it is needed any
/// more. So the next import finds whatever an interrupted one leaves behind.
#[port::port]
pub trait Editions: Send + Sync {
    /// Returns the published version with its metadata.
    async fn edition(&self) -> Outcome<Option<Edition>>;

    /// Stores the operator's permission for the next edition to have as few as `least` companies. It holds for one edition: the
    /// next publishing removes it. Returns false and stores nothing if `published` is no longer the published version.
    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool>;

    /// Registers a version whose rows will be written next. A version that is registered already and not published keeps its
    /// number, unless an import with a higher one was published since.
    async fn begin(&self, version: &Version) -> Outcome<Begun>;

    /// Returns versions that were begun and of which something may be left that nobody reads.
    async fn left_over(&self) -> Outcome<Vec<Version>>;

    /// Returns rows of a part that follow `after`, in the order of their names, with all their layers.
    async fn rows(&self, begun: &Begun, part: u32, after: Option<&RowName>) -> Outcome<Rows>;

    /// Writes rows. Idempotent. No name may occur twice.
    ///
    /// If rows are shared with a published edition, a row is written only if its newest layer is the one that the import saw, or
    /// the import's own. Otherwise another import is at work, and this one ends ([`CompaniesFenced`]).
    ///
    /// [`CompaniesFenced`]: crate::fault::Code::CompaniesFenced
    async fn amend(&self, begun: &Begun, rows: &[Amended]) -> Outcome<()>;

    /// Publishes a version, and with it which keys it changed. Nothing is published if another version was published
    /// since the import began ([`CompaniesFenced`]).
    ///
    /// [`CompaniesFenced`]: crate::fault::Code::CompaniesFenced
    async fn publish(&self, begun: &Begun, publication: Publication<'_>) -> Outcome<()>;

    /// Takes up to about `most` rows that nobody reads of a version that is not published. Returns whether any are left. If none
    /// are left, the version is removed from the register. Layers in shared rows stay until an import drops them: they are of no
    /// published number, so nobody sees them. Before the first row goes the version loses its number: if it is begun again, it gets
    /// another.
    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool>;
}

/// The published version with its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The version.
    pub version: Version,
    /// The number of its companies. `None` if it was published by a release that did not count them.
    pub companies: Option<u64>,
    /// The smallest number of companies that the operator accepts for the next edition, whatever the limit.
    pub accepts: Option<u64>,
    /// The name of the rules of matching with which it was imported. `None` if it was published by a release that did not note
    /// it.
    pub rules: Option<String>,
}

/// What is published beside the rows of a version.
#[derive(Clone, Copy, Debug)]
pub struct Publication<'a> {
    /// The number of its companies.
    pub companies: u64,
    /// The name of the rules of matching with which it was imported.
    pub rules: &'a str,
    /// The match keys under which something else stands than in the version before. `None` if everything may be different.
    pub changed: Option<&'a KeySet>,
}

/// An import that may write rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The version.
    pub version: Version,
    /// The number of the import. Its layers carry it.
    pub number: u64,
    /// The version among whose rows those of this import lie: its own for a first import.
    pub base: Version,
    /// The version that was published when the import began.
    pub before: Option<Version>,
    /// The numbers that were published when the import began.
    pub published: Numbers,
}

impl Begun {
    /// Returns whether the rows are shared with a published edition.
    pub fn is_shared(&self) -> bool {
        self.base != self.version
    }
}

/// Some rows of a part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The rows, in the order of their names.
    pub rows: Vec<Row>,
    /// Whether rows may follow the last one.
    pub more: bool,
}
