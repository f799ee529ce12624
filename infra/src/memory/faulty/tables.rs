use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::Which,
    ports::{
        Companies, CompanyRows, Edition, Found, Keys, PublicKey, Signatures, TenantKeyring,
        Version, WrappedKeys,
    },
    seal::{GenerationKeys, TenantKeys},
    tenant::{Scope, TenantId},
};
use matching::{Company, CompanyId, MatchKey};

use super::Faults;

pub(super) struct FaultyKeys {
    pub(super) inner: Arc<dyn Keys>,
    pub(super) faults: Faults,
}

#[async_trait]
impl Keys for FaultyKeys {
    async fn create(&self, scope: &Scope) -> Outcome<Arc<GenerationKeys>> {
        self.faults.call("create", self.inner.create(scope)).await
    }

    async fn open(&self, scope: &Scope) -> Outcome<Option<Arc<GenerationKeys>>> {
        self.faults.call("open", self.inner.open(scope)).await
    }

    async fn wrapped(&self, which: &Which) -> Outcome<WrappedKeys> {
        self.faults.call("wrapped", self.inner.wrapped(which)).await
    }

    async fn open_wrapped(
        &self,
        scope: &Scope,
        wrapped: &WrappedKeys,
    ) -> Outcome<Option<Arc<GenerationKeys>>> {
        let work = self.inner.open_wrapped(scope, wrapped);
        self.faults.call("open_wrapped", work).await
    }

    async fn versions(&self, scope: &Scope) -> Outcome<Vec<String>> {
        let work = self.inner.versions(scope);
        self.faults.call("versions", work).await
    }

    async fn destroy(&self, scope: &Scope) -> Outcome<u64> {
        self.faults.call("destroy", self.inner.destroy(scope)).await
    }
}

#[async_trait]
impl TenantKeyring for FaultyKeys {
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>> {
        self.faults.call("tenant", self.inner.tenant(tenant)).await
    }

    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>> {
        let work = self.inner.tenant_if_made(tenant);
        self.faults.call("tenant_if_made", work).await
    }
}

#[async_trait]
impl Signatures for FaultyKeys {
    async fn sign(&self, document: &[u8]) -> Outcome<Vec<u8>> {
        self.faults.call("sign", self.inner.sign(document)).await
    }

    async fn public_key(&self) -> Outcome<PublicKey> {
        let work = self.inner.public_key();
        self.faults.call("public_key", work).await
    }
}

pub(super) struct FaultyCompanies {
    pub(super) inner: Arc<dyn Companies>,
    pub(super) faults: Faults,
}

#[async_trait]
impl CompanyRows for FaultyCompanies {
    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>> {
        let work = self.inner.companies(ids);
        self.faults.call("companies", work).await
    }

    async fn load_companies(&self, version: &Version, companies: &[Company]) -> Outcome<()> {
        let work = self.inner.load_companies(version, companies);
        self.faults.call("load_companies", work).await
    }
}

#[async_trait]
impl Companies for FaultyCompanies {
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Found>> {
        let work = self.inner.candidates(keys);
        self.faults.call("candidates", work).await
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        self.faults.call("published", self.inner.published()).await
    }

    async fn edition(&self) -> Outcome<Option<Edition>> {
        self.faults.call("edition", self.inner.edition()).await
    }

    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool> {
        let work = self.inner.accept_smaller(published, least);
        self.faults.call("accept_smaller", work).await
    }

    async fn begin(&self, version: &Version) -> Outcome<()> {
        let work = self.inner.begin(version);
        self.faults.call("begin", work).await
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        let work = self.inner.left_over();
        self.faults.call("left_over", work).await
    }

    async fn load(&self, version: &Version, entries: &[(MatchKey, Found)]) -> Outcome<()> {
        let work = self.inner.load(version, entries);
        self.faults.call("load", work).await
    }

    async fn publish(&self, version: &Version, companies: u64) -> Outcome<()> {
        let work = self.inner.publish(version, companies);
        self.faults.call("publish", work).await
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        let work = self.inner.discard(version, most);
        self.faults.call("discard", work).await
    }
}
