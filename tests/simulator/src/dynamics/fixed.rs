//! Tables whose rows nobody changes here: currencies, users, business units, the organisation, teams.

use serde_json::{Map, Value, json};

use super::guid::Guid;
use super::known::{COLLEAGUE, DOLLAR, EURO, UNIT, USER, fixed};
use super::org::Org;

/// The sets: name in paths, logical name, id column.
pub(crate) const SETS: [(&str, &str, &str); 5] = [
    (
        "transactioncurrencies",
        "transactioncurrency",
        "transactioncurrencyid",
    ),
    ("systemusers", "systemuser", "systemuserid"),
    ("businessunits", "businessunit", "businessunitid"),
    ("organizations", "organization", "organizationid"),
    ("teams", "team", "teamid"),
];

/// Returns all rows of a table.
pub(crate) fn rows(org: &Org, logical: &str) -> Vec<Value> {
    let currency = |id: &str, code: &str, name: &str, symbol: &str| json!({ "transactioncurrencyid": id, "isocurrencycode": code, "currencyname": name, "currencysymbol": symbol, "currencyprecision": 2, "exchangerate": 1.0, "statecode": 0 });
    let user = |id: &str, name: &str, app: Option<&str>| json!({ "systemuserid": id, "fullname": name, "internalemailaddress": format!("{}@example.com", name.to_lowercase().replace(' ', ".")), "applicationid": app, "isdisabled": false, "_businessunitid_value": UNIT });
    match logical {
        "transactioncurrency" => vec![
            currency(EURO, "EUR", "Euro", "€"),
            currency(DOLLAR, "USD", "US Dollar", "$"),
        ],
        "systemuser" => vec![
            user(
                USER,
                "Sync App",
                Some("a9900000-0000-4000-8000-000000000001"),
            ),
            user(COLLEAGUE, "Kim Kollege", None),
        ],
        "businessunit" => {
            vec![json!({ "businessunitid": UNIT, "name": "Vertrieb", "isdisabled": false })]
        }
        "organization" => vec![json!({
            "organizationid": org.config.organization_id, "name": "Simulated", "languagecode": 1033, "_basecurrencyid_value": EURO,
            "expirechangetrackingindays": org.tracking_days, "maxrecordsforexporttoexcel": 100_000,
        })],
        _ => Vec::new(),
    }
}

/// Returns one row.
pub(crate) fn row(org: &Org, logical: &str, id: Guid) -> Option<Value> {
    let (_, _, column) = SETS.iter().find(|(_, name, _)| *name == logical)?;
    rows(org, logical)
        .into_iter()
        .find(|row| row[*column].as_str().and_then(Guid::parse) == Some(id))
}

/// Returns the members of a row that are selected, or all.
pub(crate) fn picked(row: &Value, select: &[String]) -> Value {
    let Some(all) = row.as_object() else {
        return Value::Null;
    };
    let is_picked = |name: &str| select.is_empty() || select.iter().any(|one| one == name);
    // The id comes whether it is selected or not.
    let id = all
        .keys()
        .find(|name| SETS.iter().any(|(_, _, id)| id == name));
    let kept = all
        .iter()
        .filter(|(name, _)| is_picked(name) || Some(*name) == id);
    let mut found: Map<String, Value> = kept
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    found.insert("@odata.etag".to_owned(), json!("W/\"1\""));
    Value::Object(found)
}

/// Returns the logical name of a set.
pub(crate) fn logical(set: &str) -> Option<&'static str> {
    SETS.iter()
        .find(|(name, _, _)| *name == set)
        .map(|(_, logical, _)| *logical)
}

/// Returns the id of the organisation's row.
pub(crate) fn organization(org: &Org) -> Guid {
    fixed(&org.config.organization_id)
}
