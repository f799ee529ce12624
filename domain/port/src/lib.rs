//! `#[port]` declares a port.
//!
//! A port is an object-safe trait with async methods. The attribute applies `async_trait` to it, and also implements the port for
//! `domain::ports::Around`, which passes every call through a hook. Without the attribute, that wrapper would be written by hand
//! and would change with every method.

mod around;

use proc_macro::TokenStream;
use quote::quote;
use syn::{ItemTrait, parse_macro_input};

/// Declares a port. Works only for traits inside `domain`.
///
/// * Async methods that return an `Outcome` or nothing go through the hook. Other methods are forwarded.
/// * One argument of a method may carry `#[label]`. The hook sees it beside the method's name. Its type must be `'static`.
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
