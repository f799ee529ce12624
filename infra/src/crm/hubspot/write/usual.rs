//! The properties that a record's company fills. Which company it is, a link says (`Creating::account_links`).

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Filling, Source, Usual},
    record::Object,
    settings::FieldName,
};
use matching::Column;

use super::{super::HubSpot, shape::WriteShape, value::Taken};

#[async_trait]
impl Filling for HubSpot {
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>> {
        let shape = self.write_shape(object).await?;
        let usual = usual(object).iter();
        usual
            .filter(|(name, _)| can_set(&shape, name))
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

/// Countries that are chosen from a list cannot be filled with names.
fn can_set(shape: &WriteShape, name: &str) -> bool {
    let field = shape.fields.get(name);
    field.is_some_and(|field| field.createable && matches!(field.taken, Taken::Text))
}

fn usual(object: Object) -> &'static [(&'static str, Column)] {
    match object {
        Object::Account => &[
            ("name", Column::Name),
            ("domain", Column::Domain),
            ("phone", Column::Phone),
            ("address", Column::Street),
            ("zip", Column::Zip),
            ("city", Column::City),
            ("country", Column::Country),
        ],
        // A person's own phone number and address are not the company's.
        Object::Contact => &[("company", Column::Name)],
        Object::Lead => &[("hs_lead_name", Column::Name)],
        Object::Opportunity => &[("dealname", Column::Name)],
        Object::Task => &[],
    }
}
