//! Connects an integration to a CRM organisation.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    fault::{Fault, Outcome},
    integration::{Credentials, Integration, Provider, Status, Which},
    order::{IntegrationConnected, Order},
    ports::{CrmAccess, Ports},
    tenant::Scope,
};
use futures::FutureExt;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::organisation;
use crate::events::SendOrders;

/// What to connect.
pub struct Connect {
    /// The tenant and the integration.
    pub which: Which,
    /// The CRM.
    pub provider: Provider,
    /// The grant.
    pub credentials: Credentials,
    /// The organisation that it has to be; none: whichever the grant is for.
    pub organisation: Option<String>,
}

/// What connecting works with.
pub struct Given<'a> {
    /// The world.
    pub ports: &'a Ports,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// The time.
    pub now: Timestamp,
}

/// Connects: asks the CRM, makes the generation's keys, seals the grant, and stores the integration, due at once.
///
/// # Errors
/// Revoked, when the CRM does not accept the grant. Lasting, when the integration is connected already, is being
/// removed, or belongs to another organisation. Passing, when somebody else changed it at the same moment. With a
/// rotating refresh token the given one may be used up by then: get a new one.
pub async fn connect(given: &Given<'_>, connect: Connect) -> Outcome<Value> {
    let store = &given.ports.store;
    let earlier = store.integration(&connect.which).await?;
    // Before the CRM is asked, since asking may use the refresh token up.
    if let Some(earlier) = &earlier {
        Integration::next_generation(Some(earlier), &earlier.organisation)?;
    }
    let credentials = check(given, connect.provider, connect.credentials).await?;
    let named = connect.organisation.as_deref();
    let organisation = organisation::of(connect.provider, &credentials, named)?;
    let scope = Scope {
        generation: Integration::next_generation(earlier.as_ref(), &organisation)?,
        tenant: connect.which.tenant,
        integration: connect.which.integration,
    };
    let keys = given.ports.keys.create(&scope).await?;
    let integration = Integration {
        credentials: credentials.seal(&keys, &scope)?,
        scope: scope.clone(),
        provider: connect.provider,
        organisation: organisation.clone(),
        status: Status::Connected,
        due: given.now,
        open_run: None,
        lease: None,
    };
    let seen = earlier.map(|earlier| (earlier.scope.generation, earlier.status));
    if !store.connect(&integration, seen).await? {
        return Err(Fault::passing("integration.changed_meanwhile"));
    }
    let order = Order::IntegrationConnected(IntegrationConnected {
        scope: scope.clone(),
    });
    let announced = (given.send)(vec![order]).await;
    if let Err(fault) = &announced {
        tracing::warn!(
            code = fault.code(),
            "IntegrationConnected was lost; the integration is connected"
        );
    }
    Ok(json!({
        "tenant": scope.tenant,
        "integration": scope.integration,
        "generation": scope.generation,
        "provider": connect.provider,
        "organisation": organisation,
        "due": given.now,
        "announced": announced.is_ok(),
    }))
}

/// Asks the CRM for its clock, so that tokens have to be fetched; the grant as it stands after that.
async fn check(
    given: &Given<'_>,
    provider: Provider,
    credentials: Credentials,
) -> Outcome<Credentials> {
    let kept = Arc::new(Mutex::new(credentials.clone()));
    let keep = {
        let kept = Arc::clone(&kept);
        Arc::new(move |renewed: Credentials| {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = renewed;
            async { Ok(()) }.boxed()
        })
    };
    let crm = (given.ports.crm)(CrmAccess {
        provider,
        credentials,
        keep,
    })?;
    crm.clock().await?;
    let credentials = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(credentials)
}

#[cfg(test)]
#[path = "connect_tests.rs"]
mod tests;
