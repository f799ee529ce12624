//! What sealing promises.
#![allow(clippy::unwrap_used)]

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
fn what_is_sealed_opens_at_its_own_place_only() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::within(&home, Room::CopyRecord, "Account", "001");
    let sealed = seal(&keys, &place, b"Example GmbH");
    assert_eq!(open(&keys, &place, &sealed).unwrap(), b"Example GmbH");

    let others = [
        scope("tenant-b", "crm", 1),
        scope("tenant-a", "crm-2", 1),
        scope("tenant-a", "crm", 2),
    ];
    for other in &others {
        let place = Place::within(other, Room::CopyRecord, "Account", "001");
        assert_eq!(open(&keys, &place, &sealed), Err(SealError::Refused));
    }
    for place in [
        Place::within(&home, Room::Page, "Account", "001"),
        Place::within(&home, Room::CopyRecord, "Contact", "001"),
        Place::within(&home, Room::CopyRecord, "Account", "002"),
        Place::within(&home, Room::CopyRecord, "Account0", "01"),
        Place::new(&home, Room::CopyRecord, "Account001"),
    ] {
        assert_eq!(open(&keys, &place, &sealed), Err(SealError::Refused));
    }
}

#[test]
fn another_key_opens_nothing() {
    let home = scope("tenant-a", "crm", 1);
    let place = Place::new(&home, Room::LedgerCursor, "Account");
    let sealed = seal(&keys(1), &place, b"x");
    assert_eq!(open(&keys(2), &place, &sealed), Err(SealError::Refused));
}

#[test]
fn every_flipped_bit_every_truncation_and_an_appended_byte_are_refused() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::LedgerCursor, "Account");
    let sealed = seal(
        &keys,
        &place,
        b"a body of some length, so that there is something to change",
    );
    for at in 0..sealed.as_bytes().len() {
        for bit in 0..8 {
            let mut bytes = sealed.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            assert!(
                open(&keys, &place, &Sealed::from_stored(bytes)).is_err(),
                "bit {bit} of {at}"
            );
        }
        let cut = Sealed::from_stored(sealed.as_bytes()[..at].to_vec());
        assert!(open(&keys, &place, &cut).is_err(), "cut at {at}");
    }
    let mut longer = sealed.into_bytes();
    longer.push(0);
    assert!(open(&keys, &place, &Sealed::from_stored(longer)).is_err());
}

#[test]
fn the_same_body_is_never_sealed_alike() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::LedgerCursor, "Account");
    let mut sealer = Sealer::new(&keys.sealing, 1).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        assert!(seen.insert(sealer.seal(&place, b"x").unwrap().into_bytes()));
    }
}

#[test]
fn a_body_of_two_megabytes_comes_back() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::Page, "1");
    let body: Vec<u8> = (0..2_000_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    assert!(open(&keys, &place, &seal(&keys, &place, &body)).unwrap() == body);
}

#[test]
fn what_a_key_is_does_not_show() {
    let keys = keys(1);
    let sealed = seal(
        &keys,
        &Place::new(&scope("tenant-a", "crm", 1), Room::Page, "1"),
        b"secret",
    );
    assert_eq!(
        format!("{sealed:?}"),
        format!("Sealed({} bytes)", sealed.as_bytes().len())
    );
}

#[test]
fn hashes_of_two_keys_or_two_kinds_never_compare() {
    let (one, two) = (keys(1), keys(2));
    let hash = one.index.hash(HashKind::Email, "a@b.example");
    assert_eq!(hash, one.index.hash(HashKind::Email, "a@b.example"));
    assert_ne!(hash, two.index.hash(HashKind::Email, "a@b.example"));
    assert_ne!(hash, one.index.hash(HashKind::Domain, "a@b.example"));
    assert_eq!(KeyedHash::parse(&hash.to_string()), Some(hash));
    assert_ne!(one.index.digest(b"x"), two.index.digest(b"x"));
}

proptest! {
    #[test]
    fn what_is_sealed_comes_back(body in proptest::collection::vec(any::<u8>(), 0..3000), key in "[ -~]{0,40}") {
        let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
        let place = Place::within(&home, Room::CopyRecord, "Account", &key);
        let sealed = seal(&keys, &place, &body);
        prop_assert_eq!((sealed.as_bytes().len() - 41) % 64, 0);
        prop_assert_eq!(open(&keys, &place, &sealed).unwrap(), body);
    }

    #[test]
    fn bytes_of_any_kind_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
        let place = Place::new(&home, Room::Page, "1");
        prop_assert!(open(&keys, &place, &Sealed::from_stored(bytes)).is_err());
    }

    #[test]
    fn two_places_are_never_written_alike(a in ("[a-b]{0,3}", "[a-b]{0,3}"), b in ("[a-b]{0,3}", "[a-b]{0,3}")) {
        let home = scope("tenant-a", "crm", 1);
        let (mut one, mut two) = (Vec::new(), Vec::new());
        Place::within(&home, Room::Page, &a.0, &a.1).write(&mut one);
        Place::within(&home, Room::Page, &b.0, &b.1).write(&mut two);
        prop_assert_eq!(a == b, one == two);
    }
}
