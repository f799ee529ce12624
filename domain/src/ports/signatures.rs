//! What receipts are signed with.

use crate::fault::Outcome;

/// The stage's signing key: ECDSA on P-256 with SHA-256. It never leaves KMS, and outlives everything that it signed.
#[port::port]
pub trait Signatures: Send + Sync {
    /// Signs a document of at most 4,096 bytes; the signature as DER.
    async fn sign(&self, document: &[u8]) -> Outcome<Vec<u8>>;

    /// What signatures are verified with.
    async fn public_key(&self) -> Outcome<PublicKey>;
}

/// A public key, as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The key's name: what receipts name it by.
    pub id: String,
    /// SubjectPublicKeyInfo, as PEM.
    pub pem: String,
}

impl PublicKey {
    /// The key whose SubjectPublicKeyInfo these DER bytes are.
    pub fn from_der(id: String, der: &[u8]) -> Self {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let text = STANDARD.encode(der);
        let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
        // Base 64 is ASCII: any cut is between two characters. RFC 7468 has lines of 64.
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
