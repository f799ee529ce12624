//! A view of the stored rows, for tests.

use std::{collections::BTreeMap, fmt::Write};

use domain::seal::KeyedHash;

use super::rows::{PageKey, RecordKey, Rows};

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

pub(super) fn raw(rows: &Rows) -> Vec<(String, Vec<u8>)> {
    let snapshot = take(rows);
    let lines = [
        ("integration", snapshot.integrations),
        ("progress", snapshot.progress),
        ("run", snapshot.runs),
        ("quarantine", snapshot.quarantine),
        ("record", snapshot.records),
        ("relation", snapshot.relations),
        ("decision", snapshot.decisions),
        ("held back", snapshot.held_back),
    ];
    let mut raw: Vec<(String, Vec<u8>)> = lines
        .into_iter()
        .flat_map(|(kind, lines)| {
            lines
                .into_iter()
                .map(move |(place, line)| (format!("{kind} {place}"), line.into_bytes()))
        })
        .collect();
    for (scope, decided) in &rows.decided {
        let line = serde_json::to_vec(decided).unwrap_or_default();
        raw.push((format!("decided {scope}"), line));
    }
    for row in rows.integrations.values() {
        let sealed = row.credentials.as_bytes().to_vec();
        raw.push((format!("credentials {}", row.scope), sealed));
    }
    for ((scope, object), row) in &rows.progress {
        let sealed = row.cursor.as_bytes().to_vec();
        raw.push((format!("cursor {scope}/{object}"), sealed));
    }
    for (place, row) in &rows.records {
        if let Some(projection) = &row.projection {
            raw.push((
                format!("brief {}", name(place)),
                projection.as_bytes().to_vec(),
            ));
        }
        if let Some(sealed) = &row.sealed {
            raw.push((
                format!("sealed {}", name(place)),
                sealed.as_bytes().to_vec(),
            ));
        }
    }
    for ((place, company), decision) in &rows.decisions {
        let sealed = decision.sealed.as_bytes().to_vec();
        raw.push((format!("decided {}/{company}", name(place)), sealed));
    }
    for ((place, company), link) in &rows.links {
        raw.push((
            format!("link {}/{company}", name(place)),
            link.as_bytes().to_vec(),
        ));
    }
    for (place, body) in &rows.bodies {
        raw.push((format!("body {}", name(place)), body.as_bytes().to_vec()));
    }
    for ((scope, key), intent) in &rows.intents.intents {
        let place = format!("intent {scope}/{key}");
        raw.push((place, intent.sealed.as_bytes().to_vec()));
    }
    for ((scope, object, id), maker) in &rows.intents.makers {
        let line = maker.to_string().into_bytes();
        raw.push((format!("made {scope}/{object}/{id}"), line));
    }
    for ((tenant, number), entry) in &rows.legal.assessments {
        let place = format!("assessment {tenant}/{number} {:?}", entry.people);
        raw.push((place, entry.sealed.as_bytes().to_vec()));
    }
    for (tenant, stated) in &rows.controllers {
        raw.push((format!("controller {tenant}"), stated.as_bytes().to_vec()));
    }
    for ((tenant, name, version), template) in &rows.legal.templates {
        let place = format!("template {tenant}/{name}/{version}");
        raw.push((place, template.sealed.as_bytes().to_vec()));
    }
    for ((tenant, kind, person), (mark, lifted)) in &rows.legal.suppressions {
        let place = format!("mark {tenant}/{kind:?}/{person} {lifted:?}");
        raw.push((place, mark.sealed.as_bytes().to_vec()));
    }
    for (place, sealed) in &rows.pages {
        let place = format!("page {}", page_name(place));
        raw.push((place, sealed.as_bytes().to_vec()));
    }
    for ((scope, name), bytes) in &rows.exports {
        raw.push((format!("export {scope}/{name}"), bytes.clone()));
    }
    for ((scope, name, upload), parts) in &rows.uploads {
        let bytes = parts.values().flatten().copied().collect();
        raw.push((format!("upload {scope}/{name}/{upload}"), bytes));
    }
    for ((scope, id), found) in &rows.exporting {
        let line = serde_json::to_vec(&found.export).unwrap_or_default();
        raw.push((format!("exporting {scope}/{id}"), line));
    }
    for (scope, found) in &rows.removals {
        let line = serde_json::to_vec(&found.removal).unwrap_or_default();
        raw.push((format!("removal {scope}"), line));
    }
    for (scope, receipt) in &rows.receipts {
        let place = format!("receipt {scope}");
        raw.push((place, receipt.document.clone().into_bytes()));
    }
    raw
}

pub(super) fn name((scope, object, id): &RecordKey) -> String {
    format!("{scope}/{object}/{id}")
}

pub(super) fn relation_name((place, company): &(RecordKey, KeyedHash)) -> String {
    format!("{}/{company}", name(place))
}

pub(super) fn page_name((scope, run, object, page): &PageKey) -> String {
    format!("{scope}/{run}/{object}/{page}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
