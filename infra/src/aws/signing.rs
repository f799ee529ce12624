//! Signs receipts and statements of heads, each with an asymmetric KMS key of its own.

use async_trait::async_trait;
use aws_sdk_kms::{
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{PublicKey, Signatures, Signed},
    removal::receipt::LONGEST,
};

use super::{
    fault::{fault, malformed},
    kms::{AwsKeys, SigningKey},
};

#[async_trait]
impl Signatures for AwsKeys {
    /// Signs a document. KMS gets the document itself and not its hash, so KMS vouches for what was signed.
    async fn sign(&self, what: Signed, document: &[u8]) -> Outcome<Vec<u8>> {
        // KMS has this bound. Stand-ins for KMS do not check it.
        if document.len() > LONGEST {
            return Err(Fault::of(Code::KeysDocumentTooLong));
        }
        let signing = self.signing(what)?;
        let answer = signing
            .clients
            .kms
            .sign()
            .key_id(&signing.key)
            .message(Blob::new(document))
            .message_type(MessageType::Raw)
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
            .send()
            .await
            .map_err(|error| fault("kms_sign", &error))?;
        let signature = answer.signature.map(Blob::into_inner);
        signature.ok_or_else(|| malformed("KMS answered without a signature"))
    }

    async fn public_key(&self, what: Signed) -> Outcome<PublicKey> {
        let signing = self.signing(what)?;
        let answer = signing
            .clients
            .kms
            .get_public_key()
            .key_id(&signing.key)
            .send()
            .await
            .map_err(|error| fault("kms_public_key", &error))?;
        let der = answer.public_key.map(Blob::into_inner);
        let der = der.ok_or_else(|| malformed("KMS answered without a public key"))?;
        Ok(PublicKey::from_der(signing.key.clone(), &der))
    }
}

impl AwsKeys {
    fn signing(&self, what: Signed) -> Outcome<&SigningKey> {
        let (key, missing) = match what {
            Signed::Receipt => (&self.receipts, Code::KeysNoReceiptKey),
            Signed::Heads => (&self.heads, Code::KeysNoHeadsKey),
        };
        key.as_ref().ok_or_else(|| Fault::of(missing))
    }
}
