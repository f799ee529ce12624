//! The port `Audit`.

use domain::{
    audit::{AuditEntry, AuditFilter, AuditOutcome, AuditPlace, Ended},
    order::{IntegrationConnected, Order},
    removal::{Asked, Asker},
    tenant::{IntegrationId, RunId, TenantId},
    vanished::{Answer, Decided},
};
use jiff::civil::Date;

use super::{
    backends::World,
    samples::{at, which},
    store::connected,
};

/// Seconds in a day.
const DAY: i64 = 86_400;

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn entry(second: i64, what: &str) -> AuditEntry {
    let request = format!("request-{second}=");
    AuditEntry::of_request(at(second), Asker::operator(), what, None, &request)
}

fn ended(status: u16) -> Ended {
    Ended {
        at: at(9),
        status,
        problem: None,
        integration: None,
        about: None,
    }
}

/// Returns all wanted entries, page by page.
async fn all(
    world: &World,
    tenant: &TenantId,
    wanted: &AuditFilter,
    most: usize,
) -> Vec<AuditEntry> {
    let (mut entries, mut before) = (Vec::new(), None);
    loop {
        let page = world
            .store
            .audit(tenant, wanted, before.as_ref(), most)
            .await;
        let (page, next) = page.unwrap();
        assert!(page.len() <= most);
        entries.extend(page);
        before = next;
        if before.is_none() {
            return entries;
        }
    }
}

pub(super) async fn a_request_is_noted_once_and_concluded_in_its_entry(world: &World) {
    let mine = tenant("audit-note");
    let noted = entry(1, "completeConnection");
    let other = AuditEntry {
        by: Asker::stored("keyed:x").unwrap(),
        ..noted.clone()
    };
    let store = &world.store;
    for entry in [&noted, &noted, &other] {
        store.note_request(&mine, entry).await.unwrap();
    }
    let everything = AuditFilter::default();
    let there = all(world, &mine, &everything, 5).await;
    assert_eq!(there, std::slice::from_ref(&noted));
    let integration = IntegrationId::parse("crm-1").unwrap();
    let ended = Ended {
        problem: Some("busy".to_owned()),
        integration: Some(integration.clone()),
        about: Some("17".to_owned()),
        ..ended(503)
    };
    for _ in 0..2 {
        let concluded = store.conclude_request(&mine, &noted.place, &ended).await;
        concluded.unwrap();
    }
    let there = AuditEntry {
        integration: Some(integration),
        ended: Some(Ended {
            integration: None,
            ..ended.clone()
        }),
        ..noted
    };
    assert_eq!(all(world, &mine, &everything, 5).await, [there]);
    // Nothing is made of the end of a request that was not noted.
    let unknown = entry(2, "putSettings").place;
    store
        .conclude_request(&mine, &unknown, &ended)
        .await
        .unwrap();
    assert_eq!(all(world, &mine, &everything, 5).await.len(), 1);
}

pub(super) async fn entries_come_newest_first_by_page_by_day_and_by_what_was_done(world: &World) {
    let (mine, other) = (tenant("audit-list"), tenant("audit-list-2"));
    let store = &world.store;
    for n in 0..12 {
        let what = if n % 3 == 0 {
            "beginRun"
        } else {
            "putSettings"
        };
        let noted = entry(DAY * (n / 8) + n, what);
        store.note_request(&mine, &noted).await.unwrap();
    }
    store
        .note_request(&other, &entry(5, "beginRun"))
        .await
        .unwrap();
    let seconds = |entries: Vec<AuditEntry>| -> Vec<i64> {
        entries
            .iter()
            .map(|entry| (entry.at.as_second() - at(0).as_second()) % DAY)
            .collect()
    };
    let everything = AuditFilter::default();
    let newest_first: Vec<i64> = (0..12).rev().collect();
    for most in [1, 4, 12, 100] {
        assert_eq!(
            seconds(all(world, &mine, &everything, most).await),
            newest_first
        );
    }
    let runs = AuditFilter {
        what: Some("beginRun".to_owned()),
        day: None,
    };
    assert_eq!(seconds(all(world, &mine, &runs, 2).await), [9, 6, 3, 0]);
    let second_day = AuditFilter {
        day: Some(Date::new(2026, 9, 22).unwrap()),
        what: None,
    };
    assert_eq!(
        seconds(all(world, &mine, &second_day, 2).await),
        [11, 10, 9, 8]
    );
    let both = AuditFilter {
        what: runs.what.clone(),
        ..second_day.clone()
    };
    assert_eq!(seconds(all(world, &mine, &both, 2).await), [9]);
    let first_day = entry(1, "x").place;
    let outside = store.audit(&mine, &second_day, Some(&first_day), 5).await;
    assert_eq!(outside.unwrap(), (Vec::new(), None));
    // The place of a page need not exist.
    let between: AuditPlace = entry(4, "y").place;
    let rest = store.audit(&mine, &everything, Some(&between), 100).await;
    assert_eq!(seconds(rest.unwrap().0), [3, 2, 1, 0]);
}

pub(super) async fn a_change_is_noted_with_it(world: &World) {
    let scope = connected(world, "audit-change").await.0;
    let asked = |second| Asked {
        by: Asker::stored("keyed:abc").unwrap(),
        at: at(second),
    };
    let store = &world.store;
    let decided = Decided {
        run: RunId::parse("018bcfe56800-00000000").unwrap(),
        answer: Answer::Confirm,
        left_too: false,
        asked: asked(600),
    };
    let order = Order::IntegrationConnected(IntegrationConnected {
        scope: scope.clone(),
    });
    let answered = store.decide_deletions(&scope, &decided, &[], &order).await;
    answered.unwrap();
    let removed = store.begin_removal(&which(&scope), &asked(700)).await;
    removed.unwrap().unwrap();
    let entries = all(world, &scope.tenant, &AuditFilter::default(), 10).await;
    let told: Vec<(&str, i64)> = entries
        .iter()
        .map(|entry| {
            (
                entry.what.as_str(),
                entry.at.as_second() - at(0).as_second(),
            )
        })
        .collect();
    assert_eq!(told, [("removal_asked", 700), ("deletions_confirm", 600)]);
    for entry in &entries {
        assert_eq!(entry.by, asked(0).by);
        assert_eq!(entry.integration.as_ref(), Some(&scope.integration));
        assert_eq!(entry.generation, Some(scope.generation));
        assert_eq!(entry.outcome(), AuditOutcome::Done);
    }
}
