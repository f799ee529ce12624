//! Families of codes that are built at run time, for connectors and for calls to AWS.
//!
//! A code of a family has two parts: the provider or the call, and a specific code. The specific code is a value of the tables
//! below, or a word from the other side's response. To add a member, add a line to the table and use
//! [`Fault::crm`](super::Fault::crm) or [`Fault::aws`](super::Fault::aws) where the failure occurs. A word that a table lists
//! always becomes the typed value, including one from the other side.

use std::{borrow::Cow, fmt};

use super::Kind;

/// The title of a CRM's permanent refusals.
pub(super) const REFUSED: &str = "The CRM refused the request";

macro_rules! family {
    ($(#[$doc:meta])* $family:ident { $($name:ident = $text:literal, $kind:ident;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $family {
            $(#[doc = concat!("`", $text, "`")] $name,)*
            /// A word from the other side's response.
            Said(Cow<'static, str>),
        }

        impl $family {
            /// Wraps a word from the other side's response. The word must not contain customer data.
            pub fn said(word: impl Into<Cow<'static, str>>) -> Self {
                let word = word.into();
                match word.as_ref() {
                    $($text => Self::$name,)*
                    _ => Self::Said(word),
                }
            }

            /// Returns the code's default kind.
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$name => Kind::$kind,)*
                    Self::Said(_) => Kind::Permanent,
                }
            }
        }

        impl fmt::Display for $family {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => $text,)*
                    Self::Said(word) => word,
                })
            }
        }
    };
}

family! {
    /// Failures of a call to AWS. They are internal.
    AwsCode {
        Conflict = "conflict", Transient;
        CutOff = "cut_off", Transient;
        EntriesRefused = "entries_refused", Transient;
        InvalidCiphertext = "InvalidCiphertextException", Permanent;
        Malformed = "malformed", Permanent;
        Timeout = "timeout", Transient;
        Unknown = "unknown", Permanent;
        Unprocessed = "unprocessed", Transient;
        Unreachable = "unreachable", Transient;
        Unsigned = "unsigned", Permanent;
    }
}

family! {
    /// Failures of a connector. They are public, because a tenant's administrator can fix most of them.
    CrmCode {
        // No response, or one that the API would not send.
        AnswerCutOff = "answer_cut_off", Transient;
        AnswerUnreadable = "answer_unreadable", Transient;
        ClientUnbuildable = "client_unbuildable", Permanent;
        HostRefused = "host_refused", Permanent;
        NotAnApi = "not_an_api", Transient;
        OddAnswer = "odd_answer", Transient;
        Redirected = "redirected", Transient;
        RequestMalformed = "request_malformed", Permanent;
        Timeout = "timeout", Transient;
        Unreachable = "unreachable", Transient;
        UriTooLong = "uri_too_long", Permanent;
        // The CRM's limits and outages.
        ConcurrentRequests = "concurrent_requests", Transient;
        QueryTimeout = "query_timeout", Transient;
        RequestLimit = "request_limit", Transient;
        ServerError = "server_error", Transient;
        ServerUnavailable = "server_unavailable", Transient;
        Throttled = "throttled", Transient;
        // Logins and grants.
        AssertionMalformed = "assertion_malformed", Permanent;
        AssertionUnsigned = "assertion_unsigned", Permanent;
        InvalidClient = "invalid_client", Operator;
        InvalidGrant = "invalid_grant", Revoked;
        InvalidToken = "invalid_token", Permanent;
        LoginBusy = "login_busy", Transient;
        LoginInterrupted = "login_interrupted", Transient;
        LoginRefused = "login_refused", Permanent;
        LoginUnavailable = "login_unavailable", Transient;
        LoginUnreachable = "login_unreachable", Transient;
        NoClient = "no_client", Permanent;
        NoRefreshToken = "no_refresh_token", Permanent;
        PrivateKeyMalformed = "private_key_malformed", Permanent;
        TokenRefused = "token_refused", Revoked;
        TokenUnreadable = "token_unreadable", Transient;
        Unauthorized = "unauthorized", Transient;
        UnsupportedTokenType = "unsupported_token_type", Permanent;
        UserinfoUnreadable = "userinfo_unreadable", Transient;
        // Reading.
        ClockUnreadable = "clock_unreadable", Transient;
        CountUnreadable = "count_unreadable", Transient;
        DeletedUnreadable = "deleted_unreadable", Transient;
        DescribeUnreadable = "describe_unreadable", Transient;
        InvalidType = "invalid_type", Permanent;
        NextPageRefused = "next_page_refused", Permanent;
        NotFound = "not_found", Permanent;
        ObjectNotQueryable = "object_not_queryable", Permanent;
        ObjectWithoutStamp = "object_without_stamp", Permanent;
        PageNotUtf8 = "page_not_utf8", Transient;
        PageTooLarge = "page_too_large", Permanent;
        PageUnreadable = "page_unreadable", Transient;
        PagesIncomplete = "pages_incomplete", Transient;
        PagesWithoutEnd = "pages_without_end", Permanent;
        Refused = "refused", Permanent;
        // Bulk jobs.
        JobAborted = "job_aborted", Transient;
        JobConflict = "job_conflict", Transient;
        JobFailed = "job_failed", Permanent;
        JobIdMalformed = "job_id_malformed", Permanent;
        JobLost = "job_lost", Transient;
        JobMalformed = "job_malformed", Permanent;
        JobResultsDoNotFit = "job_results_do_not_fit", Permanent;
        JobUnreadable = "job_unreadable", Transient;
        NotInBulk = "not_in_bulk", Permanent;
        PageCutOff = "page_cut_off", Transient;
        // Writing.
        RehearsalKept = "rehearsal_kept", Permanent;
        RequiredFieldMissing = "required_field_missing", Permanent;
        Unwritable = "unwritable", Permanent;
        // The connector's settings.
        ApiVersionMalformed = "api_version_malformed", Permanent;
        PageSizeMalformed = "page_size_malformed", Permanent;
    }
}
