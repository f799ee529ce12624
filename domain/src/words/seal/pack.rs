//! Compression of bodies, small ones with a dictionary.
//!
//! A record is about a kilobyte of JSON, most of which is the names of its fields. zstd finds those in a dictionary that both sides have: such
//! a body takes 0.64 of the bytes and 0.45 of the time that it takes without (November 2026; `dictionary/train.py` says what it was made from).

use std::sync::LazyLock;

use zstd::{
    bulk::{Compressor, Decompressor},
    dict::DecoderDictionary,
    zstd_safe::{CParameter, ParamSwitch},
};

use super::error::SealError;

/// The only one so far. It must never change: what was packed with it opens with nothing else.
const DICTIONARY: &[u8] = include_bytes!("dictionary/1");

/// The largest body that the dictionary is for: what is larger has its own repetitions, and would be packed by the settings for a small one.
const SMALL: usize = 16 * 1024;

/// The level that small bodies are packed with.
const LEVEL: i32 = 1;

/// How many bytes zstd goes on where nothing matches. Level 1 takes 2 without a dictionary and 1 with one; 2 takes 0.8 of the time for 1.05 of
/// the bytes, 3 takes 0.75 for 1.09 (November 2026).
const STRIDE: u32 = 2;

static UNPACKING: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// Packs bodies; keeps its tables.
pub(super) struct Packer {
    small: Compressor<'static>,
    /// For bodies that the dictionary is not for: most who seal have none.
    large: Option<Compressor<'static>>,
    level: i32,
}

impl Packer {
    /// One that packs what is not small with zstd's `level`.
    pub(super) fn new(level: i32) -> Result<Self, SealError> {
        Ok(Self {
            small: small().map_err(|_| SealError::Compression)?,
            large: None,
            level,
        })
    }

    /// Packs `body` over what `into` holds.
    ///
    /// With zstd's own settings: the frame says its size, which opening allocates by (leaving it out saved one byte and no block), and
    /// carries no checksum, since the seal's tag is one.
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
    // zstd takes a stride of one's own for a wish to be quick at any price, and would leave the letters as they are.
    small.set_parameter(CParameter::LiteralCompressionMode(ParamSwitch::Enable))?;
    Ok(small)
}

/// Unpacks bodies, with and without a dictionary: the frame says which.
pub(super) struct Unpacker(Decompressor<'static>);

impl Unpacker {
    /// One for any body.
    pub(super) fn new() -> Result<Self, SealError> {
        Decompressor::with_prepared_dictionary(&UNPACKING)
            .map(Self)
            .map_err(|_| SealError::Compression)
    }

    /// The body; an error if it would be larger than `most`.
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
    fn the_dictionary_is_the_one_that_bodies_were_packed_with() {
        use aws_lc_rs::digest::{SHA256, digest};
        let sum = digest(&SHA256, DICTIONARY);
        assert_eq!(
            sum.as_ref()[..8],
            [0x47, 0x18, 0xec, 0xb1, 0x5e, 0x91, 0x15, 0xb1]
        );
    }

    #[test]
    fn a_body_comes_back_whether_the_dictionary_is_for_it_or_not() {
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
    fn a_record_of_known_fields_takes_less_with_the_dictionary() {
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
