//! What is simulated.

use domain::settings::Spread;

/// The records that a CRM sends in a second: a page of 2,000 in two seconds.
const RECORDS_PER_SECOND: f64 = 1_000.0;

/// What is simulated.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// How many integrations there are, each of a tenant of its own.
    pub(crate) integrations: u32,
    /// How many slices may work at the same time.
    pub(crate) slices: usize,
    /// How long the shortest run takes. About a dozen requests of a fifth of a second each take 3 seconds.
    pub(crate) seconds: f64,
    /// How many days are simulated, from midnight on. The daily rule fires at three.
    pub(crate) days: u32,
    /// Of how many integrations one has a CRM that never answers in time. 0 for none.
    pub(crate) one_fails_of: u32,
    /// Whether the largest integration has ten million records.
    pub(crate) has_giant: bool,
    /// The hours over which runs are spread. `None`: the daily rule begins all of them.
    pub(crate) spread: Option<Spread>,
    /// First readings of one more tenant.
    pub(crate) first: Option<FirstReading>,
}

/// First readings of one tenant, which are due on the second day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstReading {
    /// How many integrations the tenant has.
    pub(crate) integrations: u32,
    /// How many pages each of them has.
    pub(crate) pages: usize,
    /// How many seconds a page takes.
    pub(crate) seconds_a_page: f64,
    /// How many slices of the tenant may work at the same time.
    pub(crate) most_slices: u32,
}

impl Plan {
    /// Returns the number of records of an integration. Sizes have a long tail (Pareto, 1.1): half have fewer than 5,000, one in a
    /// thousand more than a million.
    pub(crate) fn size(&self, n: u32) -> u64 {
        if n == 0 && self.has_giant {
            return 10_000_000;
        }
        // A number between 0 and 1 that looks random and is the same each time.
        let mixed = u64::from(n)
            .wrapping_add(1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let drawn = ((mixed >> 40) as f64 + 1.0) / f64::from(1_u32 << 24);
        (2_500.0 * drawn.powf(-1.0 / 1.1)).min(3_000_000.0) as u64
    }

    /// Returns how long the daily run of an integration takes in which one record in a hundred changed.
    pub(crate) fn seconds(&self, n: u32) -> f64 {
        self.seconds + (self.size(n) / 100) as f64 / RECORDS_PER_SECOND
    }

    /// Returns whether the CRM of an integration never answers in time.
    pub(crate) fn fails(&self, n: u32) -> bool {
        self.one_fails_of > 0 && n % self.one_fails_of == self.one_fails_of / 2
    }
}
