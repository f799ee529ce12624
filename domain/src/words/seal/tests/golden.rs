//! Bytes that earlier versions sealed still open, and hashes have not changed.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Golden {
    keys: String,
    cases: Vec<Case>,
    hashes: Vec<Hash>,
}

#[derive(Deserialize)]
struct Case {
    room: String,
    tenant: String,
    integration: String,
    generation: u32,
    object: String,
    key: String,
    body: String,
    sealed: String,
}

#[derive(Deserialize)]
struct Hash {
    kind: String,
    value: String,
    hash: String,
}

/// One file for each format.
const FILES: [&str; 2] = [
    include_str!("../../../../tests/golden/format-1.json"),
    include_str!("../../../../tests/golden/format-2.json"),
];

fn golden(file: &str) -> (Golden, GenerationKeys) {
    let golden: Golden = serde_json::from_str(file).unwrap();
    let mut bytes = [0_u8; 64];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&golden.keys[2 * at..2 * at + 2], 16).unwrap();
    }
    (golden, GenerationKeys::from_bytes(&mut bytes).unwrap())
}

#[test]
fn every_golden_case_opens() {
    for (golden, keys) in FILES.map(golden) {
        assert!(golden.cases.len() >= 20);
        for case in golden.cases {
            let room = Room::ALL.into_iter().find(|room| room.name() == case.room);
            let scope = scope(&case.tenant, &case.integration, case.generation);
            let place = Place::within(&scope, room.unwrap(), &case.object, &case.key);
            let sealed = Sealed::from_stored(STANDARD.decode(&case.sealed).unwrap());
            let body = open(&keys, &place, &sealed).unwrap();
            assert_eq!(body, STANDARD.decode(&case.body).unwrap());
        }
    }
}

/// Earlier versions open a page with noise, too, so the format did not change with it.
#[test]
fn one_golden_page_is_longer_than_its_text_needs() {
    let (golden, _) = golden(FILES[1]);
    let length = |text: &str| STANDARD.decode(text).unwrap().len();
    let is_noisy = |case: &&Case| length(&case.sealed) > length(&case.body) + 512;
    let noisy: Vec<_> = golden.cases.iter().filter(is_noisy).collect();
    let rooms: Vec<_> = noisy.iter().map(|case| case.room.as_str()).collect();
    assert_eq!(rooms, [Room::Page.name()]);
}

#[test]
fn every_golden_hash_is_reproduced() {
    for (golden, keys) in FILES.map(golden) {
        assert!(golden.hashes.len() >= 15);
        for case in golden.hashes {
            let kind = HashKind::ALL
                .into_iter()
                .find(|kind| kind.name() == case.kind);
            let hash = keys.index.hash(kind.unwrap(), &case.value);
            assert_eq!(hash.to_string(), case.hash);
        }
    }
}
