//! All bytes of a store, for tests that search them.

use super::{
    names::{name, page_name},
    rows::Rows,
    snapshot,
};

pub(super) fn raw(rows: &Rows) -> Vec<(String, Vec<u8>)> {
    let snapshot = snapshot::take(rows);
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
    for ((tenant, place), entry) in &rows.audit {
        let line = format!("{entry:?}").into_bytes();
        raw.push((format!("audit {tenant}/{}", place.as_str()), line));
    }
    for (tenant, stated) in &rows.controllers {
        raw.push((format!("controller {tenant}"), stated.as_bytes().to_vec()));
    }
    for (tenant, state) in &rows.offboardings {
        let line = format!("{state:?}").into_bytes();
        raw.push((format!("offboarding {tenant}"), line));
    }
    for (tenant, stored) in &rows.allowances {
        let line = format!("{stored:?}").into_bytes();
        raw.push((format!("allowance {tenant}"), line));
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
