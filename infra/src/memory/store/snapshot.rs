//! A view of the stored rows, for tests.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    names::{name, page_name, relation_name},
    rows::Rows,
};

/// The comparable part of a store: one line for each row, by its place. Sealed bytes are left out, since sealing the
/// same content again gives new bytes. A record's digest says whether its content is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Integrations, without their credentials.
    pub integrations: BTreeMap<String, String>,
    /// Per object: the number of records held and the run's summary, without the cursor.
    pub progress: BTreeMap<String, String>,
    /// Reports of runs.
    pub runs: BTreeMap<String, String>,
    /// Records that could not be kept.
    pub quarantine: BTreeMap<String, String>,
    /// Records: digest, time of change, pages, lookups, companies.
    pub records: BTreeMap<String, String>,
    /// Relation rows.
    pub relations: BTreeMap<String, String>,
    /// Held-back deletions: the run, and their state.
    pub held_back: BTreeMap<String, String>,
    /// Decisions: verdict and time.
    pub decisions: BTreeMap<String, String>,
    /// Bodies that lie beside their items.
    pub bodies: BTreeMap<String, String>,
    /// Pages.
    pub pages: BTreeMap<String, String>,
    /// Exports.
    pub exports: BTreeMap<String, String>,
    /// Removals, without the values that are still open.
    pub removals: BTreeMap<String, String>,
    /// Documents of receipts.
    pub receipts: BTreeMap<String, String>,
}

pub(super) fn take(rows: &Rows) -> Snapshot {
    Snapshot {
        integrations: rows
            .integrations
            .values()
            .map(|row| {
                let line = format!(
                    "{} {} due {} {:?} {:?}",
                    row.organisation,
                    row.status.name(),
                    row.due,
                    row.open_run,
                    row.lease
                );
                (row.scope.to_string(), line)
            })
            .collect(),
        progress: rows
            .progress
            .iter()
            .map(|((scope, object), row)| {
                let line = format!("{} held {} {:?}", row.run, row.held, row.summary);
                (format!("{scope}/{object}"), line)
            })
            .collect(),
        runs: rows
            .runs
            .iter()
            .map(|((scope, run), report)| (format!("{scope}/{run}"), format!("{report:?}")))
            .collect(),
        quarantine: rows
            .quarantine
            .iter()
            .map(|((scope, object, name), (run, row))| {
                let line = format!("{run} {}", row.reason);
                (format!("{scope}/{object}/{name}"), line)
            })
            .collect(),
        records: records(rows),
        relations: rows
            .relations
            .iter()
            .map(|(place, (status, score))| (relation_name(place), format!("{status} {score}")))
            .collect(),
        held_back: rows
            .held_back
            .iter()
            .map(|(place, (run, vanished))| (name(place), format!("{run} {vanished:?}")))
            .collect(),
        decisions: rows
            .decisions
            .iter()
            .map(|((place, company), decision)| {
                let line = format!("{:?} {}", decision.verdict, decision.at);
                (format!("{}/{company}", name(place)), line)
            })
            .collect(),
        bodies: rows
            .bodies
            .keys()
            .map(|place| (name(place), String::new()))
            .collect(),
        pages: rows
            .pages
            .keys()
            .map(|place| (page_name(place), String::new()))
            .collect(),
        exports: rows
            .exports
            .keys()
            .map(|(scope, name)| (format!("{scope}/{name}"), String::new()))
            .collect(),
        removals: rows
            .removals
            .iter()
            .map(|(scope, found)| {
                let removal = &found.removal;
                let line = format!(
                    "{} {:?} {:?} {:?}",
                    removal.stage.name(),
                    removal.deleted,
                    removal.revocation,
                    found.lease
                );
                (scope.to_string(), line)
            })
            .collect(),
        receipts: rows
            .receipts
            .iter()
            .map(|(scope, receipt)| (scope.to_string(), receipt.document.clone()))
            .collect(),
    }
}

fn records(rows: &Rows) -> BTreeMap<String, String> {
    rows.records
        .iter()
        .map(|(place, row)| {
            let known = &row.known;
            let mut line = format!(
                "digest {} modified {} born {} page {} large {} relations",
                hex(known.digest.as_bytes()),
                known.modified,
                known.born,
                known.page,
                known.large
            );
            for company in &known.relations {
                let _ = write!(line, " {company}");
            }
            let _ = write!(line, " {:?} {:?}", row.lookups, known.vanished);
            (name(place), line)
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
