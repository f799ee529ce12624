//! The arguments of a use case that works in slices: it stops before the deadline of one invocation and hands over to the next.

use jiff::Timestamp;

/// The arguments of a slice. `P` is the ports, `D` the order, `S` the operator's settings.
pub struct Slice<'a, P, D, S> {
    /// The ports.
    pub ports: P,
    /// The order to work on.
    pub due: &'a D,
    /// A random id that only this slice has.
    pub holder: String,
    /// The time at which AWS ends this invocation.
    pub deadline: Timestamp,
    /// Returns the current time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// The operator's settings.
    pub settings: &'a S,
}
