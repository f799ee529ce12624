#![allow(clippy::unwrap_used)]

use domain::{
    ports::SuppressionKind,
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::{ExportId, Generation, IntegrationId, RunId, Scope, TenantId},
};

use super::*;

fn scope() -> Scope {
    Scope {
        tenant: TenantId::parse("tenant-a").unwrap(),
        integration: IntegrationId::parse("crm").unwrap(),
        generation: Generation(2),
    }
}

#[test]
fn records_are_spread_over_all_shards() {
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..400 {
        let id = RecordId::parse(&format!("001{n:015}")).unwrap();
        seen.insert(record_shard(&scope(), Object::Account, &id));
    }
    assert_eq!(seen.len(), SHARDS as usize);
}

#[test]
fn a_partition_says_whose_object_it_holds() {
    for object in Object::ALL {
        assert_eq!(object_of(&shard(&scope(), object, 3)), Some(object));
    }
    assert_eq!(object_of(&review(&scope(), 3)), None);
}

#[test]
fn every_key_that_is_made_here_has_a_shape() {
    let (scope, g) = (scope(), Generation(2));
    let id = RecordId::parse("001000000000001AAA").unwrap();
    let run_id = RunId::parse("0123-ab").unwrap();
    let hash = KeyedHash::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let home = integration_in(&scope);
    let shard = record_shard(&scope, Object::Account, &id);
    let made = [
        (
            Home::Ledger,
            home.clone(),
            INTEGRATION.to_owned(),
            Shape::Integration,
        ),
        (
            Home::Ledger,
            tenant(&scope.tenant),
            listed(&scope.integration),
            Shape::Listed,
        ),
        (
            Home::Ledger,
            tenant(&scope.tenant),
            state("AAAA"),
            Shape::State,
        ),
        (
            Home::Ledger,
            home.clone(),
            progress(g, Object::Lead),
            Shape::Progress,
        ),
        (Home::Ledger, home.clone(), run(g, &run_id), Shape::Run),
        (
            Home::Ledger,
            home.clone(),
            quarantine(g, Object::Lead, Some(&id), 1, 0),
            Shape::Quarantine,
        ),
        (
            Home::Ledger,
            home.clone(),
            quarantine(g, Object::Lead, None, 1, 0),
            Shape::Quarantine,
        ),
        (
            Home::Ledger,
            home.clone(),
            decision(g, Object::Lead, &id, &hash),
            Shape::Decision,
        ),
        (
            Home::Ledger,
            home.clone(),
            merged(g, Object::Lead, &id),
            Shape::Merged,
        ),
        (Home::Copies, shard.clone(), id.to_string(), Shape::Record),
        (Home::Copies, shard, relation(&id, &hash), Shape::Relation),
        (Home::Keys, home, key(g, 1), Shape::Key),
        (
            Home::TenantKeys,
            tenant(&scope.tenant),
            TENANT_KEY.to_owned(),
            Shape::TenantKey,
        ),
        (
            Home::Pages,
            page(&scope, Object::Task, &run_id, 7),
            String::new(),
            Shape::Page,
        ),
        (
            Home::Pages,
            body(&scope, Object::Task, &id),
            String::new(),
            Shape::Body,
        ),
        (
            Home::Pages,
            export(&scope, &ExportId::parse("0123-ab").unwrap()),
            String::new(),
            Shape::Export,
        ),
        (
            Home::Ledger,
            integration_in(&scope),
            removal(g),
            Shape::Removal,
        ),
        (
            Home::Ledger,
            tenant(&scope.tenant),
            receipt(&scope),
            Shape::Receipt,
        ),
        (
            Home::Ledger,
            tenant(&scope.tenant),
            RECEIPT_HEAD.to_owned(),
            Shape::ReceiptHead,
        ),
        (
            Home::Ledger,
            tenant(&scope.tenant),
            audit("2026-11-24T00:00:00.000Z#crm-1#1#removal_asked"),
            Shape::Audit,
        ),
    ];
    let of_the_generation = [
        (intent(g, &hash), Shape::Intent),
        (maker(g, Object::Lead, &id), Shape::Made),
        (held_back(g, Object::Lead, &id), Shape::HeldBack),
        (deletions_decided(g), Shape::DeletionsDecided),
        (
            exporting(g, &ExportId::parse("0123-ab").unwrap()),
            Shape::Exporting,
        ),
    ]
    .map(|(sort, shape)| (Home::Ledger, integration_in(&scope), sort, shape));
    let own = tenant(&scope.tenant);
    let of_the_tenant = [
        (assessment(1), Shape::Assessment),
        (assessed(&hash), Shape::Assessed),
        (template("outreach", 1), Shape::Template),
        (
            suppression(SuppressionKind::Objection, &hash),
            Shape::Objection,
        ),
        (suppression(SuppressionKind::Erasure, &hash), Shape::Erasure),
        (change(1), Shape::Change),
        (MARKS.to_owned(), Shape::Suppressions),
        (CONTROLLER.to_owned(), Shape::Controller),
        (ALLOWANCE.to_owned(), Shape::Allowance),
        (OFFBOARDING.to_owned(), Shape::Offboarding),
    ]
    .map(|(sort, shape)| (Home::Ledger, own.clone(), sort, shape));
    for (place, key, sort, shape) in made
        .into_iter()
        .chain(of_the_generation)
        .chain(of_the_tenant)
    {
        assert_eq!(Shape::of(place, &key, &sort), Some(shape), "{key} {sort}");
        assert_eq!(shape.home(), place);
    }
    assert_eq!(Shape::of(Home::Ledger, "T#a#b", "g1#OTHER#x"), None);
}

#[test]
fn one_tenants_prefix_is_no_prefix_of_anothers() {
    let mut other = scope();
    other.generation = Generation(21);
    for (mine, theirs) in prefixes(&scope()).iter().zip(prefixes(&other)) {
        assert!(!theirs.starts_with(mine.as_str()));
    }
}

#[test]
fn what_lies_in_tables_and_buckets_is_recognised_by_later_releases() {
    for (shape, word) in [
        (Shape::Integration, "INTEGRATION"),
        (Shape::Listed, "INTEGRATION#"),
        (Shape::Progress, "OBJECT#"),
        (Shape::Intent, "INTENT#"),
        (Shape::Removal, "REMOVAL"),
        (Shape::Receipt, "RECEIPT#"),
        (Shape::ReceiptHead, "RECEIPT"),
        (Shape::Audit, "AUDIT#"),
        (Shape::Assessed, "ASSESSED#"),
        (Shape::Erasure, "ERASED#"),
        (Shape::Objection, "OBJECTION#"),
        (Shape::Suppressions, "MARKS"),
        (Shape::Allowance, "ALLOWANCE"),
        (Shape::Offboarding, "OFFBOARDING"),
        (Shape::TenantKey, "TENANT#v1"),
        (Shape::TenantKeyCheck, "KEYCHECK"),
        (Shape::Relation, "R#"),
        (Shape::Key, "v"),
        (Shape::Body, "bodies/"),
    ] {
        assert_eq!(shape.word(), word);
    }
}

#[test]
fn what_a_tenant_s_own_keys_seal_or_hash_is_known_by_its_words() {
    let words: Vec<&str> = Shape::under_tenant_keys().collect();
    let (hash, own) = (KeyedHash::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap(), &words);
    let is_under = |sort: &str| own.iter().any(|word| sort.starts_with(word));
    for sort in [
        assessment(1),
        assessed(&hash),
        template("outreach", 1),
        suppression(SuppressionKind::Objection, &hash),
        suppression(SuppressionKind::Erasure, &hash),
        MARKS.to_owned(),
        CONTROLLER.to_owned(),
    ] {
        assert!(is_under(&sort), "{sort}");
    }
    for sort in [
        listed(&scope().integration),
        receipt(&scope()),
        state("AAAA"),
    ] {
        assert!(!is_under(&sort), "{sort}");
    }
    assert!(!is_under(TENANT_KEY_CHECK) && !is_under(RECEIPT_HEAD));
}

/// Returns the words with which people are told of a shape that outlives removals. Empty for what a removal deletes.
fn told(shape: Shape) -> &'static str {
    match shape {
        Shape::Integration | Shape::Listed | Shape::Removal => "id, status and generation",
        Shape::Receipt | Shape::ReceiptHead => "receipt",
        Shape::Audit => "audit entries",
        Shape::Assessment | Shape::Assessed => "assessments",
        Shape::Template => "templates",
        Shape::Objection => "objections",
        Shape::Erasure | Shape::Suppressions | Shape::Change => "erasures",
        Shape::Controller => "about itself",
        Shape::Allowance => "allowance",
        Shape::Offboarding => "has ended",
        Shape::TenantKeyCheck | Shape::TenantKey => "check value",
        Shape::State
        | Shape::Progress
        | Shape::Run
        | Shape::Quarantine
        | Shape::Intent
        | Shape::Made
        | Shape::Exporting
        | Shape::Decision
        | Shape::Merged
        | Shape::HeldBack
        | Shape::DeletionsDecided
        | Shape::Record
        | Shape::Relation
        | Shape::Key
        | Shape::Page
        | Shape::Body
        | Shape::Export => "",
    }
}

#[test]
fn pages_and_facts_tell_of_everything_that_outlives_a_removal() {
    let texts = [
        ("operate.md", include_str!("../../docs/operate.md")),
        ("integrate.md", include_str!("../../docs/integrate.md")),
        (
            "facts",
            include_str!("../../../domain/src/shared/facts/mod.rs"),
        ),
    ];
    // One line each, or one paragraph, tells of all of it.
    for (page, text) in texts {
        let parts = text
            .replace("\n\n", "\0")
            .replace("\n|", "\0|")
            .replace("what: ", "\0");
        let lists = parts.split('\0').map(|part| part.replace('\n', " "));
        let mut lists = lists.filter(|part| part.contains("audit entries"));
        let list = lists.next().unwrap();
        for shape in Shape::ALL {
            assert_eq!(
                told(*shape).is_empty(),
                shape.counts_as().is_some(),
                "{shape:?}"
            );
            assert!(
                list.contains(told(*shape)),
                "{page} says nothing of {shape:?}"
            );
        }
    }
}
