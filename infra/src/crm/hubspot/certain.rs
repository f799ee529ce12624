//! What of a full page of a search is certain, although rows come slightly out of order: pure.

use domain::record::RecordId;

use super::{
    super::client::canonical,
    page::{Row, id},
};

/// A record that a search found.
pub(super) struct Found {
    pub(super) id: RecordId,
    pub(super) number: u64,
    /// The time of its last change in the index, in milliseconds.
    pub(super) at: i64,
}

/// Reads a row of a search. `None` if its id or its time is unreadable.
pub(super) fn found(row: &str, stamp: &str) -> Option<Found> {
    let row: Row<'_> = serde_json::from_str(row).ok()?;
    let id = id(&row.id)?;
    let told = row
        .properties
        .get(stamp)
        .map(|raw| raw.get().trim_matches('"'));
    let at = told
        .and_then(canonical::instant)
        .or_else(|| canonical::instant(row.updated_at.as_deref()?))?;
    Some(Found {
        number: id.as_str().parse().ok()?,
        id,
        at: at.as_millisecond(),
    })
}

/// Returns how many of a full page's rows are certain to have no other row before them on the next page. The rest is read
/// again with the next page.
pub(super) fn n_certain(n: usize) -> usize {
    let slack = (n / 20).max(1).min(n.saturating_sub(1));
    n - slack
}

/// Returns the time up to which a full page certainly has all records. More records with the last rows' times may follow,
/// and rows can be slightly out of order. So it is the earliest time of the last rows, and of all from the first one on that
/// is out of order.
pub(super) fn resume_at(found: &[Found]) -> Option<i64> {
    let times: Vec<i64> = found.iter().map(|found| found.at).collect();
    let certain = n_certain(times.len()).saturating_sub(1);
    let out_of_order = times.windows(2).position(|pair| pair[0] > pair[1]);
    let certain = out_of_order.map_or(certain, |at| certain.min(at + 1));
    times.iter().skip(certain).min().copied()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn resumed(times: &[i64]) -> Option<i64> {
        let found = times.iter().map(|at| Found {
            id: id("1").unwrap(),
            number: 1,
            at: *at,
        });
        resume_at(&found.collect::<Vec<_>>())
    }

    #[test]
    fn the_next_search_begins_before_whatever_may_have_been_passed_over() {
        assert_eq!(resumed(&[]), None);
        assert_eq!(resumed(&[1]), Some(1));
        assert_eq!(resumed(&[1, 2]), Some(1));
        assert_eq!(resumed(&[1, 2, 2, 3]), Some(2));
        assert_eq!(resumed(&[1, 2, 3, 5]), Some(3), "4 may be on the next page");
        assert_eq!(resumed(&[1, 2, 5, 3, 4]), Some(3));
        assert_eq!(resumed(&[7, 7, 7]), Some(7));
        let many: Vec<i64> = (1..=200).collect();
        assert_eq!(resumed(&many), Some(190));
    }
}
