//! Signatures of receipts, and of statements of heads.

use crate::fault::Outcome;

/// What is signed. Each has a key of its own, so that who may sign statements can sign no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// A receipt: of a removal, or of the end of a tenant.
    Receipt,
    /// A statement of the heads of a tenant's register.
    Heads,
}

/// The stage's signing keys: ECDSA on P-256 with SHA-256. They never leave KMS, and are kept as long as anything that they signed.
#[port::port]
pub trait Signatures: Send + Sync {
    /// Signs a document of at most 4,096 bytes, and returns the signature as DER.
    async fn sign(&self, what: Signed, document: &[u8]) -> Outcome<Vec<u8>>;

    /// Returns the public key that verifies what was signed.
    async fn public_key(&self, what: Signed) -> Outcome<PublicKey>;
}

/// A public key, as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The key's id, by which receipts and statements refer to it.
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
