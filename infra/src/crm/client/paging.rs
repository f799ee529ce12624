//! Checks whether pages come to an end. A server may promise more records than it has and name a next page for ever. A
//! client that follows it never finishes, and gets no error either.

use domain::fault::CrmCode;
use serde::{Deserialize, Serialize};

use super::{
    refusal::{Action, Cause, Refusal},
    vendor::Vendor,
};

/// The most consecutive empty pages that name a next one. No vendor here is known to send any.
const MAX_EMPTY: u32 = 10;

/// How many records may come beyond twice the promised number. Records may be repeated, or created meanwhile.
const SLACK: u64 = 2_000;

/// What the pages have had so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::crm) struct Served {
    /// The number of records.
    n: u64,
    /// The number of empty pages since the last record.
    empty: u32,
}

impl Served {
    /// Adds a page of `n` records that names a next page. `total` is the number of records in all pages, as the answer states it.
    ///
    /// # Errors
    /// Returns a permanent refusal if such pages do not end.
    pub(in crate::crm) fn and(
        self,
        vendor: &Vendor,
        n: usize,
        total: Option<u64>,
    ) -> Result<Self, Refusal> {
        let served = Self {
            n: self.n.saturating_add(n as u64),
            empty: if n == 0 { self.empty + 1 } else { 0 },
        };
        let most = total.map_or(u64::MAX, |total| {
            total.saturating_mul(2).saturating_add(SLACK)
        });
        if served.empty >= MAX_EMPTY || served.n > most {
            return Err(endless(vendor));
        }
        Ok(served)
    }
}

/// Returns the refusal for pages that end before they have all promised records. They may have been truncated, so they
/// are requested again.
pub(in crate::crm) fn incomplete(vendor: &Vendor) -> Refusal {
    vendor
        .refusal(CrmCode::PagesIncomplete)
        .because(Cause::Incomplete)
}

/// Returns whether a page without a next one is the end. It is not if it says that there is more, or if it is the only
/// page and has fewer records than it states. The last page of several is not counted, since records may have been
/// deleted since the first.
pub(in crate::crm) fn is_end(
    done: Option<bool>,
    only_page: bool,
    n: usize,
    total: Option<u64>,
) -> bool {
    let is_short = only_page && total.is_some_and(|total| (n as u64) < total);
    done != Some(false) && !is_short
}

/// Returns the refusal after the last attempt: pages that were incomplete at every attempt stay so.
pub(in crate::crm) fn for_good(vendor: &Vendor, refusal: Refusal) -> Refusal {
    match refusal.cause {
        Cause::Incomplete => vendor
            .refusal(CrmCode::PagesIncomplete)
            .because(Cause::Incomplete)
            .for_good(),
        _ => refusal,
    }
}

/// Returns the refusal for pages that name a next one without end.
pub(in crate::crm) fn endless(vendor: &Vendor) -> Refusal {
    let fault = vendor.fault(CrmCode::PagesWithoutEnd);
    Refusal::new(Action::Stop, fault)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::testing::TEST, *};

    fn all(pages: impl IntoIterator<Item = usize>, total: Option<u64>) -> Result<Served, Refusal> {
        let mut pages = pages.into_iter();
        pages.try_fold(Served::default(), |served, n| served.and(&TEST, n, total))
    }

    #[test]
    fn pages_that_fit_their_promise_go_on_however_many_there_are() {
        assert!(all([2_000; 500], Some(1_000_001)).is_ok());
        assert!(all([2_000; 500], None).is_ok());
        // Repeated records, records that were created meanwhile, and occasional empty pages are accepted.
        assert!(all([2_001; 3], Some(6_000)).is_ok());
        assert!(all([0, 1].into_iter().cycle().take(500), Some(300)).is_ok());
    }

    #[test]
    fn a_page_is_the_end_where_nothing_on_it_says_otherwise() {
        for (done, only, n, total, end) in [
            (Some(true), true, 3, Some(3), true),
            (None, true, 3, None, true),
            // A record was repeated, or others were deleted between two pages.
            (Some(true), true, 4, Some(3), true),
            (Some(true), false, 1, Some(9), true),
            (Some(false), true, 3, Some(3), false),
            (Some(false), false, 3, None, false),
            (Some(true), true, 2, Some(3), false),
            (None, true, 0, Some(1), false),
        ] {
            assert_eq!(
                is_end(done, only, n, total),
                end,
                "{done:?} {only} {n} {total:?}"
            );
        }
    }

    #[test]
    fn pages_of_nothing_and_pages_beyond_all_promise_end_with_that_reason() {
        for (pages, total) in [
            ([0; 50], Some(5_000)),
            ([0; 50], None),
            ([200; 50], Some(300)),
        ] {
            let refusal = all(pages, total).unwrap_err();
            assert_eq!(refusal.fault.crm_code(), Some(&CrmCode::PagesWithoutEnd));
            assert_eq!(refusal.action, Action::Stop);
        }
    }
}
