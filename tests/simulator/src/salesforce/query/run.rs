//! Runs a query over a table.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::bind::{Test, bind};
use super::range::Range;
use super::write::Column;
use crate::salesforce::error::Refusal;
use crate::salesforce::row::{Row, plain};
use crate::salesforce::schema::Schema;
use crate::salesforce::soql::{Order, Query, Select};
use crate::salesforce::table::Table;

/// What a query comes to.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// `COUNT()`.
    Count(usize),
    /// One row of aggregates.
    Aggregates(Value),
    Rows(Snapshot),
}

/// The records that a query found, as they were then; later edits do not show.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) object: &'static str,
    pub(crate) columns: Arc<[Column]>,
    pub(crate) rows: Arc<[Arc<Row>]>,
}

/// Runs a query; `deleted` as in queryAll. Without ORDER BY the rows come in no useful order.
///
/// # Errors
/// INVALID_FIELD and its kin, as Salesforce words them.
pub(crate) fn run(table: &Table, query: &Query, deleted: bool) -> Result<Outcome, Refusal> {
    let schema = &table.schema;
    let columns = columns(schema, query)?;
    let test = query
        .filter
        .as_ref()
        .map(|filter| bind(schema, filter))
        .transpose()?;
    let order = sort_keys(schema, &query.order)?;
    if query.offset > 2_000 {
        return Err(Refusal::new(
            400,
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Maximum SOQL offset allowed is 2000",
        ));
    }
    if columns.is_empty() && test.is_none() && query.select == [Select::CountRows] {
        return Ok(Outcome::Count(if deleted {
            table.all()
        } else {
            table.live()
        }));
    }
    let wanted = query.limit.unwrap_or(usize::MAX);
    let rows = find(
        table,
        test.as_ref(),
        &order,
        deleted,
        wanted.saturating_add(query.offset),
    );
    if query.select == [Select::CountRows] {
        return Ok(Outcome::Count(rows.len()));
    }
    if columns.is_empty() {
        return Ok(Outcome::Aggregates(aggregates(
            schema,
            &query.select,
            &rows,
        )));
    }
    let rows = rows.into_iter().skip(query.offset).take(wanted).collect();
    Ok(Outcome::Rows(Snapshot {
        object: schema.object,
        columns: columns.into(),
        rows,
    }))
}

fn columns(schema: &Schema, query: &Query) -> Result<Vec<Column>, Refusal> {
    let mut columns: Vec<Column> = Vec::new();
    for item in &query.select {
        match item {
            Select::Field(name) => {
                if let Some((relation, _)) = name
                    .split_once('.')
                    .filter(|(object, _)| !object.eq_ignore_ascii_case(schema.object))
                {
                    let message =
                        format!("Didn't understand relationship '{relation}' in field path.");
                    return Err(Refusal::new(400, "INVALID_FIELD", message));
                }
                let name = name.rsplit('.').next().unwrap_or(name);
                let (index, field) = schema
                    .visible(name)
                    .ok_or_else(|| Refusal::no_such_column(name, schema.object))?;
                if columns.iter().any(|column| column.index == index) {
                    return Err(Refusal::malformed_query(format!(
                        "duplicate field selected: {}",
                        field.name
                    )));
                }
                columns.push(Column::new(schema, index, field));
            }
            Select::CountRows if query.select.len() == 1 => {}
            Select::CountRows => {
                return Err(Refusal::malformed_query(
                    "COUNT() must be the only item selected",
                ));
            }
            Select::Aggregate(_, name, _) => {
                schema
                    .visible(name)
                    .ok_or_else(|| Refusal::no_such_column(name, schema.object))?;
            }
        }
    }
    if !columns.is_empty() && columns.len() != query.select.len() {
        return Err(Refusal::malformed_query(
            "Field must be grouped or aggregated",
        ));
    }
    Ok(columns)
}

/// A field to sort by: index, whether descending, whether nulls come last, whether numeric.
type SortKey = (u16, bool, bool, bool);

fn sort_keys(schema: &Schema, order: &[Order]) -> Result<Vec<SortKey>, Refusal> {
    let keys = order.iter().map(|order| {
        let (index, field) = schema
            .visible(&order.field)
            .ok_or_else(|| Refusal::no_such_column(&order.field, schema.object))?;
        if !field.filterable() {
            return Err(Refusal::malformed_query(format!(
                "field '{}' can not be sorted in a query call",
                field.name
            )));
        }
        let number = matches!(
            field.kind.as_str(),
            "int" | "double" | "currency" | "percent"
        );
        Ok((index, order.descending, order.nulls_last, number))
    });
    keys.collect()
}

fn find(
    table: &Table,
    test: Option<&Test>,
    order: &[SortKey],
    deleted: bool,
    wanted: usize,
) -> Vec<Arc<Row>> {
    let range = test.map_or(Range::ALL, Range::of);
    let matching =
        |row: &&Arc<Row>| (deleted || !row.deleted) && test.is_none_or(|test| test.holds(row));
    let take = |rows: &mut dyn Iterator<Item = &Arc<Row>>| {
        rows.filter(matching)
            .take(wanted)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (id, stamp) = (
        table.schema.index("Id"),
        table.schema.index("SystemModstamp"),
    );
    let (by_id, by_key) = (
        || table.by_id(Bound::Included(range.id.0), Bound::Included(range.id.1)),
        || table.by_key(Bound::Included(range.key.0), Bound::Included(range.key.1)),
    );
    match order {
        [(first, false, ..)] if *first == id => take(&mut by_id()),
        [(first, true, ..)] if *first == id => take(&mut by_id().rev()),
        [(first, false, ..), rest @ ..] if *first == stamp && follows(rest, id, false) => {
            take(&mut by_key())
        }
        [(first, true, ..), rest @ ..] if *first == stamp && follows(rest, id, true) => {
            take(&mut by_key().rev())
        }
        _ => {
            let mut rows: Vec<_> = match test.and_then(listed) {
                Some(ids) => ids
                    .iter()
                    .filter_map(|id| table.get(*id))
                    .filter(matching)
                    .cloned()
                    .collect(),
                None if range.key == Range::ALL.key => by_id().filter(matching).cloned().collect(),
                None => by_key().filter(matching).cloned().collect(),
            };
            rows.sort_by_cached_key(|row| row.id.scatter());
            if !order.is_empty() {
                rows.sort_by(|one, other| compare(order, one, other));
            }
            rows.truncate(wanted);
            rows
        }
    }
}

fn follows(rest: &[SortKey], id: u16, descending: bool) -> bool {
    rest.is_empty() || matches!(rest, [(index, down, ..)] if *index == id && *down == descending)
}

/// The ids of an `Id IN (…)` that every match must satisfy.
fn listed(test: &Test) -> Option<&std::collections::BTreeSet<crate::salesforce::id::Id>> {
    match test {
        Test::IdIn(ids) => Some(ids),
        Test::And(all) => all.iter().find_map(listed),
        _ => None,
    }
}

fn compare(order: &[SortKey], one: &Row, other: &Row) -> Ordering {
    let differences = order.iter().map(|(index, descending, nulls_last, number)| {
        match (one.get(*index), other.get(*index)) {
            (None, None) => Ordering::Equal,
            (one @ None, _) | (one, None) => {
                let nulls_first = if one.is_none() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                };
                if *nulls_last {
                    nulls_first.reverse()
                } else {
                    nulls_first
                }
            }
            (Some(one), Some(other)) => {
                let ascending = if *number {
                    let number = |json: &[u8]| plain(json).parse::<f64>().unwrap_or_default();
                    number(one).total_cmp(&number(other))
                } else {
                    plain(one).to_lowercase().cmp(&plain(other).to_lowercase())
                };
                if *descending {
                    ascending.reverse()
                } else {
                    ascending
                }
            }
        }
    });
    differences.fold(Ordering::Equal, Ordering::then)
}

fn aggregates(schema: &Schema, select: &[Select], rows: &[Arc<Row>]) -> Value {
    let mut result = Map::from_iter([(
        "attributes".to_owned(),
        json!({ "type": "AggregateResult" }),
    )]);
    for (n, item) in select.iter().enumerate() {
        let Select::Aggregate(function, name, alias) = item else {
            continue;
        };
        let values = rows.iter().filter_map(|row| row.get(schema.index(name)));
        let numeric = |json: &[u8]| plain(json).parse::<f64>().ok();
        let order = |one: &&[u8], other: &&[u8]| match (numeric(one), numeric(other)) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            _ => one.cmp(other),
        };
        let value = match function.as_str() {
            "COUNT" => json!(values.count()),
            "MIN" => values
                .min_by(order)
                .and_then(|json| serde_json::from_slice(json).ok())
                .unwrap_or_default(),
            _ => values
                .max_by(order)
                .and_then(|json| serde_json::from_slice(json).ok())
                .unwrap_or_default(),
        };
        result.insert(alias.clone().unwrap_or_else(|| format!("expr{n}")), value);
    }
    Value::Object(result)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;
    use crate::salesforce::id::Id;
    use crate::salesforce::org::Org;
    use crate::salesforce::soql;
    use crate::salesforce::time::rest_text;

    fn org(stamps: &[i64]) -> Org {
        let mut org = Org::new(Id::nth("005", 1), 1);
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

    /// A filter over the two cursor fields, as text.
    fn filters() -> impl Strategy<Value = String> {
        let op = prop_oneof!["=", "!=", "<", "<=", ">", ">="].prop_map(|op| op.to_string());
        let leaf = (op, 0_i64..6, 1_u64..12, any::<bool>()).prop_map(|(op, stamp, id, time)| {
            if time {
                format!(
                    "SystemModstamp {op} {}",
                    rest_text(stamp * 1_000).replace("+0000", "Z")
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
            let org = org(&stamps.iter().map(|stamp| stamp * 1_000).collect::<Vec<_>>());
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
}
