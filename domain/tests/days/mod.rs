//! Days of a deployment with very many integrations, simulated on tokio's paused clock: the schedule rules fire, dispatch claims and
//! orders, a queue shows the orders to as many slices as may work at once.
//!
//! | file | what |
//! | --- | --- |
//! | [`plan`] | what is simulated: how many integrations, their sizes, and who fails |
//! | [`world`] | the stores, the integrations in them, and the time |
//! | [`meter`] | counts calls of ports, and lets them take time |
//! | [`firing`] | the schedule rules, and what dispatch hands over |
//! | [`queue`] | the queue |
//! | [`workers`] | the slices |
//! | [`tally`] | what came of it |
//!
//! Dispatch, claims, leases, places, slices, hand-overs and ends are the rules themselves (`domain::dispatch`, `domain::sync`). Left out is
//! most work on records: the CRM of a small integration is empty, and its one request for changes takes as long as the changes of a day
//! would. A first reading has one record where a real one has a page of 2,000. The loop through a list that dispatch hands over, and the
//! fates of a message, are those of `functions/dispatch/walk.rs` and `functions/queue/again.rs`, written once more: these tests reach no
//! functions.

mod firing;
mod meter;
mod plan;
mod queue;
mod tally;
mod workers;
mod world;

use std::{rc::Rc, sync::Arc, time::Duration};

use tokio::{task::LocalSet, time::sleep};

pub(crate) use self::{
    plan::{FirstReading, Plan},
    tally::Tally,
};
use self::{queue::Queue, world::World};

/// Simulates the days of a plan. The clock of tokio has to be paused.
pub(crate) async fn simulated(plan: Plan) -> Tally {
    let world = Arc::new(World::of(plan).await);
    let queue = Rc::new(Queue::default());
    LocalSet::new()
        .run_until(async {
            for _ in 0..world.plan.slices {
                tokio::task::spawn_local(workers::work(Arc::clone(&world), Rc::clone(&queue)));
            }
            for hour in 0..world.plan.days * 24 {
                tokio::task::spawn_local(firing::fire(Arc::clone(&world), Rc::clone(&queue), hour));
                sleep(Duration::from_secs(3_600)).await;
            }
        })
        .await;
    let requests = world.meter.counts();
    let mut tally = world.tally.lock().unwrap().clone();
    tally.requests = requests;
    tally.most_first = world.reading.most();
    tally.first_seconds = world.reading.seconds();
    tally
}
