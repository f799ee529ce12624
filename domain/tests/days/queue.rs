//! The queue of sync, with the fates of its messages (`functions/queue/again.rs`).

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use domain::order::SyncDue;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// A message in the queue.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) due: SyncDue,
    pub(crate) n_shown: u32,
    pub(crate) sent: Instant,
}

/// What becomes of a message.
pub(crate) enum Fate {
    Consumed,
    Returned,
    Quiet(Duration),
    /// Its slice was killed.
    Hidden,
}

/// How long a message is hidden whose slice was killed.
const HIDDEN: Duration = Duration::from_secs(5_400);
/// After so many deliveries a message is a dead letter.
const MOST_SHOWN: u32 = 5;

/// A queue in which messages are shown in the order in which they may be.
#[derive(Default)]
pub(crate) struct Queue {
    messages: RefCell<BTreeMap<(Instant, u64), Message>>,
    n_sent: RefCell<u64>,
    more: Notify,
}

impl Queue {
    pub(crate) fn send(&self, due: SyncDue) {
        let now = Instant::now();
        self.put(
            now,
            Message {
                due,
                n_shown: 0,
                sent: now,
            },
        );
    }

    fn put(&self, at: Instant, message: Message) {
        let mut n = self.n_sent.borrow_mut();
        *n += 1;
        self.messages.borrow_mut().insert((at, *n), message);
        self.more.notify_one();
    }

    /// Takes the first message that may be shown. Waits for one.
    pub(crate) async fn take(&self) -> Message {
        loop {
            let first = self.messages.borrow().keys().next().copied();
            match first {
                Some((at, n)) if at <= Instant::now() => {
                    let taken = self.messages.borrow_mut().remove(&(at, n));
                    if let Some(mut message) = taken {
                        message.n_shown += 1;
                        // Another worker may take the next one.
                        self.more.notify_one();
                        return message;
                    }
                }
                Some((at, _)) => {
                    tokio::select! {
                        () = sleep_until(at) => {}
                        () = self.more.notified() => {}
                    }
                }
                None => self.more.notified().await,
            }
        }
    }

    /// Puts a message back, if that is its fate.
    pub(crate) fn settle(&self, message: Message, fate: &Fate) {
        let minutes = |n: u64| Duration::from_secs(n * 60);
        let wait = match fate {
            Fate::Consumed => return,
            Fate::Hidden => HIDDEN,
            Fate::Returned => minutes(3_u64.pow(message.n_shown - 1)).min(minutes(27)),
            Fate::Quiet(wait) if message.n_shown <= 1 && *wait <= minutes(40) => {
                (*wait).max(minutes(1))
            }
            Fate::Quiet(_) => return,
        };
        if message.n_shown < MOST_SHOWN {
            self.put(Instant::now() + wait, message);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.messages.borrow().len()
    }
}
