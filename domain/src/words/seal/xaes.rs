//! XAES-256-GCM as specified in <https://c2sp.org/XAES-256-GCM>: AES-256-GCM with a 192-bit nonce and a key derived for each nonce.
//! Nonces can safely be drawn at random for any number of messages.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_256, EncryptingKey, UnboundCipherKey},
};
use zeroize::Zeroize;

use super::SealError;

/// Length of a nonce in bytes.
pub(super) const NONCE: usize = 24;
/// Length of a tag in bytes.
pub(super) const TAG: usize = 16;

/// A key, ready for use.
pub(super) struct Xaes {
    block: EncryptingKey,
    /// The specification's CMAC subkey, which depends only on the key.
    k1: [u8; 16],
}

impl Drop for Xaes {
    fn drop(&mut self) {
        self.k1.zeroize();
    }
}

impl Xaes {
    pub(super) fn new(key: &[u8]) -> Result<Self, SealError> {
        let key = UnboundCipherKey::new(&AES_256, key).map_err(|_| SealError::Cipher)?;
        let block = EncryptingKey::ecb(key).map_err(|_| SealError::Cipher)?;
        let mut l = [0_u8; 16];
        block.encrypt(&mut l).map_err(|_| SealError::Cipher)?;
        let doubled = u128::from_be_bytes(l);
        let carry = if doubled >> 127 == 1 { 0x87 } else { 0 };
        let k1 = ((doubled << 1) ^ carry).to_be_bytes();
        l.zeroize();
        Ok(Self { block, k1 })
    }

    /// Derives the AES-256-GCM key and nonce of one message.
    fn derive(&self, nonce: &[u8; NONCE]) -> Result<(LessSafeKey, Nonce), SealError> {
        let (prefix, rest) = nonce.split_at(12);
        let mut derived = [0_u8; 32];
        for (half, counter) in derived.chunks_exact_mut(16).zip([1_u8, 2]) {
            half[..4].copy_from_slice(&[0, counter, b'X', 0]);
            half[4..].copy_from_slice(prefix);
            for (byte, mask) in half.iter_mut().zip(self.k1) {
                *byte ^= mask;
            }
        }
        let key = self
            .block
            .encrypt(&mut derived)
            .and_then(|_| UnboundKey::new(&AES_256_GCM, &derived));
        derived.zeroize();
        let nonce = Nonce::try_assume_unique_for_key(rest);
        match (key, nonce) {
            (Ok(key), Ok(nonce)) => Ok((LessSafeKey::new(key), nonce)),
            _ => Err(SealError::Cipher),
        }
    }

    /// Encrypts in place, and returns the tag.
    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        text: &mut [u8],
    ) -> Result<[u8; TAG], SealError> {
        let (key, nonce) = self.derive(nonce)?;
        let tag = key
            .seal_in_place_separate_tag(nonce, Aad::from(associated), text)
            .map_err(|_| SealError::Cipher)?;
        tag.as_ref().try_into().map_err(|_| SealError::Cipher)
    }

    /// Decrypts text and tag in place, and returns the text.
    pub(super) fn open<'t>(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        text_and_tag: &'t mut [u8],
    ) -> Result<&'t mut [u8], SealError> {
        let (key, nonce) = self.derive(nonce)?;
        key.open_in_place(nonce, Aad::from(associated), text_and_tag)
            .map_err(|_| SealError::Refused)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::*;

    /// Checks one message in both directions. `sealed` is text and tag.
    fn check(key: &[u8], nonce: &[u8; NONCE], associated: &[u8], text: &[u8], sealed: &[u8]) {
        let xaes = Xaes::new(key).unwrap();
        let mut bytes = text.to_vec();
        let tag = xaes.seal(nonce, associated, &mut bytes).unwrap();
        bytes.extend_from_slice(&tag);
        assert_eq!(bytes, sealed);
        assert_eq!(xaes.open(nonce, associated, &mut bytes).unwrap(), text);
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    }

    #[test]
    fn the_published_vectors_are_reproduced() {
        let nonce = b"ABCDEFGHIJKLMNOPQRSTUVWX";
        let text = b"XAES-256-GCM";
        let first = hex("ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
        check(&[1; 32], nonce, b"", text, &first);
        let second = hex("986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
        check(&[3; 32], nonce, b"c2sp.org/XAES-256-GCM", text, &second);
    }

    /// The beginning of the specification's accumulated test. `tests/seal` checks all 10,000 messages, and that the file holds the
    /// first of them.
    #[test]
    fn the_random_messages_of_the_specification_are_reproduced() {
        let file = include_str!("../../../tests/golden/xaes-256-gcm.json");
        let cases: Vec<BTreeMap<String, String>> = serde_json::from_str(file).unwrap();
        assert!(cases.len() >= 20);
        for case in cases {
            let part = |name: &str| STANDARD.decode(&case[name]).unwrap();
            check(
                &part("key"),
                part("nonce").first_chunk().unwrap(),
                &part("associated"),
                &part("text"),
                &part("sealed"),
            );
        }
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        assert_eq!(Xaes::new(&[1; 16]).err(), Some(SealError::Cipher));
    }
}
