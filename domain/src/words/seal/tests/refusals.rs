//! Bytes that do not open, and the error for each.

use super::*;
use crate::seal::xaes::NONCE;

const TEXT: &[u8] = b"a body of some length, so that there is something to change";

/// Seals any packed body, well-formed or not.
fn seal_packed(keys: &GenerationKeys, place: &Place<'_>, packed: &[u8]) -> Sealed {
    let nonce = [9; NONCE];
    let mut associated = vec![1];
    place.append(&mut associated);
    let mut text = packed.to_vec();
    let tag = keys.sealing.0.seal(&nonce, &associated, &mut text).unwrap();
    Sealed::from_stored([&[1], &nonce[..], &text, &tag].concat())
}

/// Returns a packed body: a zstd frame, its end byte, and zeros up to whole blocks.
fn pad(mut frame: Vec<u8>) -> Vec<u8> {
    frame.push(0x80);
    frame.resize(frame.len().next_multiple_of(64), 0);
    frame
}

#[test]
fn sealed_bytes_open_only_at_their_own_place() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::within(&home, Room::CopyRecord, "Account", "001");
    let sealed = seal(&keys, &place, TEXT);
    assert_eq!(open(&keys, &place, &sealed).unwrap(), TEXT);

    for other in [
        scope("tenant-b", "crm", 1),
        scope("tenant-a", "crm-2", 1),
        scope("tenant-ac", "crm", 1),
        scope("tenant-a", "crm", 2),
    ] {
        let place = Place::within(&other, Room::CopyRecord, "Account", "001");
        assert_eq!(open(&keys, &place, &sealed), Err(SealError::Refused));
    }
    for room in Room::ALL
        .into_iter()
        .filter(|&room| room != Room::CopyRecord)
    {
        let place = Place::within(&home, room, "Account", "001");
        assert_eq!(open(&keys, &place, &sealed), Err(SealError::Refused));
    }
    for (object, key) in [
        ("Contact", "001"),
        ("Account", "002"),
        ("Account0", "01"),
        ("", "Account001"),
        ("Account001", ""),
    ] {
        let place = Place::within(&home, Room::CopyRecord, object, key);
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
    let mut opener = Opener::new(&keys.sealing).unwrap();
    let mut refusal = |bytes: &[u8]| {
        let sealed = Sealed::from_stored(bytes.to_vec());
        opener.open(&place, &sealed).unwrap_err()
    };
    let sealed = seal(&keys, &place, &TEXT.repeat(4)).into_bytes();
    let sealed = [sealed, seal(&keys, &place, b"").into_bytes()];
    for sealed in sealed {
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut bytes = sealed.clone();
                bytes[at] ^= 1 << bit;
                let expected = if at == 0 {
                    SealError::Version
                } else {
                    SealError::Refused
                };
                assert_eq!(refusal(&bytes), expected, "bit {bit} of {at}");
            }
            let expected = if at < 105 {
                SealError::TooShort
            } else {
                SealError::Refused
            };
            assert_eq!(refusal(&sealed[..at]), expected, "cut at {at}");
        }
        for byte in [0, 0x80] {
            assert_eq!(
                refusal(&[&sealed[..], &[byte]].concat()),
                SealError::Refused
            );
        }
    }
}

#[test]
fn a_genuine_body_with_another_padding_is_refused() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::Page, "1");
    let refusal = |packed: &[u8]| open(&keys, &place, &seal_packed(&keys, &place, packed));
    let good = pad(zstd::bulk::compress(TEXT, 1).unwrap());
    assert_eq!(
        refusal(&good).unwrap(),
        TEXT,
        "this test seals as the sealer does"
    );

    for wrong in [
        vec![0; 64],
        vec![0x81; 64],
        [&good[..], &[0; 64]].concat(),
        [&good[..], &[0; 1]].concat(),
    ] {
        assert_eq!(refusal(&wrong), Err(SealError::Padding));
    }
}

#[test]
fn an_invalid_frame_and_one_that_unpacks_to_too_much_are_refused() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::Page, "1");
    let refusal = |frame: Vec<u8>| open(&keys, &place, &seal_packed(&keys, &place, &pad(frame)));
    let magic = [0x28, 0xb5, 0x2f, 0xfd];
    // RFC 8878: a block that repeats one byte 131,072 times takes four bytes.
    let block = |last: u32| {
        let header = (131_072 << 3) | (1 << 1) | last;
        [&header.to_le_bytes()[..3], b"a"].concat()
    };
    let blocks = MAX_BODY / 131_072;

    assert_eq!(refusal(b"no frame".to_vec()), Err(SealError::Compression));
    // A single-segment frame whose header claims 2^40 bytes. It must be refused before memory is allocated.
    let claims = [&magic[..], &[0xe0], &(1_u64 << 40).to_le_bytes(), &block(1)].concat();
    assert_eq!(refusal(claims), Err(SealError::Compression));
    // A frame without a size in the header, with a window of 128 KB, and with one block more than the limit.
    let silent = [
        &magic[..],
        &[0x00, 0x38],
        &block(0).repeat(blocks),
        &block(1),
    ]
    .concat();
    assert_eq!(refusal(silent), Err(SealError::Compression));
    let largest = [
        &magic[..],
        &[0x00, 0x38],
        &block(0).repeat(blocks - 1),
        &block(1),
    ]
    .concat();
    assert_eq!(refusal(largest).map(|body| body.len()), Ok(MAX_BODY));
}

#[test]
fn a_body_over_the_limit_is_not_sealed() {
    let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
    let place = Place::new(&home, Room::Page, "1");
    let mut sealer = Sealer::new(&keys.sealing, 1).unwrap();
    let refused = sealer.seal(&place, &vec![0; MAX_BODY + 1]);
    assert_eq!(refused, Err(SealError::TooLarge));
}

proptest! {
    // In place of a fuzz target, which would need a nightly compiler: arbitrary bytes, and authentic ones with any content.
    #[test]
    fn bytes_of_any_kind_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), version in 0..3_u8) {
        let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
        let place = Place::new(&home, Room::Page, "1");
        let bytes = [&[version], &bytes[..]].concat();
        prop_assert!(open(&keys, &place, &Sealed::from_stored(bytes)).is_err());
    }

    #[test]
    fn genuine_bytes_of_any_content_never_panic(frame in proptest::collection::vec(any::<u8>(), 0..400), padded: bool) {
        let (home, keys) = (scope("tenant-a", "crm", 1), keys(1));
        let place = Place::new(&home, Room::Page, "1");
        let packed = if padded { pad(frame) } else { frame };
        let _ = open(&keys, &place, &seal_packed(&keys, &place, &packed));
    }
}
