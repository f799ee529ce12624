//! Signs receipts with an asymmetric KMS key.

use async_trait::async_trait;
use aws_sdk_kms::{
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{PublicKey, Signatures},
    removal::receipt::LONGEST,
};

use super::{
    fault::{fault, malformed},
    kms::{AwsKeys, ReceiptKey},
};

#[async_trait]
impl Signatures for AwsKeys {
    /// Signs a document. KMS gets the document itself and not its hash, so KMS vouches for what was signed.
    async fn sign(&self, document: &[u8]) -> Outcome<Vec<u8>> {
        // KMS has this bound. Stand-ins for KMS do not check it.
        if document.len() > LONGEST {
            return Err(Fault::of(Code::KeysDocumentTooLong));
        }
        let receipts = self.receipts()?;
        let answer = receipts
            .clients
            .kms
            .sign()
            .key_id(&receipts.key)
            .message(Blob::new(document))
            .message_type(MessageType::Raw)
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
            .send()
            .await
            .map_err(|error| fault("kms_sign", &error))?;
        let signature = answer.signature.map(Blob::into_inner);
        signature.ok_or_else(|| malformed("KMS answered without a signature"))
    }

    async fn public_key(&self) -> Outcome<PublicKey> {
        let receipts = self.receipts()?;
        let answer = receipts
            .clients
            .kms
            .get_public_key()
            .key_id(&receipts.key)
            .send()
            .await
            .map_err(|error| fault("kms_public_key", &error))?;
        let der = answer.public_key.map(Blob::into_inner);
        let der = der.ok_or_else(|| malformed("KMS answered without a public key"))?;
        Ok(PublicKey::from_der(receipts.key.clone(), &der))
    }
}

impl AwsKeys {
    fn receipts(&self) -> Outcome<&ReceiptKey> {
        self.receipts
            .as_ref()
            .ok_or_else(|| Fault::of(Code::KeysNoReceiptKey))
    }
}
