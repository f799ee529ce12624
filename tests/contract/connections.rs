//! The port `Connections`.

use domain::{
    fault::Kind,
    integration::{Integration, OpenRun, Status},
    ports::ChangedSettings,
    progress::RunReport,
    settings::StoredSettings,
    tenant::{IntegrationId, RunId, Scope, TenantId},
};

use super::{
    backends::World,
    samples::{at, integration, open_run, report, scope, sealed, which},
    store::{connected, due_tenants, leased},
};

async fn now(world: &World, scope: &Scope) -> Integration {
    let there = world.store.integration(&which(scope)).await;
    there.unwrap().unwrap()
}

pub(super) async fn one_renews_a_grant_at_a_time(world: &World) {
    let (scope, sent) = connected(world, "renews").await;
    let begin = |holder| world.store.begin_renewal(&scope, holder, at(1), at(60));
    let stored = begin("me").await.unwrap().unwrap();
    assert!(
        stored == sent.credentials,
        "what is renewed is what is stored"
    );
    assert!(begin("you").await.unwrap().is_none());
    assert!(begin("me").await.unwrap().is_some(), "asked again");
    world.store.end_renewal(&scope, "you").await.unwrap();
    assert!(begin("you").await.unwrap().is_none(), "not theirs to end");
    world.store.end_renewal(&scope, "me").await.unwrap();
    assert!(begin("you").await.unwrap().is_some());
    let other = super::samples::scope("renews-nobody");
    let refused = world.store.begin_renewal(&other, "me", at(1), at(60)).await;
    assert_eq!(refused.err().unwrap().kind(), Kind::Fenced);
}

pub(super) async fn renewed_credentials_need_the_right_to_renew(world: &World) {
    // The lease alone is not enough, since creating a record may renew the grant, too.
    let scope = leased(world, "renewed").await;
    let renewed = sealed(&scope, b"renewed");
    let refused = world.store.keep_credentials(&scope, "me", &renewed).await;
    assert_eq!(refused.err().unwrap().kind(), Kind::Fenced);
    let begun = world
        .store
        .begin_renewal(&scope, "api", at(1), at(60))
        .await;
    assert!(begun.unwrap().is_some());
    let refused = world.store.keep_credentials(&scope, "me", &renewed).await;
    assert_eq!(refused.err().unwrap().kind(), Kind::Fenced);
    let kept = world.store.keep_credentials(&scope, "api", &renewed).await;
    kept.unwrap();
    let there = now(world, &scope).await;
    assert!(there.credentials == renewed && there.lease.is_some());
    let next = world.store.begin_renewal(&scope, "me", at(1), at(60)).await;
    assert!(next.unwrap().is_some_and(|stored| stored == renewed));
}

pub(super) async fn a_grant_whose_keeping_was_not_answered_is_kept_once(world: &World) {
    let (scope, _) = connected(world, "renewed-twice").await;
    let begun = world.store.begin_renewal(&scope, "me", at(1), at(60)).await;
    assert!(begun.unwrap().is_some());
    let renewed = sealed(&scope, b"renewed");
    for _ in 0..2 {
        let kept = world.store.keep_credentials(&scope, "me", &renewed).await;
        kept.unwrap();
    }
}

pub(super) async fn a_right_to_renew_that_is_over_goes_to_the_next(world: &World) {
    let (scope, _) = connected(world, "renews-late").await;
    let begun = world.store.begin_renewal(&scope, "me", at(1), at(60)).await;
    assert!(begun.unwrap().is_some());
    let early = world
        .store
        .begin_renewal(&scope, "you", at(59), at(99))
        .await;
    assert!(early.unwrap().is_none());
    let late = world
        .store
        .begin_renewal(&scope, "you", at(60), at(99))
        .await;
    assert!(late.unwrap().is_some());
    let renewed = sealed(&scope, b"renewed");
    let refused = world.store.keep_credentials(&scope, "me", &renewed).await;
    assert_eq!(refused.err().unwrap().kind(), Kind::Fenced);
}

pub(super) async fn a_connected_grant_is_replaced_only_while_nobody_is_at_work(world: &World) {
    let scope = leased(world, "replaced").await;
    let seen = Some((scope.generation, Status::Connected));
    let replaced = Integration {
        credentials: sealed(&scope, b"another grant"),
        due: at(99),
        ..integration(&scope)
    };
    assert!(!world.store.connect(&replaced, seen).await.unwrap());
    let there = now(world, &scope).await;
    assert!(there.credentials != replaced.credentials && there.lease.is_some());
    // The lease ends at 100.
    let late = Integration {
        due: at(100),
        ..replaced
    };
    assert!(world.store.connect(&late, seen).await.unwrap());
    let there = now(world, &scope).await;
    assert!(there.credentials == late.credentials && there.lease.is_none());
}

pub(super) async fn what_was_begun_under_a_state_is_taken_out_once_and_by_its_tenant(
    world: &World,
) {
    let mine = scope("begun");
    let other = TenantId::parse("begun-other").unwrap();
    let begun = sealed(&mine, b"begun");
    for _ in 0..2 {
        let put = world.store.put_state(&mine.tenant, "h4sh", &begun, at(900));
        put.await.unwrap();
    }
    let take = |tenant| world.store.take_state(tenant, "h4sh");
    assert!(take(&other).await.unwrap().is_none());
    assert!(
        take(&mine.tenant)
            .await
            .unwrap()
            .is_some_and(|back| back == begun)
    );
    assert!(take(&mine.tenant).await.unwrap().is_none());
}

pub(super) async fn a_tenant_s_integrations_are_listed_and_no_others(world: &World) {
    connected(world, "listed-other").await;
    let tenant = TenantId::parse("listed").unwrap();
    let ids: Vec<IntegrationId> = (0..7)
        .map(|n| IntegrationId::parse(&format!("crm-{n}")).unwrap())
        .collect();
    for id in ids.iter().rev() {
        let mut new = integration(&scope("listed"));
        new.scope.integration = id.clone();
        assert!(world.store.connect(&new, None).await.unwrap());
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = world.store.integrations(&tenant, after.as_ref()).await;
        let (some, next) = page.unwrap();
        found.extend(some.into_iter().map(|there| there.scope.integration));
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, ids);
}

fn kept(scope: &Scope, version: u32, hour: Option<u8>) -> StoredSettings {
    StoredSettings {
        version,
        sealed: sealed(scope, b"settings"),
        hour,
    }
}

async fn put(world: &World, seen: &Integration, kept: &StoredSettings, due: i64) -> bool {
    let change = ChangedSettings {
        seen,
        kept,
        due: at(due),
        next: Some(at(99_000)),
    };
    world.store.put_settings(&change).await.unwrap()
}

pub(super) async fn settings_come_after_those_that_were_seen(world: &World) {
    let (scope, first) = connected(world, "settings").await;
    let one = kept(&scope, 1, None);
    assert!(put(world, &first, &one, 0).await);
    assert!(put(world, &first, &one, 0).await, "the answer was lost");
    assert!(!put(world, &first, &kept(&scope, 1, None), 0).await);
    let seen = now(world, &scope).await;
    assert!(seen.settings.as_ref() == Some(&one));
    let two = kept(&scope, 2, Some(5));
    assert!(put(world, &seen, &two, 0).await);
    assert!(!put(world, &seen, &kept(&scope, 2, None), 0).await);
    assert!(now(world, &scope).await.settings == Some(two));
}

pub(super) async fn settings_move_the_due_time_and_the_run_after_the_open_one(world: &World) {
    let (scope, first) = connected(world, "settings-due").await;
    assert!(put(world, &first, &kept(&scope, 1, Some(5)), 500).await);
    let seen = now(world, &scope).await;
    assert_eq!((seen.due, seen.open_run.clone()), (at(500), None));
    let due = due_tenants(world, 500).await;
    let due = due.iter().find(|due| due.scope == scope).unwrap();
    assert!(world.store.claim(due, &open_run(), at(700)).await.unwrap());
    assert!(
        !put(world, &seen, &kept(&scope, 2, None), 500).await,
        "a run began meanwhile"
    );
    let seen = now(world, &scope).await;
    assert!(put(world, &seen, &kept(&scope, 2, None), 700).await);
    let open = OpenRun {
        next: at(99_000),
        ..open_run()
    };
    let there = now(world, &scope).await;
    assert_eq!((there.due, there.open_run), (at(700), Some(open)));
    assert_eq!(there.settings.unwrap().hour, None);
}

pub(super) async fn the_chosen_hour_is_seen_by_who_looks_for_what_is_due(world: &World) {
    let (scope, first) = connected(world, "settings-hour").await;
    assert!(put(world, &first, &kept(&scope, 1, Some(23)), 0).await);
    let due = due_tenants(world, 0).await;
    let due = due.iter().find(|due| due.scope == scope).unwrap();
    assert_eq!(due.hour, Some(23));
}

pub(super) async fn reports_come_newest_first_and_page_by_page(world: &World) {
    let scope = leased(world, "reports").await;
    let mut made = Vec::new();
    for n in 0..5 {
        let run = RunId::begin(at(n), 7);
        let report = RunReport {
            run,
            ..report(None)
        };
        let lease = super::samples::lease("me", 100);
        world.store.take_lease(&scope, &lease, at(1)).await.unwrap();
        let status = domain::integration::Status::Connected;
        let finish = world
            .store
            .finish(&scope, "me", &report, at(5), status, &[]);
        finish.await.unwrap();
        made.insert(0, report);
    }
    let first = world.store.runs(&scope, None, 2).await.unwrap();
    assert_eq!(first, made[..2]);
    let after = Some(&first[1].run);
    assert_eq!(world.store.runs(&scope, after, 9).await.unwrap(), made[2..]);
    let found = world.store.run(&scope, &made[3].run).await.unwrap();
    assert_eq!(found.as_ref(), Some(&made[3]));
    let missing = RunId::begin(at(77), 7);
    assert!(world.store.run(&scope, &missing).await.unwrap().is_none());
}
