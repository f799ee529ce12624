//! `POST …/search`.

use serde_json::Value;

use super::call::{Answer, Call, bytes};
use crate::hubspot::encode::{Selection, record};
use crate::hubspot::error::Refusal;
use crate::hubspot::fault::Fault;
use crate::hubspot::kind::Kind;
use crate::hubspot::search::{Search, WINDOW, run};
use crate::hubspot::state::State;

pub(super) fn answer(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    let body = Value::Object(call.object()?);
    let characters = String::from_utf8_lossy(&call.body).chars().count();
    if characters > state.config.search_body {
        return Err(Refusal::vague());
    }
    let portal = state.portal();
    let table = portal.table(kind);
    let search = Search::parse(&table.schema, &body)?;
    let asked = search.properties.iter().map(String::as_str);
    let selection = Selection::of(&table.schema, asked, call.reads_sensitive(kind));
    let is_disordered = matches!(call.fault, Some(Fault::OutOfOrder));
    let wider = Search {
        limit: search.limit + usize::from(is_disordered),
        ..search
    };
    let found = run(&portal, kind, &wider);
    let search = Search {
        limit: wider.limit - usize::from(is_disordered),
        ..wider
    };
    let mut page: Vec<_> = found.rows.iter().collect();
    match call.fault {
        Some(Fault::RepeatRecord) => page.extend(page.first().copied()),
        Some(Fault::OutOfOrder) => {
            if let (Some(last), true) = (search.limit.checked_sub(1), page.len() > search.limit) {
                page.swap(last, last + 1);
                page.truncate(search.limit);
            } else {
                disorder(&mut page);
            }
        }
        _ => {}
    }
    let behaviour = portal.config.behaviour;
    let total = if behaviour.total_is_cut {
        found.total.min(WINDOW)
    } else {
        found.total
    };
    let total = total + usize::from(matches!(call.fault, Some(Fault::OverstateTotal)));
    let mut out = format!("{{\"total\":{total},\"results\":[").into_bytes();
    for (n, row) in page.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        record(&mut out, row, &table.schema, &selection, behaviour, &[]);
    }
    out.push(b']');
    let next = search.offset + search.limit;
    if next < found.total {
        out.extend_from_slice(
            format!(",\"paging\":{{\"next\":{{\"after\":\"{next}\"}}}}").as_bytes(),
        );
    }
    out.push(b'}');
    Ok(bytes(200, "application/json;charset=utf-8", out))
}

/// Disorders rows slightly: swaps each pair of neighbours.
pub(super) fn disorder<T>(page: &mut [T]) {
    for pair in page.chunks_exact_mut(2) {
        pair.swap(0, 1);
    }
}
