//! The standard fields that identify a record's company.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Filling, Source, Usual},
    record::Object,
    settings::FieldName,
};
use matching::Column;

use super::{super::Salesforce, shape::WriteShape};

#[async_trait]
impl Filling for Salesforce {
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>> {
        let shape = self.write_shape(object).await?;
        usual(object)
            .into_iter()
            .filter(|(name, ..)| can_set(&shape, name))
            // If an organisation chooses states and countries from lists, the name cannot be set freely and the code can.
            .filter(|(name, ..)| {
                !name.ends_with("Country") || !can_set(&shape, &format!("{name}Code"))
            })
            .map(|(name, source, needed)| {
                Ok(Usual {
                    field: FieldName::parse(name)?,
                    source,
                    needed,
                })
            })
            .collect()
    }
}

fn can_set(shape: &WriteShape, name: &str) -> bool {
    shape.fields.get(name).is_some_and(|field| field.createable)
}

type UsualField = (&'static str, Source, bool);

fn usual(object: Object) -> Vec<UsualField> {
    let column = |name, column| (name, Source::Column(column), false);
    match object {
        Object::Account => vec![
            column("Name", Column::Name),
            column("Website", Column::Domain),
            column("Phone", Column::Phone),
            column("BillingStreet", Column::Street),
            column("BillingPostalCode", Column::Zip),
            column("BillingCity", Column::City),
            column("BillingCountry", Column::Country),
            column("BillingCountryCode", Column::CountryCode),
        ],
        Object::Lead => vec![
            column("Company", Column::Name),
            column("Website", Column::Domain),
            column("Phone", Column::Phone),
            column("Street", Column::Street),
            column("PostalCode", Column::Zip),
            column("City", Column::City),
            column("Country", Column::Country),
            column("CountryCode", Column::CountryCode),
        ],
        // A person's own phone number and address are not the company's. The person's employer is the Account.
        Object::Contact => vec![("AccountId", Source::Account, false)],
        Object::Task => vec![("WhatId", Source::Account, true)],
        Object::Opportunity => vec![
            column("Name", Column::Name),
            ("AccountId", Source::Account, true),
        ],
    }
}
