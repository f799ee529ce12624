//! Opens one record of the copy.

use domain::{
    body::Body,
    fault::{Code, Fault, Outcome},
    integration::Which,
    ports::Ports,
    record::{Object, RecordId},
    seal::{Place, Room},
};
use serde_json::{Value, json};

/// Opens the record: its fields as the CRM had them, and the companies it is related to.
pub(super) async fn open(ports: &Ports, which: &Which, object: &str, id: &str) -> Outcome<Value> {
    let (object, id) = (Object::parse(object)?, RecordId::parse(id)?);
    let integration = super::find(ports.store.as_ref(), which).await?;
    let id = integration.provider.spelling().one(&id)?;
    let scope = &integration.scope;
    let sealed = ports
        .store
        .record(scope, object, &id)
        .await?
        .ok_or_else(|| Fault::of(Code::RecordUnknown))?;
    let keys = ports
        .keys
        .open(scope)
        .await?
        .ok_or_else(|| Fault::of(Code::KeysLost))?;
    let place = Place::within(scope, Room::CopyRecord, object.name(), id.as_str());
    let body = keys
        .sealing
        .open(&place, &sealed)
        .map_err(|error| Fault::of(Code::RecordUnreadable).with_detail(error.to_string()))?;
    let body = Body::read(&body)?;
    Ok(json!({
        "scope": scope,
        "object": object,
        "id": id,
        "sealed_bytes": sealed.as_bytes().len(),
        "body": body,
    }))
}
