//! Grants: an app that acts for itself, and what is taken back by whom.

use domain::{
    fault::{CrmCode, Kind},
    integration::Grant,
    ports::Revoked,
    record::Object::Account,
};
use simulator::dynamics::Config;

use super::{World, by_itself, by_refresh_token};

#[tokio::test]
async fn an_app_that_acts_for_itself_reads_and_only_the_customer_ends_that() {
    let world = World::with(Config::default(), by_itself).await;
    world.accounts(2);
    let crm = world.connect();
    assert_eq!(crm.ids(Account, None).await.unwrap().ids.len(), 2);
    assert_eq!(
        crm.scopes().await.unwrap(),
        None,
        "its role says what it may do"
    );
    assert_eq!(crm.revoke().await.unwrap(), Revoked::NotByUs);
    assert_eq!(crm.ids(Account, None).await.unwrap().ids.len(), 2);

    world.control().set_application_user(false);
    let fault = world.connect().ids(Account, None).await.map(drop);
    assert_eq!(fault.unwrap_err().kind(), Kind::Revoked);
}

#[tokio::test]
async fn a_refused_app_is_the_operators_and_a_refused_grant_the_customers() {
    let world = World::with(Config::default(), by_refresh_token).await;
    for (number, kind) in [
        (7_000_222, Kind::Operator),
        (700_016, Kind::Operator),
        (50_173, Kind::Revoked),
        (700_082, Kind::Revoked),
    ] {
        world.control().set_token_trouble(Some(number));
        let fault = world.connect().clock().await.unwrap_err();
        assert_eq!(fault.kind(), kind, "{number}: {fault}");
    }
}

#[tokio::test]
async fn a_user_who_left_the_environment_took_the_grant_along() {
    let world = World::start().await;
    let crm = world.connect();
    crm.clock().await.unwrap();
    world.control().set_members(false);
    let fault = crm.clock().await.unwrap_err();
    assert_eq!(fault.kind(), Kind::Revoked, "{fault}");
}

#[tokio::test]
async fn without_an_environment_nothing_is_asked() {
    let world = World::with(Config::default(), |_| Grant::ClientCredentials {
        directory: None,
    })
    .await;
    let mut credentials = world.grant.get();
    credentials.instance_url = None;
    let grant = std::sync::Arc::new(domain::grant::Unstored::new(credentials));
    let world = World { grant, ..world };
    let fault = world.try_connect().map(drop).unwrap_err();
    assert_eq!(fault.crm_code(), Some(&CrmCode::HostRefused));
}

#[tokio::test]
async fn missing_privileges_are_named() {
    let world = World::start().await;
    world
        .control()
        .set_depth("accounts", "Read", "Local")
        .unwrap();
    world
        .control()
        .set_depth("accounts", "Create", "None")
        .unwrap();
    let crm = world.connect();
    let allowed = crm.permissions().await.unwrap().unwrap();
    assert!(
        allowed.missing.contains(&"prvReadAccount".to_owned()),
        "{allowed:?}"
    );
    let rights = crm.rights(Account).await.unwrap().unwrap();
    assert!(rights.read && !rights.create);
    assert!(rights.fields.iter().all(|field| !field.create));
}
