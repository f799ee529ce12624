//! A user's consent, from the request to the return. A state connects the two. It is random, can be used once, belongs to one user
//! of one tenant, and expires after [`CONSENT_LIMIT`]. The Ledger stores the hash of the state. The pending consent is sealed
//! under a key that is derived from the state, so neither the table alone nor the state alone is of any use.

use std::sync::Arc;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hkdf,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Connect, Connected, Ports, connector, may_connect, settle};
use crate::{
    fault::{Code, Fault, Kind, Outcome},
    grant::{CONSENT_LIMIT, Unstored},
    integration::{Provider, Which},
    ports::{Apps, Ask, Consent},
    seal::{GenerationKeys, Place, Room, Sealed},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};

/// A request to connect an integration.
pub struct Requested<'a> {
    /// The tenant and the integration.
    pub which: Which,
    /// The user, as the issuer names it.
    pub user: &'a str,
    /// The CRM.
    pub provider: Provider,
    /// The requested login URL. `None` for the operator's default.
    pub login_url: Option<&'a str>,
    /// The environment for the grant, if the CRM has to know it before the consent.
    pub environment: Option<&'a str>,
    /// 64 random bytes for the state and the verifier.
    pub random: [u8; 64],
}

/// The start of a consent.
pub struct Begun {
    /// The page on which the user consents.
    pub authorization_url: String,
    /// The time by which the user must return.
    pub expires: Timestamp,
}

/// The return of a user from the CRM.
pub struct Returned<'a> {
    /// The tenant of the user who returned.
    pub tenant: &'a TenantId,
    /// The user who returned.
    pub user: &'a str,
    /// The state.
    pub state: &'a str,
    /// The code.
    pub code: &'a str,
}

/// The pending consent, as it is stored between request and return.
#[derive(Serialize, Deserialize)]
struct PendingConsent {
    integration: IntegrationId,
    user: String,
    provider: Provider,
    login_url: String,
    #[serde(default)]
    environment: Option<String>,
    /// `None` if the CRM does not know PKCE.
    verifier: Option<String>,
    expires: Timestamp,
}

/// Begins a connection.
///
/// # Errors
/// Permanent if the integration is connected and its last run had some success, if it is being removed, if the operator has no
/// app for that login, or if the environment is missing or not allowed.
pub async fn begin(
    ports: Ports<'_>,
    apps: &dyn Apps,
    now: Timestamp,
    requested: Requested<'_>,
) -> Outcome<Begun> {
    let login_url = apps.login_url(requested.provider, requested.login_url)?;
    let environment = apps.environment(requested.provider, requested.environment)?;
    may_connect(ports, &requested.which, now).await?;
    let (state, verifier) = requested.random.split_at(32);
    let state = URL_SAFE_NO_PAD.encode(state);
    let pkce = apps.granting(requested.provider).pkce;
    let verifier = pkce.then(|| URL_SAFE_NO_PAD.encode(verifier));
    let challenge = verifier.as_ref().map(|verifier| hash(verifier));
    let expires = now.checked_add(CONSENT_LIMIT).unwrap_or(Timestamp::MAX);
    let authorization_url = apps.authorization_url(
        requested.provider,
        &Ask {
            login_url: &login_url,
            environment: environment.as_deref(),
            state: &state,
            challenge: challenge.as_deref(),
        },
    )?;
    let tenant = requested.which.tenant;
    let kept = PendingConsent {
        integration: requested.which.integration,
        user: requested.user.to_owned(),
        provider: requested.provider,
        login_url,
        environment,
        verifier,
        expires,
    };
    let sealed = seal(&tenant, &state, &kept)?;
    ports
        .store
        .put_state(&tenant, &hash(&state), &sealed, expires)
        .await?;
    Ok(Begun {
        authorization_url,
        expires,
    })
}

/// Completes a connection with the code that the user brought back. The state is used up, whatever the result.
///
/// # Errors
/// Permanent if the state is unknown, expired or another user's. Otherwise the fault of [`connect`](super::connect). A grant that
/// cannot be connected is revoked at the CRM, unless the organisation's other integrations share it.
pub async fn complete(
    ports: Ports<'_>,
    apps: &dyn Apps,
    now: Timestamp,
    returned: Returned<'_>,
) -> Outcome<Connected> {
    let unknown = || Fault::of(Code::StateUnknown).with_field("/state");
    let sealed = ports
        .store
        .take_state(returned.tenant, &hash(returned.state))
        .await?
        .ok_or_else(unknown)?;
    let kept = open(returned.tenant, returned.state, &sealed).ok_or_else(unknown)?;
    if kept.expires <= now || kept.user != returned.user {
        return Err(unknown());
    }
    let consent = Consent {
        login_url: &kept.login_url,
        environment: kept.environment.as_deref(),
        code: returned.code,
        verifier: kept.verifier.as_deref(),
    };
    let credentials = apps
        .exchange(kept.provider, consent)
        .await
        .map_err(|fault| match fault.kind() {
            // The code yielded no grant, so nothing is revoked.
            Kind::Revoked => Fault::of(Code::CodeRefused).with_field("/code"),
            _ => fault,
        })?;
    let connect = Connect {
        which: Which {
            tenant: returned.tenant.clone(),
            integration: kept.integration,
        },
        provider: kept.provider,
        credentials,
        organisation: None,
    };
    let unstored = Arc::new(Unstored::new(connect.credentials.clone()));
    let crm = connector(ports, connect.provider, &unstored)?;
    let earlier = may_connect(ports, &connect.which, now).await;
    let connected = match earlier {
        Ok(earlier) => settle(ports, now, connect, earlier, &unstored, &*crm).await,
        Err(fault) => Err(fault),
    };
    // The grant is revoked only if it is certain that no row holds it. Best effort: the user can revoke it, too. A shared grant is
    // left alone: another integration, even another tenant's, may live on it.
    let is_ours_alone = !apps.granting(kept.provider).shared;
    let is_refused = connected
        .as_ref()
        .is_err_and(|fault| matches!(fault.kind(), Kind::Permanent | Kind::Operator));
    if is_refused && is_ours_alone {
        let _ = crm.revoke().await;
    }
    connected
}

/// Returns the SHA-256 in base64url. The Ledger stores a state under it, and a verifier's challenge is made with it (RFC 7636,
/// 4.2).
fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// Derives the key that seals a pending consent. A state has 256 random bits, so its hash reveals nothing about it.
fn key(state: &str) -> Option<GenerationKeys> {
    struct Length;
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            64
        }
    }
    let mut bytes = [0; 64];
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(state.as_bytes())
        .expand(&[b"abgleich/state/1"], Length)
        .and_then(|key| key.fill(&mut bytes))
        .ok()?;
    GenerationKeys::from_bytes(&mut bytes).ok()
}

/// Returns a scope for sealing. Before the consent is opened, only its tenant is known.
fn scope(tenant: &TenantId) -> Option<Scope> {
    Some(Scope {
        tenant: tenant.clone(),
        integration: IntegrationId::parse("not-yet").ok()?,
        generation: Generation(0),
    })
}

fn seal(tenant: &TenantId, state: &str, kept: &PendingConsent) -> Outcome<Sealed> {
    let failed = || Fault::of(Code::SealFailed);
    let text = serde_json::to_vec(kept).map_err(|_| failed())?;
    let (keys, scope) = key(state).zip(scope(tenant)).ok_or_else(failed)?;
    let place = Place::new(&scope, Room::LedgerState, "");
    keys.sealing.seal(&place, &text).map_err(|_| failed())
}

fn open(tenant: &TenantId, state: &str, sealed: &Sealed) -> Option<PendingConsent> {
    let (keys, scope) = key(state).zip(scope(tenant))?;
    let place = Place::new(&scope, Room::LedgerState, "");
    let text = keys.sealing.open(&place, sealed).ok()?;
    serde_json::from_slice(&text).ok()
}
