//! Filters over rows.
#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::{Cookie, Query, filter, orders};
use crate::dynamics::config::Config;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;

fn org() -> Org {
    let mut org = Org::new(Config::default());
    for n in 0..6 {
        let columns = json!({
            "name": format!("Werk {n}"), "numberofemployees": n * 10, "donotemail": n % 2 == 0,
            "modifiedon": format!("2026-10-01T08:00:0{}Z", n / 2), "telephone1": if n == 3 { json!(null) } else { json!("O'Neil") },
        });
        org.load(Kind::Account, columns.as_object().unwrap())
            .unwrap();
    }
    org
}

fn found(org: &Org, text: &str, order: &str) -> Vec<String> {
    let schema = &org.table(Kind::Account).schema;
    let wanted = (!text.is_empty()).then(|| filter(schema, text).unwrap());
    let query = Query::new(schema, wanted, orders(schema, order).unwrap());
    let rows = query.rows(org, None, 100);
    rows.iter()
        .map(|row| row.text(schema, "name").unwrap().replace("Werk ", ""))
        .collect()
}

#[test]
fn comparisons_functions_and_their_joints_are_evaluated() {
    let org = org();
    for (text, wanted) in [
        ("name eq 'werk 2'", "2"),
        ("numberofemployees gt 30", "45"),
        ("not numberofemployees gt 30 and donotemail eq true", "02"),
        (
            "name eq 'Werk 0' or name eq 'Werk 1' and donotemail eq true",
            "0",
        ),
        (
            "(name eq 'Werk 0' or name eq 'Werk 1') and donotemail eq false",
            "1",
        ),
        ("contains(name,'ERK 3')", "3"),
        ("startswith(name,'rk')", ""),
        ("endswith(name,'5')", "5"),
        ("telephone1 eq null", "3"),
        ("telephone1 ne 'O''Neil'", "3"),
        (
            "modifiedon ge 2026-10-01T08:00:01Z and modifiedon lt 2026-10-01T08:00:02Z",
            "23",
        ),
        (
            "Microsoft.Dynamics.CRM.In(PropertyName='numberofemployees',PropertyValues=['10','50'])",
            "15",
        ),
        (
            "_ownerid_value eq 5a1e0000-0000-4000-8000-00000000c0de and name eq 'Werk 4'",
            "4",
        ),
    ] {
        assert_eq!(found(&org, text, "name asc").concat(), wanted, "{text}");
    }
    assert_eq!(
        found(&org, "", "modifiedon desc,name desc").concat(),
        "543210"
    );
}

#[test]
fn what_is_no_filter_is_refused() {
    let org = org();
    let schema = &org.table(Kind::Account).schema;
    for text in [
        "nope eq 1",
        "name eq 1",
        "numberofemployees eq '1'",
        "name eq 'a",
        "name",
        "name eq 'a' name",
        "ownerid eq null",
        "length(name) eq 1",
        "modifiedon eq yesterday",
        "accountid eq 1",
        "(name eq 'a'",
        "name like 'a'",
        "industrycodename eq 'a'",
    ] {
        assert_eq!(filter(schema, text).unwrap_err().status, 400, "{text}");
    }
    assert!(orders(schema, "name up").is_err() && orders(schema, "nope").is_err());
}

#[test]
fn pages_by_cookies_have_each_row_once_in_any_order() {
    let org = org();
    let schema = &org.table(Kind::Account).schema;
    for order in [
        "accountid",
        "modifiedon,accountid",
        "modifiedon desc",
        "donotemail,name desc",
        "telephone1",
        "versionnumber",
    ] {
        let query = Query::new(schema, None, orders(schema, order).unwrap());
        let (mut seen, mut after) = (Vec::new(), None);
        for page in 1..10 {
            let rows = query.rows(&org, after.as_ref(), 2);
            let Some(last) = rows.last() else { break };
            let cookie = Cookie::after(schema, &query.orders, last, page);
            let text = cookie.wrapped(schema, &query.orders, None);
            let (read, _) = Cookie::unwrap(&text, schema, &query.orders).unwrap();
            assert_eq!(read, cookie);
            seen.extend(rows.iter().map(|row| row.id));
            after = Some(read);
        }
        let all: Vec<_> = query
            .rows(&org, None, 100)
            .iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(seen, all, "{order}");
        assert_eq!(all.len(), 6);
    }
}
