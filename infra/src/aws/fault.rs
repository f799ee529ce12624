//! Turns errors of the AWS SDK into faults.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use domain::fault::{AwsCode, Code, Fault, Kind, Outcome};

/// Codes of transient errors: throttles, conflicts with a request under way, and trouble at AWS.
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

/// Returns whether an error with this code is transient.
pub(super) fn is_transient(code: &str) -> bool {
    TRANSIENT.contains(&code)
}

/// Returns the fault of a failed `operation`. It leaves messages out, since DynamoDB's may quote an item.
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

/// Returns whether DynamoDB refused a write because its condition did not hold. Callers treat that as an answer, not as
/// a failure.
pub(super) fn is_refused<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata,
{
    error.code() == Some("ConditionalCheckFailedException")
}

/// Returns the outcome of giving something back, such as a lease. A condition that does not hold is a success: the
/// caller no longer holds it.
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

/// Returns the fault of a stored item that does not have the form in which we write it.
pub(super) fn malformed(what: &'static str) -> Fault {
    Fault::of(Code::StoreItemMalformed).with_detail(what)
}
