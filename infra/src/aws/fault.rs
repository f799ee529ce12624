//! What an SDK error means.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use domain::fault::{Fault, Outcome};

/// Codes that say: later. Those of throttles, of conflicts with a request under way, and of trouble at AWS.
const PASSING: [&str; 21] = [
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
pub(super) fn is_passing(code: &str) -> bool {
    PASSING.contains(&code)
}

/// The fault of a failed `operation`. Messages are left out: DynamoDB's may quote an item.
pub(super) fn fault<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata,
{
    match error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or("unknown");
            let status = service.raw().status().as_u16();
            let name = format!("aws.{operation}.{code}");
            if is_passing(code) || status >= 500 || status == 429 {
                Fault::passing(name)
            } else {
                Fault::lasting(name)
            }
        }
        SdkError::ConstructionFailure(_) => Fault::lasting(format!("aws.{operation}.malformed")),
        SdkError::TimeoutError(_) => Fault::passing(format!("aws.{operation}.timeout")),
        _ => Fault::passing(format!("aws.{operation}.unreachable")),
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
    operation: &str,
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
    Fault::lasting("store.item_malformed").with_detail(what)
}
