//! The table of routes on its own. `tests/template` compares it with the contract.

use std::collections::BTreeSet;

use domain::{
    fault::ProblemType,
    integration::{Provider, Status},
    record::Object,
};
use matching::{Agreement, MatchField, RelationStatus};

use crate::{
    api::{caller::Needs, routes::ROUTES},
    problem::types,
};

pub(super) const CONTRACT: &str = include_str!("../../../infra/openapi.yaml");

/// The values of a schema of the contract that is `enum: [...]` on the line after its name.
fn values(schema: &str) -> Vec<&'static str> {
    let name = format!("    {schema}:");
    let mut lines = CONTRACT.lines().skip_while(|line| *line != name).skip(1);
    let list = lines.next().unwrap_or_default().trim();
    let list = list
        .strip_prefix("enum: [")
        .and_then(|list| list.strip_suffix(']'));
    list.map_or_else(Vec::new, |list| list.split(", ").collect())
}

#[test]
fn the_contract_lists_the_names_of_every_table_and_no_other() {
    assert_eq!(values("Object"), Object::ALL.map(Object::name));
    assert_eq!(values("Provider"), Provider::ALL.map(Provider::name));
    assert_eq!(values("IntegrationStatus"), Status::ALL.map(Status::name));
    let statuses = RelationStatus::ALL.map(RelationStatus::name);
    assert_eq!(values("RelationStatus"), statuses);
    assert_eq!(values("MatchField"), MatchField::ALL.map(MatchField::name));
    assert_eq!(values("Agreement"), Agreement::ALL.map(Agreement::name));
}

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
fn only_health_is_open_and_everything_else_is_behind_the_authorizer_that_it_needs() {
    for route in ROUTES {
        let open = route.needs == Needs::Nothing;
        assert_eq!(open, route.path == "/health", "{}", route.path);
        // The gateway decides by the path which authorizer it asks.
        let by_iam = route.path.starts_with("/operator/");
        assert_eq!(by_iam, route.needs == Needs::Operator, "{}", route.path);
        assert!(
            open || by_iam || route.path.starts_with("/v1/"),
            "{}",
            route.path
        );
    }
}

#[test]
fn reading_needs_read_and_never_more() {
    for route in ROUTES
        .iter()
        .filter(|route| route.method == "GET" && route.path != "/health")
    {
        assert!(
            matches!(route.needs, Needs::Read | Needs::Admin | Needs::Operator),
            "{}",
            route.path
        );
    }
}

/// The contract lists the problem types one per line, in exactly this form.
#[test]
fn the_contract_lists_every_problem_type_with_its_status_and_title_and_no_other() {
    let of_faults = Provider::ALL.map(|provider| ProblemType::all(provider.name()));
    let of_requests = types::ALL.iter().map(|of| (*of).clone());
    let told: BTreeSet<String> = of_faults
        .into_iter()
        .flatten()
        .chain(of_requests)
        .map(|of| {
            let (name, status, title) = (of.name, of.status, of.title);
            format!("- {{ type: {name}, status: {status}, title: \"{title}\" }}")
        })
        .collect();
    let listed: BTreeSet<String> = CONTRACT
        .lines()
        .skip_while(|line| line.trim() != "x-problem-types:")
        .skip(1)
        .map(str::trim)
        .take_while(|line| line.starts_with("- { type: "))
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = told.difference(&listed).collect();
    let unknown: Vec<_> = listed.difference(&told).collect();
    assert!(missing.is_empty(), "the contract lacks {missing:#?}");
    assert!(unknown.is_empty(), "nothing answers {unknown:#?}");
}

#[test]
fn no_two_problem_types_of_the_contract_have_one_name() {
    for provider in Provider::ALL {
        let of_faults = ProblemType::all(provider.name());
        let all = of_faults.iter().chain(types::ALL.iter().copied());
        let names: Vec<&str> = all.map(|of| of.name.as_ref()).collect();
        let distinct: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), distinct.len());
    }
}
