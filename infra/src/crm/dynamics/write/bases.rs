//! The legal bases of people, as notes beside their records. Dataverse has columns for what people prefer, and none for a basis. An
//! organisation may have made one, and then a new record itself says the basis.
//!
//! A note has an id that follows from what it says, so it is never made twice, and is found again by reading that id.

use async_trait::async_trait;
use aws_lc_rs::digest::{SHA256, digest};
use domain::{
    fault::Outcome,
    ports::{Bases, BasisOf, Written},
    record::RecordId,
};
use serde_json::json;

use super::{
    super::{
        Dynamics,
        names::{id, set},
    },
    send::{about, not_sent},
};
use crate::crm::dynamics::provider::VENDOR;

const SET: &str = "annotations";
const ID: &str = "annotationid";
/// The right to make notes.
const PRIVILEGE: &str = "prvCreateNote";

#[async_trait]
impl Bases for Dynamics {
    async fn has_bases(&self) -> Outcome<bool> {
        let privileges = self.privileges().await?;
        Ok(privileges.is_some_and(|all| all.has(PRIVILEGE)))
    }

    async fn note_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<Written>> {
        let mut written = Vec::with_capacity(bases.len());
        for of in bases {
            let of_record = id(of.id.as_str());
            let (Some(note), Some(record)) = (note_id(of), of_record) else {
                let fault = VENDOR.fault(domain::fault::CrmCode::Unwritable);
                written.push(not_sent(fault));
                continue;
            };
            let mut body = json!({
                "subject": format!("Abgleich: {}", of.by.basis()),
                "notetext": of.by.to_string(),
            });
            if let Some(body) = body.as_object_mut() {
                let record = format!("/{}({record})", set(of.object));
                body.insert(about(of.object).to_owned(), record.into());
            }
            written.push(self.write(SET, &note, body.to_string(), true).await);
        }
        Ok(written)
    }

    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>> {
        let ids: Vec<RecordId> = bases.iter().filter_map(note_id).collect();
        let there = self.there(SET, ID, &ids).await?;
        let is_there = |of| note_id(of).is_some_and(|id| there.contains(&id));
        Ok(bases.iter().map(is_there).collect())
    }
}

/// Returns the id of a note: a UUID (RFC 9562, version 8) of the record and of the assessment behind the basis.
fn note_id(of: &BasisOf) -> Option<RecordId> {
    let name = format!("abgleich:{}:{}:{}", of.object, of.id, of.by.assessment());
    let hash = digest(&SHA256, name.as_bytes());
    let mut bytes: [u8; 16] = hash.as_ref().get(..16)?.try_into().ok()?;
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    let groups = groups.map(|group| hex.get(group).unwrap_or_default());
    RecordId::parse(&groups.join("-")).ok()
}
