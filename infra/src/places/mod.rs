//! Every key shape and prefix under which a tenant's data can lie. Writing and sweeping both use this list, so nothing
//! can be written that is not swept. Ids are opaque, and parsing bounds them. No id contains a separator.
//!
//! # To add a key shape
//!
//! 1. A line in the table of `shapes.rs`: its [`Home`], where its word stands in the key, whether the tenant's own keys seal it,
//!    and whether it outlives a removal or what a removal counts it as ([`What`](domain::removal::What)). And beside the others
//!    the function that makes the key, with [`Shape::word`].
//! 2. The port's file in `dynamodb` or `s3` writes and reads by that function, and never by a text of its own.
//! 3. A clause in `tests/contract` that writes one. `every_key_that_was_written_is_on_the_list` then looks for the shape.
//! 4. A new attribute that an index reads, or a time to live, goes into `template.yaml`.
//! 5. A shape that outlives removals: the compiler asks in this folder's `tests.rs` for the words with which pages and `facts` tell
//!    people of it. No removal sweeps a tenant's row: the end of the tenant does, which counts it as its line says.
//! 6. No test finds, for a shape of an integration that a removal counts: the memory store has to list it
//!    (`infra/src/memory/store/leftovers.rs`). The table in `infra/docs/operate.md` names every shape.
//!
//! | file | keys of |
//! | --- | --- |
//! | `shapes` | the list itself |
//! | `tenants` | what a tenant has beyond its integrations |
//! | `integrations` | an integration's rows and wrapped keys |
//! | `copies` | records, relations, and their indexes |
//! | `pages` | pages, bodies and exports in the bucket |

mod copies;
mod integrations;
mod pages;
mod shapes;
mod tenants;

pub use self::{copies::*, integrations::*, pages::*, shapes::*, tenants::*};

/// Hashes with FNV-1a. The function must never change, since it determines where things lie.
pub(super) fn spread(text: &str, over: u32) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Uses the high bits, since FNV's low bits follow the text's low bits.
    u32::try_from((hash >> 40) % u64::from(over)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
