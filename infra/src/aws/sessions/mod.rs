//! Sessions of tenants. A function's own role may touch no tenant's data. For each tenant it assumes its data role with
//! the session tag `tenant`, and the role's policy lets such a session touch that tenant's rows, objects and keys only.
//!
//! A session is remembered until shortly before its end, with the ports that were made on it. So what the ports
//! remember (keys, suppressions) is never another tenant's.

mod recent;

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_config::{SdkConfig, identity::IdentityCache};
use aws_sdk_sts::{
    config::{Credentials, SharedCredentialsProvider},
    types::{self, Tag},
};
use domain::{fault::Outcome, tenant::TenantId};

use self::recent::Recent;
use super::{
    clients::Clients,
    fault::{fault, malformed},
    lasting::Moment,
    meter::Meter,
    patience::Patience,
};

/// How long a session lasts. AWS allows no longer session to a role that assumes another role.
pub const LASTS: Duration = Duration::from_secs(3_600);
/// The least time that is left of a session when it is given out: the longest slice (900 seconds) ends before the
/// session does, and so does a URL that was signed in it.
pub const LEAST_LEFT: Duration = Duration::from_secs(1_200);
/// How many tenants' sessions a process remembers.
const TENANTS: usize = 64;
/// The key of the session tag.
const TAG: &str = "tenant";

/// Opens sessions of tenants, and makes `T` on each: the ports.
pub struct Sessions<T> {
    sts: aws_sdk_sts::Client,
    config: SdkConfig,
    patience: Patience,
    meter: Meter,
    role: String,
    name: String,
    make: Box<dyn Fn(Clients) -> T + Send + Sync>,
    recent: Recent<T>,
}

impl<T: Send + Sync + 'static> Sessions<T> {
    /// Opens sessions of the data role `role`. CloudTrail shows them under `name`, which is the function's.
    pub fn new(
        config: &SdkConfig,
        patience: Patience,
        meter: &Meter,
        role: String,
        name: String,
        make: impl Fn(Clients) -> T + Send + Sync + 'static,
    ) -> Self {
        let sts = aws_sdk_sts::config::Builder::from(config)
            .retry_config(patience.retries())
            .timeout_config(patience.timeouts())
            .interceptor(meter.clone())
            .build();
        Self {
            sts: aws_sdk_sts::Client::from_conf(sts),
            config: config.clone(),
            patience,
            meter: meter.clone(),
            role,
            name,
            make: Box::new(make),
            recent: Recent::new(TENANTS, LASTS.saturating_sub(LEAST_LEFT)),
        }
    }

    /// Returns what was made on the tenant's session. Callers who ask at the same time share one session.
    ///
    /// # Errors
    /// Returns the fault of STS: transient, or permanent if the role may not be assumed.
    pub async fn open(&self, tenant: &TenantId) -> Outcome<Arc<T>> {
        let begin = async || Ok((self.make)(self.begin(tenant).await?));
        self.recent.of(tenant, Moment::now(), begin).await
    }

    async fn begin(&self, tenant: &TenantId) -> Outcome<Clients> {
        // A tenant's id has no character that a policy gives a meaning to (`*`, `?`, `$`): parsing sees to that.
        let tag = Tag::builder().key(TAG).value(tenant.as_str()).build();
        let begun = self
            .sts
            .assume_role()
            .role_arn(&self.role)
            .role_session_name(&self.name)
            .tags(tag.map_err(|_| malformed("tag"))?)
            .duration_seconds(i32::try_from(LASTS.as_secs()).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| fault("session_begin", &error))?;
        let credentials = begun
            .credentials
            .ok_or_else(|| malformed("STS answered without credentials"))?;
        let config = self.config.to_builder();
        let config = config
            .credentials_provider(SharedCredentialsProvider::new(of_sdk(credentials)))
            // The SDK's own cache would keep the credentials of every session that there ever was.
            .identity_cache(IdentityCache::no_cache())
            .build();
        Ok(Clients::new(&config, self.patience, &self.meter))
    }
}

fn of_sdk(credentials: types::Credentials) -> Credentials {
    let mut made = Credentials::builder()
        .access_key_id(credentials.access_key_id)
        .secret_access_key(credentials.secret_access_key)
        .session_token(credentials.session_token)
        .provider_name("session");
    made.set_expiry(SystemTime::try_from(credentials.expiration).ok());
    made.build()
}
