//! What went wrong, and what to do about it: decided where it happens, never by reading a text later.

use std::{borrow::Cow, fmt, time::Duration};

/// What a failure means for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The same call may succeed later: a throttle, a timeout, a server in trouble.
    Passing,
    /// The same call fails again until somebody changes something: bad input, a missing permission.
    Lasting,
    /// The CRM no longer accepts our grant: the tenant has to connect again.
    Revoked,
    /// Another slice holds the lease, or a removal ended the generation: stop at once, write nothing.
    Fenced,
}

/// A failure of a port. Holds a code and ids, never a record's content or a body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    code: Cow<'static, str>,
    detail: Option<String>,
    retry_after: Option<Duration>,
}

/// What a port answers.
pub type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// A failure of `kind`; `code` is stable and dotted, e.g. `salesforce.query_timeout`.
    pub fn new(kind: Kind, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            code: code.into(),
            detail: None,
            retry_after: None,
        }
    }

    /// The same call may succeed later.
    pub fn passing(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Passing, code)
    }

    /// The same call fails again until somebody changes something.
    pub fn lasting(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Lasting, code)
    }

    /// The CRM no longer accepts our grant.
    pub fn revoked(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Revoked, code)
    }

    /// The lease or the generation is no longer ours.
    pub fn fenced(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Fenced, code)
    }

    /// Says more: names of fields, objects, limits. Never a record's content.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The other side said when to come back.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What it means for whoever asked.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What else there is to say.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// How long the other side asked us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        self.kind == Kind::Passing
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Passing => "passing",
            Kind::Lasting => "lasting",
            Kind::Revoked => "revoked",
            Kind::Fenced => "fenced",
        };
        write!(f, "{} ({kind})", self.code)?;
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}
