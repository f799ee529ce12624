//! The parents of records that only associations tell, which are no part of the rows.

use std::collections::HashMap;

use domain::record::{Parent, RecordId};

/// Parents, by the ids of the records that belong to them.
#[derive(Default)]
pub(in super::super) struct Parents(HashMap<RecordId, Parent>);

impl Parents {
    pub(in super::super) fn of(&self, record: &RecordId) -> Option<&Parent> {
        self.0.get(record)
    }

    pub(in super::super) fn note(&mut self, record: RecordId, parent: Parent) {
        self.0.insert(record, parent);
    }

    pub(in super::super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }
}

impl FromIterator<(RecordId, Parent)> for Parents {
    fn from_iter<T: IntoIterator<Item = (RecordId, Parent)>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}

/// Returns one record of several: the primary one, otherwise the one with the smallest id, so that equal records have
/// equal parents.
pub(in super::super) fn chosen(of: impl Iterator<Item = (RecordId, bool)>) -> Option<RecordId> {
    // Shorter numbers without leading zeros are smaller.
    let rank = |(id, is_primary): &(RecordId, bool)| {
        let text = id.as_str().to_owned();
        (!is_primary, text.len(), text)
    };
    of.min_by_key(rank).map(|(id, _)| id)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::id, *};

    #[test]
    fn of_several_companies_the_primary_one_counts_and_else_the_one_with_the_smallest_number() {
        let of = |all: &[(&str, bool)]| {
            let all = all.iter();
            chosen(all.map(|(text, primary)| (id(text).unwrap(), *primary)))
                .map(|id| id.to_string())
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("100", false), ("99", false)]).as_deref(), Some("99"));
        let all = [("99", false), ("500", false), ("500", true)];
        assert_eq!(of(&all).as_deref(), Some("500"));
    }
}
