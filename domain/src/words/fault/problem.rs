//! The public side of a fault: the types of the API's problem details (RFC 9457).
//!
//! A fault whose type no other shares has its status and title in the catalogue. The types that several faults share are the
//! table below; list a new one in `infra/openapi.yaml` under `x-problem-types`, too.

use std::borrow::Cow;

use super::{Code, Fault, Kind};

/// A type of problem that clients may rely on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemType {
    /// The last part of its URN, which never changes.
    pub name: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// A short description.
    pub title: &'static str,
}

/// How much of a fault is visible outside the operator's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A failure on our side. Everybody but the operator sees only `internal`.
    Internal,
    /// Reports, receipts and outcomes show the code. No response to a request carries it, unless the fault is transient.
    Reported,
    /// Public, with a problem type of its own that is named after the code.
    Own(u16, &'static str),
    /// Public, with a problem type that several codes share.
    Shared(&'static ProblemType),
}

impl ProblemType {
    /// Builds a type with a fixed name.
    pub const fn new(name: &'static str, status: u16, title: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            status,
            title,
        }
    }

    /// Builds a code's own type: `integration.connected_already` becomes `integration-connected-already`.
    fn named_after(code: &Code, status: u16, title: &'static str) -> Self {
        Self {
            name: code.to_string().replace(['.', '_'], "-").into(),
            status,
            title,
        }
    }

    /// Returns every type that a fault can have. A CRM's refusals appear as the pattern `<provider>-*`.
    pub fn all(vendor: &'static str) -> Vec<Self> {
        let own = Code::ALL.iter().filter_map(|code| match code.shown() {
            Shown::Own(status, title) => Some(Self::named_after(code, status, title)),
            _ => None,
        });
        let refused = Self {
            name: format!("{vendor}-*").into(),
            ..Self::refused_by_crm()
        };
        let shared = Self::SHARED.iter().copied().cloned();
        shared.chain(own).chain([refused]).collect()
    }

    fn refused_by_crm() -> Self {
        Self::new("", 422, super::family::REFUSED)
    }
}

macro_rules! shared {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        impl ProblemType {
            $($(#[doc = $doc])* pub const $name: &Self = &Self::new($text, $status, $title);)*

            /// The types that several faults share.
            pub const SHARED: &[&Self] = &[$(Self::$name),*];
        }
    };
}

shared! {
    /// Nothing exists at this path or id, or the caller must not learn that it does.
    NOT_FOUND = "not-found", 404, "Not found";
    /// A failure on our side that the caller cannot remedy.
    INTERNAL = "internal", 500, "Something went wrong on our side";
    /// Any transient fault.
    UNAVAILABLE = "unavailable", 503, "Not available now; the same request may succeed later";
    /// Any revoked grant.
    NEEDS_RECONNECT = "needs-reconnect", 409, "The CRM no longer accepts the grant; connect again";
    /// Any refusal of the operator's app.
    APP_REFUSED = "app-refused", 503, "The CRM refuses the operator's app; the operator has to act";
    /// Another request changed the same thing at the same time.
    CHANGED_MEANWHILE = "changed-meanwhile", 409, "Another request changed it in the meantime";
    /// The version that the caller named is not the current one.
    PRECONDITION_FAILED = "precondition-failed", 412, "This is no longer the current version";
    /// A body over the size limit.
    TOO_LARGE = "too-large", 413, "The body is too large";
    /// Told apart from other failures on our side, because the caller has to contact the operator and must not read it as "nothing
    /// found".
    TENANT_KEY_LOST = "tenant-key-lost", 500, "The tenant's key is lost; nothing is checked, shown or created";
}

impl Fault {
    /// Returns the problem type of a request that ends with this fault.
    pub fn problem_type(&self) -> ProblemType {
        let own = |shown| match shown {
            Shown::Own(status, title) => Some(ProblemType::named_after(&self.code, status, title)),
            Shown::Shared(shared) => Some(shared.clone()),
            Shown::Internal | Shown::Reported => None,
        };
        let shown = self.code.shown();
        match self.kind {
            Kind::Revoked => ProblemType::NEEDS_RECONNECT.clone(),
            Kind::Operator => ProblemType::APP_REFUSED.clone(),
            // A code that is permanent by default but transient here gets the same type as other transient faults. A CRM's own types
            // are for what it refuses: a client must not give up a request that it can repeat.
            Kind::Transient
                if self.code.kind() == Kind::Transient && !matches!(self.code, Code::Crm(..)) =>
            {
                own(shown).unwrap_or_else(|| ProblemType::UNAVAILABLE.clone())
            }
            Kind::Transient => ProblemType::UNAVAILABLE.clone(),
            Kind::Permanent | Kind::Fenced => {
                own(shown).unwrap_or_else(|| ProblemType::INTERNAL.clone())
            }
        }
    }
}
