//! The port `Store`.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    dispatch,
    fault::Kind,
    integration::{Integration, Origin, Status},
    ports::{Checkpoint, Held, Store},
    progress::{Quarantined, RunReport, Verdict},
    record::Object,
    removal::{Asked, Asker},
    standstill::{Standstill, Waiting},
    tenant::{Generation, RunId, Scope},
};
use infra::aws::places;

use super::{
    backends::World,
    samples::{
        at, id, integration, lease, open_run, progress, record, report, run, scope, sealed, which,
    },
};

pub(super) const ACCOUNT: Object = Object::Account;

pub(super) async fn connected(world: &World, tenant: &str) -> (Scope, Integration) {
    let scope = scope(tenant);
    let integration = integration(&scope);
    assert!(world.store.connect(&integration, None).await.unwrap());
    (scope, integration)
}

pub(super) async fn leased(world: &World, tenant: &str) -> Scope {
    let (scope, _) = connected(world, tenant).await;
    let taken = world
        .store
        .take_lease(&scope, &lease("me", 100), at(1))
        .await;
    assert!(taken.unwrap().is_some());
    scope
}

pub(super) async fn all_held(store: &dyn Store, scope: &Scope) -> Vec<Held> {
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let listed = store.held(scope, ACCOUNT, token.as_ref()).await.unwrap();
        all.extend(listed.held);
        token = listed.next;
        if token.is_none() {
            all.sort_by(|a, b| a.id.cmp(&b.id));
            return all;
        }
    }
}

pub(super) async fn due_tenants(world: &World, now: i64) -> Vec<domain::integration::Due> {
    dispatch::listed(&*world.store, at(now)).await.unwrap()
}

pub(super) async fn an_integration_comes_back_as_it_was_connected(world: &World) {
    let nobody = which(&scope("nobody"));
    let missing = world.store.integration(&nobody).await;
    assert!(missing.unwrap().is_none());
    assert_eq!(world.store.origin(&nobody).await.unwrap(), None);
    let (scope, mut sent) = connected(world, "comes-back").await;
    let back = world
        .store
        .integration(&which(&scope))
        .await
        .unwrap()
        .unwrap();
    assert!(back.scope == sent.scope && back.organisation == sent.organisation);
    assert!(back.credentials == sent.credentials && back.due == sent.due);
    assert_eq!(back.status, Status::Connected);
    assert!(back.open_run.is_none() && back.lease.is_none());
    let origin = world.store.origin(&which(&scope)).await.unwrap();
    assert_eq!(origin, Some(Origin::from(&sent)));
    // The same request is repeated because its answer was lost: yes. Another first connection: no.
    assert!(world.store.connect(&sent, None).await.unwrap());
    sent.credentials = sealed(&scope, b"another grant");
    assert!(!world.store.connect(&sent, None).await.unwrap());
}

pub(super) async fn connecting_again_needs_the_generation_and_status_that_were_read(world: &World) {
    let (_, mut next) = connected(world, "again").await;
    next.credentials = sealed(&next.scope, b"a new grant");
    let wrong = Some((Generation(1), Status::NeedsReconnect));
    assert!(!world.store.connect(&next, wrong).await.unwrap());
    let right = Some((Generation(1), Status::Connected));
    assert!(world.store.connect(&next, right).await.unwrap());
}

pub(super) async fn what_is_due_is_found_and_claimed_once(world: &World) {
    for n in 0..12 {
        connected(world, &format!("due-{n:02}")).await;
    }
    assert!(due_tenants(world, -1).await.is_empty());
    let mut due = due_tenants(world, 0).await;
    due.retain(|due| due.scope.tenant.as_str().starts_with("due-"));
    assert_eq!(due.len(), 12);
    let mut other = open_run();
    other.id = RunId::begin(at(0), 2);
    assert!(
        world
            .store
            .claim(&due[0], &open_run(), at(3600))
            .await
            .unwrap()
    );
    assert!(!world.store.claim(&due[0], &other, at(3600)).await.unwrap());
    let now = world
        .store
        .integration(&which(&due[0].scope))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(now.open_run, Some(open_run()));
    assert_eq!(now.due, at(3600));
    let later = due_tenants(world, 3600).await;
    let again = later
        .iter()
        .find(|found| found.scope == due[0].scope)
        .unwrap();
    assert_eq!(again.open_run, Some(open_run()));
    assert!(
        world
            .store
            .claim(again, &open_run(), at(7200))
            .await
            .unwrap()
    );
}

pub(super) async fn a_claim_whose_answer_was_lost_is_told_yes(world: &World) {
    let (scope, _) = connected(world, "claim-lost").await;
    let due = due_tenants(world, 0).await;
    let due = due.iter().find(|due| due.scope == scope).unwrap();
    assert!(world.store.claim(due, &open_run(), at(3600)).await.unwrap());
    assert!(world.store.claim(due, &open_run(), at(3600)).await.unwrap());
}

pub(super) async fn a_lease_is_held_by_one_until_its_deadline(world: &World) {
    let scope = leased(world, "lease").await;
    let store = &world.store;
    assert!(
        store
            .take_lease(&scope, &lease("me", 100), at(2))
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        store
            .take_lease(&scope, &lease("you", 200), at(99))
            .await
            .unwrap()
            .is_none()
    );
    store.release_lease(&scope, "you").await.unwrap();
    assert!(
        store
            .take_lease(&scope, &lease("you", 200), at(99))
            .await
            .unwrap()
            .is_none()
    );
    let taken = store
        .take_lease(&scope, &lease("you", 200), at(100))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(taken.lease, Some(lease("you", 200)));
    store.release_lease(&scope, "you").await.unwrap();
    assert!(
        store
            .take_lease(&scope, &lease("me", 300), at(101))
            .await
            .unwrap()
            .is_some()
    );
}

pub(super) async fn a_lease_of_another_generation_is_fenced(world: &World) {
    let (mut scope, _) = connected(world, "lease-old").await;
    scope.generation = Generation(2);
    let refused = world
        .store
        .take_lease(&scope, &lease("me", 100), at(1))
        .await;
    assert_eq!(refused.err().unwrap().kind(), Kind::Fenced);
    let nobody = super::samples::scope("lease-nobody");
    let refused = world
        .store
        .take_lease(&nobody, &lease("me", 100), at(1))
        .await;
    assert_eq!(refused.err().unwrap().kind(), Kind::Fenced);
}

pub(super) async fn a_checkpoint_counts_and_takes_out(world: &World) {
    let scope = leased(world, "checkpoint").await;
    let store = &world.store;
    let records = (0..100)
        .map(|n| record(&scope, n, b"x", &["C1", "C2"]))
        .collect();
    store.put(&scope, ACCOUNT, records).await.unwrap();
    let step = |added, gone, seen| (added, gone, progress(&scope, seen));
    let (added, gone, first) = step(100, Vec::new(), 100);
    let checkpoint = Checkpoint {
        progress: &first,
        added,
        gone: &gone,
    };
    store.checkpoint(&scope, "me", checkpoint).await.unwrap();

    let ids: Vec<_> = (0..90).map(id).collect();
    let known = store.known(&scope, ACCOUNT, &ids).await.unwrap();
    let gone: Vec<_> = ids
        .into_iter()
        .zip(known)
        .map(|(id, known)| (id, known.unwrap()))
        .collect();
    let second = progress(&scope, 200);
    let checkpoint = Checkpoint {
        progress: &second,
        added: -3,
        gone: &gone,
    };
    store.checkpoint(&scope, "me", checkpoint).await.unwrap();

    let there = store.progress(&scope).await.unwrap();
    assert_eq!(there.len(), 1);
    assert_eq!((there[0].held, there[0].summary.seen), (7, 200));
    assert!(there[0].cursor == second.cursor && there[0].run == run());
    assert_eq!(all_held(store.as_ref(), &scope).await.len(), 10);
    let left = store
        .known(&scope, ACCOUNT, &[id(0), id(95)])
        .await
        .unwrap();
    assert!(left[0].is_none() && left[1].is_some());
}

pub(super) async fn a_checkpoint_without_the_lease_is_fenced_and_changes_nothing(world: &World) {
    let scope = leased(world, "checkpoint-fenced").await;
    let store = &world.store;
    store
        .put(&scope, ACCOUNT, vec![record(&scope, 1, b"x", &[])])
        .await
        .unwrap();
    let known = store
        .known(&scope, ACCOUNT, &[id(1)])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    let progress = progress(&scope, 1);
    let gone = [(id(1), known)];
    let checkpoint = Checkpoint {
        progress: &progress,
        added: 1,
        gone: &gone,
    };
    let refused = store
        .checkpoint(&scope, "you", checkpoint)
        .await
        .err()
        .unwrap();
    assert_eq!(refused.kind(), Kind::Fenced, "{refused}");
    assert!(store.progress(&scope).await.unwrap().is_empty());
    assert_eq!(all_held(store.as_ref(), &scope).await.len(), 1);
}

pub(super) async fn the_end_of_a_run_is_repeatable_and_frees_the_integration(world: &World) {
    let scope = leased(world, "finish").await;
    let store = &world.store;
    let report = report(None);
    let finish = || store.finish(&scope, "me", &report, at(86_400), Status::Connected, &[]);
    finish().await.unwrap();
    finish().await.unwrap();
    let now = store.integration(&which(&scope)).await.unwrap().unwrap();
    assert!(now.lease.is_none() && now.open_run.is_none());
    assert_eq!(now.due, at(86_400));
    let mut other = report.clone();
    other.failure = Some("other".to_owned());
    let refused = store
        .finish(&scope, "me", &other, at(1), Status::Connected, &[])
        .await;
    assert_eq!(refused.err().unwrap().kind(), Kind::Fenced);
    let due = due_tenants(world, 86_400).await;
    assert!(due.iter().any(|due| due.scope == scope));
}

pub(super) async fn a_lost_grant_leaves_the_list_of_what_is_due(world: &World) {
    let scope = leased(world, "grant-lost").await;
    let report = report(Some("salesforce.invalid_grant"));
    let finish = world
        .store
        .finish(&scope, "me", &report, at(5), Status::NeedsReconnect, &[]);
    finish.await.unwrap();
    let now = world
        .store
        .integration(&which(&scope))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(now.status, Status::NeedsReconnect);
    let due = due_tenants(world, 1_000_000).await;
    assert!(due.iter().all(|due| due.scope != scope));
}

pub(super) async fn a_lost_grant_and_a_new_one_verify_nothing(world: &World) {
    let (store, scope) = (&world.store, leased(world, "grant-new").await);
    let since = async || {
        let all = store.longest_unverified(1_000).await.unwrap();
        let found = all.into_iter().find(|found| found.scope == scope);
        found.map(|found| found.since)
    };
    let connected = since().await.unwrap();
    let report = report(Some("salesforce.invalid_grant"));
    let lost = Status::NeedsReconnect;
    let finish = store.finish(&scope, "me", &report, at(500), lost, &[]);
    finish.await.unwrap();
    assert_eq!(since().await, Some(connected), "it is measured on");
    let mut again = integration(&scope);
    again.credentials = sealed(&scope, b"a new grant");
    again.due = at(9_000);
    let earlier = Some((scope.generation, lost));
    assert!(store.connect(&again, earlier).await.unwrap());
    assert!(store.connect(&again, earlier).await.unwrap(), "repeated");
    assert_eq!(since().await, Some(connected));
    let due = due_tenants(world, 9_000).await;
    assert!(due.iter().any(|due| due.scope == scope));
    // Another grant for a connected one verifies nothing, either.
    again.credentials = sealed(&scope, b"a newer grant");
    again.due = at(9_500);
    let earlier = Some((scope.generation, Status::Connected));
    assert!(store.connect(&again, earlier).await.unwrap());
    assert_eq!(since().await, Some(connected));
    // A removal ends the measure, and another generation begins anew.
    let asked = Asked {
        by: Asker::operator(),
        at: at(9_600),
    };
    let removing = store.begin_removal(&which(&scope), &asked).await;
    assert!(removing.unwrap().is_some());
    assert_eq!(since().await, None);
}

/// Rows of builds before 30 November 2026 do not say when the integration was in order.
pub(super) async fn a_claim_begins_the_measure_of_a_row_that_has_none(world: &World) {
    let store = &world.store;
    let since = async |of: &Scope| {
        let all = store.longest_unverified(1_000).await.unwrap();
        let found = all.into_iter().find(|found| found.scope == *of);
        found.map(|found| found.since)
    };
    let claim = async |of: &Scope| {
        let due = due_tenants(world, 0).await;
        let due = due.iter().find(|due| due.scope == *of).unwrap();
        let mut run = open_run();
        run.begun = at(500);
        assert!(store.claim(due, &run, at(3_600)).await.unwrap());
    };
    let (old, _) = connected(world, "unmeasured").await;
    match (&world.clients, &world.store_in_memory) {
        (Some(clients), _) => {
            let update = clients.dynamodb.update_item().table_name("ledger");
            let update = update
                .key("pk", AttributeValue::S(places::integration_in(&old)))
                .key("sk", AttributeValue::S(places::INTEGRATION.to_owned()))
                .update_expression("REMOVE verified_at");
            update.send().await.unwrap();
        }
        (None, memory) => memory.as_ref().unwrap().lose_verified(&old),
    }
    assert_eq!(since(&old).await, None);
    claim(&old).await;
    assert_eq!(since(&old).await, Some(at(500)));
    let (new, connected) = connected(world, "measured").await;
    claim(&new).await;
    assert_eq!(
        since(&new).await,
        Some(connected.due),
        "it is never moved on"
    );
}

pub(super) async fn what_has_not_been_in_order_for_longest_is_found_first(world: &World) {
    let store = &world.store;
    let (scope, again) = connected(world, "unverified").await;
    // Other clauses leave integrations that were connected at 0.
    let since = async |of: &Scope| {
        let all = store.longest_unverified(1_000).await.unwrap();
        assert!(all.is_sorted_by_key(|found| found.since));
        let mut found = all.into_iter().filter(|found| found.scope == *of);
        let first = found.next().map(|found| found.since);
        assert!(found.next().is_none());
        first
    };
    let finish = async |report: &RunReport, status| {
        let taken = store.take_lease(&scope, &lease("me", 100), at(1)).await;
        assert!(taken.unwrap().is_some());
        let end = store.finish(&scope, "me", report, at(86_400), status, &[]);
        end.await.unwrap();
    };
    assert_eq!(since(&scope).await, Some(again.due), "from the connection");

    let mut good = report(None);
    for (_, summary) in &mut good.objects {
        summary.verdict = Some(Verdict::Verified);
    }
    finish(&good, Status::Connected).await;
    assert_eq!(since(&scope).await, Some(good.ended));
    let mut bad = good.clone();
    bad.ended = at(7_200);
    bad.objects[0].1.verdict = Some(Verdict::Held(1));
    finish(&bad, Status::Connected).await;
    assert_eq!(
        since(&scope).await,
        Some(good.ended),
        "a bad run proves nothing"
    );
    good.ended = at(9_000);
    finish(&good, Status::Connected).await;
    assert_eq!(since(&scope).await, Some(at(9_000)));
    assert_eq!(store.longest_unverified(1).await.unwrap().len(), 1);
    let within = async |from, until, most| {
        let found = store.unverified_within(at(from)..=at(until), most).await;
        let (n, found) = found.unwrap();
        (
            n,
            found
                .into_iter()
                .map(|found| found.scope)
                .collect::<Vec<_>>(),
        )
    };
    let this = vec![scope.clone()];
    assert_eq!(
        within(9_000, 9_000, 5).await,
        (1, this.clone()),
        "both ends count"
    );
    assert_eq!(
        within(8_999, 9_001, 0).await,
        (1, vec![]),
        "counted and not named"
    );
    assert_eq!(within(9_001, 9_999, 5).await, (0, vec![]));
    assert_eq!(within(7_000, 8_999, 5).await, (0, vec![]));
    let (n, first) = within(0, 9_000, 1).await;
    assert!(
        n > 1 && first.len() == 1 && first != this,
        "the oldest is named"
    );

    finish(&report(Some("x")), Status::NeedsReconnect).await;
    assert_eq!(since(&scope).await, Some(at(9_000)), "it is measured on");
    let mut renewed = again.clone();
    renewed.credentials = sealed(&scope, b"the next grant");
    renewed.due = at(10_000);
    let earlier = Some((scope.generation, Status::NeedsReconnect));
    assert!(store.connect(&renewed, earlier).await.unwrap());
    let kept = since(&scope).await;
    assert_eq!(kept, Some(at(9_000)), "a new grant verifies nothing");

    let asked = Asked {
        by: Asker::stored("u-1").unwrap(),
        at: at(500),
    };
    store.begin_removal(&which(&scope), &asked).await.unwrap();
    assert_eq!(since(&scope).await, None, "what is removed is not synced");
}

pub(super) async fn quarantined_records_are_noted_once(world: &World) {
    let scope = leased(world, "quarantine").await;
    let bad = |id| Quarantined {
        object: ACCOUNT,
        id,
        reason: "record.time_malformed".to_owned(),
        page: 3,
    };
    let records = [bad(Some(id(1))), bad(Some(id(1))), bad(None), bad(None)];
    for _ in 0..2 {
        world
            .store
            .quarantine(&scope, &run(), &records)
            .await
            .unwrap();
    }
}

pub(super) async fn where_a_run_stands_is_noted_by_who_works_on_it_until_its_end(world: &World) {
    let scope = leased(world, "stands").await;
    let found = Standstill {
        run: run(),
        mark: "m4rk".to_owned(),
        slices: 3,
        since: at(7),
        at_most: Some(500),
        waits: Some(Waiting {
            code: "crm.share_used_up".to_owned(),
            at: at(8),
            until: at(9),
        }),
        quiet_until: Some(at(10)),
    };
    let note = |holder| world.store.note_standstill(&scope, holder, &found);
    assert_eq!(note("you").await.unwrap_err().kind(), Kind::Fenced);
    for _ in 0..2 {
        note("me").await.unwrap();
    }
    let there = world.store.integration(&which(&scope)).await;
    assert_eq!(there.unwrap().unwrap().standstill, Some(found.clone()));
    let ended = report(None);
    let finished = world
        .store
        .finish(&scope, "me", &ended, at(200), Status::Connected, &[])
        .await;
    finished.unwrap();
    let there = world.store.integration(&which(&scope)).await;
    assert_eq!(there.unwrap().unwrap().standstill, None);
}
