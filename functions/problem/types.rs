//! Problem types that no fault becomes: what is wrong with a request before a use case runs, and what became of one record.
//!
//! To add one: a constant and its place in [`ALL`]; list it in `infra/openapi.yaml` under `x-problem-types`, too.

use domain::fault::ProblemType;

macro_rules! types {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        $($(#[doc = $doc])* pub const $name: &ProblemType = &ProblemType::new($text, $status, $title);)*

        /// All of them.
        pub const ALL: &[&ProblemType] = &[$($name),*];
    };
}

types! {
    /// No token, or no good one.
    UNAUTHORIZED = "unauthorized", 401, "A token is needed";
    /// The token has not the scope that the route needs.
    SCOPE_MISSING = "scope-missing", 403, "The token does not allow this";
    /// The token has not the claims that say who calls.
    CLAIMS_MALFORMED = "claims-malformed", 403, "The token does not say who calls";
    /// The path is known, the method does not fit.
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "This path does not have this method";
    /// No JSON, or an unknown parameter.
    BAD_REQUEST = "bad-request", 400, "The request cannot be read";
    /// A body of another type than JSON.
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415, "The body must be JSON";
    /// A field or parameter does not fit.
    INVALID = "invalid", 422, "A field does not fit";
    /// A change without the version that it changes.
    PRECONDITION_REQUIRED = "precondition-required", 428, "Say which version is meant";
    /// More than an answer can hold.
    ANSWER_TOO_LARGE = "answer-too-large", 500, "The answer would be too large";
    /// Somebody whom the record names has no assessment, or objected.
    NOT_CLEARED = "not-cleared", 403, "Somebody in the record has no clearance";
    /// A duplicate stops the creation.
    DUPLICATE = "duplicate", 409, "The record looks like one that exists already";
    /// The record is for a company that is not in the reference database.
    UNKNOWN_COMPANY = "unknown-company", 422, "The reference database has no such company";
    /// Fields that the CRM does not have, or misses.
    UNFIT = "unfit", 422, "The CRM would not take the record";
    /// The CRM refused the record.
    REFUSED_BY_CRM = "refused-by-crm", 422, "The CRM did not take the record";
    /// Nothing was created for sure.
    NOT_SENT = "not-sent", 503, "Nothing was created; the same request may succeed later";
}
