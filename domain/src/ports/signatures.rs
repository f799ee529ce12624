//! Signatures of receipts.

use crate::fault::Outcome;

/// The stage's signing key: ECDSA on P-256 with SHA-256. It never leaves KMS, and is kept as long as anything that it signed.
#[port::port]
pub trait Signatures: Send + Sync {
    /// Signs a document of at most 4,096 bytes, and returns the signature as DER.
    async fn sign(&self, document: &[u8]) -> Outcome<Vec<u8>>;

    /// Returns the public key for verification.
    async fn public_key(&self) -> Outcome<PublicKey>;
}

/// A public key, as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The key's id, by which receipts refer to it.
    pub id: String,
    /// SubjectPublicKeyInfo, as PEM.
    pub pem: String,
}

impl PublicKey {
    /// Builds the key from the DER bytes of its SubjectPublicKeyInfo.
    pub fn from_der(id: String, der: &[u8]) -> Self {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let text = STANDARD.encode(der);
        let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
        // Base64 is ASCII, so every cut is between two characters. RFC 7468 prescribes lines of 64.
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (line, later) = rest.split_at(rest.len().min(64));
            pem.push_str(line);
            pem.push('\n');
            rest = later;
        }
        pem.push_str("-----END PUBLIC KEY-----\n");
        Self { id, pem }
    }
}
