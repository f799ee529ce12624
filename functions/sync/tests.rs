#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{
    fault::{AwsCode, CrmCode},
    integration::{Integration, Lease},
    object::Object,
    order::{ExportDue, Order},
    ports::{Integrations, Ports},
    progress::RunReport,
    tenant::{ExportId, Scope},
};
use infra::memory::{Faults, MemoryStore};
use jiff::SignedDuration;
use serde_json::json;
use tracing::Level;

use super::{doors::Doors, *};
use crate::{
    adapters::{ExportPorts, PortsOf},
    events::tests::{delivered, due},
    telemetry::tests::with_log,
    test_world::{Bus, at, connected, ports},
};

/// Returns ports with an empty store.
fn nothing() -> Ports {
    ports(&MemoryStore::new())
}

async fn with_one(integration: Integration) -> MemoryStore {
    let store = MemoryStore::new();
    assert!(store.connect(&integration, None).await.unwrap());
    store
}

async fn with<P: 'static, T>(
    ports: &P,
    bus: &Bus,
    now: i64,
    work: impl AsyncFnOnce(&work::WorkContext<'_, sync::SyncLimits, P>) -> T,
) -> T {
    let settings = domain::sync::SyncLimits {
        reserve: SignedDuration::from_secs(30),
        ..domain::sync::SyncLimits::default()
    };
    let given = work::WorkContext {
        ports,
        send: &|orders| bus.send(orders),
        settings: &settings,
        clock: &|| at(now),
        holder: &|| "holder-1".to_owned(),
        deadline: at(900),
    };
    work(&given).await
}

async fn fate(ports: &Ports, body: &str) -> Fate {
    with(ports, &Bus::default(), 0, async |given| {
        message(given, body).await
    })
    .await
}

async fn fate_of(ended: Ended, bus: &Bus) -> Fate {
    with(&nothing(), bus, 0, async |given| {
        after(given, &due(), ended).await
    })
    .await
}

fn good() -> String {
    delivered(&Order::SyncDue(due())).to_string()
}

fn finished() -> Ended {
    Ended::Finished {
        report: RunReport {
            run: due().run,
            begun: at(0),
            ended: at(1),
            objects: Vec::new(),
            failure: None,
        },
        orders: vec![Order::SyncDue(due())],
        alarm: None,
        given_up: Vec::new(),
    }
}

type Opened = Arc<Mutex<Vec<String>>>;

/// Gives ports, and notes whose session would have been opened.
fn noting<P: Send + Sync + 'static>(
    opened: &Opened,
    role: &'static str,
    make: fn() -> P,
) -> Box<PortsOf<P>> {
    let opened = Arc::clone(opened);
    Box::new(move |tenant| {
        opened.lock().unwrap().push(format!("{role} {tenant}"));
        let ports = Arc::new(make());
        Box::pin(async move { Ok(ports) })
    })
}

fn of_export() -> ExportPorts {
    let Ports { store, keys, .. } = nothing();
    ExportPorts { store, keys }
}

fn export_due() -> String {
    let order = Order::ExportDue(ExportDue {
        scope: due().scope,
        export: ExportId::parse("018bcfe56800-00000000").unwrap(),
    });
    delivered(&order).to_string()
}

#[tokio::test]
async fn the_kind_of_an_order_decides_which_session_is_opened() {
    let opened = Opened::default();
    let mut doors = Doors {
        runs: noting(&opened, "run", nothing),
        exports: noting(&opened, "export", of_export),
    };
    let fate_of = async |doors: &Doors, body: &str| {
        with(&(), &Bus::default(), 0, async |given| {
            doors.message(given, body).await
        })
        .await
    };
    for (body, session, fate) in [
        (good(), "run acme-1", Fate::Consumed),
        (export_due(), "export acme-1", Fate::Consumed),
        (
            export_due().replace("ExportDue", "ExportDone"),
            "run acme-1",
            Fate::Returned,
        ),
    ] {
        assert_eq!(fate_of(&doors, &body).await, fate, "{body}");
        let opened = std::mem::take(&mut *opened.lock().unwrap());
        assert_eq!(opened, [session], "{body}");
    }
    doors.exports = Box::new(|_| Box::pin(async { Err(Fault::of(Code::TestFailed)) }));
    assert_eq!(fate_of(&doors, &export_due()).await, Fate::Returned);
    assert!(
        opened.lock().unwrap().is_empty(),
        "no run's session instead"
    );
}

#[tokio::test]
async fn a_malformed_message_is_returned_until_the_dead_letter_queue_has_it() {
    for body in [
        "",
        "{}",
        &good().replace("SyncDue", "SyncDone"),
        &good().replace("acme-1", "Acme 1"),
    ] {
        assert_eq!(fate(&nothing(), body).await, Fate::Returned, "{body}");
    }
}

#[tokio::test]
async fn a_busy_integration_and_an_unknown_one_are_consumed() {
    assert_eq!(fate(&nothing(), &good()).await, Fate::Consumed);
    let lease = Lease {
        holder: "another".to_owned(),
        run: due().run,
        deadline: at(900),
    };
    let busy = with_one(Integration {
        lease: Some(lease),
        ..connected(due().scope)
    });
    assert_eq!(fate(&ports(&busy.await), &good()).await, Fate::Consumed);
}

#[tokio::test]
async fn a_fault_that_the_rule_could_not_store_is_returned() {
    for fault in [
        Fault::aws("query", AwsCode::said("throttled")).with_kind(Kind::Transient),
        Fault::aws("query", AwsCode::said("denied")),
    ] {
        let ports = Faults::refusing("take_lease", 1, fault).wrap(&nothing());
        assert_eq!(fate(&ports, &good()).await, Fate::Returned);
    }
    assert_eq!(failed(&Fault::of(Code::LeaseLost)), Fate::Consumed);
}

#[tokio::test]
async fn a_message_that_there_is_no_time_for_is_returned_untouched() {
    let fate = with(&nothing(), &Bus::default(), 870, async |given| {
        message(given, &good()).await
    })
    .await;
    assert_eq!(fate, Fate::Returned);
}

/// Returns the fate of the message, and what the integration keeps as untold, after a slice ended like this.
async fn untold_after(ended: Ended, bus: &Bus) -> (Fate, Vec<Order>) {
    let store = with_one(Integration {
        untold: vec![Order::SyncDue(due())],
        ..connected(due().scope)
    });
    let store = store.await;
    let fate = with(&ports(&store), bus, 0, async |given| {
        after(given, &due(), ended).await
    })
    .await;
    let Scope {
        tenant,
        integration,
        ..
    } = due().scope;
    let which = Which {
        tenant,
        integration,
    };
    let there = store.integration(&which).await.unwrap().unwrap();
    (fate, there.untold)
}

#[tokio::test]
async fn the_events_of_a_finished_run_are_sent_and_noted() {
    let bus = Bus::default();
    let after = untold_after(finished(), &bus).await;
    assert_eq!(after, (Fate::Consumed, vec![]));
    assert_eq!(*bus.sent.lock().unwrap(), [Order::SyncDue(due())]);
}

#[tokio::test]
async fn events_that_the_bus_does_not_take_bring_the_message_back_and_stay_untold() {
    let bus = Bus {
        broken: true,
        ..Bus::default()
    };
    let after = untold_after(finished(), &bus).await;
    assert_eq!(after, (Fate::Returned, vec![Order::SyncDue(due())]));
}

#[tokio::test]
async fn an_order_that_comes_after_the_end_tells_what_is_untold() {
    let bus = Bus::default();
    let after = untold_after(Ended::Stale, &bus).await;
    assert_eq!(after, (Fate::Consumed, vec![]));
    assert_eq!(*bus.sent.lock().unwrap(), [Order::SyncDue(due())]);
}

#[tokio::test]
async fn a_hand_over_whose_order_is_lost_brings_the_message_back() {
    let handed_over = || Ended::HandedOver {
        orders: vec![Order::SyncDue(due())],
        standstill: None,
        alarm: None,
        given_up: Vec::new(),
    };
    let bus = Bus::default();
    assert_eq!(fate_of(handed_over(), &bus).await, Fate::Consumed);
    assert_eq!(bus.n_sent(), 1);
    let broken = Bus {
        broken: true,
        ..Bus::default()
    };
    assert_eq!(fate_of(handed_over(), &broken).await, Fate::Returned);
}

#[tokio::test]
async fn a_line_about_an_object_that_was_given_up_says_which_and_why() {
    let given_up = || {
        let object = |object, code| GivenUp { object, code };
        vec![
            object(Object::Task, Code::SyncNoProgress),
            object(Object::Lead, Code::Crm("salesforce", CrmCode::Throttled)),
        ]
    };
    let handed_over = Ended::HandedOver {
        orders: vec![],
        standstill: None,
        alarm: Some(sync::Alarm::GivenUp),
        given_up: given_up(),
    };
    let Ended::Finished { report, orders, .. } = finished() else {
        panic!("it is finished");
    };
    let ended = Ended::Finished {
        report,
        orders,
        alarm: Some(sync::Alarm::GivenUp),
        given_up: given_up(),
    };
    for ended in [handed_over, ended] {
        let bus = Bus::default();
        let work = metrics::gather(fate_of(ended, &bus));
        let ((_, sheet), lines) = Box::pin(with_log(Level::ERROR, work)).await;
        assert_eq!(sheet.get(Metric::GivenUp), Some(1), "rung once");
        let said = |line: &Value| ["object", "code", "alarm"].map(|name| line[name].clone());
        let lines: Vec<_> = lines.iter().map(said).collect();
        let wanted = [
            ["Task", "sync.no_progress", "given_up"],
            ["Lead", "salesforce.throttled", "given_up"],
        ];
        assert_eq!(lines, wanted.map(|line| line.map(Value::from)));
    }
}

#[tokio::test]
async fn what_is_stale_or_busy_is_dispatchs_matter() {
    for ended in [Ended::Stale, Ended::Busy] {
        let bus = Bus::default();
        assert_eq!(fate_of(ended, &bus).await, Fate::Consumed);
        assert_eq!(bus.n_sent(), 0);
    }
}

#[tokio::test]
async fn what_is_paused_comes_back_when_the_quiet_is_over() {
    let bus = Bus::default();
    let wait = Duration::from_secs(900);
    let paused = Ended::Paused {
        code: "salesforce.request_limit".to_owned(),
        wait,
    };
    assert_eq!(fate_of(paused, &bus).await, Fate::Quiet(wait));
    assert_eq!(bus.n_sent(), 0);
}

/// What the queue was told about each message: its receipt, and the seconds until its redelivery.
#[derive(Default)]
struct Told(Mutex<Vec<(String, u64)>>);

async fn answer(event: Value, told: &Told, fault: Option<Fault>) -> Value {
    let show_again: &ShowAgain<'_> = &|receipt, wait| {
        told.0.lock().unwrap().push((receipt, wait.as_secs()));
        let answer = fault.clone().map_or(Ok(()), Err);
        Box::pin(async move { answer })
    };
    let batch = Batch::read(event).unwrap();
    let answer = with(&nothing(), &Bus::default(), 0, async |given| {
        batch
            .each(show_again, || 0, async |body| message(given, body).await)
            .await
    })
    .await;
    serde_json::to_value(answer).unwrap()
}

#[tokio::test]
async fn a_message_that_failed_is_shown_again_soon_and_each_time_later() {
    let message = |n: &str| {
        json!({"messageId": "m", "receiptHandle": format!("r-{n}"), "body": "poison",
               "attributes": {"ApproximateReceiveCount": n}})
    };
    let event = json!({"Records": [message("1"), message("2"), message("odd")]});
    for fault in [
        None,
        Some(Fault::aws("message_visibility", AwsCode::Timeout)),
    ] {
        let told = Told::default();
        let answer = answer(event.clone(), &told, fault).await;
        assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), 3);
        let told = told.0.into_inner().unwrap();
        let expected = [("r-1", 60), ("r-2", 180), ("r-odd", 60)];
        assert_eq!(told, expected.map(|(of, wait)| (of.to_owned(), wait)));
    }
}

#[tokio::test]
async fn only_the_messages_that_failed_are_named_in_the_answer() {
    let event = json!({"Records": [
        {"messageId": "m-1", "body": good(), "attributes": {"ApproximateReceiveCount": "1"}, "unheardOf": true},
        {"messageId": "m-2", "body": "poison"},
        {"messageId": "m-3", "body": good()},
        {"messageId": "m-4"},
    ]});
    assert_eq!(
        answer(event, &Told::default(), None).await,
        json!({"batchItemFailures": [{"itemIdentifier": "m-2"}, {"itemIdentifier": "m-4"}]})
    );
}

#[test]
fn an_event_that_is_no_batch_is_refused_as_a_whole() {
    for event in [
        json!({}),
        json!({"Records": 1}),
        json!([]),
        json!({"Records": [{"body": "x"}]}),
    ] {
        assert_eq!(
            *Batch::read(event).map(drop).unwrap_err().code(),
            Code::EventMalformed
        );
    }
}
