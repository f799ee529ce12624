//! The decision whether a slice goes on.

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// This step is done, and the next may begin.
    Done,
    /// The slice's time is up.
    OutOfTime,
}
