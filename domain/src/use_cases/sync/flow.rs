//! Whether a slice goes on.

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// This is done, what comes next may begin.
    Done,
    /// The slice's time is up.
    OutOfTime,
}
