//! The arguments that name an integration. Several commands take them.

use clap::Args;
use domain::{
    fault::Outcome,
    integration::Which,
    tenant::{IntegrationId, TenantId},
};

/// Names an integration.
#[derive(Args)]
pub struct WhichArgs {
    /// The tenant: 3 to 40 of a-z, 0-9 and -.
    #[arg(long)]
    pub tenant: String,
    /// The integration: 3 to 40 of a-z, 0-9 and -.
    #[arg(long)]
    pub integration: String,
}

impl WhichArgs {
    /// Reads the ids.
    ///
    /// # Errors
    /// Returns a permanent fault that names the malformed id.
    pub fn read(&self) -> Outcome<Which> {
        Ok(Which {
            tenant: TenantId::parse(self.tenant.trim())?,
            integration: IntegrationId::parse(self.integration.trim())?,
        })
    }
}
