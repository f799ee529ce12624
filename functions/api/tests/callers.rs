//! Every route with every kind of caller. The house tests cover what the gateway itself refuses (no token, an expired
//! or a forged one). The tests here cover the requests that get past it.

use serde_json::{Value, json};

use super::world::{ALL_SCOPES, Answer, House, by, by_operator, event, with_claims};
use crate::api::{
    caller::Needs,
    routes::{ROUTES, Route},
};

/// Returns callers, each with a name, its claims, and the status that every route has to answer.
fn callers(route: &Route) -> Vec<(&'static str, Value, i64)> {
    if route.needs == Needs::Operator {
        let user = json!({"tenant": "acme-1", "sub": "u", "scope": ALL_SCOPES});
        return vec![("nobody", Value::Null, 401), ("with any token", user, 401)];
    }
    let scope = route.needs.scope();
    let others: Vec<&str> = ALL_SCOPES
        .split(' ')
        .filter(|has| Some(*has) != scope)
        .collect();
    vec![
        ("nobody", Value::Null, 401),
        (
            "without the scope",
            json!({"tenant": "acme-1", "sub": "u", "scope": others.join(" ")}),
            403,
        ),
        (
            "without any scope",
            json!({"tenant": "acme-1", "sub": "u"}),
            403,
        ),
        (
            "without a tenant",
            json!({"sub": "u", "scope": ALL_SCOPES}),
            403,
        ),
        (
            "with a malformed tenant",
            json!({"tenant": "a#b", "sub": "u", "scope": ALL_SCOPES}),
            403,
        ),
        (
            "without a subject",
            json!({"tenant": "acme-1", "scope": ALL_SCOPES}),
            403,
        ),
    ]
}

/// Returns a route's path with ids for its names.
pub(super) fn path(route: &Route) -> String {
    let parts = route.path.split('/').map(|part| match part {
        "{integration}" => "crm-1",
        "{tenant}" => "acme-1",
        _ if part.starts_with('{') => "0123456789abcdef",
        _ => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_refuses_whom_it_has_to_refuse() {
    let house = House::new();
    for route in ROUTES.iter().filter(|route| route.needs != Needs::Nothing) {
        let given = event(route.method, &path(route));
        let mut asks: Vec<_> = callers(route)
            .into_iter()
            .map(|(caller, claims, status)| (caller, with_claims(given.clone(), claims), status))
            .collect();
        if route.needs == Needs::Operator {
            let mut foreign = by_operator(given);
            foreign["requestContext"]["authorizer"]["iam"]["accountId"] = json!("444455556666");
            asks.push(("of another account", foreign, 403));
        }
        for (caller, asked, status) in asks {
            let answer = house.ask_without_world(asked).await;
            assert_eq!(
                answer.status, status,
                "{} by a caller {caller}",
                route.operation
            );
            assert_eq!(answer.headers["content-type"], "application/problem+json");
        }
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_it_has_to_let_in() {
    let house = House::new();
    for route in ROUTES {
        let scope = route.needs.scope().unwrap_or_default();
        let asked = event(route.method, &path(route));
        let answer = match route.needs {
            Needs::Operator => house.ask(by_operator(asked)).await,
            _ => house.ask(by(scope, asked)).await,
        };
        let Answer { status, body, .. } = &answer;
        assert!(
            ![401, 403, 405, 500].contains(status),
            "{}: {body}",
            route.operation
        );
    }
}

/// Returns the query and body of a valid request to a route.
fn good(route: &Route) -> (&'static str, Value) {
    match route.operation {
        "getCompany" => ("?company=c-1", Value::Null),
        "listFields" | "listRecords" => ("?object=Account", Value::Null),
        "putSettings" => ("", json!({"objects": ["Account"]})),
        "createRecord" => ("", json!({"object": "Account", "fields": {"Name": "x"}})),
        "createBatch" | "previewCreation" => ("", json!({"records": [{"object": "Account"}]})),
        "findCompanies" | "getCompaniesStatus" => ("", json!({"companies": ["c-1"]})),
        "searchRecords" => ("", json!({"email": "a@b.example"})),
        "decideHeldDeletions" => (
            "",
            json!({"run": "018bcfe56800-00000000", "decision": "confirm"}),
        ),
        "decideRelation" => (
            "",
            json!({"object": "Account", "record": "001", "company": "c-1", "decision": "approved"}),
        ),
        _ => ("", Value::Null),
    }
}

#[tokio::test]
async fn an_integration_that_the_caller_s_tenant_does_not_have_is_unknown_on_every_route() {
    let (house, _) = super::removal::connected("globex-1").await;
    // Beginning a connection under an unknown name creates the caller's own integration.
    let of_others = |route: &&Route| {
        route.path.contains("{integration}") && route.operation != "beginConnection"
    };
    let mut n = 0;
    for route in ROUTES.iter().filter(of_others) {
        let (query, body) = good(route);
        let mut asked = event(route.method, &format!("{}{query}", path(route)));
        asked["headers"]["idempotency-key"] = "key-1".into();
        asked["headers"]["if-match"] = "\"g1-0\"".into();
        if !body.is_null() {
            asked["body"] = body.to_string().into();
        }
        let answer = house.ask(by(ALL_SCOPES, asked)).await;
        assert_eq!(answer.status, 404, "{}: {answer:?}", route.operation);
        n += 1;
    }
    assert!(n > 20, "{n}");
}
