//! A port with a hook around every call. Tests use it to count, delay and break calls.
//!
//! [`port`](::port::port) implements each port for [`Around`], so a new method needs no change here.

use std::{any::Any, sync::Arc};

use futures::future::BoxFuture;

use crate::fault::Outcome;

/// A port whose calls pass through a hook.
pub struct Around<P: ?Sized, H> {
    /// The port.
    pub inner: Arc<P>,
    /// The hook.
    pub hook: H,
}

/// Sees every call to a port and decides its result.
pub trait Hook: Send + Sync {
    /// Handles a call. `work` makes the call, and does nothing until it is awaited.
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>>;
}

/// A call to a method of a port.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The name of the trait.
    pub port: &'static str,
    /// The name of the method.
    pub method: &'static str,
    /// The argument that the port declares as the label. `None` if the method has no label.
    pub label: Option<&'a (dyn Any + Send + Sync)>,
}
