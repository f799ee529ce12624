//! Who asked, as audit entries and receipts name a user.

use crate::{
    fault::{Code, Outcome},
    ports::TenantKeyring,
    removal::Asker,
    seal::HashKind,
    tenant::TenantId,
};

impl Asker {
    /// Records the hash of a user's id under the tenant's key. The id itself is the user's name at the identity provider, some of which
    /// use e-mail addresses, and an unkeyed hash can be guessed at once. Whoever knows the id and may ask the key finds the user's
    /// entries, and once the tenant's keys are gone, nobody does.
    ///
    /// If the tenant's key is lost, the record says only that somebody asked. No removal waits until a key is found.
    ///
    /// # Errors
    /// Transient if the keys cannot be fetched.
    pub async fn of(
        keys: &(impl TenantKeyring + ?Sized),
        tenant: &TenantId,
        subject: &str,
    ) -> Outcome<Self> {
        match keys.tenant(tenant).await {
            Ok(keys) => {
                let hash = keys.index.hash(HashKind::User, subject);
                Ok(Self::keyed(hash))
            }
            Err(fault) if *fault.code() == Code::KeysTenantLost => Ok(Self::unknown()),
            Err(fault) => Err(fault),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use futures::FutureExt;

    use super::*;
    use crate::{ports::tenant_keys::lost, seal::TenantKeys};

    /// Keys made of one byte. `None` if they are lost.
    struct Keyring(Option<u8>);

    #[async_trait]
    impl TenantKeyring for Keyring {
        async fn tenant(&self, _: &TenantId) -> Outcome<Arc<TenantKeys>> {
            let byte = self.0.ok_or_else(|| lost("the keys are missing"))?;
            Ok(TenantKeys::from_bytes(&mut [byte; 64]).map(Arc::new)?)
        }

        async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>> {
            self.tenant(tenant).await.map(Some)
        }

        async fn tenant_versions(&self, _: &TenantId) -> Outcome<Vec<String>> {
            Ok(Vec::new())
        }

        async fn destroy_tenant(&self, _: &TenantId) -> Outcome<()> {
            Ok(())
        }
    }

    fn asker(keys: Option<u8>, subject: &str) -> String {
        let tenant = TenantId::parse("acme-1").unwrap();
        let keyring = Keyring(keys);
        let asked = Asker::of(&keyring, &tenant, subject);
        asked.now_or_never().unwrap().unwrap().as_str().to_owned()
    }

    #[test]
    fn a_user_is_recorded_by_a_hash_under_the_tenants_key() {
        for subject in [
            "auth0|5f7c8ec7",
            "erika@kunde.example",
            "Erika Mustermann",
            "",
            &"x".repeat(65),
        ] {
            let noted = asker(Some(1), subject);
            assert!(noted.starts_with("keyed:"), "{subject}");
            assert_eq!(noted.len(), 28);
            assert_eq!(asker(Some(1), subject), noted, "the same user is the same");
            assert_ne!(asker(Some(2), subject), noted, "guessing takes the key");
        }
    }

    #[test]
    fn a_request_succeeds_although_the_key_is_lost() {
        assert_eq!(asker(None, "erika@kunde.example"), "unknown");
    }
}
