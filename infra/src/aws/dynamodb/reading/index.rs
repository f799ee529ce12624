//! Queries of the indexes of Copies.

use domain::{
    fault::Outcome,
    ports::{HeldToken, Hit, Hits, Index, Lookup},
    tenant::Scope,
};

use super::{
    super::{
        batch::key,
        copy_rows::status,
        further,
        item::{Attributes, Item, text},
        store::AwsStore,
    },
    record_of, sealed,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

/// Returns where a query of an index goes on. A token of an index is the sort key and the partition of the last row.
pub(super) fn start_at(token: &str, attribute: &str, value: &str) -> Outcome<Attributes> {
    let (sk, pk) = token.split_once(' ').ok_or_else(|| malformed("token"))?;
    let mut start = key(pk, sk);
    start.insert(attribute.to_owned(), text(value));
    Ok(start)
}

/// Returns the token of what follows the last row of a query of an index.
pub(super) fn token_of(last: &Attributes) -> Outcome<String> {
    Ok(format!("{} {}", last.text("sk")?, last.text("pk")?))
}

impl AwsStore {
    /// Asks an index for the records under a hash.
    pub(super) async fn ask_index(&self, scope: &Scope, ask: &Lookup) -> Outcome<Hits> {
        let (index, attribute) = match ask.index {
            Index::Email => ("by_email", "he"),
            Index::Domain => ("by_domain", "hd"),
            Index::Parent => ("by_parent", "hp"),
            Index::Company => ("by_company", "hc"),
        };
        let hash = places::lookup(scope, &ask.hash);
        let start = ask
            .after
            .as_ref()
            .map(|token| start_at(&token.0, attribute, &hash))
            .transpose()?;
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.copies)
            .index_name(index)
            .key_condition_expression("#h = :h")
            .expression_attribute_names("#h", attribute)
            .expression_attribute_values(":h", text(&hash))
            .set_exclusive_start_key(start)
            .limit(further::limit(ask.most))
            .send()
            .await
            .map_err(|error| fault("index_query", &error))?;
        let rows = answer.items.unwrap_or_default();
        let (rows, last) = further::page(rows, answer.last_evaluated_key, ask.most);
        let mut hits = Vec::with_capacity(rows.len());
        for row in &rows {
            let (object, id) = record_of(row)?;
            let relation = match row.contains_key("st") {
                true => Some((status(row)?, row.number("sc")?)),
                false => None,
            };
            hits.push(Hit {
                object,
                id,
                relation,
                projection: sealed(row, "q"),
            });
        }
        let next = last.as_ref().map(token_of).transpose()?;
        let next = next.map(HeldToken);
        Ok(Hits { hits, next })
    }
}
