//! Parses answers with records: the rows, and where the next ones are.

use std::{borrow::Cow, collections::HashMap};

use domain::fault::CrmCode;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::super::{super::client::refusal::Refusal, provider::VENDOR};

/// An answer.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    results: Vec<&'a RawValue>,
    #[serde(default)]
    paging: Paging<'a>,
    #[serde(default, borrow)]
    total: Option<&'a RawValue>,
    #[serde(default)]
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

#[derive(Default, Deserialize)]
#[serde(default)]
struct SaidOfOne {
    category: Option<Category>,
}

/// The reason why an answer lacks a record.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Category {
    ObjectNotFound,
    #[serde(other)]
    Other,
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
    /// Whether a record has an error other than being gone.
    pub(in super::super) has_trouble: bool,
}

/// A record's row.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Row<'a> {
    #[serde(borrow)]
    pub(in super::super) id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(in super::super) properties: HashMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) updated_at: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(in super::super) archived: bool,
    #[serde(borrow, default)]
    pub(in super::super) archived_at: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(in super::super) associations: HashMap<String, Linked>,
}

/// The associations of a record with the records of one object.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Linked {
    pub(in super::super) results: Vec<Link>,
    /// Present if there are more associations.
    pub(in super::super) paging: Option<serde::de::IgnoredAny>,
}

/// An association. A record is listed once for each type of association.
#[derive(Deserialize)]
pub(in super::super) struct Link {
    #[serde(deserialize_with = "text_or_number")]
    pub(in super::super) id: String,
    #[serde(rename = "type", default)]
    pub(in super::super) kind: String,
}

/// Reads an id that may be a number.
pub(in super::super) fn text_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(raw.get().trim_matches('"').to_owned())
}

/// Parses an answer with records. Rows are parsed one by one, so that a bad one does not spoil the others.
pub(in super::super) fn parse(body: &[u8]) -> Result<Listing<'_>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| VENDOR.refusal(CrmCode::PageNotUtf8))?;
    let answer: Answer<'_> =
        serde_json::from_str(text).map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))?;
    let number = |raw: &RawValue| raw.get().trim_matches('"').parse().ok();
    let is_trouble = |one: &SaidOfOne| one.category != Some(Category::ObjectNotFound);
    Ok(Listing {
        rows: answer.results,
        more: answer.paging.next.is_some(),
        after: answer.paging.next.and_then(|next| number(next.after)),
        total: answer.total.and_then(number),
        has_trouble: answer.errors.iter().any(is_trouble),
    })
}
