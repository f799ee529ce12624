//! The port `Controllers`.

use domain::tenant::TenantId;

use super::{
    backends::World,
    samples::{scope, sealed},
};

pub(super) async fn what_a_tenant_says_of_itself_comes_in_the_place_of_what_it_said(world: &World) {
    let tenant = |name| TenantId::parse(name).unwrap();
    let (mine, theirs) = (tenant("controller-a"), tenant("controller-a-2"));
    let store = &world.store;
    assert_eq!(store.controller(&mine).await.unwrap(), None);
    let said = ["first", "second"].map(|text| sealed(&scope("controller-a"), text.as_bytes()));
    for said in said {
        // A write with a lost answer is repeated.
        store.put_controller(&mine, &said).await.unwrap();
        store.put_controller(&mine, &said).await.unwrap();
        assert_eq!(store.controller(&mine).await.unwrap(), Some(said));
    }
    assert_eq!(store.controller(&theirs).await.unwrap(), None);
}
