//! Parses answers with records: the rows, and where the next ones are.

use std::{borrow::Cow, collections::HashMap};

use domain::fault::CrmCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    super::{
        super::client::{nulls::or_default, refusal::Refusal},
        provider::VENDOR,
    },
    beside::{Beside, SaidOfOne},
    number::text_or_number,
};

/// An answer.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    results: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    paging: Paging<'a>,
    #[serde(default, borrow)]
    total: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<SaidOfOne>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Paging<'a> {
    #[serde(borrow)]
    next: Option<Next<'a>>,
}

#[derive(Deserialize)]
struct Next<'a> {
    /// A text or a number. The link beside it is ignored.
    #[serde(borrow)]
    after: &'a RawValue,
}

/// The rows of an answer, as they are in the received bytes.
pub(in super::super) struct Listing<'a> {
    pub(in super::super) rows: Vec<&'a RawValue>,
    /// Whether there are more.
    pub(in super::super) more: bool,
    /// Where the next rows begin, if that is a number.
    pub(in super::super) after: Option<u64>,
    /// The number of rows in all answers, as this one states it.
    pub(in super::super) total: Option<u64>,
    /// What is said of records that have no row.
    pub(in super::super) beside: Beside,
}

/// A record's row.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Row<'a> {
    #[serde(borrow)]
    pub(in super::super) id: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(in super::super) properties: HashMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) updated_at: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in super::super) archived: bool,
    #[serde(borrow, default)]
    pub(in super::super) archived_at: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in super::super) associations: HashMap<String, Linked>,
}

/// The associations of a record with the records of one object.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Linked {
    #[serde(deserialize_with = "or_default")]
    pub(in super::super) results: Vec<Link>,
    /// Present if there are more associations.
    pub(in super::super) paging: Option<serde::de::IgnoredAny>,
}

/// An association. A record is listed once for each type of association.
#[derive(Deserialize)]
pub(in super::super) struct Link {
    #[serde(deserialize_with = "text_or_number")]
    pub(in super::super) id: String,
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub(in super::super) kind: String,
}

/// Parses an answer with records. Rows are parsed one by one, so that a bad one does not spoil the others.
pub(in super::super) fn parse(body: &[u8]) -> Result<Listing<'_>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| VENDOR.refusal(CrmCode::PageNotUtf8))?;
    let answer: Answer<'_> =
        serde_json::from_str(text).map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))?;
    let number = |raw: &RawValue| raw.get().trim_matches('"').parse().ok();
    Ok(Listing {
        rows: answer.results,
        more: answer.paging.next.is_some(),
        after: answer.paging.next.and_then(|next| number(next.after)),
        total: answer.total.and_then(number),
        beside: Beside::of(answer.errors),
    })
}
