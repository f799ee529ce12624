//! The schedule rules, and what dispatch hands over (`functions/dispatch/walk.rs`).

use std::{rc::Rc, sync::Arc, time::Duration};

use domain::{
    dispatch::dispatch,
    order::{Order, Rule},
    ports::{DueToken, Schedule},
};
use futures::future::join_all;
use tokio::time::{Instant, sleep};

use super::{queue::Queue, world::World};

/// When an invocation of dispatch begins no further page: ten seconds before its end.
const LAST_PAGE: Duration = Duration::from_secs(290);
/// A request to the bus takes ten orders, and this long.
const TO_THE_BUS: Duration = Duration::from_millis(20);

/// Fires the rules of an hour, counted from the first midnight.
pub(crate) async fn fire(world: Arc<World>, queue: Rc<Queue>, hour: u32) {
    let daily = (hour % 24 == 3).then(|| list(&world, &queue, Rule::Daily));
    let hourly = list(&world, &queue, Rule::Hourly);
    match daily {
        Some(daily) => {
            tokio::join!(daily, hourly);
        }
        None => hourly.await,
    }
}

/// Goes through the whole list, in as many invocations as that takes.
async fn list(world: &World, queue: &Queue, rule: Rule) {
    let began = Instant::now();
    let mut places = world.ledger().parts().await.unwrap();
    let mut invocations = 0;
    while !places.is_empty() {
        invocations += 1;
        let walks = places
            .into_iter()
            .map(|place| walk(world, queue, rule, place));
        places = join_all(walks).await.into_iter().flatten().collect();
    }
    let mut tally = world.tally.lock().unwrap();
    tally.complete += 1;
    tally.most_invocations = tally.most_invocations.max(invocations);
    tally.longest_list = tally.longest_list.max(began.elapsed());
    tally.longest_queue = tally.longest_queue.max(queue.len());
}

/// Goes through a part of the list. Returns where it continues if the time is up.
async fn walk(world: &World, queue: &Queue, rule: Rule, place: DueToken) -> Option<DueToken> {
    let (began, ledger) = (Instant::now(), world.ledger());
    let mut place = Some(place);
    while let Some(from) = place {
        let page = dispatch(&ledger, rule, world.now(), &world.calendar, &|| 7, &from)
            .await
            .unwrap();
        assert!(page.fault.is_none());
        let requests = page.orders.len().div_ceil(10);
        sleep(TO_THE_BUS * u32::try_from(requests).unwrap()).await;
        {
            let mut tally = world.tally.lock().unwrap();
            tally.begun += page.begun;
            tally.resumed += page.resumed;
            tally.orders += page.orders.len() as u64;
            tally.to_the_bus += requests as u64;
        }
        for order in page.orders {
            if let Order::SyncDue(due) = order {
                queue.send(due);
            }
        }
        place = page.next;
        if place.is_some() && began.elapsed() > LAST_PAGE {
            return place;
        }
    }
    None
}
