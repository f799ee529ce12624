//! Parses answers with records: the rows, and where the next ones are.

use domain::fault::CrmCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::{super::client::refusal::Refusal, provider::VENDOR};

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(rename = "@odata.nextLink", default)]
    next: Option<String>,
    #[serde(rename = "@odata.deltaLink", default)]
    delta: Option<String>,
}

/// The rows of an answer, as they are in the received bytes.
pub(in super::super) struct Listing<'a> {
    pub(in super::super) rows: Vec<&'a RawValue>,
    /// Where the next page is, as an absolute address.
    pub(in super::super) next: Option<String>,
    /// Where the next window of tracked changes begins.
    pub(in super::super) delta: Option<String>,
}

/// Parses an answer with records. Rows are parsed one by one, so that a bad one does not spoil the others.
pub(in super::super) fn parse(body: &[u8]) -> Result<Listing<'_>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| VENDOR.refusal(CrmCode::PageNotUtf8))?;
    let answer: Answer<'_> =
        serde_json::from_str(text).map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))?;
    Ok(Listing {
        rows: answer.value,
        next: answer.next,
        delta: answer.delta,
    })
}
