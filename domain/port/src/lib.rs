//! `#[port]` declares a port.
//!
//! A port is an object-safe trait with async methods. The attribute makes it one (`async_trait`), and from the same lines writes the
//! port for `domain::ports::Around`, which passes every call through a hook. That wrapper would otherwise have to be written by hand,
//! method by method, and be changed with every method.

mod around;

use proc_macro::TokenStream;
use quote::quote;
use syn::{ItemTrait, parse_macro_input};

/// Declares a port. Only for traits inside `domain`.
///
/// * Async methods that answer an `Outcome`, and those that answer nothing, go through the hook. Other methods are forwarded.
/// * One argument of a method may be marked `#[label]`. The hook sees it beside the method's name. Its type must be `'static`.
#[proc_macro_attribute]
pub fn port(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut port = parse_macro_input!(item as ItemTrait);
    let around = match around::implement(&mut port) {
        Ok(around) => around,
        Err(error) => return error.to_compile_error().into(),
    };
    quote! {
        #[::async_trait::async_trait]
        #port

        #around
    }
    .into()
}
