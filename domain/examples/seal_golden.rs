//! Writes the golden file of the sealed format: `cargo run -p domain --example seal_golden > domain/tests/golden/format-1.json`.
//!
//! Only for a new format. The bytes of an old file must open for as long as the format is supported, so it is never rewritten.

use std::{error::Error, io::Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    seal::{GenerationKeys, HashKind, Place, Room, Sealer},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut key = [0_u8; 64];
    for (byte, value) in key.iter_mut().zip(0x40..) {
        *byte = value;
    }
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let keys = GenerationKeys::from_bytes(&mut key)?;
    let mut sealer = Sealer::new(&keys.sealing, 1)?;

    let long: String = (0..400).map(|n| format!("{{\"Id\":\"{n}\"}},")).collect();
    let noise: Vec<u8> = (0..500_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect();
    let bodies: [(&str, &str, u32, &[u8]); 6] = [
        (
            "Account",
            "001xx000003DGb0AAG",
            1,
            b"{\"fields\":{\"Name\":\"Example GmbH\"}}",
        ),
        (
            "Contact",
            "003xx000004TmiQAAS",
            4_294_967_295,
            "{\"fields\":{\"LastName\":\"Müßig\"}}".as_bytes(),
        ),
        ("Lead", "", 2, b""),
        ("", "Straße/α#\u{0}", 3, b"\x80"),
        ("Task", "page-000001", 7, long.as_bytes()),
        ("Opportunity", "006", 1, &noise),
    ];
    let mut cases = Vec::new();
    for room in Room::ALL {
        for (object, id, generation, body) in bodies {
            let scope = Scope {
                tenant: TenantId::parse("tenant-golden")?,
                integration: IntegrationId::parse("crm-golden")?,
                generation: Generation(generation),
            };
            let sealed = sealer.seal(&Place::within(&scope, room, object, id), body)?;
            cases.push(json!({
                "room": room.name(), "tenant": scope.tenant, "integration": scope.integration, "generation": generation,
                "object": object, "key": id, "body": STANDARD.encode(body), "sealed": STANDARD.encode(sealed.as_bytes()),
            }));
        }
    }
    let mut hashes = Vec::new();
    for kind in HashKind::ALL {
        for value in ["", "müller@example.com", "example.com"] {
            let hash = keys.index.hash(kind, value).to_string();
            hashes.push(json!({ "kind": kind.name(), "value": value, "hash": hash }));
        }
    }
    let golden = json!({ "keys": hex, "cases": cases, "hashes": hashes });
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &golden)?;
    out.write_all(b"\n")?;
    Ok(())
}
