//! Queries over small tables, and a property: reading a part of a table finds what reading all of it finds.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::bind::bind;
use super::range::Range;
use super::run::{Outcome, run};
use crate::salesforce::config::Config;
use crate::salesforce::id::Id;
use crate::salesforce::org::Org;
use crate::salesforce::schema::Schema;
use crate::salesforce::soql;
use crate::salesforce::time::rest_text;
use serde_json::json;
use std::ops::Bound;

fn org(stamps: &[i64]) -> Org {
    let mut org = Org::new(Id::nth("005", 1), 1, Schema::of(&Config::default()));
    for (n, stamp) in stamps.iter().enumerate() {
        let fields = json!({ "Name": format!("N{}%_{n}", n % 3), "SystemModstamp": rest_text(*stamp), "NumberOfEmployees": n % 5 });
        org.load("Account", fields.as_object().unwrap()).unwrap();
    }
    org
}

fn ids(org: &Org, filter: &str, tail: &str) -> Vec<String> {
    let query = soql::parse(&format!("SELECT Id FROM Account WHERE {filter} {tail}")).unwrap();
    match run(org.table("Account").unwrap(), &query, false).unwrap() {
        Outcome::Rows(found) => found.rows.iter().map(|row| row.id.to_string()).collect(),
        other => panic!("{other:?}"),
    }
}

/// Generates filters over the two cursor fields, as text.
fn filters() -> impl Strategy<Value = String> {
    let op = prop_oneof!["=", "!=", "<", "<=", ">", ">="].prop_map(|op| op.to_string());
    let leaf = (op, 0_i64..6, 1_u64..12, any::<bool>()).prop_map(|(op, stamp, id, time)| {
        if time {
            format!(
                "SystemModstamp {op} {}",
                rest_text(stamp).replace("+0000", "Z")
            )
        } else {
            format!("Id {op} '{}'", Id::nth("001", id))
        }
    });
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|all| format!("({})", all.join(" AND "))),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|all| format!("({})", all.join(" OR "))),
            inner.prop_map(|one| format!("(NOT {one})")),
        ]
    })
}

proptest! {
    #[test]
    fn reading_a_part_of_the_table_finds_what_reading_all_finds(stamps in prop::collection::vec(0_i64..6, 0..12), filter in filters()) {
        let org = org(&stamps);
        let table = org.table("Account").unwrap();
        let query = soql::parse(&format!("SELECT Id FROM Account WHERE {filter}")).unwrap();
        let test = bind(&table.schema, query.filter.as_ref().unwrap()).unwrap();
        let mut wanted: Vec<_> = table.by_key(Bound::Unbounded, Bound::Unbounded).filter(|row| test.holds(row)).map(|row| row.id.to_string()).collect();
        prop_assert_eq!(&ids(&org, &filter, "ORDER BY SystemModstamp, Id"), &wanted);
        wanted.sort();
        prop_assert_eq!(&ids(&org, &filter, "ORDER BY Id"), &wanted);
        let mut any_order = ids(&org, &filter, "");
        any_order.sort();
        prop_assert_eq!(&any_order, &wanted);
    }
}

#[test]
fn a_keyset_page_reads_no_more_than_itself_even_at_one_single_stamp() {
    let org = org(&vec![5_000; 300]);
    let table = org.table("Account").unwrap();
    let after = Id::nth("001", 290);
    let text = format!(
        "((SystemModstamp = 1970-01-01T00:00:05Z AND Id > '{after}') OR SystemModstamp > 1970-01-01T00:00:05Z) AND SystemModstamp < 2026-01-01T00:00:00Z"
    );
    let query = soql::parse(&format!("SELECT Id FROM Account WHERE {text}")).unwrap();
    let range = Range::of(&bind(&table.schema, query.filter.as_ref().unwrap()).unwrap());
    assert_eq!(
        table
            .by_key(Bound::Included(range.key.0), Bound::Included(range.key.1))
            .count(),
        11
    );
    assert_eq!(
        ids(&org, &text, "ORDER BY SystemModstamp, Id LIMIT 200").len(),
        10
    );
}

#[test]
fn text_is_compared_as_salesforce_compares_it() {
    let org = org(&[1, 2, 3, 4, 5, 6]);
    let count = |filter: &str| ids(&org, filter, "").len();
    assert_eq!(count("Name = 'n0%_0'"), 1);
    assert_eq!(count("Name LIKE 'n0%'"), 2);
    assert_eq!(count("Name LIKE '%\\%\\_5'"), 1);
    assert_eq!(count("Name LIKE 'N_\\%__'"), 6);
    assert_eq!(count("Name LIKE 'N_\\_%'"), 0);
    assert_eq!(count("Name IN ('N0%_0', 'n1%_1', 'x')"), 2);
    assert_eq!(count("Phone = null"), 6);
    assert_eq!(count("Phone != 'x'"), 6);
    assert_eq!(
        count("NumberOfEmployees >= 3 AND NumberOfEmployees < 4.5"),
        2
    );
    assert_eq!(count("NumberOfEmployees NOT IN (0, 1)"), 3);
    assert_eq!(count("IsDeleted = false"), 6);
}

#[test]
fn rows_without_order_come_in_no_useful_one() {
    let org = org(&(0..100).collect::<Vec<_>>());
    let found = ids(&org, "Name != null", "");
    assert!(!found.is_sorted());
    assert_eq!(found.len(), 100);
}
