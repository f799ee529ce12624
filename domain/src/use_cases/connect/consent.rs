//! A user's consent, asked for and come back. In between lies a state: random, used once, for one user of one tenant, and
//! for a quarter of an hour. The Ledger has its hash; what was begun is sealed under a key made from the state itself, so
//! that neither the table alone nor the state alone is worth anything.

use std::sync::Arc;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hkdf,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Connect, Connected, Ports, connector, may_connect, settle};
use crate::{
    fault::{Code, Fault, Kind, Outcome},
    grant::Unstored,
    integration::{Provider, Which},
    ports::{Apps, Ask, Consent},
    seal::{GenerationKeys, Opener, Place, Room, Sealed, Sealer},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};

/// How long a consent may take.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// Who wants to connect what.
pub struct Requested<'a> {
    /// The tenant and the integration.
    pub which: Which,
    /// The user, as the issuer names it.
    pub user: &'a str,
    /// The CRM.
    pub provider: Provider,
    /// Where the login shall begin; none: where the operator says.
    pub login_url: Option<&'a str>,
    /// The environment that the grant shall be for, where the CRM has to know it before the consent.
    pub environment: Option<&'a str>,
    /// 64 random bytes: the state's and the verifier's.
    pub random: [u8; 64],
}

/// Where the user goes to consent.
pub struct Begun {
    /// The page.
    pub authorization_url: String,
    /// Until when they have to be back.
    pub expires: Timestamp,
}

/// What the user came back with.
pub struct Returned<'a> {
    /// The tenant of who came back.
    pub tenant: &'a TenantId,
    /// Who came back.
    pub user: &'a str,
    /// The state.
    pub state: &'a str,
    /// The code.
    pub code: &'a str,
}

/// What is kept in between.
#[derive(Serialize, Deserialize)]
struct PendingConsent {
    integration: IntegrationId,
    user: String,
    provider: Provider,
    login_url: String,
    #[serde(default)]
    environment: Option<String>,
    /// None: the CRM does not know PKCE.
    verifier: Option<String>,
    expires: Timestamp,
}

/// Begins a connection.
///
/// # Errors
/// Permanent, when the integration is connected already and its last run had some success, or it is being removed, or the operator
/// has no app for that login, or the environment is missing or not allowed.
pub async fn begin(
    ports: Ports<'_>,
    apps: &dyn Apps,
    now: Timestamp,
    requested: Requested<'_>,
) -> Outcome<Begun> {
    let login_url = apps.login_url(requested.provider, requested.login_url)?;
    let environment = apps.environment(requested.provider, requested.environment)?;
    may_connect(ports, &requested.which).await?;
    let (state, verifier) = requested.random.split_at(32);
    let state = URL_SAFE_NO_PAD.encode(state);
    let pkce = apps.granting(requested.provider).pkce;
    let verifier = pkce.then(|| URL_SAFE_NO_PAD.encode(verifier));
    let challenge = verifier.as_ref().map(|verifier| hash(verifier));
    let expires = now.checked_add(PATIENCE).unwrap_or(Timestamp::MAX);
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

/// Completes a connection with what the user came back with. The state is used up, whatever comes of it.
///
/// # Errors
/// Permanent, when the state is unknown, over, or another user's; those of [`connect`](super::connect). A grant that cannot be connected is
/// given back to the CRM.
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
            // There is no grant yet that could be lost.
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
    let earlier = may_connect(ports, &connect.which).await;
    let connected = match earlier {
        Ok(earlier) => settle(ports, now, connect, earlier, &unstored, &*crm).await,
        Err(fault) => Err(fault),
    };
    // Only where it is certain that no row has it. Best effort: the user can take it back as well.
    if connected
        .as_ref()
        .is_err_and(|fault| matches!(fault.kind(), Kind::Permanent | Kind::Operator))
    {
        let _ = crm.revoke().await;
    }
    connected
}

/// SHA-256 in base64url: what the Ledger knows a state by, and the challenge of a verifier (RFC 7636, 4.2).
fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// The key of what was begun under a state. A state has 256 random bits: its hash gives nothing of it away.
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

/// Before the state is opened, nothing but its tenant is known.
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
    Sealer::new(&keys.sealing, 1)
        .and_then(|mut sealer| sealer.seal(&Place::new(&scope, Room::LedgerState, ""), &text))
        .map_err(|_| failed())
}

fn open(tenant: &TenantId, state: &str, sealed: &Sealed) -> Option<PendingConsent> {
    let (keys, scope) = key(state).zip(scope(tenant))?;
    let text = Opener::new(&keys.sealing)
        .and_then(|mut opener| opener.open(&Place::new(&scope, Room::LedgerState, ""), sealed))
        .ok()?;
    serde_json::from_slice(&text).ok()
}
