//! A tenant that has ended: its tokens are refused, and nothing of it is begun anew.

use domain::{
    offboarding::Offboarding,
    removal::{Asked, Asker},
    tenant::TenantId,
};

use super::world::{ALL_SCOPES, House, TENANT, by, event};
use crate::api::{
    caller::Needs,
    routes::{Handler, ROUTES},
};

#[tokio::test]
async fn no_route_serves_a_tenant_that_has_ended_or_writes_anything() {
    let house = House::new();
    let (tenant, now) = (TenantId::parse(TENANT).unwrap(), (house.world.clock)());
    let state = Offboarding::begin(Asked {
        by: Asker::operator(),
        at: now,
    });
    let put = house.ports.store.put_offboarding(&tenant, None, &state);
    assert!(put.await.unwrap());
    let mut asked = 0;
    for route in ROUTES {
        if matches!(route.handler, Handler::Open(_)) || route.needs == Needs::Operator {
            continue;
        }
        asked += 1;
        let path = route.path.replace(['{', '}'], "");
        let request = by(ALL_SCOPES, event(route.method, &path));
        let answer = house.ask(request).await;
        assert_eq!(answer.status, 403, "{} {}", route.method, route.path);
        assert!(answer.text.contains("tenant-ended"), "{}", answer.text);
    }
    assert!(asked > 40, "{asked}");
    let keys = &house.ports.keys;
    assert!(
        keys.tenant_versions(&tenant).await.unwrap().is_empty(),
        "no keys were made"
    );
    let found = house
        .ports
        .store
        .owned_rows(&tenant, None, 9)
        .await
        .unwrap();
    assert!(found.is_empty(), "{found:?}");
}
