//! A signed receipt, and the reference by which the tenant's next receipt names it.

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use crate::tenant::Scope;

/// A receipt as it is stored and served. The signature covers the document's bytes: ECDSA on P-256 with SHA-256, as DER.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedReceipt {
    /// The scope of the integration, with the generation that ended.
    pub scope: Scope,
    /// The number among the tenant's receipts, from 1.
    pub number: u64,
    /// The document: [canonical](super::canonical) JSON.
    pub document: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// The id of the key that signed it in KMS.
    pub key_id: String,
}

impl SignedReceipt {
    /// Returns the reference by which the tenant's next receipt names this one.
    pub fn head(&self) -> ReceiptHead {
        ReceiptHead {
            number: self.number,
            hash: sha256(self.document.as_bytes()),
        }
    }
}

/// The last receipt of a tenant: its number, and the SHA-256 of its document in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptHead {
    /// Its number.
    pub number: u64,
    /// The hash of its document.
    pub hash: String,
}

impl ReceiptHead {
    /// Returns the number of the receipt after `previous`.
    pub fn next_number(previous: Option<&Self>) -> u64 {
        previous.map_or(0, |head| head.number) + 1
    }
}

/// Returns the SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    digest::digest(&digest::SHA256, bytes)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
