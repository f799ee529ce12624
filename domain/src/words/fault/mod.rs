//! Faults: what failed, and what the caller has to do about it.
//!
//! Each fault has a typed [`Code`]. Code that branches on a fault matches on that value or on the [`Kind`], and never compares
//! texts. The [`catalogue`] lists all codes and explains how to add one.

pub mod catalogue;
mod code;
mod family;
mod problem;

use std::{fmt, time::Duration};

pub use catalogue::Code;
pub use family::{AwsCode, CrmCode};
pub use problem::{ProblemType, Shown};

/// What a failure means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The same call may succeed later, for example after a throttle, a timeout or a server error.
    Transient,
    /// The same call fails again until somebody changes something, for example after bad input or a missing permission.
    Permanent,
    /// The CRM no longer accepts our grant. The tenant has to connect again.
    Revoked,
    /// The CRM refuses the operator's own app, independently of the tenant's grant. The operator has to change a setting.
    Operator,
    /// Another slice holds the lease, or a removal ended the generation. Stop at once and write nothing.
    Fenced,
}

/// A failure of a port. It holds a code and ids, but never a record's content or a response body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: Code,
    kind: Kind,
    // Boxed to keep `Fault` small: nearly every function returns one in its result.
    more: Option<Box<More>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct More {
    detail: Option<String>,
    field: Option<String>,
    retry_after: Option<Duration>,
}

/// The result of a port call.
pub type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// Builds a fault with the kind that the catalogue gives its code.
    pub fn of(code: Code) -> Self {
        Self {
            kind: code.kind(),
            code,
            more: None,
        }
    }

    /// Builds a connector's fault. `vendor` is the provider's name.
    pub fn crm(vendor: &'static str, code: CrmCode) -> Self {
        Self::of(Code::Crm(vendor, code))
    }

    /// Builds the fault of a call to AWS.
    pub fn aws(call: impl Into<std::borrow::Cow<'static, str>>, code: AwsCode) -> Self {
        Self::of(Code::Aws(call.into(), code))
    }

    /// Overrides the kind, where the code means something else than by default.
    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Adds a detail, such as names of objects or limits, but never a record's content.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.more().detail = Some(detail.into());
        self
    }

    /// Names the invalid field of the input. For a request body it is a JSON pointer.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.more().field = Some(field.into());
        self
    }

    /// Names the invalid field, and describes the problem.
    #[must_use]
    pub fn at(self, pointer: &str, what: &str) -> Self {
        self.with_field(pointer).with_detail(what)
    }

    /// Prefixes the fault's field with `pointer`, for an input that is nested in a larger input.
    #[must_use]
    pub fn within(self, pointer: &str) -> Self {
        let inner = self.field().unwrap_or_default();
        let whole = format!("{pointer}{inner}");
        self.with_field(whole)
    }

    /// Adds the wait that the other side asked for.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.more().retry_after = Some(wait);
        self
    }

    /// Returns the code.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// Returns a connector's specific code. `None` if the fault does not come from a connector.
    pub fn crm_code(&self) -> Option<&CrmCode> {
        match &self.code {
            Code::Crm(_, code) => Some(code),
            _ => None,
        }
    }

    /// Returns the kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the detail, if there is one.
    pub fn detail(&self) -> Option<&str> {
        self.more.as_ref()?.detail.as_deref()
    }

    /// Returns the invalid field of the input, if the fault names one.
    pub fn field(&self) -> Option<&str> {
        self.more.as_ref()?.field.as_deref()
    }

    /// Returns the wait that the other side asked for, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.more.as_ref()?.retry_after
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Returns whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        self.kind == Kind::Transient
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Transient => "transient",
            Kind::Permanent => "permanent",
            Kind::Revoked => "revoked",
            Kind::Operator => "operator",
            Kind::Fenced => "fenced",
        };
        write!(f, "{} ({kind})", self.code)?;
        match (self.field(), self.detail()) {
            (Some(field), Some(detail)) => write!(f, ": {field}: {detail}"),
            (Some(text), None) | (None, Some(text)) => write!(f, ": {text}"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

/// Returns a name as one part of a JSON pointer (RFC 6901).
pub fn pointer_part(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_escaped_so_that_a_pointer_can_be_read_back() {
        assert_eq!(pointer_part("a/b~1c"), "a~1b~01c");
    }

    #[test]
    fn within_prefixes_the_field_with_the_outer_pointer() {
        let long = Fault::of(Code::PersonTooLong).at("/emails/0", "at most 3 bytes");
        let long = long.within("/person");
        assert_eq!(long.field(), Some("/person/emails/0"));
        assert_eq!(long.detail(), Some("at most 3 bytes"));
        let nobody = Fault::of(Code::PersonUnidentified).with_detail("an address");
        let nobody = nobody.within("/a");
        assert_eq!(nobody.field(), Some("/a"));
        assert_eq!(nobody.detail(), Some("an address"));
        let bare = Fault::of(Code::RecordUnknown).within("/a").within("/b");
        assert_eq!((bare.field(), bare.detail()), (Some("/b/a"), None));
    }

    #[test]
    fn a_fault_has_the_kind_of_its_code_unless_overridden() {
        let fault = Fault::of(Code::IntegrationUnknown);
        assert_eq!(fault.kind(), Kind::Permanent);
        let fenced = fault.with_kind(Kind::Fenced);
        assert_eq!(fenced.kind(), Kind::Fenced);
        assert_eq!(*fenced.code(), Code::IntegrationUnknown);
    }

    #[test]
    fn a_fault_displays_its_code_kind_field_and_detail() {
        let fault = Fault::of(Code::SettingsUnfit);
        assert_eq!(fault.to_string(), "settings.unfit (permanent)");
        let fault = fault.at("/objects", "at least one");
        assert_eq!(
            fault.to_string(),
            "settings.unfit (permanent): /objects: at least one"
        );
    }

    #[test]
    fn a_fault_is_small_enough_to_be_returned_by_value() {
        assert!(size_of::<Fault>() <= 72, "{}", size_of::<Fault>());
    }
}
