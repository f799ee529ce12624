//! The slices.

use std::{rc::Rc, sync::Arc, time::Duration};

use domain::{
    order::Order,
    sync::{Ended, Slice, sync},
};
use jiff::SignedDuration;
use tokio::time::{Instant, timeout};

use super::{
    queue::{Fate, Message, Queue},
    world::{Who, World},
};

/// The longest time of a slice. Then it is killed.
const SLICE: Duration = Duration::from_secs(900);

/// Works on one message after the other.
pub(crate) async fn work(world: Arc<World>, queue: Rc<Queue>) {
    loop {
        let message = queue.take().await;
        let fate = slice(&world, &queue, &message).await;
        queue.settle(message, &fate);
    }
}

async fn slice(world: &Arc<World>, queue: &Queue, message: &Message) -> Fate {
    let (due, began) = (&message.due, Instant::now());
    let who = Who::of(&due.scope);
    let number = {
        let mut tally = world.tally.lock().unwrap();
        if due.slice == 0 && message.n_shown == 1 {
            tally.waited(who, &due.run, began - message.sent);
        }
        tally.slices += 1;
        tally.slices
    };
    let deadline = SignedDuration::try_from(SLICE).unwrap();
    let clock = || world.now();
    let slice = Slice {
        ports: &world.ports(who),
        due,
        holder: format!("slice-{number}"),
        deadline: world.now().checked_add(deadline).unwrap(),
        clock: &clock,
        settings: &world.limits,
    };
    let ended = timeout(SLICE, Box::pin(sync(slice))).await;
    let mut tally = world.tally.lock().unwrap();
    tally.busy += began.elapsed();
    match ended {
        Err(_) => {
            tally.killed += 1;
            Fate::Hidden
        }
        Ok(Err(_)) => Fate::Returned,
        Ok(Ok(ended)) => match ended {
            Ended::Finished { report, .. } => {
                tally.finished(who, &report);
                Fate::Consumed
            }
            Ended::HandedOver { orders, .. } => {
                tally.handed_over += 1;
                for order in orders {
                    if let Order::SyncDue(due) = order {
                        queue.send(due);
                    }
                }
                Fate::Consumed
            }
            Ended::Paused { wait, .. } => Fate::Quiet(wait),
            Ended::Crowded { wait } => {
                tally.crowded += 1;
                Fate::Quiet(wait)
            }
            Ended::Busy | Ended::Stale => {
                tally.superfluous += 1;
                Fate::Consumed
            }
        },
    }
}
