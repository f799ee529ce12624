//! The columns that a record's company fills. Which company it is, a link says (`Creating::account_links`).

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Filling, Source, Usual},
    record::Object,
    settings::FieldName,
};
use matching::Column;

use super::super::{Dynamics, field::Kind};

#[async_trait]
impl Filling for Dynamics {
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>> {
        let shape = self.write_shape(object).await?;
        let can_set = |name: &str| {
            let field = shape.fields.get(name);
            field.is_some_and(|field| {
                field.creatable && matches!(field.kind, Kind::Text | Kind::Phone)
            })
        };
        let usual = usual(object).iter();
        usual
            .filter(|(name, _)| can_set(name))
            .map(|(name, column)| {
                Ok(Usual {
                    field: FieldName::parse(name)?,
                    source: Source::Column(*column),
                    needed: false,
                })
            })
            .collect()
    }
}

fn usual(object: Object) -> &'static [(&'static str, Column)] {
    match object {
        Object::Account => &[
            ("name", Column::Name),
            ("websiteurl", Column::Domain),
            ("telephone1", Column::Phone),
            ("address1_line1", Column::Street),
            ("address1_postalcode", Column::Zip),
            ("address1_city", Column::City),
            ("address1_country", Column::Country),
        ],
        // A lead is a person, whose own number is in `telephone1`.
        Object::Lead => &[
            ("companyname", Column::Name),
            ("websiteurl", Column::Domain),
            ("address1_line1", Column::Street),
            ("address1_postalcode", Column::Zip),
            ("address1_city", Column::City),
            ("address1_country", Column::Country),
        ],
        Object::Opportunity => &[("name", Column::Name)],
        // A person's own phone number and address are not the company's.
        Object::Contact | Object::Task => &[],
    }
}
