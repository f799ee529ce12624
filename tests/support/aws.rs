//! Clients of the servers that stand in for AWS.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use infra::aws::{clients::Clients, meter::Meter, patience::Patience};

/// Returns settings for clients of the server at `endpoint`.
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

/// Makes clients: DynamoDB at one server, the other services at another.
pub(crate) fn clients(dynamodb: &str, rest: &str) -> Clients {
    let meter = Meter::default();
    Clients {
        dynamodb: Clients::new(&config(dynamodb), Patience::SLICE, &meter).dynamodb,
        ..Clients::new(&config(rest), Patience::SLICE, &meter)
    }
}
