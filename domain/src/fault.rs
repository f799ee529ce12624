//! What went wrong, and what to do about it: decided where it happens, never by reading a text later.

use std::{borrow::Cow, fmt, time::Duration};

use crate::ports::tenant_keys;

/// What a failure means for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The same call may succeed later: a throttle, a timeout, a server in trouble.
    Passing,
    /// The same call fails again until somebody changes something: bad input, a missing permission.
    Lasting,
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
    kind: Kind,
    code: Cow<'static, str>,
    detail: Option<String>,
    retry_after: Option<Duration>,
}

/// What stands between a field's pointer and what is wrong with it; no pointer of ours has it.
const BETWEEN: &str = ": ";

/// What a port answers.
pub type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// A failure of `kind`; `code` is stable and dotted, e.g. `crm.query_timeout`.
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

    /// The CRM refuses the operator's app.
    pub fn operator(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Operator, code)
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

    /// Says which field of what was given is meant, as a JSON pointer, and what is wrong with it.
    #[must_use]
    pub fn at(self, pointer: &str, what: &str) -> Self {
        self.with_detail(format!("{pointer}{BETWEEN}{what}"))
    }

    /// What was given is itself the field `pointer` of something larger.
    #[must_use]
    pub fn within(self, pointer: &str) -> Self {
        let detail = match self.detail() {
            Some(inner) if inner.starts_with('/') => format!("{pointer}{inner}"),
            Some(what) => format!("{pointer}{BETWEEN}{what}"),
            None => pointer.to_owned(),
        };
        self.with_detail(detail)
    }

    /// The field that is meant, as a JSON pointer, and what is wrong with it; none: no field is named.
    pub fn place(&self) -> Option<(&str, Option<&str>)> {
        let detail = self.detail().filter(|detail| detail.starts_with('/'))?;
        Some(match detail.split_once(BETWEEN) {
            Some((pointer, what)) => (pointer, Some(what)),
            None => (detail, None),
        })
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
            Kind::Operator => "operator",
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

/// What a code begins with whose faults are no caller's doing: a missing privilege, a broken row, a wrong setting.
const OURS: [&str; 14] = [
    "aws.",
    "bus.",
    "companies.",
    "copies.",
    "cursor.",
    "dynamodb.",
    "event.",
    "keys.",
    "order.",
    "relations.",
    "seal.",
    "setting.",
    "store.",
    "test.",
];

/// A code as a tenant may see it, wherever that is: in a problem, a report, an outcome, a receipt. What is our own trouble is
/// not told apart, but for a lost key, whose tenant has to know.
pub fn public(code: &str) -> &str {
    match code {
        tenant_keys::LOST => "tenant_key_lost",
        _ if OURS.iter().any(|begin| code.starts_with(begin)) => "internal",
        _ => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_from_the_whole_that_it_is_a_part_of() {
        let long = Fault::lasting("x").at("/emails/0", "at most 3 bytes");
        let long = long.within("/person");
        let expected = Some(("/person/emails/0", Some("at most 3 bytes")));
        assert_eq!(long.place(), expected);
        let nobody = Fault::lasting("x").with_detail("an address").within("/a");
        assert_eq!(nobody.place(), Some(("/a", Some("an address"))));
        let bare = Fault::lasting("x").within("/a").within("/b");
        assert_eq!(bare.place(), Some(("/b/a", None)));
        assert_eq!(Fault::lasting("x").with_detail("words").place(), None);
    }

    #[test]
    fn our_own_trouble_is_not_told_apart() {
        for code in [
            "aws.keys_query.AccessDeniedException",
            "keys.lost",
            "store.unreadable",
        ] {
            assert_eq!(public(code), "internal");
        }
        assert_eq!(public(tenant_keys::LOST), "tenant_key_lost");
        for code in ["salesforce.query_timeout", "export.stuck", "internal", ""] {
            assert_eq!(public(code), code);
        }
    }
}
