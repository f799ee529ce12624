//! The relations of a record, stored as rows beside its item, and the item's summary of them.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use matching::RelationStatus;

use super::{HeldToken, StoredRelation};
use crate::{record::RecordId, seal::KeyedHash, vanished::Vanished};

/// A relation's row, reduced to the attributes that a company's status depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelationRow {
    /// The company.
    pub company: KeyedHash,
    /// The relation's status.
    pub status: RelationStatus,
    /// The score in thousandths.
    pub score: u16,
}

impl From<&StoredRelation> for RelationRow {
    fn from(relation: &StoredRelation) -> Self {
        Self {
            company: relation.company,
            status: relation.status,
            score: relation.score,
        }
    }
}

/// A fingerprint of the rows beside a record, kept in the record's item: the first 8 bytes of a SHA-256 over them. It reveals
/// nothing, because the companies in the rows are keyed hashes already. It detects missing and outdated rows, and offers no
/// protection from an attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    /// Returns the fingerprint of rows. Their order does not matter.
    pub fn of(rows: &[RelationRow]) -> Self {
        let mut lines: Vec<String> = rows
            .iter()
            .map(|row| {
                // These four names are part of the format of stored rows.
                let status = match row.status {
                    RelationStatus::Suggested => "suggested",
                    RelationStatus::Automatic => "automatic",
                    RelationStatus::Approved => "approved",
                    RelationStatus::Blocked => "blocked",
                };
                format!("{} {status} {}\n", row.company, row.score)
            })
            .collect();
        lines.sort_unstable();
        let full = digest(&SHA256, lines.concat().as_bytes());
        let mut short = [0; 8];
        short.copy_from_slice(&full.as_ref()[..8]);
        Self(short)
    }

    /// Returns the fingerprint of the rows for these relations. `None` if there are no relations.
    pub fn of_stored(relations: &[StoredRelation]) -> Option<Self> {
        if relations.is_empty() {
            return None;
        }
        let rows: Vec<RelationRow> = relations.iter().map(RelationRow::from).collect();
        Some(Self::of(&rows))
    }

    /// Parses stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the bytes to store.
    pub fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// A record of the copy in a list of ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of the record's last change.
    pub modified: Timestamp,
    /// The page that last wrote the record.
    pub page: u64,
    /// The rows beside the record. `None` if they agree with its item. An item of an older format has no fingerprint to compare, so
    /// its rows are always listed.
    pub astray: Option<Vec<RelationRow>>,
    /// The state of the record's deletion, if it is held back.
    pub vanished: Option<Vanished>,
    /// The parent record, as a keyed hash.
    pub parent: Option<KeyedHash>,
}

impl Held {
    /// Compares the rows beside a record with its item: the companies that the item names, and the fingerprint.
    pub fn compare(
        (id, modified, page): (RecordId, Timestamp, u64),
        named: &[KeyedHash],
        fingerprint: Option<Fingerprint>,
        rows: Vec<RelationRow>,
    ) -> Self {
        let is_whole = match fingerprint {
            None => named.is_empty() && rows.is_empty(),
            Some(fingerprint) => {
                rows.len() == named.len()
                    && rows.iter().all(|row| named.contains(&row.company))
                    && Fingerprint::of(&rows) == fingerprint
            }
        };
        Self {
            id,
            modified,
            page,
            astray: (!is_whole).then_some(rows),
            vanished: None,
            parent: None,
        }
    }
}

/// A page of the copy's list of an object's records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The records.
    pub held: Vec<Held>,
    /// Relations without a record, left by an interrupted put or deletion.
    pub orphans: Vec<(RecordId, KeyedHash)>,
    /// Where the list continues. `None` at its end.
    pub next: Option<HeldToken>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::seal::{GenerationKeys, HashKind};

    fn row(company: &str, status: RelationStatus, score: u16) -> RelationRow {
        let keys = GenerationKeys::from_bytes(&mut [7; 64]).unwrap();
        RelationRow {
            company: keys.index.hash(HashKind::Company, company),
            status,
            score,
        }
    }

    fn is_whole(written: &[RelationRow], found: &[RelationRow]) -> bool {
        let named: Vec<KeyedHash> = written.iter().map(|row| row.company).collect();
        let fingerprint = (!written.is_empty()).then(|| Fingerprint::of(written));
        let record = (RecordId::parse("1").unwrap(), Timestamp::UNIX_EPOCH, 0);
        Held::compare(record, &named, fingerprint, found.to_vec())
            .astray
            .is_none()
    }

    #[test]
    fn missing_outdated_and_extra_rows_are_found_in_any_order() {
        use RelationStatus::{Automatic, Suggested};
        let (a, b) = (row("a", Automatic, 990), row("b", Suggested, 400));
        assert!(is_whole(&[a, b], &[a, b]));
        assert!(is_whole(&[a, b], &[b, a]));
        assert!(is_whole(&[], &[]));
        for found in [
            vec![],
            vec![a],
            vec![a, a],
            vec![a, b, row("c", Automatic, 990)],
            vec![a, row("c", Suggested, 400)],
            vec![a, row("b", Automatic, 400)],
            vec![a, row("b", Suggested, 401)],
        ] {
            assert!(!is_whole(&[a, b], &found), "{found:?}");
        }
        assert!(!is_whole(&[], &[a]));
    }

    #[test]
    fn the_rows_of_an_item_without_fingerprint_are_always_listed() {
        let a = row("a", RelationStatus::Automatic, 990);
        let record = (RecordId::parse("1").unwrap(), Timestamp::UNIX_EPOCH, 0);
        let held = Held::compare(record, &[a.company], None, vec![a]);
        assert_eq!(held.astray, Some(vec![a]));
    }

    #[test]
    fn the_fingerprint_of_given_rows_never_changes() {
        let row = row("a", RelationStatus::Approved, 1_000);
        let fingerprint = Fingerprint::of(&[row]);
        let again = Fingerprint::from_bytes(fingerprint.as_bytes()).unwrap();
        assert_eq!(fingerprint, again);
        assert_eq!(Fingerprint::from_bytes(b"short"), None);
    }
}
