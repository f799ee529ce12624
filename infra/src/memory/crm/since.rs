//! When a window was opened, which the next window may continue from.

use domain::progress::PageToken;
use jiff::Timestamp;

/// When a window was opened. The next window may continue from there.
#[derive(Clone, Copy)]
pub(super) struct Since {
    pub(super) n_changes: u64,
    pub(super) at: Timestamp,
}

impl Since {
    pub(super) fn token(self) -> PageToken {
        PageToken(format!("{}@{}", self.n_changes, self.at))
    }

    pub(super) fn read(token: &PageToken) -> Option<Self> {
        let (n_changes, at) = token.0.split_once('@')?;
        Some(Self {
            n_changes: n_changes.parse().ok()?,
            at: at.parse().ok()?,
        })
    }
}
