//! Holds calls back until a test lets them go, one at a time.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

/// A gate at which calls wait. Clones are the same gate. It wakes no task: a test that lets a call go has to poll the slice itself.
#[derive(Clone, Default)]
pub struct Gate(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    n_came: u64,
    waiting: Vec<(u64, &'static str)>,
    let_go: Option<u64>,
}

impl Gate {
    /// Makes a gate at which no call waits yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the waiting calls in the order of their arrival: number and name.
    pub fn waiting(&self) -> Vec<(u64, &'static str)> {
        self.lock().waiting.clone()
    }

    /// Lets a waiting call go.
    pub fn let_go(&self, number: u64) {
        self.lock().let_go = Some(number);
    }

    /// Waits until a test lets this call go. A call that is dropped earlier waits no longer.
    pub async fn pass(&self, name: &'static str) {
        let number = {
            let mut queue = self.lock();
            queue.n_came += 1;
            let number = queue.n_came;
            queue.waiting.push((number, name));
            number
        };
        let _waits = Waits(self, number);
        poll_fn(|_| {
            if self.lock().let_go == Some(number) {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
        self.lock().let_go = None;
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Waits<'a>(&'a Gate, u64);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0
            .lock()
            .waiting
            .retain(|(number, _)| *number != self.1);
    }
}
