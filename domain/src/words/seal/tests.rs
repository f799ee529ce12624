//! The guarantees of sealing.
#![allow(clippy::unwrap_used)]

mod golden;
mod refusals;

use proptest::prelude::*;

use super::*;
use crate::tenant::{Generation, IntegrationId, Scope, TenantId};

fn scope(tenant: &str, integration: &str, generation: u32) -> Scope {
    Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        integration: IntegrationId::parse(integration).unwrap(),
        generation: Generation(generation),
    }
}

fn keys(seed: u8) -> GenerationKeys {
    let mut bytes = [0_u8; 64];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = seed
            .wrapping_mul(31)
            .wrapping_add(u8::try_from(at).unwrap());
    }
    GenerationKeys::from_bytes(&mut bytes).unwrap()
}

fn seal(keys: &GenerationKeys, place: &Place<'_>, body: &[u8]) -> Sealed {
    Sealer::new(&keys.sealing, 1)
        .unwrap()
        .seal(place, body)
        .unwrap()
}

fn open(keys: &GenerationKeys, place: &Place<'_>, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
    Opener::new(&keys.sealing).unwrap().open(place, sealed)
}

#[test]
fn key_bytes_are_overwritten_once_they_are_taken() {
    let mut bytes = [7_u8; 64];
    GenerationKeys::from_bytes(&mut bytes).unwrap();
    assert_eq!(bytes, [0; 64]);
}

#[test]
fn the_same_body_is_never_sealed_to_the_same_bytes() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::LedgerCursor, "Account");
    let mut sealer = Sealer::new(&keys.sealing, 1).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        assert!(seen.insert(sealer.seal(&place, b"x").unwrap().into_bytes()));
    }
}

#[test]
fn a_body_of_two_megabytes_round_trips() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::Page, "1");
    let body: Vec<u8> = (0..2_000_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    assert!(open(&keys, &place, &seal(&keys, &place, &body)).unwrap() == body);
}

#[test]
fn bodies_of_one_block_are_sealed_to_one_length() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::CopyRecord, "1");
    // Noise, which zstd stores uncompressed, so only the padding hides its length.
    let noise: Vec<u8> = std::iter::successors(Some(0x9e37_79b9_u32), |&last| {
        let next = last ^ (last << 13);
        let next = next ^ (next >> 17);
        Some(next ^ (next << 5))
    })
    .map(|word| word.to_le_bytes()[0])
    .take(400)
    .collect();
    let mut lengths: Vec<usize> = (273..401)
        .map(|length| seal(&keys, &place, &noise[..length]).as_bytes().len())
        .collect();
    assert!(lengths.is_sorted());
    lengths.dedup();
    assert!(
        (2..=3).contains(&lengths.len()),
        "128 lengths showed as {lengths:?}"
    );
    assert!(lengths.iter().all(|length| (length - 41) % 64 == 0));
}

#[test]
fn debug_prints_no_secret() {
    let keys = keys(1);
    assert_eq!(format!("{keys:?}"), "GenerationKeys");
    let tenant = TenantKeys::from_bytes(&mut [7; 64]).unwrap();
    assert_eq!(format!("{tenant:?}"), "TenantKeys");
    let home = scope("tenant-a", "crm", 1);
    let sealed = seal(&keys, &Place::new(&home, Room::CopyRecord, "1"), b"secret");
    assert_eq!(format!("{sealed:?}"), "Sealed(105 bytes)");
}

#[test]
fn hashes_of_two_keys_or_two_kinds_never_compare() {
    let (one, two) = (keys(1), keys(2));
    let value = "a@b.example";
    let mut seen = std::collections::BTreeSet::new();
    for keys in [&one, &two] {
        for kind in HashKind::ALL {
            let hash = keys.index.hash(kind, value);
            assert_eq!(hash, keys.index.hash(kind, value));
            assert_eq!(KeyedHash::parse(&hash.to_string()), Some(hash));
            assert_eq!(hash.to_string().len(), 22);
            assert!(seen.insert(hash), "{kind:?}");
            let digest = keys.index.digest(value.as_bytes());
            assert_ne!(hash.to_string().into_bytes(), digest.as_bytes());
        }
    }
    assert_ne!(one.index.digest(b"x"), two.index.digest(b"x"));
    assert!(HashKind::ALL.iter().all(|kind| kind.name() != "content"));
    assert_eq!(KeyedHash::parse("AAAA"), None);
    assert_eq!(KeyedHash::parse(""), None);
}

#[test]
fn the_format_page_names_every_room_and_every_kind_of_hash() {
    let page = include_str!("FORMAT.md");
    for name in Room::ALL
        .map(Room::name)
        .into_iter()
        .chain(HashKind::ALL.map(HashKind::name))
    {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

/// The parts of a place, in the order in which they are read back.
type Parts = (Room, String, String, u32, String, String);

fn any_parts() -> impl Strategy<Value = Parts> {
    (
        proptest::sample::select(Room::ALL.to_vec()),
        "[a-z0-9-]{3,40}",
        "[a-z0-9-]{3,40}",
        any::<u32>(),
        ".{0,20}",
        ".{0,60}",
    )
}

fn written((room, tenant, integration, generation, object, key): &Parts) -> Vec<u8> {
    let mut bytes = Vec::new();
    Place::within(&scope(tenant, integration, *generation), *room, object, key).append(&mut bytes);
    bytes
}

/// Parses the output of `Place::append` as FORMAT.md describes it. If it can be parsed, no other place is written the same.
fn read(mut bytes: &[u8]) -> Parts {
    let mut text = || {
        let (length, rest) = bytes.split_first_chunk::<4>().unwrap();
        let (text, rest) = rest.split_at(usize::try_from(u32::from_be_bytes(*length)).unwrap());
        bytes = rest;
        String::from_utf8(text.to_vec()).unwrap()
    };
    let (room, tenant, integration, object, key) = (text(), text(), text(), text(), text());
    let room = Room::ALL.into_iter().find(|one| one.name() == room);
    let generation = u32::from_be_bytes(bytes.try_into().unwrap());
    (room.unwrap(), tenant, integration, generation, object, key)
}

#[test]
fn bytes_of_a_tenant_open_at_no_place_of_a_generation_or_of_another_tenant() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::of_tenant(&home.tenant, Room::LegalAssessment, "1");
    let sealed = seal(&keys, &place, b"x");
    assert_eq!(open(&keys, &place, &sealed).unwrap(), b"x");
    let other = TenantId::parse("tenant-b").unwrap();
    for wrong in [
        Place::of_tenant(&other, Room::LegalAssessment, "1"),
        Place::of_tenant(&home.tenant, Room::LegalAssessment, "2"),
        Place::of_tenant(&home.tenant, Room::LegalTemplate, "1"),
        Place::new(&home, Room::LegalAssessment, "1"),
    ] {
        assert_eq!(open(&keys, &wrong, &sealed), Err(SealError::Refused));
    }
}

proptest! {
    #[test]
    fn a_sealed_body_round_trips(body in proptest::collection::vec(any::<u8>(), 0..3000), key in "[ -~]{0,40}") {
        let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
        let place = Place::within(&home, Room::CopyRecord, "Account", &key);
        let sealed = seal(&keys, &place, &body);
        prop_assert_eq!((sealed.as_bytes().len() - 41) % 64, 0);
        prop_assert_eq!(open(&keys, &place, &sealed).unwrap(), body);
    }

    #[test]
    fn a_place_can_be_parsed_from_the_authenticated_bytes(parts in any_parts()) {
        prop_assert_eq!(read(&written(&parts)), parts);
    }

    #[test]
    fn two_places_of_few_letters_are_never_written_the_same(a in ("[ab]{0,3}", "[ab]{0,3}"), b in ("[ab]{0,3}", "[ab]{0,3}")) {
        let of = |(object, key): &(String, String)| {
            written(&(Room::Page, "ten".into(), "crm".into(), 1, object.clone(), key.clone()))
        };
        prop_assert_eq!(a == b, of(&a) == of(&b));
    }
}
