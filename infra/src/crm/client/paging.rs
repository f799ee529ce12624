//! Whether pages come to an end. A server may promise more records than it has and name a next page for ever; whoever
//! follows it never finishes, and fails at nothing.

use domain::fault::CrmCode;
use serde::{Deserialize, Serialize};

use super::{
    refusal::{Action, Cause, Refusal},
    vendor::Vendor,
};

/// Empty pages in a row, each naming a next one. No vendor here is known to send any.
const MAX_EMPTY: u32 = 10;

/// Records beyond twice the promised number that may come: records may be repeated, or made meanwhile.
const SLACK: u64 = 2_000;

/// What pages have brought so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::crm) struct Served {
    /// Records.
    n: u64,
    /// Empty pages since the last record.
    empty: u32,
}

impl Served {
    /// With a page of `n` records that names a next page. `total` is how many records there are in all pages, as the
    /// answer says.
    ///
    /// # Errors
    /// Permanent, when such pages do not end.
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

/// Pages that end before they have brought what they promise. They may have been cut off, so they are asked for again.
pub(in crate::crm) fn incomplete(vendor: &Vendor) -> Refusal {
    vendor
        .refusal(CrmCode::PagesIncomplete)
        .because(Cause::Incomplete)
}

/// Whether a page without a next one is the end, by its own words. It is not, where it says that there is more, or where
/// it is the only one and has fewer records than it counts. A last page of several is not counted: records may have been
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

/// The refusal when the tries are over: what was incomplete at each of them stays so.
pub(in crate::crm) fn for_good(vendor: &Vendor, refusal: Refusal) -> Refusal {
    match refusal.cause {
        Cause::Incomplete => vendor
            .refusal(CrmCode::PagesIncomplete)
            .because(Cause::Incomplete)
            .for_good(),
        _ => refusal,
    }
}

/// Pages that name a next one without end.
pub(in crate::crm) fn endless(vendor: &Vendor) -> Refusal {
    let fault = vendor.fault(CrmCode::PagesWithoutEnd);
    Refusal::new(Action::Stop, fault)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::vendor::testing::TEST, *};

    fn all(pages: impl IntoIterator<Item = usize>, total: Option<u64>) -> Result<Served, Refusal> {
        let mut pages = pages.into_iter();
        pages.try_fold(Served::default(), |served, n| served.and(&TEST, n, total))
    }

    #[test]
    fn pages_that_fit_their_promise_go_on_however_many_there_are() {
        assert!(all([2_000; 500], Some(1_000_001)).is_ok());
        assert!(all([2_000; 500], None).is_ok());
        // Repeated records, records that were made meanwhile, and an empty page here and there.
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
