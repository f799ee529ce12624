//! A port with a hook around every call: how tests count calls, delay them, and break them.
//!
//! [`port`](::port::port) writes each port for [`Around`], so that a new method needs no line here.

use std::{any::Any, sync::Arc};

use futures::future::BoxFuture;

use crate::fault::Outcome;

/// A port, and a hook that every call of it passes through.
pub struct Around<P: ?Sized, H> {
    /// The port.
    pub inner: Arc<P>,
    /// The hook.
    pub hook: H,
}

/// Sees every call of a port, and decides what becomes of it.
pub trait Hook: Send + Sync {
    /// Answers a call. `work` makes the call; it does nothing until it is awaited.
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>>;
}

/// Which method is called.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The trait.
    pub port: &'static str,
    /// The method.
    pub method: &'static str,
    /// The argument that the port marks as a label, where it marks one.
    pub label: Option<&'a (dyn Any + Send + Sync)>,
}
