//! Rows as items.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::Outcome,
    ports::{Layer, Numbers, Row, RowName, RowValue, Version},
};
use matching::{Posting, SharedPostings};

use super::{
    super::item::{Attributes, Item, blob, number},
    row_key,
};
use crate::aws::fault::malformed;

/// The attributes of a layer: its number, what it holds, and whether the key is too common.
struct Names {
    number: &'static str,
    content: &'static str,
    is_common: &'static str,
}

/// The newest layer, and the one below.
const LAYERS: [Names; 2] = [
    Names {
        number: "n",
        content: "c",
        is_common: "m",
    },
    Names {
        number: "pn",
        content: "pc",
        is_common: "pm",
    },
];

/// The attributes that a reader needs.
pub(super) const PROJECTION: &str = "sk, n, #c, m, pn, pc, pm";

/// Returns the item of a row.
pub(super) fn of(base: &Version, row: &Row) -> Outcome<Attributes> {
    let mut item = row_key(base, &row.name);
    for (layer, names) in row.layers.iter().zip(&LAYERS) {
        item.insert(names.number.to_owned(), number(layer.number));
        let content = match &layer.value {
            Some(RowValue::Company(company)) => serde_json::to_vec(company),
            Some(RowValue::Postings(postings)) => {
                let postings: Vec<&Posting> = postings.iter().map(Arc::as_ref).collect();
                serde_json::to_vec(&postings)
            }
            Some(RowValue::TooCommon) => {
                let is_common = AttributeValue::Bool(true);
                item.insert(names.is_common.to_owned(), is_common);
                continue;
            }
            None => continue,
        };
        let content = content.map_err(|_| malformed("c"))?;
        item.insert(names.content.to_owned(), blob(&content));
    }
    Ok(item)
}

/// Returns the row of an item, with all its layers.
pub(super) fn row(item: &Attributes, shared: &mut SharedPostings) -> Outcome<Row> {
    let name = name(item)?;
    let mut layers = Vec::with_capacity(1);
    for names in &LAYERS {
        if let Some(number) = layer_number(item, names)? {
            let value = value(item, &name, names, shared)?;
            layers.push(Layer { number, value });
        }
    }
    Ok(Row { name, layers })
}

/// Returns the name of an item's row.
pub(super) fn name(item: &Attributes) -> Outcome<RowName> {
    RowName::parse(item.text("sk")?).ok_or_else(|| malformed("sk"))
}

/// Returns what an item holds for a reader to whom these numbers are published. Nothing else of the item is parsed.
pub(super) fn shown(
    item: &Attributes,
    name: &RowName,
    published: &Numbers,
    shared: &mut SharedPostings,
) -> Outcome<Option<RowValue>> {
    for names in &LAYERS {
        if layer_number(item, names)?.is_some_and(|number| published.contains(number)) {
            return value(item, name, names, shared);
        }
    }
    Ok(None)
}

fn layer_number(item: &Attributes, names: &Names) -> Outcome<Option<u64>> {
    let is_there = item.contains_key(names.number);
    // An item without any number is of a release that had none.
    let is_first = !is_there && names.number == LAYERS[0].number;
    if is_first {
        return Ok(Some(0));
    }
    is_there.then(|| item.number(names.number)).transpose()
}

fn value(
    item: &Attributes,
    name: &RowName,
    names: &Names,
    shared: &mut SharedPostings,
) -> Outcome<Option<RowValue>> {
    if item.contains_key(names.is_common) {
        return Ok(Some(RowValue::TooCommon));
    }
    if !item.contains_key(names.content) {
        return Ok(None);
    }
    let content = item.blob(names.content)?;
    Ok(Some(match name {
        RowName::Company(_) => {
            RowValue::Company(serde_json::from_slice(content).map_err(|_| malformed("c"))?)
        }
        RowName::Key(_) => {
            let postings: Vec<Posting> =
                serde_json::from_slice(content).map_err(|_| malformed("c"))?;
            let share = |posting| shared.share(posting);
            RowValue::Postings(postings.into_iter().map(share).collect())
        }
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use matching::{Company, CompanyId, MatchKey};

    use super::*;

    fn layer(number: u64, value: Option<RowValue>) -> Layer {
        Layer { number, value }
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let base = Version("v1".to_owned());
        let company = Company::new(CompanyId::parse("C1").unwrap(), "Werk GmbH");
        let posting = Arc::new(Posting::of(&company));
        let key = || RowName::Key(MatchKey::parse("d:werk.example").unwrap());
        let postings = || Some(RowValue::Postings(vec![Arc::clone(&posting)]));
        for (name, layers) in [
            (key(), vec![layer(3, postings())]),
            (key(), vec![layer(9, None), layer(3, postings())]),
            (
                key(),
                vec![layer(9, postings()), layer(3, Some(RowValue::TooCommon))],
            ),
            (
                RowName::Company(company.id.clone()),
                vec![layer(7, Some(RowValue::Company(Box::new(company))))],
            ),
        ] {
            let row_before = Row { name, layers };
            let item = of(&base, &row_before).unwrap();
            assert_eq!(
                row(&item, &mut SharedPostings::default()).unwrap(),
                row_before
            );
        }
    }

    #[test]
    fn an_item_of_a_release_without_numbers_is_of_number_nought() {
        let mut item = row_key(
            &Version("v1".to_owned()),
            &RowName::Key(MatchKey::parse("d:werk.example").unwrap()),
        );
        item.insert("m".to_owned(), AttributeValue::Bool(true));
        let read = row(&item, &mut SharedPostings::default()).unwrap();
        assert_eq!(read.layers, [layer(0, Some(RowValue::TooCommon))]);
        let numbers = |text: &str| text.parse::<Numbers>().unwrap();
        assert!(read.shown(&numbers("0")).is_some() && read.shown(&numbers("0-4")).is_some());
        assert!(read.shown(&numbers("1")).is_none());
    }
}
