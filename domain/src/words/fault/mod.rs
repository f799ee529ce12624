//! What went wrong, and what to do about it.
//!
//! Each fault has a typed [`Code`]. Code that decides something by a fault matches on that value and on the [`Kind`], and never
//! reads a text. The [`catalogue`] lists all codes and says how to add one.

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
    /// The same call may succeed later: a throttle, a timeout, a server in trouble.
    Transient,
    /// The same call fails again until somebody changes something: bad input, a missing permission.
    Permanent,
    /// The CRM no longer accepts our grant: the tenant has to connect again.
    Revoked,
    /// The CRM refuses the operator's own app, whatever the tenant's grant: the operator has to change a setting.
    Operator,
    /// Another slice holds the lease, or a removal ended the generation: stop at once, write nothing.
    Fenced,
}

/// A failure of a port. Holds a code and ids, never a record's content or a body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: Code,
    kind: Kind,
    // Boxed, since a fault is part of the result of nearly every function.
    more: Option<Box<More>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct More {
    detail: Option<String>,
    field: Option<String>,
    retry_after: Option<Duration>,
}

/// What a port answers.
pub type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// The fault of a code, with the kind that the catalogue gives it.
    pub fn of(code: Code) -> Self {
        Self {
            kind: code.kind(),
            code,
            more: None,
        }
    }

    /// A connector's fault; `vendor` is the provider's name.
    pub fn crm(vendor: &'static str, code: CrmCode) -> Self {
        Self::of(Code::Crm(vendor, code))
    }

    /// The fault of a call to AWS.
    pub fn aws(call: impl Into<std::borrow::Cow<'static, str>>, code: AwsCode) -> Self {
        Self::of(Code::Aws(call.into(), code))
    }

    /// The same code, where it means something else than usual.
    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Says more: names of objects, limits. Never a record's content.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.more().detail = Some(detail.into());
        self
    }

    /// Names the field of the input that is meant: a JSON pointer, where the input is a request's body.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.more().field = Some(field.into());
        self
    }

    /// Names the field that is meant, and says what is wrong with it.
    #[must_use]
    pub fn at(self, pointer: &str, what: &str) -> Self {
        self.with_field(pointer).with_detail(what)
    }

    /// The input that the fault is about is itself the field `pointer` of a larger input.
    #[must_use]
    pub fn within(self, pointer: &str) -> Self {
        let inner = self.field().unwrap_or_default();
        let whole = format!("{pointer}{inner}");
        self.with_field(whole)
    }

    /// The other side said when to come back.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.more().retry_after = Some(wait);
        self
    }

    /// Which fault it is.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// What a connector met; none: it is no connector's fault.
    pub fn crm_code(&self) -> Option<&CrmCode> {
        match &self.code {
            Code::Crm(_, code) => Some(code),
            _ => None,
        }
    }

    /// What it means for the caller.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What else there is to say.
    pub fn detail(&self) -> Option<&str> {
        self.more.as_ref()?.detail.as_deref()
    }

    /// The field of the input that is meant.
    pub fn field(&self) -> Option<&str> {
        self.more.as_ref()?.field.as_deref()
    }

    /// How long the other side asked us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.more.as_ref()?.retry_after
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Whether the same call may succeed later.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_from_the_whole_that_it_is_a_part_of() {
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
    fn a_fault_has_the_kind_of_its_code_unless_the_place_says_otherwise() {
        let fault = Fault::of(Code::IntegrationUnknown);
        assert_eq!(fault.kind(), Kind::Permanent);
        let fenced = fault.with_kind(Kind::Fenced);
        assert_eq!(fenced.kind(), Kind::Fenced);
        assert_eq!(*fenced.code(), Code::IntegrationUnknown);
    }

    #[test]
    fn a_fault_as_text_has_its_code_kind_field_and_detail() {
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
