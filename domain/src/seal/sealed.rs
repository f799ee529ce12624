//! Bytes to sealed bytes and back.

use std::fmt;

use aws_lc_rs::rand;
use zeroize::Zeroize;
use zstd::bulk::{Compressor, Decompressor};

use super::{
    keys::SealingKey,
    place::Place,
    xaes::{NONCE, TAG, Xaes},
};

/// The first byte of everything sealed in this format.
const VERSION: u8 = 1;
/// Compressed bodies are padded to a multiple of this, so that lengths tell less.
const BLOCK: usize = 64;
/// Ends the body, before the zeros that fill the block (ISO/IEC 7816-4).
const END: u8 = 0x80;
/// The largest body that is opened: what a page of a CRM can be, and a bound for what a forged length can cost.
pub const MAX_BODY: usize = 64 * 1024 * 1024;
/// Nonces drawn at a time: one call for each costs a tenth of a small record's sealing.
const NONCES: usize = 32;

/// Encrypted, authenticated bytes. Only [`Sealer::seal`] makes them from plaintext.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Bytes that the store had. Whether they are genuine shows when they are opened.
    pub fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Why something could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// The cipher or the system's randomness failed.
    Cipher,
    /// The body cannot be compressed or decompressed, or is too large.
    Compression,
    /// Not in this format.
    Format,
    /// Wrong key, wrong place or changed bytes: which of them cannot be told.
    Refused,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cipher => "the cipher failed",
            Self::Compression => "the body cannot be compressed or decompressed",
            Self::Format => "not in the format of sealed bytes",
            Self::Refused => "wrong key, wrong place or changed bytes",
        })
    }
}

impl std::error::Error for SealError {}

/// Seals under one key; keeps its buffers, so one per slice.
pub struct Sealer {
    key: SealingKey,
    compressor: Compressor<'static>,
    packed: Vec<u8>,
    associated: Vec<u8>,
    nonces: [u8; NONCE * NONCES],
    nonces_used: usize,
}

impl Sealer {
    /// A sealer that compresses with zstd's `level`.
    ///
    /// # Errors
    /// When zstd cannot be set up.
    pub fn new(key: &SealingKey, level: i32) -> Result<Self, SealError> {
        Ok(Self {
            key: key.clone(),
            compressor: Compressor::new(level).map_err(|_| SealError::Compression)?,
            packed: Vec::new(),
            associated: Vec::new(),
            nonces: [0; NONCE * NONCES],
            nonces_used: NONCES,
        })
    }

    /// Compresses, pads and encrypts `body` for `place`.
    ///
    /// # Errors
    /// When the body is larger than [`MAX_BODY`], or the system has no randomness or memory left.
    pub fn seal(&mut self, place: &Place<'_>, body: &[u8]) -> Result<Sealed, SealError> {
        if body.len() > MAX_BODY {
            return Err(SealError::Compression);
        }
        self.packed.clear();
        self.packed
            .reserve(zstd::zstd_safe::compress_bound(body.len()));
        self.compressor
            .compress_to_buffer(body, &mut self.packed)
            .map_err(|_| SealError::Compression)?;
        let padded = (self.packed.len() + 1).next_multiple_of(BLOCK);
        let nonce = self.nonce()?;
        place.write(&mut self.associated);

        let head = 1 + NONCE;
        let mut sealed = Vec::with_capacity(head + padded + TAG);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&self.packed);
        sealed.push(END);
        sealed.resize(head + padded, 0);
        let tag = self
            .key
            .0
            .seal(&nonce, &self.associated, &mut sealed[head..])?;
        sealed.extend_from_slice(&tag);
        Ok(Sealed(sealed))
    }

    fn nonce(&mut self) -> Result<[u8; NONCE], SealError> {
        if self.nonces_used == NONCES {
            rand::fill(&mut self.nonces).map_err(|_| SealError::Cipher)?;
            self.nonces_used = 0;
        }
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&self.nonces[self.nonces_used * NONCE..][..NONCE]);
        self.nonces_used += 1;
        Ok(nonce)
    }
}

impl Drop for Sealer {
    fn drop(&mut self) {
        self.packed.zeroize();
    }
}

/// Opens under one key; keeps its buffers.
pub struct Opener {
    key: SealingKey,
    decompressor: Decompressor<'static>,
    associated: Vec<u8>,
}

impl Opener {
    /// An opener.
    ///
    /// # Errors
    /// When zstd cannot be set up.
    pub fn new(key: &SealingKey) -> Result<Self, SealError> {
        Ok(Self {
            key: key.clone(),
            decompressor: Decompressor::new().map_err(|_| SealError::Compression)?,
            associated: Vec::new(),
        })
    }

    /// The body that was sealed for `place`.
    ///
    /// # Errors
    /// [`SealError::Refused`] for a wrong key, a wrong place or changed bytes; [`SealError::Format`] for bytes that are
    /// something else.
    pub fn open(&mut self, place: &Place<'_>, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        let bytes = &sealed.0;
        let nonce: &[u8; NONCE] = match bytes.first() {
            Some(&VERSION) if bytes.len() > NONCE + TAG + BLOCK => {
                bytes[1..].first_chunk().ok_or(SealError::Format)?
            }
            _ => return Err(SealError::Format),
        };
        place.write(&mut self.associated);
        let mut text = bytes[1 + NONCE..].to_vec();
        let body = self.unpack(nonce, &mut text);
        text.zeroize();
        body
    }

    fn unpack(&mut self, nonce: &[u8; NONCE], text: &mut [u8]) -> Result<Vec<u8>, SealError> {
        let xaes: &Xaes = &self.key.0;
        let padded = xaes.open(nonce, &self.associated, text)?;
        let end = padded
            .iter()
            .rposition(|&byte| byte != 0)
            .filter(|&at| padded[at] == END)
            .ok_or(SealError::Format)?;
        self.decompressor
            .decompress(&padded[..end], MAX_BODY)
            .map_err(|_| SealError::Compression)
    }
}
