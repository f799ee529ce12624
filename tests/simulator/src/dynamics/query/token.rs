//! The tokens of change tracking.

use std::sync::Arc;

use crate::dynamics::error::Refusal;
use crate::dynamics::guid::Guid;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::role::Depth;
use crate::dynamics::row::Row;
use crate::dynamics::time::{DAY, Millis, format, parse};

/// A token: the version up to which changes are known, and when it was made. It is written as `919042!08/22/2017 08:10:44`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeltaToken {
    pub(crate) version: u64,
    pub(crate) made: Millis,
}

/// Which changes are still to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tracking {
    /// The version after which changed rows are told. `None` if all were told.
    pub(crate) changed_after: Option<u64>,
    /// The version after which deleted rows are told.
    pub(crate) deleted_after: u64,
    /// The token that the last page gives.
    pub(crate) until: DeltaToken,
}

/// One page of changes.
#[derive(Debug)]
pub(crate) struct Changes<'a> {
    pub(crate) changed: Vec<&'a Arc<Row>>,
    pub(crate) deleted: Vec<Guid>,
    /// What the next page tells. `None` after the last page.
    pub(crate) next: Option<Tracking>,
}

impl DeltaToken {
    /// Makes the token of this moment.
    pub(crate) fn now(org: &Org) -> Self {
        Self {
            version: org.settled(),
            made: org.now(),
        }
    }

    pub(crate) fn text(self) -> String {
        format!(
            "{}!{}",
            self.version,
            format(self.made, "%m/%d/%Y %H:%M:%S")
        )
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (version, made) = text.split_once('!')?;
        let (date, time) = made.split_once(' ')?;
        let mut parts = date.split('/');
        let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            version: version.parse().ok()?,
            made: parse(&format!("{year}-{month}-{day}T{time}Z"))?,
        })
    }

    /// Refuses a token that is too old, or older than the table's present columns.
    fn checked(self, org: &Org) -> Result<Self, Refusal> {
        let age = org.now() - self.made;
        if age > org.tracking_days * DAY || self.version < org.metadata_version {
            let message =
                "Version stamp associated with the client has expired. Please perform a full sync.";
            return Err(Refusal::new(400, "0x80044352", message));
        }
        Ok(self)
    }
}

impl Tracking {
    /// Begins to tell what has changed since a token.
    pub(crate) fn since(org: &Org, token: &str) -> Result<Self, Refusal> {
        let token = DeltaToken::parse(token);
        let token = token.ok_or_else(|| Refusal::query("The delta token is malformed."))?;
        let since = token.checked(org)?.version;
        Ok(Self {
            changed_after: Some(since),
            deleted_after: since,
            until: DeltaToken::now(org),
        })
    }

    pub(crate) fn text(self) -> String {
        let changed = self
            .changed_after
            .map_or(String::new(), |after| after.to_string());
        format!("{changed}|{}|{}", self.deleted_after, self.until.text())
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '|');
        Some(Self {
            changed_after: parts.next()?.parse().ok(),
            deleted_after: parts.next()?.parse().ok()?,
            until: DeltaToken::parse(parts.next()?)?,
        })
    }

    /// Returns the next changes of a table: changed rows by version first, then deleted ones.
    pub(crate) fn page(self, org: &Org, kind: Kind, most: usize) -> Changes<'_> {
        let table = org.table(kind);
        let (mut changed, mut next) = (Vec::new(), None);
        if let Some(after) = self.changed_after {
            let rows = table.changed(after);
            let mut rows = rows.take_while(|row| row.version <= self.until.version);
            changed.extend(rows.by_ref().take(most));
            if rows.next().is_some() {
                let changed_after = changed.last().map(|row| row.version);
                next = Some(Self {
                    changed_after,
                    ..self
                });
            }
        }
        let mut deleted = Vec::new();
        if next.is_none() {
            let rows = table.deleted(self.deleted_after);
            let mut rows = rows.take_while(|(version, _)| *version <= self.until.version);
            let page: Vec<_> = rows.by_ref().take(most - changed.len()).collect();
            if rows.next().is_some() {
                let last = page
                    .last()
                    .map_or(self.deleted_after, |(version, _)| *version);
                next = Some(Self {
                    changed_after: None,
                    deleted_after: last,
                    ..self
                });
            }
            deleted.extend(page.into_iter().map(|(_, id)| id));
        }
        Changes {
            changed,
            deleted,
            next,
        }
    }
}

impl Org {
    /// Refuses change tracking where the table or the role does not allow it.
    pub(crate) fn tracks(&self, kind: Kind) -> Result<(), Refusal> {
        if !self.table(kind).tracked {
            let message = format!(
                "Change tracking is not enabled for entity '{}'.",
                kind.logical()
            );
            return Err(Refusal::new(400, "0x80044350", message));
        }
        if self.role.depth(kind, "Read") < Depth::Global {
            return Err(Refusal::no_privilege(
                crate::dynamics::known::user(),
                "Read",
                kind,
            ));
        }
        Ok(())
    }
}
