//! Functions, and tables whose rows nobody changes here.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use crate::dynamics::error::Refusal;
use crate::dynamics::fixed::{SETS, organization, picked, row, rows};
use crate::dynamics::guid::Guid;
use crate::dynamics::kind::Kind;
use crate::dynamics::known::{UNIT, USER};
use crate::dynamics::org::Org;
use crate::dynamics::role::{Depth, RIGHTS};

/// Answers `WhoAmI`.
pub(super) fn who(org: &Org, call: &Call) -> Reply {
    Reply::value(&json!({
        "@odata.context": format!("{}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse", call.root),
        "BusinessUnitId": UNIT, "UserId": USER, "OrganizationId": organization(org).to_string(),
    }))
}

/// Answers the root: the names of all sets.
pub(super) fn sets(org: &Org, call: &Call) -> Reply {
    let own = Kind::ALL
        .into_iter()
        .filter(|kind| org.has(*kind))
        .map(Kind::set);
    let all = own.chain(SETS.iter().map(|(set, ..)| *set));
    let all: Vec<Value> = all
        .map(|set| json!({ "name": set, "kind": "EntitySet", "url": set }))
        .collect();
    Reply::value(&json!({ "@odata.context": format!("{}$metadata", call.root), "value": all }))
}

/// Answers `RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["account"]`: all rows, whatever the user sees, as of up to a day ago.
pub(super) fn totals(org: &mut Org, call: &Call, inner: Option<&str>) -> Result<Reply, Refusal> {
    let wrong = || Refusal::query("The parameter 'EntityNames' is missing or malformed.");
    let given = inner.and_then(|inner| inner.strip_prefix("EntityNames="));
    let given = given.ok_or_else(wrong)?;
    let given = if given.starts_with('@') {
        call.param(given).ok_or_else(wrong)?
    } else {
        given
    };
    let names: Vec<String> =
        serde_json::from_str(&given.replace('\'', "\"")).map_err(|_| wrong())?;
    let mut values = Vec::new();
    for name in &names {
        let kind = Kind::of_logical(name).filter(|kind| org.has(*kind));
        values.push(org.total(kind.ok_or_else(|| Refusal::no_row("entity", name))?));
    }
    Ok(Reply::value(&json!({
        "@odata.context": format!("{}$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse", call.root),
        "EntityRecordCountCollection": { "Count": names.len(), "IsReadOnly": false, "Keys": names, "Values": values },
    })))
}

/// Answers for a table whose rows nobody changes here.
pub(super) fn fixed(
    org: &Org,
    call: &Call,
    logical: &str,
    (set, inner): (&str, Option<&str>),
    rest: &[&str],
) -> Result<Reply, Refusal> {
    if call.method != "GET" {
        return Err(Refusal::new(
            403,
            "0x80040220",
            format!("The user is missing prvWrite privilege for entity '{logical}'."),
        ));
    }
    let select: Vec<String> = call.select().into_iter().map(str::to_owned).collect();
    match (inner, rest) {
        (None, []) => {
            call.only(&["$select", "$top", "$orderby", "$count"])?;
            let all: Vec<Value> = rows(org, logical)
                .iter()
                .map(|row| picked(row, &select))
                .collect();
            Ok(Reply::value(
                &json!({ "@odata.context": format!("{}$metadata#{set}", call.root), "value": all }),
            ))
        }
        (Some(id), []) => {
            let found = Guid::parse(id).and_then(|id| row(org, logical, id));
            let found = found.ok_or_else(|| Refusal::no_row(logical, id))?;
            let mut found = picked(&found, &select);
            found["@odata.context"] = json!(format!("{}$metadata#{set}/$entity", call.root));
            Ok(Reply::value(&found))
        }
        (Some(id), [function])
            if logical == "systemuser" && function.contains("RetrieveUserPrivileges") =>
        {
            let known = Guid::parse(id).and_then(|id| row(org, logical, id));
            known.ok_or_else(|| Refusal::no_row(logical, id))?;
            Ok(privileges(org, call))
        }
        _ => Err(Refusal::no_segment(rest.last().unwrap_or(&set))),
    }
}

/// Answers the rights of the app's user. A right that reaches nothing is left out.
fn privileges(org: &Org, call: &Call) -> Reply {
    let mut all = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| org.has(*kind)) {
        for right in RIGHTS {
            let depth = org.role.depth(kind, right);
            if depth == Depth::Nothing {
                continue;
            }
            let name = format!("prv{right}{}", kind.privilege_name());
            all.push(json!({ "PrivilegeId": format!("00000000-0000-4000-9000-{:012x}", all.len()), "PrivilegeName": name, "Depth": depth.name(), "BusinessUnitId": UNIT }));
        }
    }
    for name in [
        "prvReadUser",
        "prvReadOrganization",
        "prvReadTransactionCurrency",
    ] {
        all.push(json!({ "PrivilegeId": format!("00000000-0000-4000-9000-{:012x}", all.len()), "PrivilegeName": name, "Depth": "Global", "BusinessUnitId": UNIT }));
    }
    let context = format!(
        "{}$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse",
        call.root
    );
    Reply::value(&json!({ "@odata.context": context, "RolePrivileges": all }))
}
