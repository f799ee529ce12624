//! Runs the calls, and ends the slice at the one that kills it.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::atomic::Ordering,
    task::Poll,
};

use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Call, Hook},
};
use futures::future::BoxFuture;

use super::{Faults, names, plan::Mode};

impl Faults {
    /// Returns the future's output. `None` if a call in it ended the slice. The caller then drops the future.
    pub async fn until_killed<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.is_killed() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Runs a call. Other calls may overtake it, and after the slice has ended it never returns.
    async fn call<T>(
        &self,
        (name, at_gate): (&'static str, &'static str),
        work: BoxFuture<'_, Outcome<T>>,
    ) -> Outcome<T> {
        let mode = self.count(name);
        let gate = self.lock().gate.clone();
        match gate {
            Some(gate) => gate.pass(at_gate).await,
            None => turn().await,
        }
        if self.is_killed() {
            return never().await;
        }
        match self.trouble(name) {
            Some(Some(fault)) => return Err(fault),
            Some(None) => return never().await,
            None => {}
        }
        match mode {
            None => work.await,
            Some(Mode::FailsBefore) => Err(Fault::of(Code::TestFailed)),
            Some(Mode::LosesReply) => {
                let _ = work.await;
                Err(Fault::of(Code::TestReplyLost))
            }
            Some(Mode::KilledBefore) => self.kill().await,
            Some(Mode::KilledAfter) => {
                let _ = work.await;
                self.kill().await
            }
        }
    }

    fn count(&self, name: &'static str) -> Option<Mode> {
        let mut plan = self.lock();
        plan.n_calls += 1;
        let (at, mode) = plan.breaks?;
        if at != plan.n_calls {
            return None;
        }
        plan.last = name;
        Some(mode)
    }

    /// Returns what goes wrong with a call of this name. The inner `None` means that the call never returns.
    fn trouble(&self, name: &'static str) -> Option<Option<Fault>> {
        let mut plan = self.lock();
        let trouble = plan.trouble.as_mut()?;
        if trouble.name != name || trouble.n == 0 {
            return None;
        }
        trouble.n -= 1;
        Some(trouble.answer.clone())
    }

    async fn kill<T>(&self) -> T {
        self.0.killed.store(true, Ordering::SeqCst);
        never().await
    }

    /// Returns whether a call was a cut put that ends the slice.
    fn ends_slice<T>(&self, answer: &Outcome<T>) -> bool {
        let is_cut = matches!(answer, Err(fault) if *fault.code() == Code::MemoryPutCut);
        is_cut && self.lock().cut_kills
    }

    fn is_killed(&self) -> bool {
        self.0.killed.load(Ordering::SeqCst)
    }
}

impl Hook for Faults {
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>> {
        let names = (names::name(&call), names::at_gate(&call));
        Box::pin(async move {
            let answer = self.call(names, work).await;
            if self.ends_slice(&answer) {
                return self.kill().await;
            }
            answer
        })
    }
}

/// Yields once to all other tasks.
async fn turn() {
    let mut waited = false;
    poll_fn(|context| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Never returns and wakes no task. The poller has to see that the slice ended, and drop it.
async fn never<T>() -> T {
    std::future::pending().await
}
