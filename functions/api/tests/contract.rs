//! The table of routes by itself; tests/template holds it against the contract.

use std::collections::BTreeSet;

use crate::api::{caller::Needs, routes::ROUTES};

#[test]
fn each_operation_and_each_method_of_a_path_is_there_once() {
    let operations: BTreeSet<_> = ROUTES.iter().map(|route| route.operation).collect();
    let places: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.method, route.path))
        .collect();
    assert_eq!(operations.len(), ROUTES.len());
    assert_eq!(places.len(), ROUTES.len());
}

#[test]
fn only_health_is_open_and_everything_else_is_behind_the_authorizer() {
    for route in ROUTES {
        let open = route.needs == Needs::Nothing;
        assert_eq!(open, route.path == "/health", "{}", route.path);
        assert!(open || route.path.starts_with("/v1/"), "{}", route.path);
    }
}

#[test]
fn reading_needs_read_and_never_more() {
    for route in ROUTES
        .iter()
        .filter(|route| route.method == "GET" && route.path != "/health")
    {
        assert!(
            matches!(route.needs, Needs::Read | Needs::Admin),
            "{}",
            route.path
        );
    }
}
