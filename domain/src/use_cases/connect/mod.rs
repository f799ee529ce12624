//! Connects an integration to a CRM organisation, either with an existing grant ([`connect`]), or with a user's consent, which is
//! requested ([`begin`]) and returns with a code ([`complete`]).

mod consent;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};

pub use self::consent::{Begun, Requested, Returned, begin, complete};
use crate::{
    admission::Admission,
    allowance::{Allowance, Limit},
    ended,
    fault::{Code, Fault, Outcome},
    grant::Unstored,
    integration::{Credentials, Integration, Provider, Status, Which},
    order::{IntegrationConnected, Order},
    ports::{ConnectCrm, ConnectStore, Crm, CrmAccess, Keys, Renewal},
    tenant::{Generation, Scope},
};

/// The ports for connecting.
#[derive(Clone, Copy)]
pub struct Ports<'a> {
    /// Ledger.
    pub store: &'a dyn ConnectStore,
    /// Keys and KMS.
    pub keys: &'a dyn Keys,
    /// Creates the connector of an integration.
    pub crm: &'a ConnectCrm,
    /// What the operator allows all tenants. `None` if the operator itself connects; then nothing is counted.
    pub allowance: Option<&'a Allowance>,
}

/// How long a place is held for an integration that is being connected: longer than a request, and than a consent from its start
/// to its return. Once it is connected, the list of integrations has it.
const HELD: SignedDuration = SignedDuration::from_mins(20);

impl<'a> From<&'a crate::ports::Ports> for Ports<'a> {
    fn from(all: &'a crate::ports::Ports) -> Self {
        Self {
            store: &*all.store,
            keys: &*all.keys,
            crm: &*all.crm,
            allowance: None,
        }
    }
}

/// A connection to make.
pub struct Connect {
    /// The tenant and the integration.
    pub which: Which,
    /// The CRM.
    pub provider: Provider,
    /// The grant.
    pub credentials: Credentials,
    /// The organisation to which the grant must belong. `None` if any organisation will do.
    pub organisation: Option<String>,
}

/// A new connection.
pub struct Connected {
    /// The integration, due at once.
    pub integration: Integration,
    /// The orders for the bus. After sending them, the caller calls [`Outbox::note_told`](crate::ports::Outbox::note_told).
    pub orders: Vec<Order>,
}

/// Connects an integration: asks the CRM, creates the generation's keys, seals the grant, and stores the integration, due at once.
/// A grant that replaces a lost one, or one whose last run had no success, continues its generation and its settings. After a
/// removal the next generation begins.
///
/// # Errors
/// Revoked if the CRM does not accept the grant. Operator if the CRM refuses the operator's app. Permanent if the tenant has ended, if
/// the integration is connected and its last run had some success, if it is being removed, or if it belongs to another organisation. Transient if
/// somebody else changed it at the same moment, or if a slice is working on it. A rotating refresh token may be used up by then, so
/// get a new one.
pub async fn connect(ports: Ports<'_>, now: Timestamp, connect: Connect) -> Outcome<Connected> {
    let earlier = may_connect(ports, &connect.which, now).await?;
    let unstored = Arc::new(Unstored::new(connect.credentials.clone()));
    let crm = connector(ports, connect.provider, &unstored)?;
    settle(ports, now, connect, earlier, &unstored, &*crm).await
}

/// Creates the connector of a grant that is not stored yet.
fn connector(
    ports: Ports<'_>,
    provider: Provider,
    unstored: &Arc<Unstored>,
) -> Outcome<Arc<dyn Crm>> {
    (ports.crm)(CrmAccess {
        provider,
        credentials: unstored.get(),
        renewal: Arc::clone(unstored) as Arc<dyn Renewal>,
        fields: BTreeMap::new(),
    })
}

async fn settle(
    ports: Ports<'_>,
    now: Timestamp,
    connect: Connect,
    earlier: Earlier,
    unstored: &Unstored,
    crm: &dyn Crm,
) -> Outcome<Connected> {
    // Reading the clock makes the connector fetch tokens, and shows that the API accepts them.
    crm.clock().await?;
    let organisation = organisation(crm, connect.provider, connect.organisation.as_deref()).await?;
    let scope = Scope {
        generation: earlier.next_generation(&organisation)?,
        tenant: connect.which.tenant,
        integration: connect.which.integration,
    };
    let keys = ports.keys.create(&scope).await?;
    let Earlier {
        integration: earlier,
        ..
    } = earlier;
    let goes_on = earlier.as_ref().filter(|earlier| earlier.scope == scope);
    let connected = Order::IntegrationConnected(IntegrationConnected {
        scope: scope.clone(),
    });
    let mut untold = goes_on.map_or_else(Vec::new, |earlier| earlier.untold.clone());
    untold.push(connected);
    let integration = Integration {
        untold: untold.clone(),
        credentials: unstored.get().seal(&keys, &scope)?,
        provider: connect.provider,
        organisation,
        status: Status::Connected,
        due: now,
        open_run: None,
        standstill: None,
        lease: None,
        settings: goes_on.and_then(|earlier| earlier.settings.clone()),
        scope,
    };
    let seen = earlier.map(|earlier| (earlier.scope.generation, earlier.status));
    if !ports.store.connect(&integration, seen).await? {
        return Err(Fault::of(Code::IntegrationChangedMeanwhile));
    }
    Ok(Connected {
        integration,
        orders: untold,
    })
}

/// The integration before it is connected.
struct Earlier {
    integration: Option<Integration>,
    /// Whether its last run had no success.
    is_failing: bool,
}

impl Earlier {
    fn next_generation(&self, organisation: &str) -> Outcome<Generation> {
        Integration::next_generation(self.integration.as_ref(), self.is_failing, organisation)
    }
}

/// Checks whether the integration may be connected. This comes before the first request to the CRM, which may use up a refresh
/// token.
async fn may_connect(ports: Ports<'_>, which: &Which, now: Timestamp) -> Outcome<Earlier> {
    ended::refuse(ports.store, &which.tenant).await?;
    let integration = ports.store.integration(which).await?;
    let is_failing = match &integration {
        Some(there) if there.status == Status::Connected => {
            let last = ports.store.runs(&there.scope, None, 1).await?;
            last.first().is_some_and(|last| !last.had_success())
        }
        _ => false,
    };
    let earlier = Earlier {
        integration,
        is_failing,
    };
    if let Some(there) = &earlier.integration {
        earlier.next_generation(&there.organisation)?;
    }
    let is_another = earlier
        .integration
        .as_ref()
        .is_none_or(|there| there.status == Status::Removed);
    if let (true, Some(allowance)) = (is_another, ports.allowance) {
        let tenant = &which.tenant;
        let admission = Admission {
            tenant,
            allowance,
            now,
        };
        hold_a_place(ports, &admission, which).await?;
    }
    Ok(earlier)
}

/// Holds one of the tenant's places for an integration that it does not have yet.
async fn hold_a_place(ports: Ports<'_>, admission: &Admission<'_>, which: &Which) -> Outcome<()> {
    let (mut others, mut after) = (Vec::new(), None);
    loop {
        let (found, next) = ports
            .store
            .integrations(&which.tenant, after.as_ref())
            .await?;
        let found = found.into_iter();
        let found = found.filter(|there| there.status != Status::Removed);
        others.extend(found.map(|there| there.scope.integration.to_string()));
        after = next;
        if after.is_none() {
            break;
        }
    }
    let until = admission.now.saturating_add(HELD).unwrap_or(Timestamp::MAX);
    let place = (which.integration.as_str(), until);
    let store = ports.store;
    let limit = Limit::Integrations;
    admission.hold_beside(store, limit, place, &others).await
}

/// Returns the organisation of a grant: the one that the CRM tells, or the `named` one if the CRM tells none.
async fn organisation(crm: &dyn Crm, provider: Provider, named: Option<&str>) -> Outcome<String> {
    let spelling = provider.spelling();
    match (crm.organisation().await?, named) {
        (Some(told), Some(named)) if !spelling.is_same(&told, named) => {
            Err(Fault::of(Code::IntegrationOtherOrganisation)
                .with_detail(format!("the grant is for {told}")))
        }
        (Some(told), _) => Ok(told),
        (None, Some(named)) => Ok(named.to_owned()),
        (None, None) => Err(Fault::of(Code::OrganisationUnknown)),
    }
}
