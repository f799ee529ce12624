//! What an SDK error means.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use domain::fault::{AwsCode, Code, Fault, Kind, Outcome};

/// Codes that say: later. Those of throttles, of conflicts with a request under way, and of trouble at AWS.
const TRANSIENT: [&str; 21] = [
    "InternalFailure",
    "InternalServerError",
    "InternalError",
    "KMSInternalException",
    "DependencyTimeoutException",
    "KeyUnavailableException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// Whether an error's code says: later.
pub(super) fn is_transient(code: &str) -> bool {
    TRANSIENT.contains(&code)
}

/// The fault of a failed `operation`. Messages are left out: DynamoDB's may quote an item.
pub(super) fn fault<E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata,
{
    let of = |code| Fault::aws(operation, code);
    match error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or("unknown");
            let status = service.raw().status().as_u16();
            let kind = if is_transient(code) || status >= 500 || status == 429 {
                Kind::Transient
            } else {
                Kind::Permanent
            };
            of(AwsCode::said(code.to_owned())).with_kind(kind)
        }
        SdkError::ConstructionFailure(_) => of(AwsCode::Malformed),
        SdkError::TimeoutError(_) => of(AwsCode::Timeout),
        _ => of(AwsCode::Unreachable),
    }
}

/// Whether a write to DynamoDB was refused because its condition does not hold: an answer, not trouble.
pub(super) fn is_refused<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata,
{
    error.code() == Some("ConditionalCheckFailedException")
}

/// How giving something back ended: what is not the caller's any more needs not be given back.
pub(super) fn given_back<T, E>(
    operation: &'static str,
    written: Result<T, SdkError<E, HttpResponse>>,
) -> Outcome<()>
where
    E: ProvideErrorMetadata,
{
    match written {
        Ok(_) => Ok(()),
        Err(error) if is_refused(&error) => Ok(()),
        Err(error) => Err(fault(operation, &error)),
    }
}

/// A stored item that is not as we write them.
pub(super) fn malformed(what: &'static str) -> Fault {
    Fault::of(Code::StoreItemMalformed).with_detail(what)
}
