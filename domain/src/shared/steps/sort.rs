//! Groups a page's items, and keeps the last item for each id.

use std::collections::{BTreeMap, HashSet};

use crate::{
    ports::Merged,
    record::{Item, Record, RecordId},
};

/// A page's items, grouped by what has to be done with them, in the order of the page.
#[derive(Default)]
pub struct Sorted {
    /// Records to compare with the copy.
    pub live: Vec<Record>,
    /// Records to delete from the copy.
    pub gone: Vec<RecordId>,
    /// Merged records with their survivors, each once. A survivor may be gone itself.
    pub merged: Vec<Merged>,
    /// Items that cannot be kept: the id, if there is one, and the reason.
    pub bad: Vec<(Option<RecordId>, &'static str)>,
}

/// Groups a page's items. If a record is on the page several times, the last item counts.
pub fn sort(items: Vec<Item>) -> Sorted {
    let counts = last_ones(&items);
    let mut sorted = Sorted {
        live: Vec::with_capacity(items.len()),
        ..Sorted::default()
    };
    let mut merged = BTreeMap::new();
    for (item, counts) in items.into_iter().zip(counts) {
        match item {
            Item::Bad { id, reason } => sorted.bad.push((id, reason)),
            Item::Live(record) if counts => sorted.live.push(record),
            Item::Gone { id, survivor } => {
                // Another item may report that the record is gone without naming the survivor.
                if let Some(survivor) = survivor.filter(|survivor| *survivor != id) {
                    merged.insert(id.clone(), survivor);
                }
                if counts {
                    sorted.gone.push(id);
                }
            }
            Item::Live(_) => {}
        }
    }
    let merged = merged.into_iter();
    sorted
        .merged
        .extend(merged.map(|(id, survivor)| Merged { id, survivor }));
    sorted
}

/// Returns for each item whether no later item of the page is about the same record.
fn last_ones(items: &[Item]) -> Vec<bool> {
    let mut seen =
        HashSet::with_capacity_and_hasher(items.len(), foldhash::fast::RandomState::default());
    let mut counts = vec![true; items.len()];
    for (item, counts) in items.iter().zip(&mut counts).rev() {
        let id = match item {
            Item::Live(record) => &record.id,
            Item::Gone { id, .. } => id,
            Item::Bad { .. } => continue,
        };
        *counts = seen.insert(id.as_str());
    }
    counts
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        people::People,
        record::{DisplayFields, MatchingAttributes},
    };

    fn id(text: &str) -> RecordId {
        RecordId::parse(text).unwrap()
    }

    fn live(text: &str, fields: &str) -> Item {
        Item::Live(Record {
            id: id(text),
            modified: Timestamp::UNIX_EPOCH,
            fields: fields.into(),
            attributes: MatchingAttributes::default(),
            display: DisplayFields::default(),
            people: People::default(),
        })
    }

    #[test]
    fn the_survivor_is_kept_even_if_another_item_reports_a_deletion() {
        let merged = |text: &str, survivor: &str| Item::Gone {
            id: id(text),
            survivor: Some(id(survivor)),
        };
        // One row may name several merged records. A record merged into itself is ignored.
        let sorted = sort(vec![
            merged("a", "c"),
            merged("b", "c"),
            live("c", "1"),
            gone("a"),
            gone("d"),
            merged("e", "e"),
        ]);
        let told: Vec<_> = sorted
            .merged
            .iter()
            .map(|merged| (merged.id.as_str(), merged.survivor.as_str()))
            .collect();
        assert_eq!(told, [("a", "c"), ("b", "c")]);
        let gone: Vec<_> = sorted.gone.iter().map(RecordId::as_str).collect();
        assert_eq!(gone, ["b", "a", "d", "e"]);
    }

    fn gone(text: &str) -> Item {
        Item::Gone {
            id: id(text),
            survivor: None,
        }
    }

    #[test]
    fn the_last_item_of_a_record_counts() {
        let bad = Item::Bad {
            id: Some(id("a")),
            reason: "test",
        };
        let sorted = sort(vec![
            live("a", "1"),
            live("b", "1"),
            live("a", "2"),
            gone("b"),
            gone("c"),
            live("c", "1"),
            bad,
        ]);
        let live: Vec<_> = sorted
            .live
            .iter()
            .map(|record| (record.id.as_str(), &*record.fields))
            .collect();
        assert_eq!(live, [("a", "2"), ("c", "1")]);
        assert_eq!(sorted.gone, [id("b")]);
        // A problem is reported even if a later item of the same record is fine.
        assert_eq!(sorted.bad, [(Some(id("a")), "test")]);
    }
}
