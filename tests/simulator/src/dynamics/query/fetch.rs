//! FetchXML.

use super::aggregate::{Aggregate, Measure};
use super::cookie::Cookie;
use super::filter::{Filter, Operator, Place};
use super::literal::bare;
use super::order::Order;
use super::run::Query;
use crate::dynamics::error::Refusal;
use crate::dynamics::row::Cell;
use crate::dynamics::schema::Schema;
use crate::dynamics::xml::{self, Element};

/// A query in FetchXML.
#[derive(Debug)]
pub(crate) struct Fetch {
    pub(crate) query: Query,
    /// The columns. Without any all are meant.
    pub(crate) columns: Vec<u16>,
    pub(crate) aggregate: Option<Aggregate>,
    pub(crate) size: usize,
    pub(crate) page: u32,
    pub(crate) cookie: Option<Cookie>,
    /// Whether `top` limits the rows. There are no pages then.
    pub(crate) is_top: bool,
    pub(crate) totals: bool,
}

impl Fetch {
    /// Parses FetchXML for a table.
    pub(crate) fn parse(schema: &Schema, text: &str) -> Result<Self, Refusal> {
        let root = xml::parse(text).filter(|root| root.name == "fetch");
        let root = root.ok_or_else(|| Refusal::query("Invalid XML."))?;
        let entity = root.named("entity").next();
        let entity = entity.ok_or_else(|| Refusal::query("The entity is missing."))?;
        if entity.attribute("name") != Some(schema.kind.logical()) {
            return Err(Refusal::query("The entity is not that of the path."));
        }
        if entity.named("link-entity").next().is_some() {
            return Err(Refusal::query("link-entity is not supported here."));
        }
        let mut orders = Vec::new();
        for order in entity.named("order") {
            orders.push(Order {
                index: column(schema, order.attribute("attribute"))?,
                descending: order.attribute("descending") == Some("true"),
            });
        }
        let mut parts = Vec::new();
        for one in entity.named("filter") {
            parts.push(filter(schema, one)?);
        }
        let found = (!parts.is_empty()).then_some(Filter::All(parts));
        let is_aggregate = root.attribute("aggregate") == Some("true");
        let (mut columns, mut aggregate) = (Vec::new(), Vec::new());
        for one in entity.named("attribute") {
            let index = column(schema, one.attribute("name"))?;
            match (is_aggregate, one.attribute("aggregate")) {
                (true, Some(how)) => {
                    let alias = one.attribute("alias").unwrap_or_default().to_owned();
                    aggregate.push((alias, measure(how, index)?));
                }
                (true, None) => return Err(Refusal::query("Grouping is not supported here.")),
                (false, _) => columns.push(index),
            }
        }
        let query = Query::new(schema, found, orders);
        let number = |name: &str| root.attribute(name).and_then(|text| text.parse().ok());
        let top: Option<usize> = number("top");
        let size = top.or_else(|| number("count")).unwrap_or(5_000);
        let page = root.attribute("page").and_then(|page| page.parse().ok());
        let cookie = root
            .attribute("paging-cookie")
            .filter(|text| !text.is_empty());
        let cookie = cookie.map(|text| Cookie::parse(text, schema, &query.orders));
        Ok(Self {
            cookie: cookie.transpose()?,
            query,
            columns,
            aggregate: is_aggregate.then_some(aggregate),
            size: size.clamp(1, 5_000),
            page: page.unwrap_or(1),
            is_top: top.is_some(),
            totals: root.attribute("returntotalrecordcount") == Some("true"),
        })
    }
}

fn measure(how: &str, index: u16) -> Result<Measure, Refusal> {
    Ok(match how {
        "count" => Measure::Count,
        "countcolumn" => Measure::Filled(index),
        "min" => Measure::Least(index),
        "max" => Measure::Most(index),
        other => {
            return Err(Refusal::query(format!(
                "The aggregate {other} is not supported here."
            )));
        }
    })
}

/// FetchXML names lookups by their logical names.
fn column(schema: &Schema, name: Option<&str>) -> Result<u16, Refusal> {
    let name = name.unwrap_or_default();
    let found = schema.named(name).filter(|index| {
        let field = schema.field(*index);
        field.is_some_and(|field| field.readable && field.of.is_none())
    });
    let message = format!(
        "'{}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical'.",
        schema.kind.schema_name()
    );
    found.ok_or_else(|| Refusal::new(400, "0x80041103", message))
}

fn filter(schema: &Schema, element: &Element) -> Result<Filter, Refusal> {
    let mut parts = Vec::new();
    for child in &element.children {
        parts.push(match child.name.as_str() {
            "filter" => filter(schema, child)?,
            "condition" => condition(schema, child)?,
            other => return Err(Refusal::query(format!("{other} is not expected here."))),
        });
    }
    Ok(match element.attribute("type") {
        Some("or") => Filter::Any(parts),
        _ => Filter::All(parts),
    })
}

fn condition(schema: &Schema, element: &Element) -> Result<Filter, Refusal> {
    let index = column(schema, element.attribute("attribute"))?;
    let field = schema
        .field(index)
        .ok_or_else(|| Refusal::query("no column"))?;
    let name = element.attribute("operator").unwrap_or_default();
    let value = element.attribute("value").unwrap_or_default();
    Ok(match name {
        "null" => Filter::Compare(index, Operator::Equal, Cell::Null),
        "not-null" => Filter::Compare(index, Operator::Unequal, Cell::Null),
        "in" => {
            let values = element.named("value").map(|one| bare(field, &one.text));
            Filter::In(index, values.collect::<Result<_, _>>()?)
        }
        "like" => {
            let place = match (value.starts_with('%'), value.ends_with('%')) {
                (true, true) => Place::Anywhere,
                (true, false) => Place::End,
                (false, true) => Place::Start,
                (false, false) => {
                    return Ok(Filter::Compare(index, Operator::Equal, bare(field, value)?));
                }
            };
            Filter::Like(index, place, value.trim_matches('%').to_owned())
        }
        "neq" => Filter::Compare(index, Operator::Unequal, bare(field, value)?),
        other => {
            let operator = Operator::parse(other);
            let message = format!("The condition operator {other} is not supported.");
            let operator = operator.ok_or_else(|| Refusal::query(message))?;
            Filter::Compare(index, operator, bare(field, value)?)
        }
    })
}
