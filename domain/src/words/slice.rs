//! What a verb is given that works slice by slice: until the deadline of one invocation is near, and then hands over to the next.

use jiff::Timestamp;

/// What a slice is given. `P` is what it touches of the world, `D` the order that it works on, `S` what the operator set.
pub struct Slice<'a, P, D, S> {
    /// The world.
    pub ports: P,
    /// What it is to work on.
    pub due: &'a D,
    /// A random id of this slice, which no other slice has.
    pub holder: String,
    /// When AWS ends this invocation.
    pub deadline: Timestamp,
    /// Tells the time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// What the operator set.
    pub settings: &'a S,
}
