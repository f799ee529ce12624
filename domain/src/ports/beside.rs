//! The relations that lie beside a record as rows of their own, and what the record's item says of them.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use matching::RelationStatus;

use super::{HeldToken, StoredRelation};
use crate::{record::RecordId, seal::KeyedHash, vanished::Vanished};

/// A relation's row, as far as a company's status depends on it.
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

/// What a record's item says of the rows beside it, without naming what they say: the first 8 bytes of a SHA-256 over them. The
/// companies in them are keyed hashes already. It guards against rows that are missing or old, not against an attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    /// The fingerprint of rows, in whatever order they come.
    pub fn of(rows: &[RelationRow]) -> Self {
        let mut lines: Vec<String> = rows
            .iter()
            .map(|row| {
                // These four names are part of the format: they are what rows of today were written with.
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

    /// The fingerprint of the rows that these relations become; none where there are none.
    pub fn of_stored(relations: &[StoredRelation]) -> Option<Self> {
        if relations.is_empty() {
            return None;
        }
        let rows: Vec<RelationRow> = relations.iter().map(RelationRow::from).collect();
        Some(Self::of(&rows))
    }

    /// Reads stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// A record's id in the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of its last change.
    pub modified: Timestamp,
    /// The page that wrote it last.
    pub page: u64,
    /// The rows beside the record, where they are not the ones that its item speaks of, or where its item is of a time when items
    /// said too little to tell.
    pub astray: Option<Vec<RelationRow>>,
    /// What became of its deletion, where that is held back.
    pub vanished: Option<Vanished>,
}

impl Held {
    /// Holds the rows that lie beside a record against what its item says: the companies that it names, and the fingerprint.
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
        }
    }
}

/// Some of what the copy has of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The records.
    pub held: Vec<Held>,
    /// Relations without a record, which a put or a removal that was cut off has left.
    pub orphans: Vec<(RecordId, KeyedHash)>,
    /// Where the list goes on; none: this was its end.
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
    fn rows_that_are_missing_old_or_too_many_are_astray_and_their_order_is_not() {
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
    fn an_item_that_has_no_fingerprint_tells_nothing_of_its_rows() {
        let a = row("a", RelationStatus::Automatic, 990);
        let record = (RecordId::parse("1").unwrap(), Timestamp::UNIX_EPOCH, 0);
        let held = Held::compare(record, &[a.company], None, vec![a]);
        assert_eq!(held.astray, Some(vec![a]));
    }

    #[test]
    fn a_fingerprint_stays_what_it_is() {
        let row = row("a", RelationStatus::Approved, 1_000);
        let fingerprint = Fingerprint::of(&[row]);
        let again = Fingerprint::from_bytes(fingerprint.as_bytes()).unwrap();
        assert_eq!(fingerprint, again);
        assert_eq!(Fingerprint::from_bytes(b"short"), None);
    }
}
