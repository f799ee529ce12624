//! Companies of one group.

use super::{attributes, company, decide};
use crate::rule::{Attributes, Relation, RelationStatus};

#[test]
fn another_member_of_the_group_is_suggested_at_most() {
    for name in [
        "Müller Werkzeugbau Verwaltungsgesellschaft mbH",
        "Müller Werkzeugbau Schweiz AG",
    ] {
        let relations = decide(&attributes(), &[company("c1", name)]);
        let is_suggested = |relation: &Relation| relation.status == RelationStatus::Suggested;
        assert!(relations.iter().all(is_suggested), "{name}");
    }
    // A record hardly ever means a holding without saying so.
    let relations = decide(
        &attributes(),
        &[company("c1", "Müller Werkzeugbau Holding GmbH")],
    );
    assert!(
        relations
            .iter()
            .all(|relation| relation.status == RelationStatus::Suggested)
    );
}

#[test]
fn the_named_member_of_a_group_comes_before_the_others() {
    let group = [
        company("c1", "Müller Werkzeugbau Holding GmbH"),
        company("c2", "Müller Werkzeugbau GmbH"),
        company("c3", "Müller Werkzeugbau Vertriebs GmbH"),
    ];
    for (name, expected) in [
        ("Müller Werkzeugbau", "c2"),
        ("Müller Werkzeugbau Holding", "c1"),
        ("Müller Werkzeugbau Vertriebsgesellschaft", "c3"),
    ] {
        let relations = decide(
            &Attributes {
                name: Some(name),
                ..attributes()
            },
            &group,
        );
        assert_eq!(relations[0].company.as_str(), expected, "{name}");
    }
}
