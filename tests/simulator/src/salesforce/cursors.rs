//! Open query locators.

use std::collections::{HashMap, VecDeque};

use super::id::Id;
use super::query::Snapshot;

/// The open query locators, oldest first.
#[derive(Default)]
pub(crate) struct Cursors {
    pub(crate) open: HashMap<String, Snapshot>,
    order: VecDeque<String>,
    next: u64,
}

impl Cursors {
    /// Opens a locator. At most `most` stay open.
    pub(crate) fn open(&mut self, snapshot: Snapshot, most: usize) -> String {
        self.next += 1;
        let name = Id::nth("01g", self.next).to_string();
        self.open.insert(name.clone(), snapshot);
        self.order.push_back(name.clone());
        while self.order.len() > most.max(1) {
            if let Some(oldest) = self.order.pop_front() {
                self.open.remove(&oldest);
            }
        }
        name
    }

    /// Returns the object of a locator such as `01g…-2000`.
    pub(crate) fn object(&self, locator: &str) -> Option<String> {
        let (name, _) = locator.split_once('-')?;
        self.open
            .get(name)
            .map(|snapshot| snapshot.object.to_owned())
    }

    pub(crate) fn clear(&mut self) {
        self.open.clear();
        self.order.clear();
    }
}
