//! Who it is that has the credentials of this process.

use aws_config::SdkConfig;
use domain::fault::Outcome;

use super::{
    fault::{fault, malformed},
    meter::Meter,
    patience::Patience,
};

/// Returns the ARN of whoever has the credentials, as STS has proven it. No right is needed to ask. It is the ARN that API Gateway
/// gives for a request signed with the same credentials.
///
/// # Errors
/// The fault of STS.
pub async fn arn(config: &SdkConfig, patience: Patience, meter: &Meter) -> Outcome<String> {
    let sts = aws_sdk_sts::config::Builder::from(config)
        .retry_config(patience.retries())
        .timeout_config(patience.timeouts())
        .interceptor(meter.clone())
        .build();
    let asked = aws_sdk_sts::Client::from_conf(sts)
        .get_caller_identity()
        .send()
        .await;
    let told = asked.map_err(|error| fault("caller_identity", &error))?;
    let arn = told.arn.filter(|arn| !arn.is_empty());
    arn.ok_or_else(|| malformed("STS answered without an ARN"))
}
