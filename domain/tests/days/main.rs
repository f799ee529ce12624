//! Simulates days of a deployment with very many integrations, and prints figures as `make bench` collects them (`ONLY=days`).
//! `INTEGRATIONS` says how many there are
//! (100,000), `SECONDS` how long the shortest run takes (3), `SCENARIO` a part of the name of what is simulated alone. A reader finds what is simulated in `mod.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::disallowed_methods,
    reason = "a program of the bench reads its settings from the environment"
)]

#[path = "mod.rs"]
mod days;

use std::{env, io::Write, time::Instant};

use days::{FirstReading, Plan, Tally, simulated};
use domain::settings::Spread;
use serde_json::{Map, Value, json};

const DAYS: u32 = 2;

fn main() {
    let said = env::var("INTEGRATIONS").ok();
    let integrations = said.map_or(100_000, |said| said.parse().expect("a number"));
    let seconds = env::var("SECONDS").map_or(3.0, |said| said.parse().expect("a number"));
    let only = env::var("SCENARIO").unwrap_or_default();
    let plan = |slices| Plan {
        integrations,
        slices,
        seconds,
        days: DAYS,
        one_fails_of: 100,
        has_giant: true,
        spread: None,
        first: None,
    };
    let first = |integrations| {
        Some(FirstReading {
            integrations,
            pages: 5_000,
            seconds_a_page: 2.0,
            most_slices: 10,
        })
    };
    let spread = Some(Spread { from: 0, hours: 24 });
    let mut figures = Map::new();
    for (name, plan) in [
        ("20 slices", plan(20)),
        ("200 slices", plan(200)),
        ("20 slices, 24 hours", Plan { spread, ..plan(20) }),
        (
            "20 slices, 1 first reading",
            Plan {
                first: first(1),
                ..plan(20)
            },
        ),
        (
            "20 slices, 20 first readings",
            Plan {
                first: first(20),
                ..plan(20)
            },
        ),
        (
            "20 slices, 24 hours, 20 first readings",
            Plan {
                spread,
                first: first(20),
                ..plan(20)
            },
        ),
    ] {
        if name.contains(&only) {
            let began = Instant::now();
            let tally = days(plan.clone());
            let seconds = began.elapsed().as_secs_f64();
            figures.insert(format!("days: {name}"), figure(&plan, &tally, seconds));
        }
    }
    let figures = serde_json::to_string_pretty(&figures).unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "{figures}").unwrap();
}

fn days(plan: Plan) -> Tally {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(simulated(plan))
}

/// Returns how many integrations were synced on each day, and what is beside it.
fn figure(plan: &Plan, tally: &Tally, took: f64) -> Value {
    let days: Vec<Value> = (0..plan.days)
        .map(|day| {
            let (without, failed) = tally.without(day);
            let [half, most, longest] = tally.waits(day);
            json!({"not synced": without, "of them failed": failed,
                   "wait p50": half, "wait p99": most, "longest wait": longest})
        })
        .collect();
    let (without, _) = tally.without(plan.days - 1);
    json!({
        "value": plan.integrations as usize - without,
        "unit": "integrations synced on the last day",
        "beside": {
            "integrations": plan.integrations,
            "failing": (0..plan.integrations).filter(|n| plan.fails(*n)).count(),
            "records": (0..plan.integrations).map(|n| plan.size(n)).sum::<u64>(),
            "days": days,
            "lists complete": tally.complete,
            "longest list": tally.longest_list.as_secs_f64(),
            "most invocations of a list": tally.most_invocations,
            "longest queue": tally.longest_queue,
            "runs begun": tally.begun,
            "looks at open runs": tally.resumed,
            "orders": tally.orders,
            "requests to the bus": tally.to_the_bus,
            "slices": tally.slices,
            "superfluous": tally.superfluous,
            "crowded": tally.crowded,
            "handed over": tally.handed_over,
            "killed": tally.killed,
            "hours of slices": tally.busy.as_secs_f64() / 3_600.0,
            "longest run": tally.longest_run.as_secs_f64(),
            "first readings over": tally.first_readings(),
            "most slices of first readings": tally.most_first,
            "hours of first readings": tally.first_seconds / 3_600.0,
            "requests": tally.requests,
            "seconds of this machine": took,
        },
    })
}
