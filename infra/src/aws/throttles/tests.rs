#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::{
    Client,
    config::{
        BehaviorVersion, Builder, Credentials, Region, StalledStreamProtectionConfig,
        retry::RetryConfig, timeout::TimeoutConfig,
    },
    types::{AttributeValue, KeysAndAttributes},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::Throttles;

static TOLD: AtomicU64 = AtomicU64::new(0);

/// Answers one request with this status and body, as DynamoDB would. Returns the address.
async fn answering(status: u16, body: Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        // The body of the request is the last thing that is sent, and it ends with two braces.
        while !asked.ends_with(b"}}") {
            let mut part = [0; 4_096];
            let n = stream.read(&mut part).await.unwrap();
            asked.extend_from_slice(&part[..n]);
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    address
}

/// Returns how many throttles are told of when a batch is read and answered so.
async fn told_of(status: u16, body: Value) -> u64 {
    let credentials = Credentials::builder()
        .access_key_id("a")
        .secret_access_key("b")
        .provider_name("test")
        .build();
    let tell: fn() = || _ = TOLD.fetch_add(1, Ordering::SeqCst);
    let config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(credentials)
        .endpoint_url(answering(status, body).await)
        .http_client(crate::aws::clients::http_client())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .interceptor(Throttles(Some(tell)));
    let key = [("pk".to_owned(), AttributeValue::S("1".to_owned()))];
    let keys = KeysAndAttributes::builder().keys(key.into()).build();
    let before = TOLD.load(Ordering::SeqCst);
    let asked = Client::from_conf(config.build())
        .batch_get_item()
        .request_items("t", keys.unwrap());
    assert_eq!(asked.send().await.is_ok(), status == 200);
    TOLD.load(Ordering::SeqCst) - before
}

fn left(units: f64) -> Value {
    json!({
        "Responses": {"t": []},
        "UnprocessedKeys": {"t": {"Keys": [{"pk": {"S": "1"}}]}},
        "ConsumedCapacity": [{"TableName": "t", "CapacityUnits": units}],
    })
}

#[tokio::test]
async fn keys_that_are_left_for_their_size_are_no_throttle() {
    // 1 MiB of a partition, 16 MiB of an answer, and the first of them but for an item of 400 KiB.
    for units in [256.0, 4_096.0, 156.0] {
        assert_eq!(told_of(200, left(units)).await, 0, "{units}");
    }
    for units in [0.0, 1.0, 155.0] {
        assert_eq!(told_of(200, left(units)).await, 1, "{units}");
    }
    let unsaid = json!({"Responses": {}, "UnprocessedKeys": left(0.0)["UnprocessedKeys"]});
    assert_eq!(told_of(200, unsaid).await, 1);
    let whole = json!({"Responses": {}, "UnprocessedKeys": {}});
    assert_eq!(told_of(200, whole).await, 0);
    let kind = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
    assert_eq!(told_of(400, json!({"__type": kind})).await, 1);
    let kind = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";
    assert_eq!(told_of(400, json!({"__type": kind})).await, 0);
}
