//! A tenant whose own keys are lost. Everything that needs the keys reports this, and nothing mistakes their absence for "nobody
//! objected".

use domain::{
    facts::{self, Accountable},
    fault::{Code, Outcome},
    integration::Which,
    legal::{Objection, Person, Register, suppressions},
    ports::{Keys, SuppressionKind, TenantKeyring},
    record::Object,
    show_copy::{self, Filter},
    subject_requests,
    view::View,
};

use infra::memory::Pages;

use crate::world::World;

fn person() -> Person {
    Person {
        emails: vec!["erika@werk.example".to_owned()],
        ..Person::default()
    }
}

async fn object(world: &World) {
    let tenant = &world.scope.tenant;
    let (who, keys) = (person(), world.keys.tenant(tenant).await.unwrap());
    let noted = Objection {
        person: &who,
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    suppressions::add(
        &world.store,
        &keys,
        tenant,
        SuppressionKind::Objection,
        noted,
    )
    .await
    .unwrap();
}

fn code<T>(outcome: Outcome<T>) -> Option<Code> {
    outcome.err().map(|fault| fault.code().clone())
}

#[tokio::test]
async fn without_its_keys_a_tenant_is_neither_checked_nor_shown_nor_synced() {
    let world = World::new(Pages::Ordered, 10).await;
    object(&world).await;
    world.run().await;
    let tenant = &world.scope.tenant;
    world.keys.lose_tenant(tenant);

    let keys: &dyn Keys = &world.keys;
    assert_eq!(
        code(Register::open(&world.store, keys, tenant).await),
        Some(Code::KeysTenantLost)
    );
    let found = subject_requests::find(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        &person(),
        None,
    )
    .await;
    assert_eq!(code(found), Some(Code::KeysTenantLost));
    let which = Which {
        tenant: tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which)
        .await
        .unwrap();
    let accounts = Filter {
        object: Some(Object::Account),
        ..Filter::default()
    };
    let listed = show_copy::list(&view, &accounts, None, 10).await;
    assert_eq!(code(listed), Some(Code::KeysTenantLost));
    assert_eq!(
        world.next_run().await.failure.as_deref(),
        Some("keys.tenant_lost")
    );
}

#[tokio::test]
async fn a_tenants_statement_about_itself_needs_the_keys_that_sealed_it() {
    let world = World::new(Pages::Ordered, 10).await;
    let tenant = &world.scope.tenant;
    let stated = Accountable::default();
    let read = || facts::controller(&world.store, &world.keys, tenant);
    assert!(read().await.unwrap() == stated);
    assert!(world.keys.tenant_if_made(tenant).await.unwrap().is_none());
    facts::put_controller(&world.store, &world.keys, tenant, &stated)
        .await
        .unwrap();
    world.keys.lose_tenant(tenant);
    assert_eq!(code(read().await), Some(Code::KeysTenantLost));
    let put = facts::put_controller(&world.store, &world.keys, tenant, &stated).await;
    assert_eq!(
        code(put),
        Some(Code::KeysTenantLost),
        "no other key comes in its place"
    );
}
