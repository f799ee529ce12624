//! Who writes a record.

/// The writer of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// An app. Administrators' rules apply to it from `/2026-09/` on.
    App { rules: bool },
    /// A user in the browser.
    Person,
}

impl Writer {
    /// Returns the kind of the source, and its id.
    pub(crate) fn source(self) -> (&'static str, String) {
        match self {
            Self::App { .. } => ("INTEGRATION", super::auth::APP_ID.to_owned()),
            Self::Person => ("CRM_UI", format!("userId:{}", super::auth::USER_ID)),
        }
    }
}
