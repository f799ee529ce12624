//! Where an import stands that goes on in a later invocation.

use matching::{RULES, index};
use serde::{Deserialize, Serialize};

use super::{Limits, Report};
use crate::{
    fault::Code,
    ports::{Begun, KeyNumber, PARTS},
};

/// What one invocation did.
#[derive(Debug)]
pub enum Slice {
    /// The import ended.
    Ended(Box<Report>),
    /// The time is up, and nothing is published. A later invocation goes on at this place.
    GoesOn(Box<Place>),
}

/// Where an import stands. The rows of the passes before it are written. It has no value of any row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The rules of matching that made the rows.
    pub(super) rules: String,
    /// The number of the import, once it has begun.
    pub(super) number: u64,
    /// The version with which the rows were compared.
    pub(super) before: Option<String>,
    /// How many times the file is read, each time for some parts of the table.
    pub(super) n_passes: u32,
    /// The first pass that did not end.
    pub(super) next_pass: u32,
    /// What the passes counted.
    pub(super) report: Report,
    /// The match keys under which something else stands now. `None` if everything may be different.
    pub(super) changed: Option<Vec<KeyNumber>>,
}

impl Place {
    /// Returns the place at the beginning of a file that was read and may be loaded.
    pub(super) fn begin(begun: &Begun, report: Report, limits: &Limits) -> Self {
        Self {
            rules: RULES.to_owned(),
            number: begun.number,
            before: name(begun),
            n_passes: index::n_passes(report.rows.n_accepted, limits.memory).min(PARTS),
            next_pass: 0,
            report,
            changed: begun.is_shared().then(Vec::new),
        }
    }

    /// Returns whether this release reads the file, and makes rows of it, as the one that wrote the place.
    pub(super) fn is_of_same_rules(&self) -> bool {
        self.rules == RULES
    }

    /// Returns whether the rows that were written before this place are still there, and belong beside those to come. They do not if
    /// the version was discarded meanwhile, or if another one was published.
    pub(super) fn holds(&self, begun: &Begun) -> bool {
        self.number == begun.number && self.before == name(begun)
    }

    /// Returns how many passes ended, and how many there are.
    pub fn passes(&self) -> (u32, u32) {
        (self.next_pass, self.n_passes)
    }

    /// Returns what was counted up to here.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Ends an import whose file was replaced: it cannot go on, and the file that came later is imported by itself.
    #[must_use]
    pub fn replaced(self) -> Report {
        let mut report = self.report;
        report.refuse(
            Code::ImportOvertaken,
            "by another file under the same name, put before the import ended",
        );
        report
    }
}

fn name(begun: &Begun) -> Option<String> {
    begun.before.as_ref().map(|before| before.0.clone())
}
