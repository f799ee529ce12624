//! The answer to a request, and what of it was not known before.

use super::{CreateOutcome, body::Body, known::Known};
use crate::order::Order;

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The outcomes of the records, in the order of the request.
    pub items: Vec<CreateOutcome>,
    /// What became known by this call, for each record of which something did. The same request answered again tells nothing new. A
    /// request of which nothing came leaves no row, so each further try is a new one.
    pub learned: Vec<Known>,
    /// The orders for the bus.
    pub orders: Vec<Order>,
}

/// What was known of a request's records before a call worked on it.
pub(super) struct Before(Vec<Option<Known>>);

impl Before {
    pub(super) fn of(body: &Body) -> Self {
        Self(body.known())
    }

    /// Returns the answer after the call.
    pub(super) fn answer(&self, body: &Body, orders: Vec<Order>) -> Answer {
        let known = body.known().into_iter().zip(&self.0);
        let new = known.filter(|(now, before)| now != *before);
        Answer {
            items: body.outcomes(),
            learned: new.filter_map(|(now, _)| now).collect(),
            orders,
        }
    }
}
