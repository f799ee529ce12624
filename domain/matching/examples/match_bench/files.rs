//! Records labelled with their companies.

use std::{collections::HashMap, path::Path};

use matching::Attributes;

use super::Result;

/// A record and the company that it is.
#[derive(Default)]
pub(super) struct Labelled {
    /// Its id.
    pub(super) id: String,
    /// The company's id. Empty if the company is not in the file.
    pub(super) company: String,
    /// Values by column, in the order of [`COLUMNS`].
    values: [String; COLUMNS.len()],
}

const COLUMNS: [&str; 11] = [
    "name", "street", "zip", "city", "country", "website", "phone", "email", "vat_id", "register",
    "lei",
];

/// Reads the records that the truth file lists.
pub(super) fn read(records: &Path, truth: &Path) -> Result<Vec<Labelled>> {
    let mut truths: HashMap<String, String> = HashMap::new();
    for row in csv::Reader::from_path(truth)?.records() {
        let row = row?;
        let text = |at| row.get(at).unwrap_or_default().trim().to_owned();
        truths.insert(text(0), text(1));
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(records)?;
    let header = reader.headers()?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim() == name);
    let id = place("id").ok_or("records have no column id")?;
    let places = COLUMNS.map(place);
    let mut labelled = Vec::new();
    for row in reader.records() {
        let row = row?;
        let id = row.get(id).unwrap_or_default();
        let Some(company) = truths.get(id) else {
            continue;
        };
        labelled.push(Labelled {
            id: id.to_owned(),
            company: company.clone(),
            values: places.map(|at| at.and_then(|at| row.get(at)).unwrap_or_default().to_owned()),
        });
    }
    Ok(labelled)
}

impl Labelled {
    /// The matching attributes of the record.
    pub(super) fn attributes(&self) -> Attributes<'_> {
        let [
            name,
            street,
            zip,
            city,
            country,
            website,
            phone,
            email,
            vat_id,
            register,
            lei,
        ] = &self.values;
        Attributes {
            name: value(name),
            street: value(street),
            zip: value(zip),
            city: value(city),
            country: value(country),
            website: value(website),
            phone: value(phone),
            email: value(email),
            vat_id: value(vat_id),
            register: value(register),
            lei: value(lei),
        }
    }

    /// The record's values by column, without the empty ones.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        COLUMNS
            .into_iter()
            .zip(self.values.iter().map(String::as_str))
            .filter(|(_, value)| !value.is_empty())
    }
}

fn value(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
