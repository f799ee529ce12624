//! The scopes of a grant and the permissions of its user: those that are missing, and those that are too many.

use domain::ports::Allowed;
use serde_json::json;

use super::{Org, map, options};

fn allowed(missing: &[&str], excess: &[&str]) -> Allowed {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    Allowed {
        missing: names(missing),
        excess: names(excess),
    }
}

#[tokio::test]
async fn scopes_are_those_of_the_last_tokens_and_cost_no_request_of_their_own() {
    let org = Org::start().await;
    assert_eq!(org.crm().scopes().await.unwrap(), Some(allowed(&[], &[])));
    org.control().set_scope("full web");
    let crm = org.crm();
    assert_eq!(
        crm.scopes().await.unwrap(),
        Some(allowed(&[], &[])),
        "the tokens are still the old ones"
    );
    org.control().expire_access_tokens();
    crm.clock().await.unwrap();
    let widened = allowed(&["refresh_token"], &["full", "web"]);
    assert_eq!(crm.scopes().await.unwrap(), Some(widened.clone()));
    // The connector of the next slice reads it from the grant's row.
    let before = org.control().count_requests("/");
    let next = org.crm_with(options());
    assert_eq!(next.scopes().await.unwrap(), Some(widened));
    assert_eq!(org.control().count_requests("/"), before);
}

#[tokio::test]
async fn permissions_over_the_whole_organisation_are_named() {
    let org = Org::start().await;
    let crm = org.crm();
    assert_eq!(crm.permissions().await.unwrap(), Some(allowed(&[], &[])));
    let row = org.control().ids("UserPermissionAccess", false).unwrap();
    let permitted = json!({"PermissionsModifyAllData": true, "PermissionsViewAllData": true, "PermissionsApiEnabled": false});
    org.control()
        .edit("UserPermissionAccess", &row[0], &map(permitted))
        .unwrap();
    assert_eq!(
        crm.permissions().await.unwrap(),
        Some(allowed(&["ApiEnabled"], &["ModifyAllData", "ViewAllData"]))
    );
    // This edition does not know one of the permissions.
    org.control()
        .hide_field("UserPermissionAccess", "PermissionsModifyAllData", true)
        .unwrap();
    assert_eq!(
        crm.permissions().await.unwrap(),
        Some(allowed(&["ApiEnabled"], &["ViewAllData"]))
    );
}
