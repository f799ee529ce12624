//! A house in memory, and its callers.

use std::{
    collections::BTreeMap,
    future::{pending, ready},
    sync::Arc,
};

use domain::{
    fault::{Code, Fault},
    integration::Provider,
    ports::Ports,
};
use futures::FutureExt;
use infra::aws::meter::Meter;
use infra::{
    crm::{
        Connectors, OperatorApps, RegisteredApps,
        client::{Client, consent::App},
    },
    memory::{MemoryCompanies, MemoryKeys, MemoryStore},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::test_world::inner_code;
use crate::{
    adapters::PortsOf,
    api::{self, Request, World, routes},
    entry::Invocation,
    settings,
};

/// The tenant that the house's callers belong to.
pub(crate) const TENANT: &str = "acme-1";
/// The operator's secret for the hashes of callers.
pub(crate) const CALLER_SECRET: &str = "0123456789abcdef0123456789abcdef";
/// The operator's account.
pub(crate) const ACCOUNT: &str = "111122223333";
/// Who acts for the operator.
pub(crate) const OPERATOR: &str = "arn:aws:sts::111122223333:assumed-role/operator/erika";
/// All scopes.
pub(crate) const ALL_SCOPES: &str = "abgleich/read abgleich/write abgleich/admin";

/// An API with ports in memory.
pub(crate) struct House {
    pub(crate) world: World,
    /// The ports that every tenant is given.
    pub(crate) ports: Ports,
    /// The keys behind the port, so that a test can lose them.
    pub(crate) keys: MemoryKeys,
}

/// A response, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: i64,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
    /// The body as it was sent.
    pub(crate) text: String,
}

impl House {
    pub(crate) fn new() -> Self {
        let keys = MemoryKeys::default();
        let ports: Ports = Ports {
            store: Arc::new(MemoryStore::new()),
            keys: Arc::new(keys.clone()),
            companies: Arc::new(MemoryCompanies::default()),
            crm: Arc::new(|_| Err(Fault::of(Code::TestUnexpected))),
        };
        let world = World {
            ports_of: for_all(&ports),
            apps: Arc::new(RegisteredApps::new(
                &OperatorApps::default(),
                &Connectors::default(),
            )),
            secrets: || [7; 64],
            send: Box::new(|_| async { Ok(()) }.boxed()),
            meter: Meter::default(),
            clock: Box::new(|| Timestamp::from_second(1_764_000_000).unwrap()),
            random: || 7,
            holder: || "holder-1".to_owned(),
        };
        Self { world, ports, keys }
    }

    /// Changes the ports.
    pub(crate) fn with_ports(&mut self, change: impl FnOnce(&mut Ports)) {
        change(&mut self.ports);
        self.world.ports_of = for_all(&self.ports);
    }

    /// Makes a house whose operator has an app at the CRM.
    pub(crate) fn with_app() -> Self {
        let app = App {
            clients: vec![Client {
                id: "app".to_owned(),
                secret: None,
            }],
            redirect_url: "https://app.example.com/connected".to_owned(),
            login_urls: vec!["https://login.salesforce.com".to_owned()],
        };
        let mut house = Self::new();
        let apps = OperatorApps::from([(Provider::Salesforce, app)]);
        house.world.apps = Arc::new(RegisteredApps::new(&apps, &Connectors::default()));
        house
    }

    /// Sends an event as API Gateway would.
    ///
    /// # Panics
    /// If the response is a refusal that the contract does not list for its operation, or tells an inner code.
    pub(crate) async fn ask(&self, event: Value) -> Answer {
        let listed = listed_refusals(event.clone());
        let answered = api::answer(&settings(), event, invocation(), ready(&self.world)).await;
        let answer = taken_apart(answered);
        assert_eq!(inner_code(&answer.body), None, "{}", answer.text);
        if let Some((operation, listed)) = listed.filter(|_| (400..500).contains(&answer.status)) {
            let status = answer.status;
            assert!(
                listed.contains(&status),
                "{operation}: {status} is not in the contract"
            );
        }
        answer
    }

    /// Sends an event while the world is not available. An answer that needs the world never comes.
    pub(crate) async fn ask_without_world(&self, event: Value) -> Answer {
        let settings = settings();
        let asked = api::answer(&settings, event, invocation(), pending());
        // The future is pending if it asked for the world.
        taken_apart(asked.now_or_never().unwrap())
    }
}

/// Gives these ports to every tenant.
fn for_all(ports: &Ports) -> Box<PortsOf> {
    let ports = Arc::new(ports.clone());
    Box::new(move |_| ready(Ok(Arc::clone(&ports))).boxed())
}

/// Returns the operation of an event and the refusals that the contract lists for it. `None` if there is no such route.
fn listed_refusals(mut event: Value) -> Option<(&'static str, Vec<i64>)> {
    let context = event.get_mut("requestContext")?;
    context.as_object_mut()?.remove("authorizer");
    let mut request = Request::of(serde_json::from_value(event).ok()?);
    let operation = routes::find(&mut request).ok()?.operation;
    let contract = include_str!("../../../infra/openapi.yaml");
    let named = format!("      operationId: {operation}\n");
    let (_, after) = contract.split_once(&named)?;
    let (own, _) = after.split_once("operationId: ").unwrap_or((after, ""));
    let statuses = own.lines().filter_map(|line| {
        let (status, _) = line.strip_prefix("        \"")?.split_once("\":")?;
        status.parse().ok()
    });
    Some((
        operation,
        statuses.filter(|status| *status >= 400).collect(),
    ))
}

/// Returns an event of API Gateway without a caller.
pub(crate) fn event(method: &str, path: &str) -> Value {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    json!({
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"accept": "*/*", "content-type": "application/json"},
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "gateway-1", "timeEpoch": 0},
        "isBase64Encoded": false,
        "unheardOf": {"a": 1},
    })
}

/// Adds the claims that the authorizer would add. With null it adds none.
pub(crate) fn with_claims(mut event: Value, claims: Value) -> Value {
    if !claims.is_null() {
        event["requestContext"]["authorizer"] = json!({"jwt": {"claims": claims, "scopes": []}});
    }
    event
}

/// Returns the event of the operator, as the gateway makes it of a request that IAM allows.
pub(crate) fn by_operator(mut event: Value) -> Value {
    let iam = json!({"accountId": ACCOUNT, "userArn": OPERATOR});
    event["requestContext"]["authorizer"] = json!({"iam": iam});
    event
}

/// Returns the event of a caller of [`TENANT`] with these scopes.
pub(crate) fn by(scopes: &str, event: Value) -> Value {
    let claims = json!({"tenant": TENANT, "sub": "user-1", "scope": scopes, "exp": 1_900_000_000});
    with_claims(event, claims)
}

fn settings() -> settings::Api {
    settings_with(&BTreeMap::new())
}

/// Returns settings of which some differ from the usual ones.
pub(crate) fn settings_with(changed: &BTreeMap<&str, &str>) -> settings::Api {
    settings::Api::read(&|name| {
        let value = match name {
            _ if changed.contains_key(name) => changed[name],
            "ACCOUNT" => ACCOUNT,
            "CALLER_SECRET" => CALLER_SECRET,
            "CRM_LOOPBACK" => "no",
            "OAUTH_REDIRECT_URL" => "https://app.acme.test/connected",
            "DYNAMICS_API_VERSION" => "v9.2",
            "DYNAMICS_BASIS_COLUMN" => "none",
            "HUBSPOT_API_VERSION" => "2026-03",
            "HUBSPOT_SCOPES" => {
                "oauth crm.objects.companies.read crm.objects.contacts.read crm.objects.deals.read"
            }
            _ if name.starts_with("AWS_") => return None,
            _ if name.ends_with("_LOGIN_URLS") => "https://login.crm.example",
            _ if name.contains("_CLIENT_") => "a-client",
            _ if name.starts_with("SALESFORCE_") || name.starts_with("HUBSPOT_") => "none",
            "REMOVAL_DELETES_PER_SECOND" => "1000",
            "REMOVAL_SETTLE_SECONDS" => "300",
            "SYNC_BULK_THRESHOLD" => "10",
            "SPREAD_FROM_HOUR" => "3",
            "SPREAD_HOURS" => "0",
            "SYNC_INTERVAL_MINUTES" => "1200",
            _ if name.starts_with("TENANT_") => "200",
            "STAGE" => "test",
            "PAGE_RETENTION_DAYS" => "7",
            "LOG_RETENTION_DAYS" => "14",
            "OPERATOR" => "Werk GmbH; Weg 1, 50667 Köln",
            "OPERATOR_REPRESENTATIVE" => "none",
            "OPERATOR_DATA_PROTECTION_OFFICER" | "ORGANISATIONAL_MEASURES" => "not stated",
            "THIRD_COUNTRY_TRANSFERS" => "USA, Cloud Inc., standard contractual clauses",
            "SUBPROCESSORS" => "Cloud Ltd, hosting, Frankfurt",
            _ => "a-place",
        };
        Some(value.to_owned())
    })
    .unwrap()
}

fn invocation() -> Invocation {
    Invocation {
        request: "lambda-1".to_owned(),
        deadline: Timestamp::MAX,
    }
}

fn taken_apart(response: api::Response) -> Answer {
    let answer = serde_json::to_value(response).unwrap();
    let body = answer["body"].as_str().unwrap_or("null");
    Answer {
        status: answer["statusCode"].as_i64().unwrap(),
        headers: serde_json::from_value(answer["headers"].clone()).unwrap(),
        body: serde_json::from_str(body).unwrap(),
        text: body.to_owned(),
    }
}
