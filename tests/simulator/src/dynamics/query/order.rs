//! Orders.

/// One column of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) index: u16,
    pub(crate) descending: bool,
}
