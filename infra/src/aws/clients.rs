//! One SDK client for each service.

use aws_config::{
    BehaviorVersion, SdkConfig, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::{
    Builder, ConnectorBuilder,
    proxy::ProxyConfig,
    tls::{Provider, rustls_provider::CryptoMode},
};

use super::{meter::Meter, patience::Patience};

/// The clients. Constructing them sends nothing and reads no certificates. Both happen at the first request.
#[derive(Clone)]
pub struct Clients {
    /// DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// S3.
    pub s3: aws_sdk_s3::Client,
    /// KMS.
    pub kms: aws_sdk_kms::Client,
    /// EventBridge.
    pub events: aws_sdk_eventbridge::Client,
    /// SQS.
    pub sqs: aws_sdk_sqs::Client,
}

/// Loads the SDK's settings: region, credentials and endpoints from AWS's own environment variables.
pub async fn config() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        // The timeouts already bound a request and its answer. Watching the bytes as well costs timers, locks and boxes
        // per request.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(http_client())
        .load()
        .await
}

/// Returns the HTTP client of all clients of a process, those of sessions included: they share its connections, and
/// certificates are read once.
pub fn http_client() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = ConnectorBuilder::default()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    })
}

impl Clients {
    /// Makes clients with these settings and the timeouts and retries of `patience`. `meter` counts what they send.
    pub fn new(config: &SdkConfig, patience: Patience, meter: &Meter) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(
                aws_sdk_dynamodb::config::Builder::from(config)
                    .retry_config(patience.retries())
                    .timeout_config(patience.timeouts())
                    .interceptor(meter.clone())
                    .interceptor(meter.throttles())
                    .build(),
            ),
            // When the endpoint is an IP address, the SDK puts the bucket into the path by itself.
            s3: aws_sdk_s3::Client::from_conf(
                aws_sdk_s3::config::Builder::from(config)
                    .retry_config(patience.retries())
                    .timeout_config(patience.object_timeouts())
                    .stalled_stream_protection(patience.stalls())
                    .interceptor(meter.clone())
                    .build(),
            ),
            kms: aws_sdk_kms::Client::from_conf(
                aws_sdk_kms::config::Builder::from(config)
                    .retry_config(patience.retries())
                    .timeout_config(patience.timeouts())
                    .interceptor(meter.clone())
                    .build(),
            ),
            events: aws_sdk_eventbridge::Client::from_conf(
                aws_sdk_eventbridge::config::Builder::from(config)
                    .retry_config(patience.retries())
                    .timeout_config(patience.timeouts())
                    .interceptor(meter.clone())
                    .build(),
            ),
            sqs: aws_sdk_sqs::Client::from_conf(
                aws_sdk_sqs::config::Builder::from(config)
                    .retry_config(patience.retries())
                    .timeout_config(patience.timeouts())
                    .interceptor(meter.clone())
                    .build(),
            ),
        }
    }
}
