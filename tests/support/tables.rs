//! Makes the tables of template.yaml in a local DynamoDB: keys, indexes and projections.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use infra::aws::clients::Clients;

use super::python::root;

/// A table, or an index of one.
#[derive(Default)]
struct Definition {
    name: String,
    keys: Vec<(String, KeyType)>,
    projection: Option<ProjectionType>,
    shown: Vec<String>,
}

/// Makes the table of the resource `resource` in template.yaml. Its name is the resource's in lower case.
pub(crate) async fn make(clients: &Clients, resource: &str) {
    let template = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let [table, indexes @ ..] = &read(&template, resource)[..] else {
        panic!("template.yaml has no table {resource}")
    };
    let mut names: Vec<&String> = [table]
        .into_iter()
        .chain(indexes)
        .flat_map(|definition| definition.keys.iter().map(|(name, _)| name))
        .collect();
    names.sort_unstable();
    names.dedup();
    let attributes = names.into_iter().map(|name| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .unwrap()
    });
    let indexes: Vec<GlobalSecondaryIndex> = indexes.iter().map(index).collect();
    clients
        .dynamodb
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(schema(table)))
        .set_attribute_definitions(Some(attributes.collect()))
        .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
        .send()
        .await
        .unwrap();
}

fn index(definition: &Definition) -> GlobalSecondaryIndex {
    let shown = (!definition.shown.is_empty()).then(|| definition.shown.clone());
    let projection = Projection::builder()
        .set_projection_type(definition.projection.clone())
        .set_non_key_attributes(shown)
        .build();
    GlobalSecondaryIndex::builder()
        .index_name(&definition.name)
        .set_key_schema(Some(schema(definition)))
        .projection(projection)
        .build()
        .unwrap()
}

fn schema(definition: &Definition) -> Vec<KeySchemaElement> {
    definition
        .keys
        .iter()
        .map(|(name, kind)| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind.clone())
                .build()
                .unwrap()
        })
        .collect()
}

/// Reads a table and its indexes. It understands only the template's own spelling, with one entry per line, and no
/// other YAML. Anything else is left out, and a table without keys cannot be made.
fn read(template: &str, resource: &str) -> Vec<Definition> {
    let head = format!("  {resource}:");
    let lines = template
        .lines()
        .skip_while(|line| *line != head)
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with("   ") || line.starts_with("  #"));
    let mut all = vec![Definition {
        name: resource.to_lowercase(),
        ..Definition::default()
    }];
    for line in lines {
        if let Some(name) = value(line, "IndexName: ") {
            all.push(Definition {
                name: name.to_owned(),
                ..Definition::default()
            });
        }
        let Some(current) = all.last_mut() else {
            continue;
        };
        if let (Some(name), Some(kind)) = (value(line, "AttributeName: "), value(line, "KeyType: "))
        {
            current.keys.push((name.to_owned(), KeyType::from(kind)));
        }
        if let Some(kind) = value(line, "ProjectionType: ") {
            current.projection = Some(ProjectionType::from(kind));
        }
        if let Some((_, list)) = line.split_once("NonKeyAttributes: [") {
            let names = list.trim_end_matches(']').split(", ");
            current.shown = names.map(str::to_owned).collect();
        }
    }
    assert!(all.iter().all(|definition| !definition.keys.is_empty()));
    all
}

fn value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(name)?;
    rest.split([',', ' ', '}']).next()
}
