//! Problem types without a fault: what is wrong with a request before a use case runs, and what became of one record.
//!
//! To add one: a line in the table below; in `infra/openapi.yaml` an entry under `x-problem-types`, and its status among the `responses`
//! of each operation that answers it (`tests/template/test_contract.py` says which statuses an operation may list). The outcome of
//! one record also needs a variant of `domain::create::CreateOutcome`, which is stored (a golden file holds the spelling); the
//! compiler leads on to `functions/api/create/refusal.rs`, and `Creation.outcome` in the contract names it.

use domain::fault::ProblemType;

macro_rules! types {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        $($(#[doc = $doc])* pub const $name: &ProblemType = &ProblemType::new($text, $status, $title);)*

        /// All types of this list.
        pub const ALL: &[&ProblemType] = &[$($name),*];
    };
}

types! {
    /// The request has no token, or one that is not valid.
    UNAUTHORIZED = "unauthorized", 401, "A token is needed";
    /// The token lacks the scope that the route needs.
    SCOPE_MISSING = "scope-missing", 403, "The token does not allow this";
    /// The token lacks the claims that identify the caller.
    CLAIMS_MALFORMED = "claims-malformed", 403, "The token does not identify the caller";
    /// The request is signed by an identity of another account than the operator's.
    FOREIGN_ACCOUNT = "foreign-account", 403, "The signature is of another account";
    /// The path is known, but it does not support the method.
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "This path does not support this method";
    /// The body is no JSON, or a parameter is unknown.
    BAD_REQUEST = "bad-request", 400, "The request cannot be read";
    /// The body has another type than JSON.
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415, "The body must be JSON";
    /// A field or parameter has an unacceptable value.
    INVALID = "invalid", 422, "A field is invalid";
    /// A change does not say which version it changes.
    PRECONDITION_REQUIRED = "precondition-required", 428, "The version to change is missing";
    /// The answer is larger than a response can be.
    ANSWER_TOO_LARGE = "answer-too-large", 500, "The response would be too large";
    /// A person whom the record names has no assessment, or has objected.
    NOT_CLEARED = "not-cleared", 403, "Somebody in the record has no clearance";
    /// A duplicate candidate stops the creation.
    DUPLICATE = "duplicate", 409, "The record looks like an existing one";
    /// The record is for a company that is not in the reference database.
    UNKNOWN_COMPANY = "unknown-company", 422, "The reference database has no such company";
    /// The record has fields that the CRM does not have, or lacks fields that it needs.
    UNFIT = "unfit", 422, "The CRM would not accept the record";
    /// The CRM refused the record.
    REFUSED_BY_CRM = "refused-by-crm", 422, "The CRM did not accept the record";
    /// Certainly nothing was created.
    NOT_SENT = "not-sent", 503, "Nothing was created; the same request may succeed later";
}
