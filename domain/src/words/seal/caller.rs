//! The operator's own key, under which the log names callers.

use std::fmt;

use super::hash::{HashKind, IndexKey, KeyedHash};
use crate::tenant::TenantId;

/// The fewest bytes of a secret. Fewer could be tried out by whoever has a line of the log and knows a user's id.
const SHORTEST: usize = 32;

/// The key of the hashes by which the log names callers. It belongs to the deployment and not to a tenant: a refusal is logged before
/// anything is fetched for a tenant, and a tenant's key costs a request to KMS. Lines end with the log's retention.
pub struct CallerKey(IndexKey);

impl CallerKey {
    /// Builds it from the operator's secret. `None` if the secret is too short.
    pub fn of_secret(secret: &str) -> Option<Self> {
        let secret = secret.as_bytes();
        (secret.len() >= SHORTEST).then(|| Self(IndexKey::new(secret)))
    }

    /// Returns the hash of a tenant's user. The same id at two tenants has two hashes, so that nobody is followed from one tenant to
    /// another.
    pub fn hash(&self, tenant: &TenantId, subject: &str) -> KeyedHash {
        self.0.hash(HashKind::User, &format!("{tenant}/{subject}"))
    }
}

impl fmt::Debug for CallerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallerKey")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_named_by_a_hash_that_depends_on_secret_tenant_and_user() {
        let secret = "0123456789abcdef0123456789abcdef";
        let key = CallerKey::of_secret(secret).unwrap();
        let acme = TenantId::parse("acme").unwrap();
        // printf 'user\0acme/u-1' | openssl dgst -sha256 -mac HMAC -macopt key:SECRET -binary | head -c 16 | basenc --base64url
        assert_eq!(key.hash(&acme, "u-1").to_string(), "H0FCBq3sq2E01pLNqxL45w");
        let globex = TenantId::parse("globex").unwrap();
        assert_ne!(key.hash(&globex, "u-1"), key.hash(&acme, "u-1"));
        assert_ne!(key.hash(&acme, "u-2"), key.hash(&acme, "u-1"));
        let other = CallerKey::of_secret(&secret.to_uppercase()).unwrap();
        assert_ne!(other.hash(&acme, "u-1"), key.hash(&acme, "u-1"));
    }

    #[test]
    fn a_secret_that_could_be_guessed_is_refused() {
        assert!(CallerKey::of_secret(&"x".repeat(31)).is_none());
        assert!(CallerKey::of_secret("").is_none());
    }
}
