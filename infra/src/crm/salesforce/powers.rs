//! What a grant's scopes and the connected user's permissions allow beyond single objects.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    integration::Grant,
    ports::{Allowed, Powers},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{super::client::session::Call, Salesforce, read::Reach};
use crate::crm::client::refusal::Cause;
use crate::crm::salesforce::provider::VENDOR;

/// The object that has the asking user's own permissions: one row, which everybody may read.
const OBJECT: &str = "UserPermissionAccess";
/// The scope that Salesforce adds to every grant. It says who the user is.
const IDENTITY: &str = "id";
/// The scope that includes all others except `refresh_token`.
const FULL: &str = "full";
/// The permission without which there is no API.
const NEEDED: [&str; 1] = ["PermissionsApiEnabled"];
/// Permissions that apply to the whole organisation. We never use them.
const EXCESS: [&str; 10] = [
    "PermissionsAuthorApex",
    "PermissionsCustomizeApplication",
    "PermissionsDataExport",
    "PermissionsManageUsers",
    "PermissionsModifyAllData",
    "PermissionsModifyMetadata",
    "PermissionsPasswordNeverExpires",
    "PermissionsViewAllData",
    "PermissionsViewEncryptedData",
    "PermissionsViewSetup",
];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Described {
    fields: Vec<Field>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Field {
    name: String,
}

#[derive(Deserialize)]
struct Rows {
    records: Vec<Map<String, Value>>,
}

#[async_trait]
impl Powers for Salesforce {
    async fn scopes(&self) -> Outcome<Option<Allowed>> {
        let credentials = self.session.credentials().await?;
        let renews = matches!(credentials.grant, Grant::RefreshToken { .. });
        Ok(credentials.scope.map(|scope| of_scope(&scope, renews)))
    }

    async fn permissions(&self) -> Outcome<Option<Allowed>> {
        let call = Call::get(self.options.path(&format!("/sobjects/{OBJECT}/describe")));
        let described = self.session.run(&call, |reply| {
            serde_json::from_slice::<Described>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::DescribeUnreadable))
        });
        let fields = match described.await {
            Ok(described) => described.fields,
            Err(refusal) if refusal.cause == Cause::NotFound => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        };
        // The edition determines which of the permissions exist.
        let fields: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let known = NEEDED.iter().chain(&EXCESS);
        let known: Vec<&str> = known
            .filter(|name| fields.contains(name))
            .copied()
            .collect();
        if known.is_empty() {
            return Ok(None);
        }
        let query = format!("SELECT {} FROM {OBJECT}", known.join(", "));
        let call = self.query(Reach::Live, query);
        let rows = self.session.run(&call, |reply| {
            serde_json::from_slice::<Rows>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))
        });
        Ok(rows.await?.records.first().map(|row| of_row(&known, row)))
    }
}

fn of_scope(scope: &str, renews: bool) -> Allowed {
    let granted: BTreeSet<&str> = scope.split_whitespace().collect();
    // Both names mean the same scope.
    let refresh = ["refresh_token", "offline_access"];
    let mut missing = Vec::new();
    if !granted.contains("api") && !granted.contains(FULL) {
        missing.push("api".to_owned());
    }
    if renews && !refresh.iter().any(|name| granted.contains(name)) {
        missing.push("refresh_token".to_owned());
    }
    let is_used = |name: &&&str| **name == "api" || **name == IDENTITY || refresh.contains(*name);
    let excess = granted.iter().filter(|name| !is_used(name));
    Allowed {
        missing,
        excess: excess.map(|name| (*name).to_owned()).collect(),
    }
}

fn of_row(known: &[&str], row: &Map<String, Value>) -> Allowed {
    let is = |name: &str, wanted: bool| {
        known.contains(&name) && row.get(name) == Some(&Value::Bool(wanted))
    };
    let those = |names: &[&str], wanted| {
        let those = names.iter().filter(|name| is(name, wanted));
        those
            .map(|name| name.trim_start_matches("Permissions").to_owned())
            .collect()
    };
    Allowed {
        missing: those(&NEEDED, false),
        excess: those(&EXCESS, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_missing_or_too_much_by_their_names() {
        for (scope, renews, missing, excess) in [
            ("api refresh_token id", true, &[][..], &[][..]),
            ("offline_access api", true, &[], &[]),
            ("id", true, &["api", "refresh_token"], &[]),
            ("api", false, &[], &[]),
            ("full refresh_token", true, &[], &["full"]),
            (
                "web api visualforce",
                true,
                &["refresh_token"],
                &["visualforce", "web"],
            ),
        ] {
            let allowed = of_scope(scope, renews);
            assert_eq!(
                (&*allowed.missing, &*allowed.excess),
                (&*names(missing), &*names(excess)),
                "{scope}"
            );
        }
    }

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }
}
