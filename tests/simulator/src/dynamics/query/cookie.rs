//! Paging cookies: the values of the last row of a page, by the columns of the order.

use super::literal::bare;
use super::order::Order;
use crate::dynamics::error::Refusal;
use crate::dynamics::guid::Guid;
use crate::dynamics::row::{Cell, Row};
use crate::dynamics::schema::Schema;
use crate::dynamics::time;
use crate::dynamics::xml;

/// Where a page ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cookie {
    /// The number of the page that ended.
    pub(crate) page: u32,
    /// The last row's values, in the order of the query's columns.
    pub(crate) last: Vec<Cell<'static>>,
}

impl Cookie {
    /// Makes the cookie of a page that ends with a row.
    pub(crate) fn after(schema: &Schema, orders: &[Order], row: &Row, page: u32) -> Self {
        let last = orders
            .iter()
            .map(|order| owned(row.cell(schema, order.index)));
        Self {
            page,
            last: last.collect(),
        }
    }

    /// Returns `<cookie page="1"><accountid last="{…}" /></cookie>`.
    pub(crate) fn text(&self, schema: &Schema, orders: &[Order]) -> String {
        let mut out = format!("<cookie page=\"{}\">", self.page);
        for (order, cell) in orders.iter().zip(&self.last) {
            let name = schema.field(order.index).map_or("", |field| &field.name);
            let last = match written(cell) {
                Some(text) => format!("last=\"{}\"", xml::escaped(&text)),
                None => "lastnull=\"1\"".to_owned(),
            };
            out.push_str(&format!("<{name} {last} />"));
        }
        out.push_str("</cookie>");
        out
    }

    /// Parses a cookie for a query's columns. A cookie of another query is refused.
    pub(crate) fn parse(text: &str, schema: &Schema, orders: &[Order]) -> Result<Self, Refusal> {
        let wrong = || Refusal::query("The paging cookie is malformed.");
        let root = xml::parse(text).ok_or_else(wrong)?;
        let page = root.attribute("page").and_then(|page| page.parse().ok());
        if root.children.len() != orders.len() {
            return Err(wrong());
        }
        let one = |(child, order): (&xml::Element, &Order)| {
            let field = schema.field(order.index).ok_or_else(wrong)?;
            if field.name != child.name {
                return Err(wrong());
            }
            match child.attribute("last") {
                Some(last) => bare(field, last),
                None => Ok(Cell::Null),
            }
        };
        let last = root.children.iter().zip(orders).map(one);
        Ok(Self {
            page: page.ok_or_else(wrong)?,
            last: last.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the `$skiptoken` or the annotation with which the next page is asked for.
    pub(crate) fn wrapped(
        &self,
        schema: &Schema,
        orders: &[Order],
        tracking: Option<&str>,
    ) -> String {
        let inner = encoded(&encoded(&self.text(schema, orders)));
        let is_tracking = if tracking.is_some() { "True" } else { "False" };
        let since = tracking.map_or_else(String::new, |token| format!(" since=\"{token}\""));
        format!(
            "<cookie pagenumber=\"{}\" pagingcookie=\"{inner}\" istracking=\"{is_tracking}\"{since} />",
            self.page + 1
        )
    }

    /// Parses what [`Self::wrapped`] has written. Returns the token of tracking, too.
    pub(crate) fn unwrap(
        text: &str,
        schema: &Schema,
        orders: &[Order],
    ) -> Result<(Self, Option<String>), Refusal> {
        let wrong = || Refusal::query("The skip token is malformed.");
        let root = xml::parse(text).ok_or_else(wrong)?;
        let inner = root.attribute("pagingcookie").ok_or_else(wrong)?;
        let inner = decoded(&decoded(inner));
        let cookie = Self::parse(&inner, schema, orders)?;
        Ok((cookie, root.attribute("since").map(str::to_owned)))
    }
}

/// Encodes a text for a URL, spaces as `%20`.
pub(crate) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

pub(crate) fn decoded(text: &str) -> String {
    let form = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(form.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Text(text) => Cell::Text(text.into_owned().into()),
        Cell::Number(number) => Cell::Number(number),
        Cell::Bool(value) => Cell::Bool(value),
        Cell::Time(time) => Cell::Time(time),
        Cell::Guid(guid) => Cell::Guid(guid),
    }
}

fn written(cell: &Cell<'_>) -> Option<String> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Text(text) => text.clone().into_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Bool(value) => value.to_string(),
        Cell::Time(time) => time::text(*time),
        Cell::Guid(guid) => braced(*guid),
    })
}

fn braced(guid: Guid) -> String {
    format!("{{{}}}", guid.to_string().to_uppercase())
}
