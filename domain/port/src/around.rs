//! Generates a port's implementation for `Around`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Error, FnArg, Ident, ItemTrait, Pat, ReturnType, Signature, TraitItem, TraitItemFn,
    spanned::Spanned,
};

/// Generates the implementation, and removes the `#[label]` attributes from the trait.
pub(crate) fn implement(port: &mut ItemTrait) -> Result<TokenStream, Error> {
    let name = port.ident.clone();
    let mut methods = Vec::new();
    for item in &mut port.items {
        match item {
            TraitItem::Fn(method) => methods.push(forward(&name, method)?),
            other => return Err(Error::new(other.span(), "a port has methods only")),
        }
    }
    Ok(quote! {
        #[::async_trait::async_trait]
        impl<P: ?Sized + #name, H: crate::ports::Hook> #name for crate::ports::Around<P, H> {
            #(#methods)*
        }
    })
}

/// Generates one forwarding method.
fn forward(port: &Ident, method: &mut TraitItemFn) -> Result<TokenStream, Error> {
    let (arguments, label) = arguments(&mut method.sig)?;
    let (signature, name) = (&method.sig, &method.sig.ident);
    let work = quote! { self.inner.#name(#(#arguments),*) };
    if signature.asyncness.is_none() {
        return Ok(quote! { #signature { #work } });
    }
    let (port, method) = (port.to_string(), name.to_string());
    let label = match label {
        Some(label) => quote! { ::core::option::Option::Some(&#label) },
        None => quote! { ::core::option::Option::None },
    };
    let call = quote! { crate::ports::Call { port: #port, method: #method, label: #label } };
    Ok(match signature.output {
        ReturnType::Type(..) => quote! {
            #signature { self.hook.around(#call, #work).await }
        },
        // The method returns nothing, so a failure in the hook has nowhere to go.
        ReturnType::Default => quote! {
            #signature {
                let work = async { #work.await; ::core::result::Result::Ok(()) };
                let _ = self.hook.around(#call, ::std::boxed::Box::pin(work)).await;
            }
        },
    })
}

/// Returns the names of the arguments after `self`, and the one that carries `#[label]`.
fn arguments(signature: &mut Signature) -> Result<(Vec<Ident>, Option<Ident>), Error> {
    let (mut names, mut label) = (Vec::new(), None);
    for argument in &mut signature.inputs {
        let FnArg::Typed(argument) = argument else {
            continue;
        };
        let Pat::Ident(pattern) = &*argument.pat else {
            return Err(Error::new(
                argument.span(),
                "an argument needs a plain name",
            ));
        };
        names.push(pattern.ident.clone());
        let n_attributes = argument.attrs.len();
        argument
            .attrs
            .retain(|attribute| !attribute.path().is_ident("label"));
        if argument.attrs.len() < n_attributes {
            label = Some(pattern.ident.clone());
        }
    }
    Ok((names, label))
}
