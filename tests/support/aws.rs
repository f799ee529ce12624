//! Clients of such servers, and the tables and buckets that the adapters need in them.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::{
    config::{Credentials, SharedCredentialsProvider},
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
        Projection, ProjectionType, ScalarAttributeType,
    },
};
use infra::aws::{clients::Clients, meter::Meter};

/// Settings of clients of the server at `endpoint`.
pub(crate) fn config(endpoint: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "test", "test", None, None, "tests",
        )))
        .endpoint_url(endpoint)
        .build()
}

/// Clients: DynamoDB at one server, the rest at another.
pub(crate) fn clients(dynamodb: &str, rest: &str) -> Clients {
    let meter = Meter::default();
    Clients {
        dynamodb: Clients::new(&config(dynamodb), &meter).dynamodb,
        ..Clients::new(&config(rest), &meter)
    }
}

/// Makes a table as template.yaml has it: keys, and indexes with their keys.
pub(crate) async fn make_table(
    clients: &Clients,
    name: &str,
    keys: &[&str],
    indexes: &[(&str, &str, &str)],
) {
    let mut attributes: Vec<&str> = keys.to_vec();
    for (_, hash, range) in indexes {
        attributes.extend([hash, range]);
    }
    attributes.sort_unstable();
    attributes.dedup();
    let mut table = clients
        .dynamodb
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(schema(keys)));
    for attribute in attributes {
        table = table.attribute_definitions(
            AttributeDefinition::builder()
                .attribute_name(attribute)
                .attribute_type(ScalarAttributeType::S)
                .build()
                .unwrap(),
        );
    }
    for (index, hash, range) in indexes {
        table = table.global_secondary_indexes(
            GlobalSecondaryIndex::builder()
                .index_name(*index)
                .set_key_schema(Some(schema(&[hash, range])))
                .projection(
                    Projection::builder()
                        .projection_type(ProjectionType::All)
                        .build(),
                )
                .build()
                .unwrap(),
        );
    }
    table.send().await.unwrap();
}

fn schema(keys: &[&str]) -> Vec<KeySchemaElement> {
    keys.iter()
        .zip([KeyType::Hash, KeyType::Range])
        .map(|(name, kind)| {
            KeySchemaElement::builder()
                .attribute_name(*name)
                .key_type(kind)
                .build()
                .unwrap()
        })
        .collect()
}
