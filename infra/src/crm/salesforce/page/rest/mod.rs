//! Pages of query answers. A page is one JSON document, or several if a wide object needs several queries.
//!
//! Values stay in the received bytes until they are written in their canonical spelling.

mod document;
mod join;
mod sink;

use domain::fault::{CrmCode, Outcome};

use self::{document::document, join::Join, sink::Sink};
use super::{
    super::{provider::VENDOR, shape::ObjectShape},
    Parsed,
};

/// Parses one query answer, or several that belong together, one after the other. Rows of several answers are joined by their ids.
///
/// # Errors
/// Returns a transient fault if the bytes are not UTF-8 or no such JSON: truncated, or from another server.
pub fn parse_rest(bytes: &[u8], shape: &ObjectShape) -> Outcome<Parsed> {
    let unreadable = |_| VENDOR.fault(CrmCode::PageUnreadable);
    let text = std::str::from_utf8(bytes).map_err(|_| VENDOR.fault(CrmCode::PageNotUtf8))?;
    let mut pages = serde_json::Deserializer::from_str(text);
    let mut sink = Sink::new(shape);
    let head = document(&mut pages, shape, &mut sink).map_err(unreadable)?;
    let parsed = if pages.end().is_ok() {
        sink.parsed
    } else {
        let mut pages = serde_json::Deserializer::from_str(text);
        let mut join = Join::new(shape);
        while pages.end().is_err() {
            document(&mut pages, shape, &mut join).map_err(unreadable)?;
        }
        join.into_parsed()
    };
    Ok(Parsed {
        next: head.next,
        done: head.done,
        total: head.total,
        ..parsed
    })
}
