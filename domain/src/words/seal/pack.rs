//! Compression of bodies, with a dictionary for small ones.
//!
//! A record is about a kilobyte of JSON, most of which is the names of its fields. zstd finds those in a dictionary that both sides
//! have. With it a body takes 0.64 of the bytes and 0.45 of the time (November 2026). `dictionary/train.py` documents how the
//! dictionary was made.

use std::sync::LazyLock;

use zstd::{
    bulk::{Compressor, Decompressor},
    dict::DecoderDictionary,
    zstd_safe::{CParameter, ParamSwitch},
};

use super::error::SealError;

/// The only dictionary so far. It must never change, because a body that was packed with it opens only with it.
const DICTIONARY: &[u8] = include_bytes!("dictionary/1");

/// The largest body for the dictionary. A larger body has enough repetitions of its own, and should not be packed with settings for
/// small ones.
const SMALL: usize = 16 * 1024;

/// The compression level for small bodies.
const LEVEL: i32 = 1;

/// The step in bytes by which zstd skips where nothing matches. At level 1 it is 2 without a dictionary and 1 with one. A step of 2
/// takes 0.8 of the time for 1.05 of the bytes; 3 takes 0.75 for 1.09 (November 2026).
const STRIDE: u32 = 2;

static UNPACKING: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// Packs bodies, and keeps its tables between calls.
pub(super) struct Packer {
    small: Compressor<'static>,
    /// The compressor for large bodies, created on first use because most sealers never need it.
    large: Option<Compressor<'static>>,
    level: i32,
}

impl Packer {
    /// Creates a packer that uses zstd's `level` for large bodies.
    pub(super) fn new(level: i32) -> Result<Self, SealError> {
        Ok(Self {
            small: small().map_err(|_| SealError::Compression)?,
            large: None,
            level,
        })
    }

    /// Packs `body`, and overwrites `into`.
    ///
    /// It uses zstd's default frame. The frame holds the size, by which opening allocates (without it, a frame is one byte shorter
    /// but saves no block). It has no checksum, because the seal's tag serves as one.
    pub(super) fn pack(&mut self, body: &[u8], into: &mut Vec<u8>) -> Result<(), SealError> {
        into.clear();
        into.reserve(zstd::zstd_safe::compress_bound(body.len()));
        let compressor = if body.len() <= SMALL {
            &mut self.small
        } else {
            match &mut self.large {
                Some(large) => large,
                none => {
                    none.insert(Compressor::new(self.level).map_err(|_| SealError::Compression)?)
                }
            }
        };
        compressor
            .compress_to_buffer(body, into)
            .map(|_| ())
            .map_err(|_| SealError::Compression)
    }
}

fn small() -> std::io::Result<Compressor<'static>> {
    let mut small = Compressor::with_dictionary(LEVEL, DICTIONARY)?;
    small.set_parameter(CParameter::TargetLength(STRIDE))?;
    // With a step of one's own, zstd assumes that speed matters most and would leave literals uncompressed.
    small.set_parameter(CParameter::LiteralCompressionMode(ParamSwitch::Enable))?;
    Ok(small)
}

/// Unpacks bodies with and without a dictionary. The frame says which it is.
pub(super) struct Unpacker(Decompressor<'static>);

impl Unpacker {
    /// Creates an unpacker for any body.
    pub(super) fn new() -> Result<Self, SealError> {
        Decompressor::with_prepared_dictionary(&UNPACKING)
            .map(Self)
            .map_err(|_| SealError::Compression)
    }

    /// Returns the body, or an error if it would be larger than `most`.
    pub(super) fn unpack(&mut self, packed: &[u8], most: usize) -> Result<Vec<u8>, SealError> {
        self.0
            .decompress(packed, most)
            .map_err(|_| SealError::Compression)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_has_not_changed() {
        use aws_lc_rs::digest::{SHA256, digest};
        let sum = digest(&SHA256, DICTIONARY);
        assert_eq!(
            sum.as_ref()[..8],
            [0x47, 0x18, 0xec, 0xb1, 0x5e, 0x91, 0x15, 0xb1]
        );
    }

    #[test]
    fn bodies_round_trip_with_and_without_the_dictionary() {
        let mut packer = Packer::new(1).unwrap();
        let mut unpacker = Unpacker::new().unwrap();
        let mut packed = Vec::new();
        for n in [0, 1, 1_000, SMALL, SMALL + 1, 2_000_000] {
            let body: Vec<u8> = (0..n).map(|at| (at % 251) as u8).collect();
            packer.pack(&body, &mut packed).unwrap();
            assert_eq!(unpacker.unpack(&packed, n).unwrap(), body);
        }
        let plain = Compressor::new(3).unwrap().compress(b"as before").unwrap();
        assert_eq!(unpacker.unpack(&plain, 9).unwrap(), b"as before");
        assert!(unpacker.unpack(&plain, 8).is_err());
    }

    #[test]
    fn a_record_of_known_fields_is_smaller_with_the_dictionary() {
        let body = br#"{"format":2,"about":{"company":"Werk GmbH"},"fields":{"BillingCity":"Ulm","BillingCountry":"DE","CreatedDate":"2024-02-03T04:05:06.000Z","Industry":"Technology","LastModifiedDate":"2025-02-03T04:05:06.000Z","Name":"Werk GmbH","NumberOfEmployees":12}}"#;
        let mut packed = Vec::new();
        Packer::new(1).unwrap().pack(body, &mut packed).unwrap();
        let plain = Compressor::new(1).unwrap().compress(body).unwrap();
        assert!(
            packed.len() * 3 < plain.len() * 2,
            "{} {}",
            packed.len(),
            plain.len()
        );
    }
}
